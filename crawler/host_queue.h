#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "crawler/ip_address.h"

namespace cluehound::crawler {

// What waits at one host, in order. The tags are the caller's.
struct Host {
  std::string authority;
  std::deque<uint64_t> waiting;
  int running = 0;                   // requests under way
  int connections = 1;               // requests at once at most
  bool probing = false;              // one at once, whatever stands above
  bool held = false;                 // waits for something else than time: a name, robots.txt
  std::optional<IpAddress> address;  // that the last request went to

 private:
  friend class HostQueue;
  std::optional<std::pair<Instant, uint64_t>> turn;  // key in the queue's turns
  bool urgent = false;                               // in which of them
};

// Hosts in the order of their next turn. The pace of the crawl lives here, in time-ordered turns,
// and not in workers that sleep: taking the next host is O(log hosts), whatever the number of
// addresses that wait.
//
// Not thread-safe. Hosts stay where they are until Drop().
class HostQueue {
 public:
  // The host, new if need be.
  Host& At(const std::string& authority);
  Host* Find(const std::string& authority);
  // Gives the host its turn at `when` if it has something waiting, is not held, and has a
  // connection left; otherwise takes its turn away. To be called after whatever changes one of
  // these. `urgent`: what waits first there continues something that was begun, and may go on when
  // nothing new may begin.
  void Schedule(Host& host, Instant when, bool urgent = false);
  // The host whose turn came first, if it has come; it keeps its turn. Urgent ones go first, and
  // are all there is without `any`.
  Host* Due(Instant now, bool any = true) const;
  std::optional<Instant> NextTurn(bool any = true) const;
  // Forgets a host with nothing waiting and nothing running; others stay.
  void DropIfIdle(Host& host);

  size_t hosts() const { return hosts_.size(); }
  std::vector<std::string> Authorities() const;

 private:
  uint64_t sequence_ = 0;  // hosts with one instant go in the order in which they got it
  std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
  using Turns = std::map<std::pair<Instant, uint64_t>, Host*>;
  Turns urgent_turns_;
  Turns turns_;
};

}  // namespace cluehound::crawler
