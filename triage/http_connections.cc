#include "triage/http_connections.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

namespace cluehound::triage {
namespace {

using Seconds = std::chrono::duration<double>;

// What a slow line is given before its speed counts.
constexpr double kGraceSeconds = 20;

}  // namespace

std::string AddressGroup(const std::string& address) {
  in6_addr bytes{};
  if (::inet_pton(AF_INET6, address.c_str(), &bytes) != 1) return address;
  std::fill(std::begin(bytes.s6_addr) + 8, std::end(bytes.s6_addr), uint8_t{0});
  char text[INET6_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET6, &bytes, text, sizeof text);
  return std::string(text) + "/64";
}

bool IsLoopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

void HttpConnections::End(Connection& connection) {
  connection.ended = true;
  ::shutdown(connection.socket, SHUT_RDWR);
  --open_[connection.address];
  --all_open_;
}

bool HttpConnections::EndOne(const std::string& address) {
  std::string whose = address;
  if (whose.empty()) {
    const auto most =
        std::max_element(open_.begin(), open_.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most == open_.end()) return false;
    whose = most->first;
  }
  const auto oldest = std::find_if(connections_.begin(), connections_.end(), [&](const auto& each) {
    const Connection& connection = each.second;
    return connection.address == whose && !connection.ended &&
           (connection.at == At::kWaiting || connection.at == At::kBody);
  });
  if (oldest == connections_.end()) return false;
  // Among those that wait: the one that waits the longest.
  auto chosen = oldest;
  for (auto it = oldest; it != connections_.end(); ++it) {
    const Connection& connection = it->second;
    if (connection.address == whose && !connection.ended && connection.at == At::kWaiting &&
        connection.since < chosen->second.since)
      chosen = it;
  }
  End(chosen->second);
  return true;
}

uint64_t HttpConnections::Add(int socket, const std::string& address, Time now) {
  const std::lock_guard lock(mutex_);
  const bool counted = !(limits_.behind_proxy && IsLoopback(address));
  bool room = true;
  const auto of_address = open_.find(address);
  if (counted && of_address != open_.end() && of_address->second >= limits_.connections_per_address)
    room = EndOne(address);
  if (room && all_open_ >= limits_.connections) room = EndOne("");
  Connection connection;
  connection.socket = socket;
  connection.address = address;
  connection.since = now;
  ++open_[address];
  ++all_open_;
  Connection& added = connections_.emplace(++last_, std::move(connection)).first->second;
  if (!room) End(added);  // all others are being served
  return last_;
}

void HttpConnections::Remove(uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  const auto open = open_.find(found->second.address);
  if (!found->second.ended) {
    --open->second;
    --all_open_;
  }
  if (open->second == 0) open_.erase(open);
  connections_.erase(found);
}

void HttpConnections::HeadIsThere(uint64_t number, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  found->second.at = At::kBody;
  found->second.since = now;
  found->second.bytes = 0;
}

void HttpConnections::Received(uint64_t number, size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found != connections_.end()) found->second.bytes += bytes;
}

void HttpConnections::Working(uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found != connections_.end()) found->second.at = At::kWorking;
}

void HttpConnections::Sending(uint64_t number, size_t bytes, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  found->second.at = At::kSending;
  found->second.since = now;
  found->second.bytes = bytes;
}

void HttpConnections::Answered(uint64_t number, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  found->second.at = At::kWaiting;
  found->second.since = now;
  found->second.first = false;
}

Seconds HttpConnections::Patience(const Connection& connection) const {
  switch (connection.at) {
    case At::kWaiting:
      return Seconds(limits_.head_seconds + (connection.first ? 0 : limits_.idle_seconds));
    case At::kBody:
    case At::kSending:
      return Seconds(std::min(kGraceSeconds, limits_.head_seconds * 2) +
                     static_cast<double>(connection.bytes) /
                         static_cast<double>(std::max<size_t>(limits_.body_bytes_a_second, 1)));
    case At::kWorking:
      break;
  }
  return Seconds::max();
}

void HttpConnections::EndSlow(Time now) {
  const std::lock_guard lock(mutex_);
  for (auto& [number, connection] : connections_) {
    if (connection.ended || connection.at == At::kWorking) continue;
    if (now - connection.since > Patience(connection)) End(connection);
  }
}

size_t HttpConnections::size() const {
  const std::lock_guard lock(mutex_);
  return connections_.size();
}

bool RequestRate::Take(const std::string& address, HttpConnections::Time now) {
  if (limits_.requests_a_second == 0) return true;
  const std::lock_guard lock(mutex_);
  const double most = limits_.requests_at_once;
  auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= kMaxBuckets) {
      // Those that are full again know nothing.
      std::erase_if(buckets_, [&](const auto& each) {
        const double since = Seconds(now - each.second.at).count();
        return each.second.tokens + since * limits_.requests_a_second >= most;
      });
      if (buckets_.size() >= kMaxBuckets) return false;
    }
    found = buckets_.emplace(address, Bucket{most, now}).first;
  }
  Bucket& bucket = found->second;
  bucket.tokens =
      std::min(most, bucket.tokens + Seconds(now - bucket.at).count() * limits_.requests_a_second);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

}  // namespace cluehound::triage
