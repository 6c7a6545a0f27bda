#include "crawler/robots_policy.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

constexpr size_t kEntryOverhead = 256;  // map node, key, queue of ages

}  // namespace

bool RobotsPolicy::Refuses(int status) { return status == 429 || status < 200 || status >= 500; }

RobotsPolicy::Entry& RobotsPolicy::Known(const std::string& origin) {
  const auto [it, fresh] = entries_.try_emplace(origin);
  if (fresh) {
    by_age_.push_back(origin);
    bytes_ += kEntryOverhead + it->second.rules.bytes();
    Shrink(origin);
  }
  return it->second;
}

// Entries that are being fetched stay: their end is still to come.
void RobotsPolicy::Shrink(const std::string& but) {
  for (size_t i = by_age_.size(); i > 0 && bytes_ > limits_.max_bytes; --i) {
    const std::string origin = std::move(by_age_.front());
    by_age_.pop_front();
    const auto it = entries_.find(origin);
    if (it == entries_.end()) continue;
    if (origin == but || it->second.state == Entry::State::kBeingFetched) {
      by_age_.push_back(origin);
      continue;
    }
    bytes_ -= kEntryOverhead + it->second.rules.bytes();
    entries_.erase(it);
  }
}

void RobotsPolicy::Apply(Entry& entry, const RobotsAnswer& answer, Instant fetched) {
  bytes_ -= entry.rules.bytes();
  entry.rules = RobotsRules();
  if (Refuses(answer.status)) {
    entry.reason = answer.status != 0 ? "robots.txt answers " + std::to_string(answer.status)
                                      : "robots.txt cannot be had" +
                                            (answer.reason.empty() ? "" : ": " + answer.reason);
    Duration wait = limits_.first_suspension;
    for (int i = 0; i < entry.failures && wait < limits_.max_suspension; ++i) wait *= 2;
    ++entry.failures;
    entry.state = Entry::State::kUnreachable;
    entry.until = fetched + std::min(wait, limits_.max_suspension);
  } else {
    if (answer.status < 300) {
      entry.rules = RobotsRules::Parse(answer.body, limits_.product_token);
    }
    entry.failures = 0;
    entry.state = Entry::State::kKnown;
    entry.until = fetched + limits_.keep;
  }
  bytes_ += entry.rules.bytes();
}

Status RobotsPolicy::Load(const std::string& origin, Entry& entry, Instant now) {
  ASSIGN_OR_RETURN(const auto record, store_.FindRobots(origin));
  // A record from the future was written before the clock was set back: its age is not known.
  if (record && record->fetched <= now) {
    Apply(entry, {record->status, record->body, "", std::nullopt}, record->fetched);
    Shrink(origin);
  }
  return Status::Ok();
}

Result<RobotsVerdict> RobotsPolicy::Judge(const Url& url, Instant now) {
  const std::string origin = url.origin();
  const bool known = entries_.count(origin) > 0;
  Entry& entry = Known(origin);
  if (!known) {
    const Status loaded = Load(origin, entry, now);
    if (!loaded.ok()) return loaded.Within("robots.txt of " + origin);
  }
  if (entry.state == Entry::State::kBeingFetched) {
    return RobotsVerdict{RobotsVerdict::Kind::kBeingFetched, "", std::nullopt, {}};
  }
  // Kept too long, or from before the clock was set back.
  if (entry.until <= now || entry.until > now + std::max(limits_.keep, limits_.max_suspension)) {
    entry.state = Entry::State::kUnknown;
  }
  return VerdictOf(entry, url.path_and_query());
}

RobotsVerdict RobotsPolicy::VerdictOf(const Entry& entry, std::string_view path) const {
  RobotsVerdict verdict;
  switch (entry.state) {
    case Entry::State::kUnknown:
      break;
    case Entry::State::kBeingFetched:
      verdict.kind = RobotsVerdict::Kind::kBeingFetched;
      break;
    case Entry::State::kUnreachable:
      verdict.kind = RobotsVerdict::Kind::kUnreachable;
      verdict.until = entry.until;
      verdict.reason = entry.reason;
      break;
    case Entry::State::kKnown:
      verdict.crawl_delay = entry.rules.crawl_delay();
      if (entry.rules.Allows(path)) {
        verdict.kind = RobotsVerdict::Kind::kAllowed;
      } else {
        verdict.kind = RobotsVerdict::Kind::kRefused;
        verdict.reason = "robots.txt does not allow " + limits_.product_token + " here";
      }
      break;
  }
  return verdict;
}

const std::vector<std::string>* RobotsPolicy::SitemapsOf(const std::string& origin) const {
  const auto it = entries_.find(origin);
  if (it == entries_.end() || it->second.state != Entry::State::kKnown) return nullptr;
  return &it->second.rules.sitemaps();
}

void RobotsPolicy::BeginFetch(const std::string& origin) {
  Known(origin).state = Entry::State::kBeingFetched;
}

Result<RobotsVerdict> RobotsPolicy::Learn(const std::string& origin, const RobotsAnswer& answer,
                                          Instant now) {
  Entry& entry = Known(origin);
  Apply(entry, answer, now);
  if (entry.state == Entry::State::kUnreachable && answer.retry_after) {
    entry.until =
        std::max(entry.until, now + std::min(*answer.retry_after, limits_.max_suspension));
  }
  Shrink(origin);
  store::RobotsRecord record{now, answer.status, ""};
  if (entry.state == Entry::State::kKnown && answer.status < 300) {
    record.body = answer.body.substr(0, RobotsRules::kMaxBytes);
  }
  const Status stored = store_.PutRobots(origin, record);
  if (!stored.ok()) return stored.Within("robots.txt of " + origin);
  return VerdictOf(entry, "/");
}

void RobotsPolicy::Forget(const std::string& origin) {
  const auto it = entries_.find(origin);
  if (it != entries_.end() && it->second.state == Entry::State::kBeingFetched) {
    it->second.state = Entry::State::kUnknown;
  }
}

}  // namespace cluehound::crawler
