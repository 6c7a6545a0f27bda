#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "rules/correlation.h"

namespace cluehound::store {

// What leads are correlated with. The set is shared because queries go on with the one that they began
// with while the writer takes another. Thread-safe.
class CorrelationsInForce {
 public:
  using Set = std::shared_ptr<const std::vector<rules::Correlation>>;

  Set Get() const {
    const std::lock_guard lock(mutex_);
    return set_;
  }
  void Put(std::vector<rules::Correlation> correlations) {
    auto set = std::make_shared<const std::vector<rules::Correlation>>(std::move(correlations));
    const std::lock_guard lock(mutex_);
    set_ = std::move(set);
  }

 private:
  mutable std::mutex mutex_;
  Set set_ = std::make_shared<const std::vector<rules::Correlation>>();
};

}  // namespace cluehound::store
