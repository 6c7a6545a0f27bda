#include "crawler/revisit.h"

#include <chrono>

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

const Instant kNow = *ParseTime("2026-11-28T10:00:00+08:00");

LastVisit After(Outcome outcome, Duration interval = {}) {
  LastVisit visit;
  visit.outcome = outcome;
  visit.schedule.every = hours(6);
  visit.interval = interval;
  return visit;
}

Duration WaitOf(const LastVisit& visit) { return *NextVisit(visit, kNow) - kNow; }

TEST_CASE("nutch AdaptiveFetchSchedule: unchanged x1.4, changed x0.8") {
  CHECK(AdaptInterval(hours(10), hours(6), false, false) == hours(14));
  CHECK(AdaptInterval(hours(10), hours(6), false, true) == hours(8));
}

TEST_CASE("ours: the interval begins at `every` and stays within its bounds") {
  CHECK(AdaptInterval({}, hours(6), false, false) == minutes(504));
  Duration interval{};
  for (int i = 0; i < 50; ++i) interval = AdaptInterval(interval, hours(6), false, false);
  CHECK(interval == hours(48));
  for (int i = 0; i < 50; ++i) interval = AdaptInterval(interval, hours(6), false, true);
  CHECK(interval == minutes(90));
  // The office changed its mind.
  CHECK(AdaptInterval(hours(48), hours(1), false, true) == minutes(384));
  CHECK(WaitOf(After(Outcome::kOk, hours(200))) == hours(48));
  CHECK(WaitOf(After(Outcome::kOk, minutes(1))) == minutes(90));
}

TEST_CASE("ours: a seed is never visited more seldom than the office asked") {
  CHECK(AdaptInterval(hours(6), hours(6), true, false) == hours(6));
  CHECK(AdaptInterval(hours(6), hours(6), true, true) == minutes(288));
  LastVisit visit = After(Outcome::kNotModified, hours(48));
  visit.seed = true;
  CHECK(WaitOf(visit) == hours(6));
}

TEST_CASE("ours: a page settles where it changes at three of five visits") {
  // A page that changes every 8 hours, whatever we do, under every: 6h.
  Duration interval{};
  Duration now{}, seen{};
  for (int i = 0; i < 400; ++i) {
    const bool changed = now / hours(8) != seen / hours(8);
    seen = now;
    interval = AdaptInterval(interval, hours(6), false, changed);
    now += interval;
  }
  CHECK(interval > hours(3));
  CHECK(interval < hours(9));
}

TEST_CASE("ours: pages that are gone or no pages are over, but for seeds") {
  for (const Outcome outcome : {Outcome::kGone, Outcome::kNotHtml, Outcome::kOutOfScope}) {
    LastVisit visit = After(outcome);
    CHECK(!NextVisit(visit, kNow));
    visit.seed = true;
    CHECK(WaitOf(visit) == hours(6));
  }
}

TEST_CASE(
    "ours: a failure that passes is retried from ten minutes up to a day, whatever the page") {
  for (const Outcome outcome : {Outcome::kServerError, Outcome::kBusy, Outcome::kTimeout}) {
    LastVisit visit = After(outcome, hours(48));
    visit.factor = 10;
    CHECK(WaitOf(visit) == minutes(10));
    visit.failures = 3;
    CHECK(WaitOf(visit) == minutes(80));
    visit.failures = 1000;
    CHECK(WaitOf(visit) == hours(24));
  }
}

TEST_CASE("ours: robots.txt is asked again after a day at the earliest, also in a campaign") {
  LastVisit visit = After(Outcome::kRobotsRefused, hours(2));
  visit.factor = 8;
  CHECK(WaitOf(visit) == hours(24));
  visit.factor = 1;
  visit.schedule.every = visit.interval = hours(72);
  CHECK(WaitOf(visit) == hours(72));
}

TEST_CASE("ours: a campaign divides what is due, a schedule has the last word") {
  LastVisit visit = After(Outcome::kOk, hours(12));
  visit.factor = 4;
  CHECK(WaitOf(visit) == hours(3));
  const Instant evening = *ParseTime("2026-11-28T19:00:00+08:00");
  visit.schedule.hours = {{hours(19), hours(24)}};
  CHECK(*NextVisit(visit, kNow) == evening);
  visit.outcome = Outcome::kBusy;
  CHECK(*NextVisit(visit, kNow) == evening);
}

}  // namespace
}  // namespace cluehound::crawler
