#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "app/newer_task.h"
#include "app/pipeline.h"
#include "base/status.h"
#include "store/store.h"

namespace cluehound::app {

// Matches what is stored of pages with the present rules, without a fetch, beside the crawl: with
// hundreds of thousands of pages that takes minutes. What a stop cuts off, the next process begins
// again. A page that is read meanwhile is refused by the store, and taken once more. Until somebody
// waits for it, it rests twice as long as it works: officers are at work, too.
//
// Thread-safety: Stop() and pages() at any time; the rest by one thread at a time. Lifetime: the store
// must outlive it; it stops when it goes.
class Rematching {
 public:
  // On the store's thread, for each group of pages.
  using Committed = std::function<void(const std::vector<store::CommitReceipt>&)>;
  Rematching(store::Store& store, Committed committed)
      : store_(store), committed_(std::move(committed)) {}

  // The pages that met other rules than those of `pipeline`; and all of them, if a request for that
  // is not finished yet.
  void Start(std::shared_ptr<const Pipeline> pipeline);
  // All pages, whatever they met; finishes the request then. Asked for again while it is under way,
  // it goes on.
  void StartAll(std::shared_ptr<const Pipeline> pipeline, uint64_t request);
  void Stop() { task_.Stop(); }
  // Until nothing is under way. The first failure there was.
  Status Wait();
  uint64_t pages() const { return pages_; }

 private:
  std::set<uint64_t> UnderWay();
  void Rest(Duration time, const std::stop_token& stop);
  Status Rematch(const Pipeline& pipeline, const std::string& but, const std::stop_token& stop);
  // How many were refused, since the crawl read them meanwhile.
  size_t Commit(const Pipeline& pipeline, std::vector<store::Store::StalePage> pages);
  Status Finish(const std::set<uint64_t>& requests, Status status);

  store::Store& store_;
  const Committed committed_;
  std::atomic<uint64_t> pages_ = 0;
  std::mutex mutex_;  // guards the next two
  std::condition_variable_any awaited_;
  bool waited_for_ = false;
  std::set<uint64_t> requests_;  // under way
  NewerTask task_{"stored pages could not be matched again"};
};

}  // namespace cluehound::app
