#include "base/work_calendar.h"

#include "tests/testing/testing.h"

namespace cluehound {
namespace {

Instant Day(std::string_view text) {
  const auto day = ParseDay(text);
  REQUIRE(day);
  return *day;
}

WorkCalendar Shipped() {
  Diagnostics diagnostics;
  const std::string file = testing::SourceDir().string() + "/config/workdays.yaml";
  WorkCalendar calendar = WorkCalendar::Parse(testing::Slurp(file), file, diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.ok());
  return calendar;
}

std::string After(const WorkCalendar& calendar, std::string_view day, int n) {
  return FormatDay(calendar.AddWorkdays(Day(day), n).day);
}

TEST_CASE("国办 notices 2024 to 2026: how many days of each year are worked") {
  // 366, 365 and 365 days, less weekends and the holidays, with the worked weekends: as the notices
  // make it (2024: 251, 2025: 248, 2026: 248).
  const WorkCalendar calendar = Shipped();
  const auto count = [&](const std::string& year) {
    int worked = 0;
    const Instant end = Day(year + "-12-31");
    for (Instant day = Day(year + "-01-01"); day <= end; day += std::chrono::hours(24))
      worked += calendar.IsWorkday(day) ? 1 : 0;
    return worked;
  };
  CHECK(count("2024") == 251);
  CHECK(count("2025") == 248);
  CHECK(count("2026") == 248);
  for (const int year : {2024, 2025, 2026}) {
    REQUIRE(calendar.FindYear(year) != nullptr);
    CHECK(calendar.FindYear(year)->certainty == "unverified");
    CHECK(calendar.FindYear(year)->notice.find("国务院办公厅") == 0);
  }
  CHECK(calendar.FindYear(2027) == nullptr);
}

TEST_CASE("国办 notices 2024 to 2026: terms over each long holiday") {
  const WorkCalendar calendar = Shipped();
  CHECK(After(calendar, "2024-02-09", 1) ==
        "2024-02-18");  // Spring Festival, a Sunday that is worked
  CHECK(After(calendar, "2024-02-02", 2) == "2024-02-05");  // Sunday the 4th is worked
  CHECK(After(calendar, "2024-04-03", 1) == "2024-04-07");
  CHECK(After(calendar, "2024-04-30", 6) == "2024-05-11");  // and a Saturday
  CHECK(After(calendar, "2024-09-13", 1) == "2024-09-14");
  CHECK(After(calendar, "2024-09-30", 5) == "2024-10-12");
  CHECK(After(calendar, "2025-01-27", 1) == "2025-02-05");
  CHECK(After(calendar, "2025-01-24", 15) == "2025-02-20");
  CHECK(After(calendar, "2025-04-30", 1) == "2025-05-06");
  CHECK(After(calendar, "2025-09-30", 1) == "2025-10-09");
  CHECK(After(calendar, "2025-09-26", 4) == "2025-10-09");  // Sunday the 28th is worked
  CHECK(After(calendar, "2025-12-31", 1) == "2026-01-04");  // a Sunday
  CHECK(After(calendar, "2026-02-13", 1) == "2026-02-14");
  CHECK(After(calendar, "2026-02-14", 5) == "2026-02-28");
  CHECK(After(calendar, "2026-02-13", 15) == "2026-03-12");
  CHECK(After(calendar, "2026-09-18", 15) == "2026-10-15");
  CHECK(After(calendar, "2026-11-22", 15) == "2026-12-11");
}

TEST_CASE("ours: a term is counted in the office's days, whatever the hour") {
  const WorkCalendar calendar = Shipped();
  const auto at = [](const char* text) { return *ParseTime(text); };
  // 00:30 in China is still the day before in UTC.
  CHECK(FormatDay(calendar.AddWorkdays(at("2026-11-23T00:30:00+08:00"), 1).day) == "2026-11-24");
  CHECK(FormatDay(calendar.AddWorkdays(at("2026-11-23T23:59:59+08:00"), 1).day) == "2026-11-24");
  CHECK(OfficeYear(at("2026-12-31T16:00:00Z")) == 2027);
  CHECK(FormatTime(OfficeDay(at("2026-11-23T23:59:59+08:00"))) == "2026-11-23T00:00:00+08:00");
}

TEST_CASE("ours: a year without notice is counted by weekends and named") {
  const WorkCalendar calendar = Shipped();
  const auto due = calendar.AddWorkdays(Day("2026-12-25"), 15);
  CHECK(FormatDay(due.day) == "2027-01-15");  // even the 1st of January is counted as worked
  CHECK(due.missing_years == std::vector<int>{2027});
  CHECK(calendar.AddWorkdays(Day("2026-12-01"), 15).missing_years.empty());
  CHECK(WorkCalendar().AddWorkdays(Day("2026-12-25"), 15).missing_years ==
        std::vector<int>{2026, 2027});
}

TEST_CASE("ours: calendar days, and the last day that is free") {
  const WorkCalendar calendar = Shipped();
  CHECK(FormatDay(calendar.AddDays(Day("2026-09-20"), 15, false).day) == "2026-10-05");
  CHECK(FormatDay(calendar.AddDays(Day("2026-09-20"), 15, true).day) == "2026-10-08");
  CHECK(FormatDay(calendar.AddDays(Day("2026-09-05"), 15, true).day) == "2026-09-20");  // worked
  CHECK(calendar.AddDays(Day("2026-12-20"), 15, false).missing_years.empty());
  CHECK(calendar.AddDays(Day("2026-12-20"), 15, true).missing_years == std::vector<int>{2027});
}

TEST_CASE("ours: mistakes in a calendar are named by place") {
  const auto mistakes = [](const std::string& text) {
    Diagnostics diagnostics;
    (void)WorkCalendar::Parse(text, "workdays.yaml", diagnostics);
    return diagnostics.Render();
  };
  const std::string head = "years:\n  - year: 2027\n    notice: 通知\n";
  CHECK(mistakes(head + "    worked: [2027-02-03]\n").find("workdays.yaml:4:") == 0);
  CHECK(mistakes(head + "    worked: [2027-02-03]\n").find("no weekend") != std::string::npos);
  CHECK(mistakes(head + "    free: [2027-02-30]\n").find("no day") != std::string::npos);
  CHECK(mistakes(head + "    free: [2027-05-05..2027-05-01]\n").find("no day") !=
        std::string::npos);
  CHECK(mistakes(head + "    free: [2029-05-05]\n").find("not of the year") != std::string::npos);
  CHECK(mistakes(head + "    free: [2027-05-05, 2027-05-05]\n").find("twice") != std::string::npos);
  CHECK(mistakes(head + "    freed: [2027-05-05]\n").find("\"free\"") != std::string::npos);
  CHECK(mistakes(head + "  - year: 2027\n    notice: 通知\n").find("second time") !=
        std::string::npos);
  CHECK(mistakes("years: [{notice: 通知}]\n").find("needs its number") != std::string::npos);
}

}  // namespace
}  // namespace cluehound
