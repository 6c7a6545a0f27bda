#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "triage/http_server.h"

namespace cluehound::triage {

// Who is connected, what each is at, and who has to go. It ends connections by shutdown(2) of their
// socket, which the server's thread sees as an end by the peer. Thread-safe.
class HttpConnections {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit HttpConnections(const HttpLimits& limits) : limits_(limits) {}

  // A connection came; makes room for it where the limits say so. `address`: of AddressGroup().
  // Gives its number.
  uint64_t Add(int socket, const std::string& address, Time now);
  // REQUIRES: before the socket is closed.
  void Remove(uint64_t number);

  // What the connection is at, from now on.
  void HeadIsThere(uint64_t number, Time now);  // its body comes
  void Received(uint64_t number, size_t bytes);
  void Working(uint64_t number);
  void Sending(uint64_t number, size_t bytes, Time now);
  void Answered(uint64_t number, Time now);  // waits for the next request

  // Ends those that take too long.
  void EndSlow(Time now);

  size_t size() const;

 private:
  enum class At { kWaiting, kBody, kWorking, kSending };
  struct Connection {
    int socket = -1;
    std::string address;
    At at = At::kWaiting;
    Time since{};
    bool first = true;  // no request was answered yet
    size_t bytes = 0;
    bool ended = false;
  };

  void End(Connection& connection);
  // Of this address (empty: of the one with the most connections), the one that waits the longest.
  bool EndOne(const std::string& address);
  std::chrono::duration<double> Patience(const Connection& connection) const;

  const HttpLimits limits_;
  mutable std::mutex mutex_;
  uint64_t last_ = 0;
  std::map<uint64_t, Connection> connections_;  // by age
  std::map<std::string, unsigned> open_;        // by address; not those that were ended
  unsigned all_open_ = 0;
};

// How fast each address asks. Thread-safe.
class RequestRate {
 public:
  explicit RequestRate(const HttpLimits& limits) : limits_(limits) {}
  // False: this one is too many.
  bool Take(const std::string& address, HttpConnections::Time now);

 private:
  struct Bucket {
    double tokens = 0;
    HttpConnections::Time at{};
  };
  static constexpr size_t kMaxBuckets = 10'000;

  const HttpLimits limits_;
  std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
};

// What limits are counted by: the IPv4 address, or the first 64 bits of an IPv6 address.
std::string AddressGroup(const std::string& address);
bool IsLoopback(const std::string& address);

}  // namespace cluehound::triage
