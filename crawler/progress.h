#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/outcome.h"

namespace cluehound::crawler {

// How far a crawl is. A snapshot; the numbers are not from one instant.
struct Progress {
  std::array<uint64_t, 32> outcomes{};  // by number of Outcome: leased addresses that ended so
  uint64_t finished = 0;                // their sum
  uint64_t requests = 0;                // sent, robots.txt and redirects included
  uint64_t bytes = 0;                   // received, headers and coded bodies
  uint64_t leased = 0;                  // now: claimed and not committed
  uint64_t in_flight = 0;               // now: begun and not committed
  uint64_t running = 0;                 // now: requests under way
  uint64_t hosts = 0;                   // now: with something waiting or running
  uint64_t suspended = 0;               // times that a host was suspended
};

// Written by the fetch thread, read by any.
class ProgressCounters {
 public:
  void Finished(Outcome outcome) { Add(outcomes_[static_cast<size_t>(outcome)], 1); }
  void Requested() { Add(requests_, 1); }
  void Received(uint64_t bytes) { Add(bytes_, bytes); }
  void Suspended() { Add(suspended_, 1); }
  void SetNow(uint64_t leased, uint64_t in_flight, uint64_t running, uint64_t hosts) {
    leased_.store(leased, std::memory_order_relaxed);
    in_flight_.store(in_flight, std::memory_order_relaxed);
    running_.store(running, std::memory_order_relaxed);
    hosts_.store(hosts, std::memory_order_relaxed);
  }
  Progress Read() const {
    Progress now;
    for (size_t i = 0; i < now.outcomes.size(); ++i) {
      now.outcomes[i] = outcomes_[i].load(std::memory_order_relaxed);
      now.finished += now.outcomes[i];
    }
    now.requests = requests_.load(std::memory_order_relaxed);
    now.bytes = bytes_.load(std::memory_order_relaxed);
    now.leased = leased_.load(std::memory_order_relaxed);
    now.in_flight = in_flight_.load(std::memory_order_relaxed);
    now.running = running_.load(std::memory_order_relaxed);
    now.hosts = hosts_.load(std::memory_order_relaxed);
    now.suspended = suspended_.load(std::memory_order_relaxed);
    return now;
  }

 private:
  using Counter = std::atomic<uint64_t>;
  // One writer: no need for a locked instruction.
  static void Add(Counter& counter, uint64_t n) {
    counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

  std::array<Counter, 32> outcomes_{};
  Counter requests_{0}, bytes_{0}, suspended_{0};
  Counter leased_{0}, in_flight_{0}, running_{0}, hosts_{0};
};

}  // namespace cluehound::crawler
