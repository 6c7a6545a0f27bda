#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "store/memory/memory_store.h"
#include "tests/store/samples.h"
#include "triage/operations.h"

namespace cluehound::triage {

// A ledger in memory behind the operations, with the steps that most cases take.
class Desk {
 public:
  using Json = nlohmann::json;

  testing::FakeClock& clock() { return clock_; }
  store::Store& store() { return *store_; }
  void Advance(std::chrono::hours by) { clock_.Advance(by); }

  // Reads a page with these offers of one shop on it, each a lead.
  void Read(const std::string& page, const std::vector<extractors::Listing>& listings,
            const std::string& family = "brand") {
    store::PageCommit commit =
        store::testing::ReadPage({0, store::testing::Found("a", page), {}}, clock_.Now());
    for (const auto& listing : listings)
      store::testing::AddSuspect(commit, listing, store::testing::Suspect(family));
    REQUIRE_OK(store::testing::CommitOne(*store_, std::move(commit)).status);
  }

  Response Call(const std::string& operation, std::map<std::string, std::string> arguments,
                const std::string& county = "") {
    Request request;
    request.operation = operation;
    request.arguments = std::move(arguments);
    request.actor = {"uid-7", "李雷"};
    request.scope.county = county;
    return operations_.Call(request);
  }
  // The answer's lines; the call must work.
  std::vector<Json> Lines(const std::string& operation,
                          std::map<std::string, std::string> arguments,
                          const std::string& county = "") {
    const Response response = Call(operation, std::move(arguments), county);
    INFO(operation);
    REQUIRE_OK(response.status);
    std::vector<Json> lines;
    for (const std::string& line : response.lines) lines.push_back(Json::parse(line));
    return lines;
  }
  Json Line(const std::string& operation, std::map<std::string, std::string> arguments) {
    const auto lines = Lines(operation, std::move(arguments));
    REQUIRE(lines.size() == 1);
    return lines[0];
  }
  // Why the call does not work.
  std::string Refused(const std::string& operation, std::map<std::string, std::string> arguments,
                      const std::string& county = "") {
    const Response response = Call(operation, std::move(arguments), county);
    INFO(operation);
    REQUIRE_FALSE(response.status.ok());
    return response.status.message();
  }
  std::string OnlyLead() { return Line("leads.list", {})["lead"]; }

 private:
  testing::FakeClock clock_{store::testing::kStart};
  std::unique_ptr<store::Store> store_ = store::NewMemoryStore(nullptr, clock_);
  Operations operations_{*store_, clock_};
};

}  // namespace cluehound::triage
