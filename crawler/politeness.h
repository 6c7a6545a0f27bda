#pragma once

#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "crawler/ip_address.h"

namespace cluehound::crawler {

struct PoliteLimits {
  Duration max_crawl_delay = std::chrono::seconds(60);  // robots.txt may ask for hours
  Duration max_retry_after = std::chrono::hours(24);
  Duration first_backoff = std::chrono::seconds(2);  // doubles with each failure in a row
  Duration max_backoff = std::chrono::hours(1);
  // The least interval of a host that said 429 or 503, and the answers without after which it is
  // halved again.
  Duration first_slow_interval = std::chrono::seconds(1);
  int answers_to_recover = 20;
  // Answers that take so much longer than this host's usual ones are a sign of load, less is noise.
  Duration slow_margin = std::chrono::milliseconds(500);
  Duration max_slow_interval = std::chrono::seconds(60);  // of both rules
  uint64_t seed = 1;                                      // of the jitter
  // What is not known may have been asked until then, by a process that ended: its interval runs from there.
  std::optional<Instant> asked_before;
};

// Says when the next request to a host, and to an address, may go out at the earliest. Intervals
// run from the moment a request arrived, which nobody knows here: after it was sent, and before its
// answer was there. A way of a quarter of a second is allowed for; what takes longer is taken for work
// of the host. While a request is on its way to be sent (connecting), the interval has not even begun.
//
// The interval of a host is the larger of the source's pace and the capped Crawl-delay of its
// robots.txt, and longer while the host shows that this is too much for it:
// - It said 429 or 503: twice as long and at least first_slow_interval, doubled each further time,
//   halved after answers_to_recover answers without.
// - Its answers slow down: the first bytes of the last ones (a running mean over about four) take
//   more than twice as long as is usual for it (one over about 64, which follows quicker answers at
//   once), and slow_margin more. Then its interval, at least as long as one such answer takes, grows
//   as they did, at most eightfold.
//
// Instants are those of a steady clock, given by the caller. Not thread-safe.
class Politeness {
 public:
  explicit Politeness(PoliteLimits limits) : limits_(limits), random_(limits.seed) {}

  // Pace never shrinks while the host is remembered: it may belong to several sources.
  void SetPace(const std::string& authority, Duration pace);
  void SetCrawlDelay(const std::string& authority, std::optional<Duration> delay);
  Duration Interval(const std::string& authority) const;
  // What sources ask for may have changed: the caller sets the paces anew.
  void ForgetPaces();

  // Not before this. In the past, or `now`, when nothing stands against it.
  Instant Earliest(const std::string& authority, Instant now) const;
  // The same for an address that several hosts may share, with the pace of the source that asks; no
  // pace, no limit.
  Instant Earliest(const IpAddress& address, Duration pace, Instant now) const;

  // The life of a request: Begin, then Sent unless no connection came about, then End, which is told
  // when Sent was. Without an address when a proxy knows it and we do not: then only the host counts.
  using MaybeAddress = std::optional<IpAddress>;
  void Begin(const std::string& authority, const MaybeAddress& address, Instant now);
  void Sent(const std::string& authority, const MaybeAddress& address, Instant now);
  void End(const std::string& authority, const MaybeAddress& address, std::optional<Instant> sent,
           Instant now);
  // Requests to the address that have begun and not ended.
  int Open(const IpAddress& address) const;

  // How long an answer took to begin.
  void Answered(const std::string& authority, Duration first_byte);
  // The host said 429 or 503.
  void SlowDown(const std::string& authority);

  // How it went: clears the failures of the host, or counts one more. Failed() gives the time
  // before which nothing goes to the host: `retry_after` if the server named a time to come (capped),
  // else a back-off that doubles, with jitter that only adds.
  void Succeeded(const std::string& authority);
  Instant Failed(const std::string& authority, std::optional<Duration> retry_after, Instant now);
  // In a row.
  int Failures(const std::string& authority) const;

  // Forgets hosts and addresses about which there is nothing left to remember. Cheap if called
  // often.
  void Sweep(Instant now);
  size_t remembered() const { return hosts_.size() + addresses_.size(); }

 private:
  struct Track {
    // Or arrived, at the latest; or began, if never sent; of who is new, asked_before.
    Instant last_sent{};
    int unsent = 0;  // begun and not yet sent
    int open = 0;    // begun and not yet ended
  };
  struct Host {
    Track track;
    Duration pace{};
    Duration crawl_delay{};
    Instant blocked_until{};
    int failures = 0;
    int slow_level = 0;  // doublings of the interval
    int answers = 0;     // in a row since it was raised or lowered
    double usual = 0;    // milliseconds to the first byte; 0: none seen
    double recent = 0;
  };

  Duration IntervalOf(const Host& host) const;
  Host& Known(const std::string& authority);
  Track& Known(const IpAddress& address);
  static Instant After(const Track& track, Duration interval, Instant now);
  Duration Backoff(int failures);
  template <class F>
  void EachTrack(const std::string& authority, const MaybeAddress& address, F change);

  PoliteLimits limits_;
  std::mt19937_64 random_;
  std::unordered_map<std::string, Host> hosts_;
  std::map<IpAddress, Track> addresses_;
  size_t sweep_at_ = 1024;  // entries
};

}  // namespace cluehound::crawler
