#include "crawler/politeness.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

// Instants are cut to the millisecond: without this a request could be early by less than one.
constexpr Duration kGrain{1};
constexpr Duration kLongestWay{250};  // of a request to its host
// A host that failed is remembered so long after its block is over, so that the next failure waits
// longer.
constexpr std::chrono::hours kFailuresRemembered{2};
constexpr double kMaxGrowth = 8;        // of an interval, when answers slow down
constexpr double kRecentWeight = 0.25;  // of an answer in the mean of the last ones
constexpr double kUsualWeight = 1.0 / 64;
constexpr int kMaxSlowLevel = 16;  // beyond any cap

}  // namespace

Politeness::Host& Politeness::Known(const std::string& authority) {
  const auto [host, is_new] = hosts_.try_emplace(authority);
  if (is_new) host->second.track.last_sent = limits_.asked_before.value_or(Instant());
  return host->second;
}

Politeness::Track& Politeness::Known(const IpAddress& address) {
  const auto [track, is_new] = addresses_.try_emplace(address);
  if (is_new) track->second.last_sent = limits_.asked_before.value_or(Instant());
  return track->second;
}

void Politeness::SetPace(const std::string& authority, Duration pace) {
  Host& host = Known(authority);
  host.pace = std::max(host.pace, pace);
}

void Politeness::SetCrawlDelay(const std::string& authority, std::optional<Duration> delay) {
  Known(authority).crawl_delay =
      std::min(delay.value_or(Duration::zero()), limits_.max_crawl_delay);
}

void Politeness::ForgetPaces() {
  for (auto& [authority, host] : hosts_) host.pace = Duration::zero();
}

Duration Politeness::Interval(const std::string& authority) const {
  const auto it = hosts_.find(authority);
  return it == hosts_.end() ? Duration::zero() : IntervalOf(it->second);
}

Duration Politeness::IntervalOf(const Host& host) const {
  const Duration asked = std::max(host.pace, host.crawl_delay);
  Duration slow = asked;
  if (host.slow_level > 0) {
    slow = std::max(asked, limits_.first_slow_interval / 2);
    for (int i = 0; i < host.slow_level && slow < limits_.max_slow_interval; ++i) slow *= 2;
  }
  const double margin = static_cast<double>(limits_.slow_margin.count());
  if (host.recent > 2 * host.usual && host.recent > host.usual + margin) {
    const double growth = std::min(host.recent / std::max(host.usual, 1.0), kMaxGrowth);
    const double base = std::max(static_cast<double>(slow.count()), host.recent);
    slow = Duration(static_cast<Duration::rep>(base * growth));
  }
  return std::max(asked, std::min(slow, limits_.max_slow_interval));
}

Instant Politeness::After(const Track& track, Duration interval, Instant now) {
  if (interval <= Duration::zero()) return now;
  if (track.unsent > 0) return now + interval + kGrain;
  if (track.last_sent == Instant()) return now;
  return track.last_sent + interval + kGrain;
}

Instant Politeness::Earliest(const std::string& authority, Instant now) const {
  const auto it = hosts_.find(authority);
  if (it == hosts_.end()) return now;
  const Host& host = it->second;
  return std::max(After(host.track, IntervalOf(host), now), host.blocked_until);
}

Instant Politeness::Earliest(const IpAddress& address, Duration pace, Instant now) const {
  const auto it = addresses_.find(address);
  if (it != addresses_.end()) return After(it->second, pace, now);
  return After({limits_.asked_before.value_or(Instant()), 0, 0}, pace, now);
}

template <class F>
void Politeness::EachTrack(const std::string& authority, const MaybeAddress& address, F change) {
  change(Known(authority).track);
  if (address) change(Known(*address));
}

void Politeness::Begin(const std::string& authority, const MaybeAddress& address, Instant now) {
  EachTrack(authority, address, [&](Track& track) {
    ++track.unsent;
    ++track.open;
    track.last_sent = std::max(track.last_sent, now);
  });
}

void Politeness::Sent(const std::string& authority, const MaybeAddress& address, Instant now) {
  EachTrack(authority, address, [&](Track& track) {
    --track.unsent;
    track.last_sent = std::max(track.last_sent, now);
  });
}

void Politeness::End(const std::string& authority, const MaybeAddress& address,
                     std::optional<Instant> sent, Instant now) {
  EachTrack(authority, address, [&](Track& track) {
    --track.open;
    if (!sent) {
      --track.unsent;
    } else {
      track.last_sent = std::max(track.last_sent, std::min(now, *sent + kLongestWay));
    }
  });
}

int Politeness::Open(const IpAddress& address) const {
  const auto it = addresses_.find(address);
  return it == addresses_.end() ? 0 : it->second.open;
}

void Politeness::Answered(const std::string& authority, Duration first_byte) {
  Host& host = Known(authority);
  const double took = std::max(static_cast<double>(first_byte.count()), 1.0);
  if (host.usual == 0) host.usual = host.recent = took;
  host.recent += (took - host.recent) * kRecentWeight;
  host.usual += (took - host.usual) * (took < host.usual ? kRecentWeight : kUsualWeight);
}

void Politeness::SlowDown(const std::string& authority) {
  Host& host = Known(authority);
  host.slow_level = std::min(host.slow_level + 1, kMaxSlowLevel);
  host.answers = 0;
}

void Politeness::Succeeded(const std::string& authority) {
  const auto it = hosts_.find(authority);
  if (it == hosts_.end()) return;
  Host& host = it->second;
  host.failures = 0;
  if (host.slow_level == 0 || ++host.answers < limits_.answers_to_recover) return;
  --host.slow_level;
  host.answers = 0;
}

Instant Politeness::Failed(const std::string& authority, std::optional<Duration> retry_after,
                           Instant now) {
  Host& host = Known(authority);
  ++host.failures;
  const bool named = retry_after && *retry_after > Duration::zero();
  const Duration wait =
      named ? std::min(*retry_after, limits_.max_retry_after) : Backoff(host.failures);
  host.blocked_until = std::max(host.blocked_until, now + wait);
  return host.blocked_until;
}

Duration Politeness::Backoff(int failures) {
  Duration wait = limits_.first_backoff;
  for (int i = 1; i < failures && wait < limits_.max_backoff; ++i) wait *= 2;
  wait = std::min(wait, limits_.max_backoff);
  // Up to half as much again, so that hosts which failed together do not come back together.
  std::uniform_int_distribution<Duration::rep> jitter(0, wait.count() / 2);
  return wait + Duration(jitter(random_));
}

int Politeness::Failures(const std::string& authority) const {
  const auto it = hosts_.find(authority);
  return it == hosts_.end() ? 0 : it->second.failures;
}

void Politeness::Sweep(Instant now) {
  if (remembered() < sweep_at_) return;
  // The longest interval that an address can be asked for is not known here; an hour is more than
  // any pace.
  std::erase_if(addresses_, [&](const auto& entry) {
    return entry.second.open == 0 && entry.second.last_sent + std::chrono::hours(1) < now;
  });
  std::erase_if(hosts_, [&](const auto& entry) {
    const Host& host = entry.second;
    const Instant free = std::max(After(host.track, IntervalOf(host), now), host.blocked_until);
    if (host.track.open > 0 || free > now) return false;
    if (host.failures == 0 && host.slow_level == 0) return true;
    return std::max(host.blocked_until, host.track.last_sent) + kFailuresRemembered < now;
  });
  sweep_at_ = std::max<size_t>(1024, remembered() * 2);  // amortised: constant for each entry
}

}  // namespace cluehound::crawler
