#include "crawler/revisit.h"

#include <algorithm>
#include <chrono>

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr hours kLongestWait{24};

// A failing page waits from ten minutes up to a day, twice as long each time.
Duration WaitAfter(uint32_t failures) {
  return std::min<Duration>(minutes(10) * (1 << std::min<uint32_t>(failures, 8)), kLongestWait);
}

Duration Bounded(Duration interval, Duration every, bool seed) {
  if (interval <= Duration::zero()) interval = every;
  return std::clamp(interval, every / kFaster, seed ? every : every * kSlower);
}

// By what the page has taught; by the source alone where it names times of day and no interval.
Revisit RevisitOf(const LastVisit& visit) {
  Revisit revisit;
  if (visit.schedule.every)
    revisit.interval = Bounded(visit.interval, *visit.schedule.every, visit.seed);
  revisit.factor = visit.factor;
  revisit.spread = visit.spread;
  return revisit;
}

}  // namespace

std::optional<Instant> NextVisit(const LastVisit& visit, Instant now) {
  const bool over = visit.outcome == Outcome::kGone || visit.outcome == Outcome::kNotHtml ||
                    visit.outcome == Outcome::kOutOfScope;
  if (over && !visit.seed) return std::nullopt;
  if (Info(visit.outcome).retry) return visit.schedule.NextOpening(now + WaitAfter(visit.failures));
  const Instant due = visit.schedule.NextDue(now, RevisitOf(visit));
  if (visit.outcome != Outcome::kRobotsRefused) return due;
  // robots.txt may change; it is read again once a day.
  return visit.schedule.NextOpening(std::max(due, now + kLongestWait));
}

Duration AdaptInterval(Duration interval, Duration every, bool seed, bool changed) {
  const Duration bounded = Bounded(interval, every, seed);
  return Bounded(bounded * (changed ? 4 : 7) / 5, every, seed);
}

}  // namespace cluehound::crawler
