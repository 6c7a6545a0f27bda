#include "app/rematching.h"

#include <string>

namespace cluehound::app {
namespace {

// A decision of an officer waits for one such group at most.
constexpr size_t kGroup = 16;

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
  while (!stop.stop_requested()) {
    ASSIGN_OR_RETURN(auto pages, store_.PagesMatchedOtherwise(but, after, kGroup));
    if (pages.empty()) return Status::Ok();
    after = pages.back().address.url;
    std::vector<store::PageCommit> group;
    for (store::Store::StalePage& page : pages)
      group.push_back(pipeline.Rematch(page.address, page.state, std::move(page.listings)));
    pages_ += group.size();
    store_.CommitPages(std::move(group), committed_);
    store_.Flush();
  }
  return Status::Cancelled("stopped while stored pages were matched again");
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
