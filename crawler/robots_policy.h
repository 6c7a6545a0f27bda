#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/status.h"
#include "base/url.h"
#include "crawler/robots.h"
#include "store/work_queue.h"

namespace cluehound::crawler {

struct RobotsLimits {
  std::string product_token = kProductToken;
  Duration keep = std::chrono::hours(24);  // RFC 9309 2.4: not longer
  // Doubles while robots.txt stays unreachable.
  Duration first_suspension = std::chrono::minutes(5);
  Duration max_suspension = std::chrono::hours(24);
  size_t max_bytes = 32u << 20;  // of rules in memory; the oldest go first
};

// What robots.txt says about an address, as far as it is known.
struct RobotsVerdict {
  enum class Kind {
    kAllowed,
    kRefused,
    kUnreachable,  // everything is refused until `until`
    kUnknown,      // robots.txt must be asked for: BeginFetch(), fetch, Learn()
    kBeingFetched,
  };
  Kind kind = Kind::kUnknown;
  std::string reason;                   // for people, of the refusing kinds
  std::optional<Duration> crawl_delay;  // as written
  Instant until{};
};

// What a fetch of robots.txt came to.
struct RobotsAnswer {
  int status = 0;                       // of the last answer; 0: none came
  std::string_view body;                // decoded
  std::string reason;                   // why none came; may be empty
  std::optional<Duration> retry_after;  // what the server, or our back-off, asks for
};

// Remembers the robots.txt of each origin (scheme, host and port: RFC 9309 2.3 names it by URI, and
// https://a and http://a may differ), in memory and in the store, so that a restart does not ask
// again. RFC 9309 2.3.1: 2xx is parsed; 4xx and redirects that lead nowhere allow everything; 429
// (as Google does), 5xx and no answer refuse everything for now.
//
// `now` is the wall clock, as the records outlive the program. Not thread-safe.
class RobotsPolicy {
 public:
  RobotsPolicy(RobotsLimits limits, store::WorkQueue& store)
      : limits_(std::move(limits)), store_(store) {}

  // Fails only when the store does.
  Result<RobotsVerdict> Judge(const Url& url, Instant now);
  // The Sitemap lines of a robots.txt that is known; null when it is not. Valid until the next call.
  const std::vector<std::string>* SitemapsOf(const std::string& origin) const;
  void BeginFetch(const std::string& origin);
  // Gives the verdict on the root of the site.
  Result<RobotsVerdict> Learn(const std::string& origin, const RobotsAnswer& answer, Instant now);
  // The fetch was given up before it ended; the next one who needs it asks again.
  void Forget(const std::string& origin);

 private:
  struct Entry {
    enum class State { kUnknown, kBeingFetched, kKnown, kUnreachable };
    State state = State::kUnknown;
    RobotsRules rules;
    Instant until{};  // of kKnown and kUnreachable
    int failures = 0;
    std::string reason;  // of kUnreachable
  };

  static bool Refuses(int status);
  void Apply(Entry& entry, const RobotsAnswer& answer, Instant fetched);
  Status Load(const std::string& origin, Entry& entry, Instant now);
  RobotsVerdict VerdictOf(const Entry& entry, std::string_view path) const;
  Entry& Known(const std::string& origin);
  void Shrink(const std::string& but);

  RobotsLimits limits_;
  store::WorkQueue& store_;
  std::unordered_map<std::string, Entry> entries_;
  std::deque<std::string> by_age_;
  size_t bytes_ = 0;
};

}  // namespace cluehound::crawler
