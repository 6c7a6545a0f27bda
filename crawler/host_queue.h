#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace cluehound::crawler {

// What waits at one host, in order. The tags are the caller's.
struct Host {
  std::string authority;
  std::deque<uint64_t> waiting;
  int running = 0;       // requests under way
  bool held = false;     // waits for something else than time: a name, robots.txt
  Instant not_before{};  // beyond what politeness says: another host uses the address

 private:
  friend class HostQueue;
  std::optional<std::pair<Instant, uint64_t>> turn;  // key in the queue's turns
};

// Hosts in the order of their next turn. The pace of the crawl lives here, in time-ordered turns,
// and not in workers that sleep: taking the next host is O(log hosts), whatever the number of
// addresses that wait.
//
// Not thread-safe. Hosts stay where they are until Drop().
class HostQueue {
 public:
  explicit HostQueue(int connections_per_host) : connections_per_host_(connections_per_host) {}

  // The host, new if need be.
  Host& At(const std::string& authority);
  Host* Find(const std::string& authority);
  // Gives the host its turn at `when` if it has something waiting, is not held, and has a
  // connection left; otherwise takes its turn away. To be called after whatever changes one of
  // these.
  void Schedule(Host& host, Instant when);
  // The host whose turn came first, if it has come; it keeps its turn.
  Host* Due(Instant now) const;
  std::optional<Instant> NextTurn() const;
  // Forgets a host with nothing waiting and nothing running; others stay.
  void DropIfIdle(Host& host);

  size_t hosts() const { return hosts_.size(); }
  template <class F>
  void ForEach(F&& f) {
    for (auto& [authority, host] : hosts_) f(*host);
  }

 private:
  int connections_per_host_;
  uint64_t sequence_ = 0;  // hosts with one instant go in the order in which they got it
  std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
  std::map<std::pair<Instant, uint64_t>, Host*> turns_;
};

}  // namespace cluehound::crawler
