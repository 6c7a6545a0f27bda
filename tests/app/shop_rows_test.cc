#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "store/recheck.h"
#include "tests/app/deployment.h"
#include "tests/app/program.h"
#include "triage/http_server.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

constexpr int kEach = 50;

// A shop of its own: /N is its page N, with fifty offers; those from `pages` on are not there.
class Shop {
 public:
  Shop() {
    auto server = triage::HttpServer::Start(
        "127.0.0.1", 0, [this](const triage::HttpRequest& r) { return Serve(r); });
    REQUIRE_OK(server);
    server_ = std::move(server).value();
  }
  std::string Url(int page) const {
    return "http://127.0.0.1:" + std::to_string(server_->port()) + "/" + std::to_string(page);
  }
  std::string Source(int seeds, const std::string& every) const {
    std::string yaml = "sources: [{id: shop, pace: 0s, depth: 0, every: " + every + ", seeds: [";
    for (int page = 0; page < seeds; ++page) yaml += (page > 0 ? ", " : "") + Url(page);
    return yaml + "]}]\n";
  }

  std::atomic<int> pages{6};
  std::atomic<int> requests{0};

 private:
  triage::HttpResponse Serve(const triage::HttpRequest& request) {
    const int page = std::atoi(request.path.c_str() + 1);
    if (request.path == "/robots.txt" || page >= pages) return {404, "text/plain", "", {}};
    ++requests;
    // The seventh page is short.
    const int count = page == 6 ? 7 : kEach;
    std::string html = "<!DOCTYPE html><title>示例店</title>";
    for (int i = 0; i < count; ++i) html += Card(std::to_string(9000 + page * kEach + i));
    return {200, "text/html; charset=utf-8", html, {}};
  }
  static std::string Card(const std::string& id) {
    return "<div itemscope itemtype='https://schema.org/Product'><meta itemprop=sku content=" + id +
           "><a itemprop=url href='/i/" + id + ".html'><span itemprop=name>耐克 高仿 运动鞋 " + id +
           " 断码</span></a><div itemprop=offers itemscope "
           "itemtype='https://schema.org/Offer'><span "
           "itemprop=price content=59.00>59</span><meta itemprop=priceCurrency content=CNY></div>"
           "</div>";
  }

  std::unique_ptr<triage::HttpServer> server_;
};

TEST_CASE(
    "ours: 300 infringing items of one shop are one row, one decision, and later ones stand "
    "under it") {
  Shop shop;
  Deployment deployment;
  Program program;
  const std::string config = " --config '" + deployment.config().string() + "'";
  deployment.Write("sources/shop.yaml", shop.Source(6, "6h"));
  CHECK(deployment.CrawlOnce().new_leads == 300);
  const auto only_row = [&]() -> Json {
    const auto ran = program.Run("leads list --json --rows" + config);
    INFO(ran.output);
    REQUIRE(ran.exit_code == 0);
    REQUIRE(std::count(ran.output.begin(), ran.output.end(), '\n') == 1);
    return Json::parse(ran.output);
  };
  const Json row = only_row();
  CHECK(row["leads"] == 300);
  CHECK(row["undecided"] == 300);
  program.Expect(
      "leads list" + config, 0,
      {"本页 1 行", "符合条件的线索共 300 条", row["row"].get<std::string>() + " 共 300 条"});
  const auto decided = program.Run("leads decide ruled_out --reason fair_use --row " +
                                   row["row"].get<std::string>() + config);
  CHECK(decided.exit_code == 0);
  CHECK(std::count(decided.output.begin(), decided.output.end(), '\n') == 300);
  program.Expect("leads list --status new" + config, 0, {"没有线索"});
  // The same again, and a page more.
  shop.pages = 7;
  deployment.Write("sources/shop.yaml", shop.Source(7, "6h"));
  deployment.MakeDue("shop");
  CHECK(deployment.CrawlOnce().new_leads == 7);
  const Json later = only_row();
  CHECK(later["row"] == row["row"]);
  CHECK(later["leads"] == 307);
  CHECK(later["new_entries"] == 7);
  CHECK(later["decided"]["covered"] == 300);
  CHECK(later["decided"]["reason"] == "fair_use");
  program.Expect("leads list" + config, 0, {"新增条目 7 条"});
  program.Expect("leads list --status new --limit 3 --json" + config, 0, {"\"status\":\"new\""});
}

