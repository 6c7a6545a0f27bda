#include "app/correlating.h"

#include "base/log.h"

namespace cluehound::app {

void Correlating::Start(std::vector<rules::Correlation> correlations) {
  thread_ = {};  // stops the one before, and waits for it
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  thread_ =
      std::jthread([this, correlations = std::move(correlations)](const std::stop_token& stop) {
        Status met = use_(correlations, stop);
        if (met.ok() || met.code() == Code::kCancelled) return;
        LogError("leads could not be correlated: " + met.message());
        const std::lock_guard failure_lock(mutex_);
        if (failure_.ok()) failure_ = std::move(met);
      });
  stop_ = thread_.get_stop_source();
}

void Correlating::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  stop_.request_stop();
}

Status Correlating::Wait() {
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace cluehound::app
