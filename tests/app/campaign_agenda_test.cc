#include "app/campaign_agenda.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

Instant Day(std::string_view text) {
  const auto day = ParseDay(text);
  REQUIRE(day);
  return *day;
}

crawler::Campaigns Shipped() {
  auto campaigns = crawler::Campaigns::Load({});
  REQUIRE_OK(campaigns);
  return *std::move(campaigns);
}

TEST_CASE("published tables: the agenda of each year 2023 to 2035 has the lunar festivals") {
  // The days of tests/base/lunar_months.tsv: 正月初一, 五月初五, 八月十五.
  const std::map<int, std::array<std::string, 3>> known = {
      {2023, {"2023-01-22", "2023-06-22", "2023-09-29"}},
      {2024, {"2024-02-10", "2024-06-10", "2024-09-17"}},
      {2025, {"2025-01-29", "2025-05-31", "2025-10-06"}},
      {2026, {"2026-02-17", "2026-06-19", "2026-09-25"}},
      {2027, {"2027-02-06", "2027-06-09", "2027-09-15"}},
      {2028, {"2028-01-26", "2028-05-28", "2028-10-03"}},
      {2029, {"2029-02-13", "2029-06-16", "2029-09-22"}},
      {2030, {"2030-02-03", "2030-06-05", "2030-09-12"}},
      {2031, {"2031-01-23", "2031-06-24", "2031-10-01"}},
      {2032, {"2032-02-11", "2032-06-12", "2032-09-19"}},
      {2033, {"2033-01-31", "2033-06-01", "2033-09-08"}},
      {2034, {"2034-02-19", "2034-06-20", "2034-09-27"}},
      {2035, {"2035-02-08", "2035-06-10", "2035-09-16"}}};
  const crawler::Campaigns campaigns = Shipped();
  for (const auto& [year, days] : known) {
    std::map<std::string, std::string> found;
    Instant last{};
    for (const AgendaEntry& entry : Agenda(campaigns, Day(std::to_string(year) + "-01-01"))) {
      CHECK(entry.window.begin() >= last);
      last = entry.window.begin();
      if (entry.window.year == year) found[entry.id()] = FormatDay(entry.window.occasion.first);
    }
    INFO(year);
    CHECK(found["spring-festival"] == days[0]);
    CHECK(found["dragon-boat"] == days[1]);
    CHECK(found["mid-autumn"] == days[2]);
  }
}

TEST_CASE("ours: the agenda holds what is under way, each reminder once, and what has no date") {
  const crawler::Campaigns campaigns = Shipped();
  const Instant now = Day("2026-11-15") + std::chrono::hours(10);
  const auto agenda = Agenda(campaigns, now);
  std::map<std::string, int> times;
  for (const AgendaEntry& entry : agenda) ++times[entry.id()];
  // 双11 runs to 11-18 and the next begins on 2027-10-18; the reminder of 11-10 is the next one's.
  CHECK(times["double-eleven"] == 2);
  CHECK(times["report-year"] == 1);
  CHECK(times["may-day"] == 1);
  CHECK(times["hangzhou-asian-games"] == 0);
  REQUIRE(agenda.size() > 2);
  CHECK(agenda[0].id() == "ciie");  // begins 10-16
  CHECK(agenda[1].id() == "double-eleven");
  CHECK(agenda[1].RunsOn(now));
  const auto missing = MissingDates(campaigns, now);
  REQUIRE(missing.size() == 2);
  CHECK(missing[0].campaign->id == "cjk-expo");
  CHECK(missing[0].years == std::vector<int>{2026, 2027});
  for (const AgendaEntry& entry : agenda) {
    if (entry.id() == "may-day") CHECK(FormatDay(entry.prepare) == "2027-04-07");
  }
}

TEST_CASE("ours: the tables of campaigns stay within 100 columns, and the lines are JSON") {
  const crawler::Campaigns campaigns = Shipped();
  const Instant now = Day("2026-11-15");
  const auto agenda = Agenda(campaigns, now);
  const auto missing = MissingDates(campaigns, now);
  const std::string tables =
      RenderAgenda(agenda, missing, now, 100) + RenderCampaigns(campaigns, now, 100);
  for (const std::string_view line : SplitAscii(tables, "\n")) {
    INFO(line);
    CHECK(DisplayWidth(std::string(line)) <= 100);
  }
  CHECK(tables.find("…") == std::string::npos);
  auto lines = AgendaLines(agenda, missing, now);
  CHECK(lines.size() == agenda.size() + missing.size());
  const auto first = nlohmann::json::parse(lines[0]);
  CHECK(first["id"] == "ciie");
  CHECK(first["begin"] == "2026-10-16");
  CHECK(first["end"] == "2026-11-20");
  CHECK(first["days"] == 36);
  CHECK(first["sources"]["all"] == 2);
  CHECK(first["running"] == true);
  CHECK(nlohmann::json::parse(lines.back())["years"] == std::vector<int>{2026, 2027});
  lines = CampaignLines(campaigns, now);
  CHECK(lines.size() == campaigns.all().size());
  CHECK(nlohmann::json::parse(lines[0])["when"] == "01-01..01-07");
}

}  // namespace
}  // namespace cluehound::app
