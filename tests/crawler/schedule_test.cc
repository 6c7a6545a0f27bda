#include "crawler/schedule.h"

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Instant At(const char* text) { return *ParseTime(text); }
// Of a Sunday in China.
Instant Clock(const std::string& time) { return *ParseTime("2026-11-22T" + time + ":00+08:00"); }
Duration Of(const char* text) { return *ParseTimeOfDay(text); }
std::vector<DayWindow> Windows(const char* text) { return {*ParseDayWindow(text)}; }

TEST_CASE("ours: times of day and spans of a day are written one way") {
  CHECK(ParseTimeOfDay("08:30") == hours(8) + minutes(30));
  CHECK(ParseTimeOfDay("24:00") == hours(24));
  CHECK(FormatTimeOfDay(Of("08:05")) == "08:05");
  for (const char* bad :
       {"8:30", "08.30", "24:01", "08:60", "-1:00", "08:3", "", "0830", "ab:cd"}) {
    INFO(bad);
    CHECK_FALSE(ParseTimeOfDay(bad));
  }
  CHECK(FormatDayWindow(*ParseDayWindow("19:00-02:00")) == "19:00-02:00");
  for (const char* bad : {"08:00", "08:00-", "-18:00", "24:00-02:00", "08:00 - 18:00"}) {
    INFO(bad);
    CHECK_FALSE(ParseDayWindow(bad));
  }
}

TEST_CASE("ours: a window may go over midnight, and one that ends as it begins is the day") {
  const DayWindow evening = *ParseDayWindow("19:00-02:00");
  CHECK(evening.Holds(Of("19:00")));
  CHECK(evening.Holds(Of("23:59")));
  CHECK(evening.Holds(Of("00:00")));
  CHECK_FALSE(evening.Holds(Of("02:00")));
  CHECK_FALSE(evening.Holds(Of("18:59")));
  CHECK(ParseDayWindow("00:00-24:00")->Holds(Of("23:59")));
  CHECK(ParseDayWindow("08:00-08:00")->Holds(Of("03:00")));
}

TEST_CASE(
    "ours: without more, a page is due after `every`, up to a twentieth earlier with spread") {
  Schedule schedule;
  CHECK(schedule.NextDue(Clock("10:00"), {}) == Clock("16:00"));
  Instant earliest = Clock("16:00");
  Instant latest = Clock("00:00");
  for (uint64_t spread = 1; spread < 100; ++spread) {
    const Instant due = schedule.NextDue(Clock("10:00"), {std::nullopt, 1, spread * 7919'000'123});
    earliest = std::min(earliest, due);
    latest = std::max(latest, due);
  }
  CHECK(earliest >= Clock("15:42"));
  CHECK(latest <= Clock("16:00"));
  CHECK(latest - earliest > minutes(10));  // they do drift apart
}

TEST_CASE("ours: a page's own interval and the factor of campaigns move the next visit") {
  Schedule schedule;
  CHECK(schedule.NextDue(Clock("10:00"), {hours(2), 1, 0}) == Clock("12:00"));
  CHECK(schedule.NextDue(Clock("10:00"), {std::nullopt, 3, 0}) == Clock("12:00"));
  CHECK(schedule.NextDue(Clock("10:00"), {hours(2), 2, 0}) == Clock("11:00"));
  CHECK(schedule.NextDue(Clock("10:00"), {Duration(1), 1, 0}) == Clock("10:00") + seconds(1));
}

TEST_CASE("ours: times of day stand in place of `every`, or beside it") {
  Schedule schedule;
  schedule.at = {Of("08:30"), Of("13:00")};
  schedule.every.reset();
  CHECK(schedule.NextDue(Clock("08:29"), {}) == Clock("08:30"));
  CHECK(schedule.NextDue(Clock("08:30"), {}) == Clock("13:00"));
  CHECK(schedule.NextDue(Clock("13:05"), {}) == Clock("08:30") + hours(24));
  // A campaign asks for twice as often: in the middle too.
  CHECK(schedule.NextDue(Clock("08:31"), {std::nullopt, 2, 0}) == Clock("10:46"));
  CHECK(schedule.NextDue(Clock("12:59"), {std::nullopt, 2, 0}) == Clock("13:00"));
  schedule.every = hours(1);
  CHECK(schedule.NextDue(Clock("12:30"), {}) == Clock("13:00"));
  CHECK(schedule.NextDue(Clock("09:00"), {}) == Clock("10:00"));
}

TEST_CASE("ours: what would be due outside the hours is due when they begin") {
  Schedule schedule;
  schedule.hours = Windows("08:00-18:00");
  CHECK(schedule.Open(Clock("08:00")));
  CHECK_FALSE(schedule.Open(Clock("18:00")));
  CHECK(schedule.NextDue(Clock("10:00"), {}) == Clock("16:00"));
  CHECK(schedule.NextDue(Clock("14:00"), {}) == Clock("08:00") + hours(24));
  CHECK(schedule.NextOpening(Clock("03:00")) == Clock("08:00"));
  schedule.hours.push_back(*ParseDayWindow("20:00-22:00"));
  CHECK(schedule.NextDue(Clock("14:00"), {}) == Clock("20:00"));
}

TEST_CASE("ours: in the evening window pages are visited more often, and at its begin") {
  Schedule schedule;
  schedule.evening = Windows("19:00-01:00");
  schedule.evening_every = minutes(15);
  CHECK(schedule.NextDue(Clock("12:00"), {}) == Clock("18:00"));
  CHECK(schedule.NextDue(Clock("18:00"), {}) == Clock("19:00"));
  CHECK(schedule.NextDue(Clock("19:00"), {}) == Clock("19:15"));
  CHECK(schedule.NextDue(Clock("00:59"), {}) == Clock("01:14"));
  CHECK(schedule.NextDue(Clock("01:00"), {}) == Clock("07:00"));
  CHECK(schedule.NextDue(Clock("20:00"), {minutes(5), 1, 0}) == Clock("20:05"));
}

TEST_CASE("ours: the clock is the office's, daylight saving included") {
  const auto berlin = TimeZone::Find("Europe/Berlin");
  REQUIRE_OK(berlin);
  Schedule schedule;
  schedule.zone = *berlin;
  schedule.every.reset();
  schedule.at = {Of("08:30")};
  CHECK(schedule.NextDue(At("2026-11-22T00:00:00Z"), {}) == At("2026-11-22T07:30:00Z"));
  // The clocks go forward on 2026-03-29 and back on 2026-10-25.
  CHECK(schedule.NextDue(At("2026-03-28T12:00:00Z"), {}) == At("2026-03-29T06:30:00Z"));
  CHECK(schedule.NextDue(At("2026-10-24T12:00:00Z"), {}) == At("2026-10-25T07:30:00Z"));
  schedule.at = {Of("02:30")};  // not there on 2026-03-29
  CHECK(schedule.NextDue(At("2026-03-28T12:00:00Z"), {}) <= At("2026-03-29T01:30:00Z"));
  CHECK_FALSE(TimeZone::Find("Asia/Nowhere").ok());
  CHECK(TimeZone().OffsetAt(At("2026-11-22T00:00:00Z")) == hours(8));
}

}  // namespace
}  // namespace cluehound::crawler
