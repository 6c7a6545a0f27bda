#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "crawler/ip_address.h"

namespace cluehound::crawler {

// What a name resolved to. IPv4 first, as IPv6 is where broken routes hide; no addresses: it
// failed.
struct Resolution {
  std::vector<IpAddress> addresses;
  std::string error;
};

struct ResolverLimits {
  // At most, made when they are needed. A lookup that hangs holds one, and sites may make theirs
  // hang.
  int threads = 16;
  Duration timeout = std::chrono::seconds(10);  // of a lookup that has begun
  // getaddrinfo tells no time to live. Long enough not to ask for every page, short enough to
  // follow a move.
  Duration keep = std::chrono::minutes(5);
  Duration keep_failure = std::chrono::seconds(60);
  size_t max_names = 10'000;  // remembered; the oldest goes first
};

// Resolves names without ever blocking its caller, with bounded threads, time and memory. libcurl's
// own resolver starts a thread for each lookup, and would look up again what was checked here.
//
// Thread-safety: one thread calls the methods; lookups run on threads of its own.
class Resolver {
 public:
  using Lookup = std::function<Result<std::vector<IpAddress>>(const std::string& host)>;

  // `clock` must be steady and outlive the resolver. `wake` is called from a lookup thread when
  // TakeFinished() has something new.
  Resolver(ResolverLimits limits, const Clock& clock, std::function<void()> wake,
           Lookup lookup = SystemLookup);
  // Waits a moment for lookups that are under way; those that still hang are left to end by
  // themselves.
  ~Resolver();

  // The answer, if it is known: `host` is a literal address, or was looked up lately. Otherwise
  // nothing, and a lookup is under way: ask again when TakeFinished() names the host. The pointer
  // is valid until the next call.
  const Resolution* Find(const std::string& host);
  // The names whose lookups ended, or ran out of time, since the last call.
  std::vector<std::string> TakeFinished();
  // When the next lookup under way runs out of time.
  std::optional<Instant> NextTimeout() const;

  // getaddrinfo. Blocks.
  static Result<std::vector<IpAddress>> SystemLookup(const std::string& host);

 private:
  struct Shared;
  struct Entry {
    Resolution resolution;
    Instant until{};
  };
  void Remember(const std::string& host, Resolution resolution);

  ResolverLimits limits_;
  const Clock& clock_;
  // Shared with lookup threads, which may outlive the resolver while they hang in getaddrinfo.
  std::shared_ptr<Shared> shared_;
  std::unordered_map<std::string, Entry> known_;
  std::deque<std::string> by_age_;                    // keys of known_, oldest first
  std::unordered_map<std::string, Instant> pending_;  // since when
  std::deque<std::pair<Instant, std::string>>
      by_timeout_;  // of pending_, and some that ended before
  Resolution literal_;
};

}  // namespace cluehound::crawler
