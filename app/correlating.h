#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "base/status.h"
#include "rules/correlation.h"

namespace cluehound::app {

// Lets the leads of a store meet changed correlations beside whatever else goes on: with millions of
// leads that takes minutes. What a stop cuts off, the next process begins again.
//
// Thread-safety: Stop() at any time; Start() and Wait() by one thread at a time. Lifetime: the store
// must outlive it; it stops when it goes.
class Correlating {
 public:
  // SellerLedger::UseCorrelations() of the store.
  using Use = std::function<Status(const std::vector<rules::Correlation>& correlations,
                                   const std::stop_token& stop)>;
  explicit Correlating(Use use) : use_(std::move(use)) {}

  // Instead of what is under way.
  void Start(std::vector<rules::Correlation> correlations);
  // For good: what is under way ends soon, and nothing begins any more.
  void Stop();
  // Until nothing is under way. The first failure there was; a stop is none.
  Status Wait();

 private:
  const Use use_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::stop_source stop_;  // of thread_
  Status failure_;
  std::jthread thread_;
};

}  // namespace cluehound::app
