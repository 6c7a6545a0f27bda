#include <algorithm>
#include <chrono>

#include "crawler/revisit.h"

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

Duration WaitFor(const LastVisit& visit) {
  if (Info(visit.outcome).retry) return WaitAfter(visit.failures);
  const Duration interval = Bounded(visit.interval, visit.every, visit.seed);
  const auto wait = std::chrono::duration_cast<Duration>(interval / visit.factor);
  // robots.txt may change; it is read again once a day.
  return visit.outcome == Outcome::kRobotsRefused ? std::max<Duration>(wait, kLongestWait) : wait;
}

}  // namespace

std::optional<Instant> NextVisit(const LastVisit& visit, Instant now) {
  const bool over = visit.outcome == Outcome::kGone || visit.outcome == Outcome::kNotHtml ||
                    visit.outcome == Outcome::kOutOfScope;
  if (over && !visit.seed) return std::nullopt;
  const Instant due = now + WaitFor(visit);
  return visit.open ? visit.open(due) : due;
}

Duration AdaptInterval(Duration interval, Duration every, bool seed, bool changed) {
  const Duration bounded = Bounded(interval, every, seed);
  return Bounded(bounded * (changed ? 4 : 7) / 5, every, seed);
}

}  // namespace cluehound::crawler