TEST_CASE("ours: lists say what is wrong, how many there are, and how to go on") {
  Shop shop;
  shop.pages = 1;
  Deployment deployment;
  Program program;
  const std::string config = " --config '" + deployment.config().string() + "'";
  deployment.Write("sources/shop.yaml", shop.Source(1, "6h"));
  CHECK(deployment.CrawlOnce().new_leads == kEach);
  program.Expect("leads list --category foo" + config, 2, {"category \"foo\"", "trademark"});
  program.Expect("leads list --limit -3" + config, 2, {"--limit"});
  program.Expect("leads list --score-from 120" + config, 2, {"score"});
  program.Expect("leads list --after here" + config, 2, {"no place in this list"});
  program.Expect("leads list --text 鞋" + config, 2, {"two characters"});
  program.Expect("leads list --text '高仿 9007' --json" + config, 0, {"\"id\":\"9007\""});
  program.Expect("rules stats" + config, 0, {"50", "不明"});
  program.Expect("report daily --format csv" + config, 0,
                 {"\xEF\xBB\xBF\"线索\",\"首次发现\"", "9007"});
  program.Expect("report weekly" + config, 2, {"half-year"});
  // Fifty leads of one shop are one row; by lead there are pages, and their command works.
  std::string after;
  size_t met = 0;
  for (int page = 0; page < 3; ++page) {
    auto held = HeldStore::Open(deployment.store());
    REQUIRE_OK(held);
    const auto leads = (*held)->store().QueryLeads({}, {}, after, 20);
    REQUIRE_OK(leads);
    met += leads->leads.size();
    after = leads->next;
  }
  CHECK(met == kEach);
}

TEST_CASE("ours: the page of a lead under check is fetched again daily, and then no more") {
  using std::chrono::hours;
  Shop shop;
  shop.pages = 1;
  Deployment deployment;
  deployment.Write("sources/shop.yaml", shop.Source(1, "30d"));
  deployment.CrawlOnce();
  CHECK(shop.requests == 1);
  const auto decide = [&](store::LeadStatus status, const std::string& reason, Instant at) {
    const store::Lead lead = deployment.Leads().at(0);
    auto held = HeldStore::Open(deployment.store());
    REQUIRE_OK(held);
    REQUIRE_OK((*held)->store().Decide(
        {lead.id, lead.revision, status, reason, "", {"uid-7", ""}, at}, {}));
  };
  const auto due_in = [&] {
    auto held = HeldStore::Open(deployment.store());
    REQUIRE_OK(held);
    return *(*held)->store().NextDue({}).value() - SystemClock().Now();
  };
  deployment.CrawlOnce();
  CHECK(shop.requests == 1);  // thirty days
  // The clock of the desk: decided a day ago.
  testing::FakeClock desk(SystemClock().Now() - store::kRecheckEvery);
  decide(store::LeadStatus::kChecking, "suspected", desk.Now());
  deployment.CrawlOnce();
  CHECK(shop.requests == 2);
  CHECK(due_in() <= store::kRecheckEvery);
  deployment.CrawlOnce();
  CHECK(shop.requests == 2);  // once a day
  decide(store::LeadStatus::kRuledOut, "fair_use", SystemClock().Now());
  deployment.MakeDue("shop");
  deployment.CrawlOnce();
  CHECK(shop.requests == 3);
  CHECK(due_in() > hours(24 * 25));  // thirty days, spread by a tenth
}

}  // namespace
}  // namespace cluehound::app
