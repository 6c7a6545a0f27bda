#include "app/rematching.h"

#include <algorithm>
#include <string>

namespace cluehound::app {
namespace {

// A decision of an officer waits for one such group at most.
constexpr size_t kGroup = 16;
// A page that the crawl finds unchanged just then did not meet what is new: it is taken again.
constexpr int kTimes = 3;
constexpr int kRest = 2;  // times as long as a group took

}  // namespace

void Rematching::Start(std::shared_ptr<const Pipeline> pipeline) {
  task_.Start([this, pipeline = std::move(pipeline)](const std::stop_token& stop) {
    const std::set<uint64_t> requests = UnderWay();
    // No page has met the empty set.
    const std::string but = requests.empty() ? pipeline->rules().hash() : "";
    return Finish(requests, Rematch(*pipeline, but, stop));
  });
}

std::set<uint64_t> Rematching::UnderWay() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void Rematching::StartAll(std::shared_ptr<const Pipeline> pipeline, uint64_t request) {
  {
    const std::lock_guard lock(mutex_);
    if (!requests_.insert(request).second) return;
  }
  Start(std::move(pipeline));
}

Status Rematching::Rematch(const Pipeline& pipeline, const std::string& but,
                           const std::stop_token& stop) {
  std::string after;
  int times = 0;  // that the group behind `after` was matched
  while (!stop.stop_requested()) {
    ASSIGN_OR_RETURN(auto pages, store_.PagesMatchedOtherwise(but, after, kGroup));
    if (pages.empty()) return Status::Ok();
    const std::string last = pages.back().address.url;
    const Instant begun = SteadyClock().Now();
    const size_t refused = Commit(pipeline, std::move(pages));
    Rest(kRest * (SteadyClock().Now() - begun), stop);
    if (refused > 0 && ++times < kTimes) continue;
    times = 0;
    after = last;
  }
  return Status::Cancelled("stopped while stored pages were matched again");
}

void Rematching::Rest(Duration time, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  awaited_.wait_for(lock, stop, time, [this] { return waited_for_; });
}

Status Rematching::Wait() {
  {
    const std::lock_guard lock(mutex_);
    waited_for_ = true;
  }
  awaited_.notify_all();
  return task_.Wait();
}

size_t Rematching::Commit(const Pipeline& pipeline, std::vector<store::Store::StalePage> pages) {
  std::vector<store::PageCommit> group;
  for (store::Store::StalePage& page : pages)
    group.push_back(pipeline.Rematch(page.address, page.state, std::move(page.listings)));
  const size_t all = group.size();
  std::ptrdiff_t refused = 0;
  store_.CommitPages(std::move(group), [&](const auto& receipts) {
    refused = std::count_if(receipts.begin(), receipts.end(), [](const store::CommitReceipt& r) {
      return r.status.code() == Code::kConflict;
    });
    committed_(receipts);
  });
  store_.Flush();  // returns after that
  pages_ += all - static_cast<size_t>(refused);
  return static_cast<size_t>(refused);
}

// Those that a stop cut off are for whoever comes next; those that failed are asked for again.
Status Rematching::Finish(const std::set<uint64_t>& requests, Status status) {
  if (status.code() == Code::kCancelled) return status;
  for (const uint64_t request : requests) {
    if (status.ok()) status = store_.FinishRequest(request);
  }
  const std::lock_guard lock(mutex_);
  for (const uint64_t request : requests) requests_.erase(request);
  return status;
}

}  // namespace cluehound::app
