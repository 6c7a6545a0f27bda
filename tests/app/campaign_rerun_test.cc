#include "app/campaign_rerun.h"

#include <nlohmann/json.hpp>

#include "app/campaign_starts.h"
#include "store/listing_archive.h"
#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

Instant Day(std::string_view text) {
  const auto day = ParseDay(text);
  REQUIRE(day);
  return *day;
}

// An archive with planted counts: so many listings a day and source, the first so many suspect.
class Planted {
 public:
  explicit Planted(const std::filesystem::path& store) : archive_(store / "listings") {}

  void Add(const std::string& source, const std::string& day, int listings, int suspects) {
    std::vector<extractors::Listing> page;
    for (int i = 0; i < listings; ++i) {
      extractors::Listing listing;
      listing.id = std::to_string(++number_);
      listing.title = (i < suspects ? "耐克 高仿 运动鞋 " : "毛巾 三条装 ") + listing.id;
      listing.price = "59.00";
      listing.currency = "CNY";
      listing.platform = source;
      page.push_back(std::move(listing));
    }
    store::ListingFacts facts;
    facts.at = Day(day) + std::chrono::hours(9);
    facts.source = source;
    facts.page = "http://" + source + ".example/" + std::to_string(number_);
    facts.extractor = "reader-1";
    archive_.Add(archive_.Fresh(facts, page, {}));
  }
  Status Flush() { return archive_.Flush(); }

 private:
  store::ListingArchive archive_;
  int number_ = 0;
};

TEST_CASE("ours: one rule set over the archives of two runs, every figure as it was planted") {
  testing::TempDir dir;
  {
    Planted planted(dir.path());
    planted.Add("shop", "2025-10-05", 30, 3);
    planted.Add("shop", "2025-10-06", 20, 1);
    planted.Add("mall", "2025-10-06", 10, 0);
    planted.Add("old", "2025-10-06", 40, 40);  // not compared
    planted.Add("shop", "2025-10-08", 9, 9);   // outside
    planted.Add("shop", "2026-09-24", 25, 5);
    planted.Add("mall", "2026-09-25", 15, 6);
    REQUIRE_OK(planted.Flush());
  }
  Diagnostics diagnostics;
  const auto rules = rules::RuleSet::Compile(rules::BuiltInRuleFiles(), diagnostics);
  REQUIRE_OK(rules);
  const ComparedName a{"2025", {Day("2025-10-04"), Day("2025-10-07")}, Day("2025-10-06")};
  const ComparedName b{"2026", {Day("2026-09-24"), Day("2026-09-26")}, Day("2026-09-25")};
  const auto lines = RerunLines(dir.path(), a, b, {"shop", "mall"}, **rules);
  REQUIRE_OK(lines);
  std::vector<nlohmann::json> parsed;
  for (const std::string& line : *lines) parsed.push_back(nlohmann::json::parse(line));
  REQUIRE(parsed.size() == 3);
  CHECK(parsed[0]["kind"] == "rerun");
  CHECK(parsed[0]["rule_set"] == (*rules)->hash());
  CHECK(parsed[0]["a"]["listings"] == 60);
  CHECK(parsed[0]["a"]["leads"] == 4);
  CHECK(parsed[0]["a"]["leads_per_10000"] == 666.7);
  CHECK(parsed[0]["b"]["listings"] == 40);
  CHECK(parsed[0]["b"]["leads"] == 11);
  CHECK(parsed[0]["b"]["leads_per_10000"] == 2750.0);
  CHECK(parsed[1]["offset"] == -1);
  CHECK(parsed[1]["a"]["listings"] == 30);
  CHECK(parsed[1]["a"]["leads"] == 3);
  CHECK(parsed[1]["b"]["listings"] == 25);
  CHECK(parsed[1]["b"]["leads"] == 5);
  CHECK(parsed[2]["offset"] == 0);
  CHECK(parsed[2]["a"]["listings"] == 30);
  CHECK(parsed[2]["a"]["leads"] == 1);
  CHECK(parsed[2]["b"]["leads"] == 6);
}

TEST_CASE("ours: the archive keeps the days of campaigns, of the calendar and started") {
  Diagnostics diagnostics;
  const auto campaigns = crawler::Campaigns::Parse(
      "campaigns: [{id: sale, name: 大促, yearly: 06-18, lead_in: 2, tail: 1}]\n", "c.yaml",
      diagnostics);
  REQUIRE(diagnostics.ok());
  store::CampaignStart start;
  start.campaign = "launch";
  start.begin = Day("2026-04-01") + std::chrono::hours(10);
  start.end = Day("2026-04-03");
  store::CampaignStart old = start;
  old.begin -= kDay * 900;
  old.end -= kDay * 900;
  const auto days = CampaignDays(campaigns, {start, old}, Day("2026-11-28"), 25);
  CHECK(days == std::vector<store::DaySpan>{{"2025-06-16", "2025-06-19"},
                                            {"2026-06-16", "2026-06-19"},
                                            {"2026-04-01", "2026-04-02"}});
}

}  // namespace
}  // namespace cluehound::app
