#include "crawler/politeness.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

// Instants are cut to the millisecond: without this a request could be early by less than one.
constexpr Duration kGrain{1};
// A host that failed is remembered so long after its block is over, so that the next failure waits
// longer.
constexpr std::chrono::hours kFailuresRemembered{2};

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
  if (it == hosts_.end()) return Duration::zero();
  return std::max(it->second.pace, it->second.crawl_delay);
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
  return std::max(After(host.track, std::max(host.pace, host.crawl_delay), now),
                  host.blocked_until);
}

Instant Politeness::Earliest(const IpAddress& address, Duration pace, Instant now) const {
  const auto it = addresses_.find(address);
  if (it != addresses_.end()) return After(it->second, pace, now);
  return After({limits_.asked_before.value_or(Instant()), 0, 0}, pace, now);
}

void Politeness::Begin(const std::string& authority, const IpAddress& address, Instant now) {
  for (Track* track : {&Known(authority).track, &Known(address)}) {
    ++track->unsent;
    ++track->open;
    track->last_sent = std::max(track->last_sent, now);
  }
}

void Politeness::Sent(const std::string& authority, const IpAddress& address, Instant now) {
  for (Track* track : {&Known(authority).track, &Known(address)}) {
    --track->unsent;
    track->last_sent = std::max(track->last_sent, now);
  }
}

void Politeness::End(const std::string& authority, const IpAddress& address, bool was_sent) {
  for (Track* track : {&Known(authority).track, &Known(address)}) {
    --track->open;
    if (!was_sent) --track->unsent;
  }
}

void Politeness::Succeeded(const std::string& authority) {
  const auto it = hosts_.find(authority);
  if (it == hosts_.end()) return;
  it->second.failures = 0;
}

Instant Politeness::Failed(const std::string& authority, std::optional<Duration> retry_after,
                           Instant now) {
  Host& host = Known(authority);
  ++host.failures;
  const Duration wait = retry_after
                            ? std::clamp(*retry_after, Duration::zero(), limits_.max_retry_after)
                            : Backoff(host.failures);
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
    const Instant free =
        std::max(After(host.track, std::max(host.pace, host.crawl_delay), now), host.blocked_until);
    if (host.track.open > 0 || free > now) return false;
    return host.failures == 0 || host.blocked_until + kFailuresRemembered < now;
  });
  sweep_at_ = std::max<size_t>(1024, remembered() * 2);  // amortised: constant for each entry
}

}  // namespace cluehound::crawler
