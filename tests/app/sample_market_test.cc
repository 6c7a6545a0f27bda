#include "app/sample_market.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "base/outcome.h"
#include "tests/app/deployment.h"

namespace cluehound::app {
namespace {

struct Truth {
  std::map<std::string, std::string> plants;  // id -> category
  std::set<std::string> innocent;
};

Truth ReadTruth() {
  Truth truth;
  for (const EmbeddedFile& file : SampleMarket::Files()) {
    if (file.name != "truth.jsonl") continue;
    std::istringstream lines{std::string(file.bytes)};
    for (std::string line; std::getline(lines, line);) {
      const auto entry = nlohmann::json::parse(line);
      const std::string id = entry["id"];
      if (entry["plant"].get<bool>()) {
        truth.plants[id] = entry["category"];
      } else {
        truth.innocent.insert(id);
      }
    }
  }
  return truth;
}

void WriteMarket(Deployment& deployment, const SampleMarket& market) {
  std::string sources = "sources:\n";
  for (const SampleMarket::Site& site : market.sites()) {
    sources += "  - {id: " + site.name + ", seeds: [" + site.url + "], every: 1s, pace: 0s}\n";
  }
  deployment.Write("sources/market.yaml", sources);
  for (const EmbeddedFile& file : SampleMarket::Files()) {
    if (file.name.starts_with("profiles/") || file.name.starts_with("rules/")) {
      deployment.Write(std::string(file.name), file.bytes);
    }
  }
}

TEST_CASE(
    "ours: the sample marketplace gives a lead for every plant, none for a twin, none for anything "
    "else") {
  const auto market = SampleMarket::Start();
  REQUIRE_OK(market);
  Deployment deployment;
  WriteMarket(deployment, **market);
  const CrawlFigures figures = deployment.CrawlOnce();
  CHECK(figures.outcomes[static_cast<size_t>(Outcome::kRobotsRefused)] == 1);

  const Truth truth = ReadTruth();
  REQUIRE(truth.plants.size() >= 30);
  REQUIRE(truth.innocent.size() >= truth.plants.size());
  std::map<std::string, std::string> found;
  for (const store::Lead& lead : deployment.Leads()) {
    INFO(lead.listing.title << " " << lead.suspicion.rule);
    CHECK(truth.innocent.count(lead.listing.id) == 0);
    CHECK(found.emplace(lead.listing.id, lead.suspicion.category).second);  // one lead an item
  }
  CHECK(found == truth.plants);
}

TEST_CASE("ours: a second crawl of the same pages adds sightings and nothing else") {
  const auto market = SampleMarket::Start();
  REQUIRE_OK(market);
  Deployment deployment;
  WriteMarket(deployment, **market);
  const CrawlFigures first = deployment.CrawlOnce();
  const std::vector<store::Lead> before = deployment.Leads();
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // `every: 1s` of a real clock
  const CrawlFigures second = deployment.CrawlOnce();
  CHECK(second.new_leads == 0);
  CHECK(second.changed_leads == 0);
  CHECK(second.sightings == first.sightings);
  CHECK(second.pages_read == 0);
  const std::vector<store::Lead> after = deployment.Leads();
  REQUIRE(after.size() == before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    store::Lead expected = before[i];
    expected.sightings *= 2;
    expected.last_seen = after[i].last_seen;
    CHECK(after[i] == expected);
  }
}

}  // namespace
}  // namespace cluehound::app
