#include <algorithm>

#include "base/content_coding.h"
#include "crawler/answer.h"
#include "crawler/fetch_loop.h"
#include "crawler/redirect.h"
#include "crawler/sitemaps.h"

namespace cluehound::crawler {
namespace {

constexpr int kMaxRobotsRedirects = 5;  // RFC 9309 2.3.1.2: at least five
// A decoded robots.txt may be larger than what is read of it, but not by far.
constexpr size_t kMaxDecodedRobots = 4 * RobotsRules::kMaxBytes;
// An address that failed is worth another try after this, doubled for each failure in a row before.
constexpr std::chrono::minutes kFirstRetry{5};
constexpr std::chrono::hours kMaxRetry{24};
constexpr size_t kMaxSitesRemembered = 10'000;  // whose sitemaps were handed over

}  // namespace

void FetchLoop::Sent(uint64_t tag) {
  Visit& visit = visits_.at(tag);
  visit.sent = steady_.Now();
  counters_.Requested();
  polite_.Sent(visit.authority, visit.address, *visit.sent);
}

void FetchLoop::Ended(uint64_t tag, TransferResult result) {
  Visit& visit = visits_.at(tag);
  const std::string authority = visit.authority;
  --queue_.At(authority).running;
  const std::optional<IpAddress> address = visit.address;
  polite_.End(authority, address, visit.sent, steady_.Now());
  Answered(visit, result);
  counters_.Received(result.exchange.header_block.size() + result.exchange.coded_body.size());
  if (result.stale_connection && !visit.redone) {
    visit.redone = true;
    Enqueue(visit, /*front=*/true);
  } else if (visit.is_robots()) {
    OnRobots(visit, std::move(result));
  } else {
    OnPage(visit, std::move(result));
  }
  Settle(authority);
  if (!address) return;
  if (const auto it = waiting_for_address_.find(*address); it != waiting_for_address_.end()) {
    const std::vector<std::string> hosts = std::move(it->second);
    waiting_for_address_.erase(it);
    for (const std::string& host : hosts) Settle(host, /*release=*/true);
  }
}

// What the time and the status of an answer say about how much its host can bear.
void FetchLoop::Answered(const Visit& visit, const TransferResult& result) {
  const int status = result.exchange.status;
  if (status == 0) return;
  polite_.Answered(visit.authority, result.first_byte);
  if (status == 429 || status == 503) polite_.SlowDown(visit.authority);
}

void FetchLoop::Succeeded(const std::string& authority) {
  if (polite_.Failures(authority) >= options_.max_failures) {
    options_.log("host " + authority + " answers again");
  }
  polite_.Succeeded(authority);
}

void FetchLoop::OnPage(Visit& visit, TransferResult result) {
  if (result.outcome == Outcome::kCancelled) return Enqueue(visit, /*front=*/true);  // gives back
  if (!visit.page) visit.page = std::make_shared<evidence::Page>();
  visit.page->exchanges.push_back(std::move(result.exchange));
  const evidence::Exchange& answer = visit.page->answer();
  if (result.outcome == Outcome::kOk && IsRedirect(answer.status)) {
    Succeeded(visit.authority);
    Hop hop = JudgeRedirect(*visit.page, *visit.source, options_.max_redirects);
    if (hop.outcome != Outcome::kOk) return Conclude(visit, hop.outcome, std::move(hop.reason));
    visit.url = std::move(hop.target);
    ++visit.hops;
    visit.redone = false;
    return Enqueue(visit, /*front=*/true);  // robots, names, guard and pace as for every address
  }
  const Outcome outcome =
      result.outcome == Outcome::kOk ? OutcomeOf(answer, visit.conditional) : result.outcome;
  std::string reason = std::move(result.reason);
  if (reason.empty() && outcome != Outcome::kOk && outcome != Outcome::kNotModified) {
    reason = "status " + std::to_string(answer.status);
  }
  if (Info(outcome).retry) {
    return Fail(visit, outcome, std::move(reason), RetryAfter(answer, wall_.Now()));
  }
  Succeeded(visit.authority);
  Conclude(visit, outcome, std::move(reason));
}

// ---------------------------------------------------------------- robots.txt

void FetchLoop::OnRobots(Visit& visit, TransferResult result) {
  if (result.outcome == Outcome::kCancelled) return GiveUpRobots(visit);
  const evidence::Exchange& answer = result.exchange;
  const bool whole = result.outcome == Outcome::kOk;
  if (whole && IsRedirect(answer.status) && FollowRobots(visit, answer)) return;
  const int status = whole ? answer.status : 0;
  if (status == 429 || status >= 500 || status < 200) {
    Instant until;
    if (Retry(visit, RetryAfter(answer, wall_.Now()), until)) return;
    return LearnRobots(visit, {status, "", std::move(result.reason), until - steady_.Now()});
  }
  Succeeded(visit.authority);
  const CodedBody body =
      DecodeContent(evidence::HeaderList(answer.header_block, "Content-Encoding"),
                    answer.coded_body, kMaxDecodedRobots);
  if (status < 300 && body.status != CodedBody::Status::kOk) {  // it may forbid anything
    return LearnRobots(visit, {0, "", "its content coding cannot be read", std::nullopt});
  }
  LearnRobots(visit, {status, body.bytes, "", std::nullopt});
}

// False when the redirect leads nowhere: the answer is then a 3xx like any other.
bool FetchLoop::FollowRobots(Visit& visit, const evidence::Exchange& answer) {
  Result<Url> target = RedirectTarget(answer);
  if (!target.ok() || ++visit.hops > kMaxRobotsRedirects) return false;
  Succeeded(visit.authority);
  visit.url = std::move(*target);
  visit.redone = false;
  Enqueue(visit, /*front=*/true);
  return true;
}

// Ends the visit, and lets those who waited for it go on.
void FetchLoop::LearnRobots(Visit& visit, const RobotsAnswer& answer) {
  const std::string origin = visit.robots_origin;
  const std::string authority = visit.robots_authority;
  visits_.erase(visit.tag);
  const auto verdict = robots_.Learn(origin, answer, wall_.Now());
  if (!Check(verdict.status())) return;
  if (verdict->crawl_delay.value_or(Duration::zero()) > options_.polite.max_crawl_delay) {
    options_.log("host " + authority + " asks for a crawl delay of " +
                 FormatDuration(*verdict->crawl_delay) + ", capped at " +
                 FormatDuration(options_.polite.max_crawl_delay));
  }
  if (verdict->kind == RobotsVerdict::Kind::kUnreachable) {
    if (Host* host = queue_.Find(authority)) ConcludeUnreachable(*host, origin, *verdict);
    Suspend(authority, steady_.Now() + (verdict->until - wall_.Now()), verdict->reason);
  }
  Settle(authority, /*release=*/true);
}

void FetchLoop::GiveUpRobots(Visit& visit) {
  robots_.Forget(visit.robots_origin);
  visits_.erase(visit.tag);
}

// Those that wait for this robots.txt need no turn to learn that they are refused.
void FetchLoop::ConcludeUnreachable(Host& host, const std::string& origin,
                                    const RobotsVerdict& verdict) {
  std::deque<uint64_t> others;
  for (const uint64_t tag : std::exchange(host.waiting, {})) {
    Visit& visit = visits_.at(tag);
    if (visit.is_robots() || visit.url.origin() != origin) {
      others.push_back(tag);
    } else {
      Conclude(visit, Outcome::kRobotsUnreachable, verdict.reason, verdict.until);
    }
  }
  host.waiting = std::move(others);
}

// ---------------------------------------------------------------- failures that may pass

// A name is not asked for again at once: the failure is remembered for a while, for the whole host.
void FetchLoop::FailName(Visit& visit, const std::string& reason) {
  if (visit.is_robots()) return LearnRobots(visit, {0, "", reason, std::nullopt});
  const std::string authority = visit.authority;
  const Instant now = steady_.Now();
  const Instant until =
      std::max(polite_.Failed(authority, std::nullopt, now), now + options_.resolver.keep_failure);
  Conclude(visit, Outcome::kDnsFailed, reason, RetryAt(visit, until));
  Suspend(authority, until, "dns_failed: " + reason);
}

// Tries again in place when that is allowed and the wait is short. `until`: when the host may be
// asked again.
bool FetchLoop::Retry(Visit& visit, std::optional<Duration> retry_after, Instant& until) {
  const Instant now = steady_.Now();
  until = polite_.Failed(visit.authority, retry_after, now);
  if (visit.retries >= options_.max_retries || until - now > options_.max_wait ||
      polite_.Failures(visit.authority) >= options_.max_failures || stop_deadline_) {
    return false;
  }
  ++visit.retries;
  visit.redone = false;
  Enqueue(visit, /*front=*/true);
  return true;
}

// When not only this page but its host fails, the host is left alone.
void FetchLoop::Fail(Visit& visit, Outcome outcome, std::string reason,
                     std::optional<Duration> retry_after) {
  Instant until;
  if (Retry(visit, retry_after, until)) {
    visit.page->exchanges.pop_back();  // the next try takes its place
    return;
  }
  const std::string authority = visit.authority;
  const std::string why = std::string(Name(outcome)) + ": " + reason;
  Conclude(visit, outcome, std::move(reason), RetryAt(visit, until));
  if (until - steady_.Now() > options_.max_wait ||
      polite_.Failures(authority) >= options_.max_failures) {
    Suspend(authority, until, why);
  }
}

Instant FetchLoop::RetryAt(const Visit& visit, Instant until) const {
  Duration wait = kFirstRetry;
  for (uint32_t i = 0; i < visit.lease.page.failures && wait < kMaxRetry; ++i) wait *= 2;
  return std::max(WallOf(until), wall_.Now() + std::min<Duration>(wait, kMaxRetry));
}

// ---------------------------------------------------------------- ends

void FetchLoop::Conclude(Visit& visit, Outcome outcome, std::string reason,
                         std::optional<Instant> retry_at) {
  if (!visit.begun) claims_.Begin(visit.lease.token);
  counters_.Finished(outcome);
  FetchResult result;
  result.lease = std::move(visit.lease);
  result.outcome = outcome;
  result.reason = std::move(reason);
  result.page = std::move(visit.page);
  result.retry_at = retry_at;
  result.sitemaps = NewSitemaps(visit);
  visits_.erase(visit.tag);
  sink_(std::move(result));
}

// The sitemaps that the robots.txt of a page's site names, once for each source and site.
std::vector<std::string> FetchLoop::NewSitemaps(const Visit& visit) {
  if (visit.source == nullptr || !visit.source->settings.access.sitemaps_of_robots) return {};
  const std::string origin = visit.url.origin();
  const std::vector<std::string>* named = robots_.SitemapsOf(origin);
  if (named == nullptr) return {};
  if (sitemaps_given_.size() >= kMaxSitesRemembered) sitemaps_given_.clear();  // given once more
  if (!sitemaps_given_.insert(visit.source->settings.id + "\n" + origin).second) return {};
  return SitemapsInScope(*named, visit.url, visit.source->settings);
}

void FetchLoop::Suspend(const std::string& authority, Instant until, const std::string& why) {
  counters_.Suspended();
  options_.log("host " + authority + " is left alone until " + FormatTime(WallOf(until)) + ": " +
               why);
  const Status blocked = store_.BlockAuthority(authority, WallOf(until));
  if (!blocked.ok()) Check(blocked.Within("suspend " + authority));
  GiveBackWaiting(authority);
}

void FetchLoop::GiveBackWaiting(const std::string& authority) {
  Host* host = queue_.Find(authority);
  if (host == nullptr) return;
  std::vector<store::Lease> leases;
  std::vector<uint64_t> robots;
  for (const uint64_t tag : std::exchange(host->waiting, {})) {
    Visit& visit = visits_.at(tag);
    if (visit.is_robots()) {
      robots.push_back(tag);
    } else {
      if (visit.begun) counters_.Finished(Outcome::kCancelled);
      leases.push_back(std::move(visit.lease));
      visits_.erase(tag);
    }
  }
  Settle(authority);
  claims_.GiveBack(leases);
  for (const uint64_t tag : robots) {
    Visit& visit = visits_.at(tag);
    if (stop_deadline_) {
      GiveUpRobots(visit);
    } else {  // of another host, redirected here
      LearnRobots(visit, {0, "", "redirected to a host that is left alone", std::nullopt});
    }
  }
}

}  // namespace cluehound::crawler
