#include "crawler/campaign.h"

#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

Instant Day(std::string_view text) {
  const auto day = ParseDay(text);
  REQUIRE(day);
  return *day;
}

Campaigns Parsed(const std::string& text) {
  Diagnostics diagnostics;
  Campaigns campaigns = Campaigns::Parse(text, "campaigns.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.ok());
  return campaigns;
}

// "id begin..end" of every window, in order.
std::vector<std::string> Windows(const Campaigns& campaigns, std::string_view from,
                                 std::string_view to) {
  std::vector<std::string> windows;
  for (const CampaignWindow& window : campaigns.Windows(Day(from), Day(to)))
    windows.push_back(window.campaign->id + " " + FormatDaySpan(window.span));
  return windows;
}

std::string Errors(const std::string& text) {
  Diagnostics diagnostics;
  Campaigns::Parse(text, "c.yaml", diagnostics);
  std::string all;
  for (const Diagnostic& d : diagnostics.all()) {
    all +=
        std::to_string(d.where.line) + ":" + std::to_string(d.where.column) + " " + d.code + "\n";
  }
  return all;
}

TEST_CASE("ours: the shipped campaigns are read, and each kind of date gives its days") {
  const auto shipped = Campaigns::Load({});
  REQUIRE_OK(shipped);
  const auto days = [&](const char* id, int year) {
    const auto campaign = shipped->Find(id);
    REQUIRE_OK(campaign);
    const auto window = shipped->WindowIn(**campaign, year);
    return window ? FormatDaySpan(window->occasion) : "none";
  };
  CHECK(days("may-day", 2027) == "2027-05-01..2027-05-05");
  CHECK(days("hangzhou-asian-games", 2023) == "2023-09-23..2023-10-08");
  CHECK(days("hangzhou-asian-games", 2024) == "none");
  CHECK(days("chengdu-universiade", 2023) == "2023-07-28..2023-08-08");
  CHECK(days("shandong-taiwan-fair", 2023) == "2023-09-01..2023-09-04");
  CHECK(days("shandong-taiwan-fair", 2027) == "none");
  CHECK(days("manned-space-launch", 2027) == "none");
  CHECK(days("ciie", 2026) == "2026-11-05..2026-11-10");
  CHECK(days("spring-festival", 2027) == "2027-02-06..2027-02-12");
  CHECK(days("dragon-boat", 2028) == "2028-05-28");
  // 2033 has a leap eleventh month; a calendar that puts it elsewhere is a month off here.
  CHECK(days("mid-autumn", 2033) == "2033-09-08");
  CHECK(shipped->reminders().size() == 3);
}

TEST_CASE("ours: lead-in and tail belong to the campaign, over the turn of the year too") {
  const Campaigns campaigns = Parsed(
      "campaigns:\n"
      "  - {id: turn, name: 跨年, yearly: 12-30..01-02, lead_in: 3, tail: 2}\n"
      "  - {id: early, name: 年初, yearly: 01-05, lead_in: 10}\n"
      "  - {id: new-year, name: 春节, lunar: 12-23..01-15}\n");
  CHECK(Windows(campaigns, "2026-11-28", "2027-11-28") ==
        std::vector<std::string>{"early 2026-12-26..2027-01-05", "turn 2026-12-27..2027-01-04",
                                 "new-year 2027-01-30..2027-02-20"});
  // What is over by a day is not there, what ends today is.
  CHECK(Windows(campaigns, "2027-01-05", "2027-01-06") ==
        std::vector<std::string>{"early 2026-12-26..2027-01-05"});
  CHECK(Windows(campaigns, "2027-01-06", "2027-01-07").empty());
}

TEST_CASE("ours: a source that is named has its own factor, the others that of all") {
  const Campaigns campaigns = Parsed(
      "campaigns:\n"
      "  - id: a\n"
      "    name: 甲\n"
      "    yearly: 05-01\n"
      "    sources: [{ids: [shop, mall], factor: 4}, {ids: all, factor: 1.5}]\n"
      "  - {id: b, name: 乙, yearly: 05-01, sources: [{ids: [shop], factor: 2}]}\n"
      "  - {id: c, name: 丙, yearly: 05-01}\n");
  CHECK(campaigns.all()[0].FactorOf("shop") == 4);
  CHECK(campaigns.all()[0].FactorOf("other") == 1.5);
  CHECK(campaigns.all()[1].FactorOf("other") == 0);
  CHECK(campaigns.all()[2].FactorOf("other") == 1);
}

TEST_CASE("ours: mistakes are named with line and column, and leave the others alone") {
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲}\n") == "2:10 missing-date\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, yearly: 05-01, lunar: 05-05}\n") == "2:44 two-dates\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, yearly: 02-30}\n") == "2:30 bad-days\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, lunar: 08-31}\n") == "2:29 bad-days\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, fixed: 2026-09-04..2026-09-01}\n") == "2:29 bad-days\n");
  CHECK(Errors("campaigns:\n"
               "  - id: a\n"
               "    name: 甲\n"
               "    open:\n"
               "      - {on: 2026-09-01}\n"
               "      - {on: 2026-10-01}\n") == "6:9 duplicate-year\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, yearly: 05-01, leadin: 5}\n") == "2:37 unknown-key\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, yearly: 05-01, sources: [{ids: [x], factor: 0.5}]}\n") ==
        "2:66 out-of-range\n");
  CHECK(Errors("campaigns:\n"
               "  - {id: a, name: 甲, yearly: 05-01, weights: [{points: 5}]}\n") ==
        "2:56 empty-weight\n");
  Diagnostics diagnostics;
  const Campaigns kept = Campaigns::Parse(
      "campaigns:\n"
      "  - {id: a, name: 甲, yearly: 13-01}\n"
      "  - {id: b, name: 乙, yearly: 05-01}\n"
      "  - {id: b, name: 丙, yearly: 05-02}\n",
      "c.yaml", diagnostics);
  REQUIRE(kept.all().size() == 1);
  CHECK(kept.all()[0].name == "乙");
  CHECK(diagnostics.errors() == 2);
}

TEST_CASE("ours: the office's file replaces the built-in one, and its mistakes are told") {
  testing::TempDir dir;
  REQUIRE_OK(WriteFileAtomically(dir.path() / "campaigns.yaml",
                                 "campaigns:\n  - {id: own, name: 自定, yearly: 07-01}\n"));
  const auto own = Campaigns::Load(dir.path());
  REQUIRE_OK(own);
  REQUIRE(own->all().size() == 1);
  CHECK(own->reminders().empty());
  const auto missing = own->Find("owm");
  CHECK(missing.status().code() == Code::kNotFound);
  CHECK(missing.status().message().find("own?") != std::string::npos);
  REQUIRE_OK(WriteFileAtomically(dir.path() / "campaigns.yaml", "campaigns:\n  - {id: own}\n"));
  const auto bad = Campaigns::Load(dir.path());
  CHECK(bad.status().message().find("campaigns.yaml:2:") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::crawler
