#include "app/crawl_watch.h"

#include <algorithm>

namespace cluehound::app {

void Histogram::Add(Duration time) {
  const int64_t ms = std::max<int64_t>(time.count(), 0);
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), ms) - kBounds.begin();
  buckets_[static_cast<size_t>(bucket)] += 1;
  sum_ms_ += static_cast<uint64_t>(ms);
}

Histogram::Counts Histogram::Read() const {
  Counts counts;
  for (size_t i = 0; i < buckets_.size(); ++i) counts.buckets[i] = buckets_[i];
  counts.sum_ms = sum_ms_;
  return counts;
}

void PagesUnderWay::Begin(uint64_t token, Instant now, uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  pages_.emplace(token, Page{now, bytes});
}

void PagesUnderWay::End(uint64_t token) {
  const std::lock_guard lock(mutex_);
  pages_.erase(token);
}

std::optional<Instant> PagesUnderWay::Oldest() const {
  const std::lock_guard lock(mutex_);
  std::optional<Instant> oldest;
  for (const auto& [token, page] : pages_) {
    if (!oldest || page.since < *oldest) oldest = page.since;
  }
  return oldest;
}

uint64_t PagesUnderWay::bytes() const {
  const std::lock_guard lock(mutex_);
  uint64_t bytes = 0;
  for (const auto& [token, page] : pages_) bytes += page.bytes;
  return bytes;
}

}  // namespace cluehound::app
