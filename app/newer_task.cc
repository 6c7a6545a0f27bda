#include "app/newer_task.h"

#include "base/log.h"

namespace cluehound::app {

void NewerTask::Start(Task task) {
  thread_ = {};  // stops the one before, and waits for it
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  thread_ = std::jthread([this, task = std::move(task)](const std::stop_token& stop) {
    Status ended = task(stop);
    if (ended.ok() || ended.code() == Code::kCancelled) return;
    LogError(failing_ + ": " + ended.message());
    const std::lock_guard failure_lock(mutex_);
    if (failure_.ok()) failure_ = std::move(ended);
  });
  stop_ = thread_.get_stop_source();
}

void NewerTask::Stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  stop_.request_stop();
}

Status NewerTask::Wait() {
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace cluehound::app
