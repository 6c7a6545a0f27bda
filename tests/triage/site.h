#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/password.h"
#include "base/text.h"
#include "store/memory/memory_store.h"
#include "tests/store/samples.h"
#include "triage/api.h"
#include "triage/web_front.h"

namespace cluehound::triage {

// A ledger in memory behind the whole web front: accounts, sessions, leads of two counties.
class Site {
 public:
  using Json = nlohmann::json;

  static constexpr char kOwn[] = "寿光市";
  static constexpr char kOther[] = "诸城市";
  static constexpr char kPassword[] = "Yi4-liu6-chang2-mima";

  // One who asks, with a session or without.
  struct Caller {
    std::string token;
    std::string csrf;
  };

  testing::FakeClock& clock() { return clock_; }
  store::Store& store() { return *store_; }
  Api& api() { return api_; }
  WebFront& front() { return front_; }
  RuleBench& bench() { return bench_; }
  CaptureView& captures() { return captures_; }

  // An account with kPassword.
  void AddAccount(const std::string& name, store::Role role, const std::string& county = "",
                  bool must_change = false) {
    static const std::string kHash = HashPassword(kPassword);
    store::Account account;
    account.name = name;
    account.display = "显示名" + name;
    account.role = role;
    account.county = county;
    account.password = kHash;
    account.must_change = must_change;
    account.created = clock_.Now();
    REQUIRE_OK(store_->office_book().Write({store::Added(account)}, {}));
  }

  // As AddAccount, with a session.
  Caller SignedIn(const std::string& name, store::Role role, const std::string& county = "",
                  bool must_change = false) {
    AddAccount(name, role, county, must_change);
    Caller caller{Hex(RandomBytes(32)), ""};
    store::Session session{Sha256(caller.token),
                           name,
                           clock_.Now(),
                           clock_.Now(),
                           clock_.Now() + std::chrono::hours(12),
                           "127.0.0.1",
                           "test"};
    REQUIRE_OK(store_->office_book().Write({store::Added(session)}, {}));
    caller.csrf = sign_in_.Find(caller.token)->csrf;
    return caller;
  }

  static HttpRequest Request(const Caller& caller, const std::string& method,
                             const std::string& target, const std::string& body = "") {
    HttpRequest request;
    request.method = method;
    const size_t mark = target.find('?');
    request.path =
        (target.starts_with("/api") || target == "/" ? "" : "/api/v1") + target.substr(0, mark);
    if (mark != std::string::npos) {
      for (const std::string_view pair : SplitAscii(std::string_view(target).substr(mark + 1), "&"))
        request.query[std::string(pair.substr(0, pair.find('=')))] =
            pair.substr(std::min(pair.find('='), pair.size() - 1) + 1);
    }
    request.host = "clues.example";
    request.peer = "10.0.0.9";
    if (!caller.token.empty()) request.headers["cookie"] = "a=b; cluehound=" + caller.token;
    if (!caller.csrf.empty() && method != "GET") request.headers["x-csrf-token"] = caller.csrf;
    if (!body.empty()) request.headers["content-type"] = "application/json";
    request.body = body;
    return request;
  }
  HttpResponse Ask(const Caller& caller, const std::string& method, const std::string& target,
                   const std::string& body = "") {
    return front_.Handle(Request(caller, method, target, body));
  }
  // The answer's JSON; the call must work.
  Json Good(const Caller& caller, const std::string& method, const std::string& target,
            const Json& body = nullptr) {
    const HttpResponse response = Ask(caller, method, target, body.is_null() ? "" : body.dump());
    INFO(method << " " << target << ": " << response.body.substr(0, 500));
    REQUIRE(response.status == 200);
    return Json::parse(response.body);
  }

  // A page with one offer of the county, a lead.
  std::string AddLead(const std::string& id, const std::string& title, const std::string& seller,
                      const std::string& county, const std::string& mark = "hongyan") {
    store::PageCommit commit =
        store::testing::ReadPage({0, store::testing::Found("a", id), {}}, clock_.Now());
    store::testing::AddSuspect(commit, store::testing::Goods(title, id, seller),
                               store::testing::Suspect("brand", 60, mark));
    store::Jurisdiction& where = commit.leads.back().jurisdiction;
    where.place = store::Jurisdiction::Place::kHere;
    where.county = county;
    where.basis = store::Jurisdiction::Basis::kBusiness;
    where.sure = true;
    commit.page = store::testing::RawPage(store::testing::Shop("a", id));
    REQUIRE_OK(store::testing::CommitOne(*store_, std::move(commit)).status);
    for (const store::Lead& lead : store::testing::AllLeads(*store_)) {
      if (lead.listing.title == title) return lead.id;
    }
    return "";
  }

 private:
  testing::FakeClock clock_{store::testing::kStart};
  store::testing::FakeSink sink_;
  std::unique_ptr<store::Store> store_ = store::NewMemoryStore(&sink_, clock_);
  Operations operations_{*store_, clock_};
  std::shared_ptr<const Office> office_ = std::make_shared<Office>(Office::BuiltIn());
  RuleBench bench_{*store_, clock_,
                   [] { return Result<std::vector<rules::RuleFile>>(rules::BuiltInRuleFiles()); }};
  testing::TempDir captures_folder_;
  CaptureView captures_{captures_folder_.path(), clock_};
  SignIn sign_in_{*store_, clock_};
  Api api_{{[this](const triage::Request& r) { return operations_.Call(r); },
            *store_,
            clock_,
            [this] { return office_; },
            bench_,
            &captures_,
            {},
            {},
            "示例局"}};
  WebFront front_{[this](const HttpRequest& r) { return api_.Handle(r); }, {}};
};

}  // namespace cluehound::triage
