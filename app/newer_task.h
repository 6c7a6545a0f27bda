#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "base/status.h"

namespace cluehound::app {

// Something long done on a thread of its own beside whatever else goes on; what is begun later takes
// the place of what is under way.
//
// Thread-safety: Stop() at any time, but not in a signal handler; Start() and Wait() by one thread at
// a time. Lifetime: it stops, and waits for the task, when it goes.
class NewerTask {
 public:
  using Task = std::function<Status(const std::stop_token& stop)>;
  // `failing`: what a failure means, for the log: "leads could not be correlated".
  explicit NewerTask(std::string failing) : failing_(std::move(failing)) {}

  // Waits until the task under way has heard that it is to stop.
  void Start(Task task);
  // For good: what is under way ends soon, and nothing begins any more.
  void Stop();
  // Until nothing is under way. The first failure there was; kCancelled is none.
  Status Wait();

 private:
  const std::string failing_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::stop_source stop_;  // of thread_
  Status failure_;
  std::jthread thread_;
};

}  // namespace cluehound::app
