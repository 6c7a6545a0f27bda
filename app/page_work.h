#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "app/crawl_figures.h"
#include "app/crawl_watch.h"
#include "app/in_force.h"
#include "app/robots_overrides.h"
#include "app/source_tally.h"
#include "base/status.h"
#include "crawler/fetcher.h"
#include "crawler/trap_guard.h"
#include "store/listing_archive.h"
#include "store/store.h"

namespace cluehound::app {

// From a fetched page to its commit: threads that read pages with the pipeline in force and hand what
// they found to the store.
//
// Thread-safety: Start() and Finish() by one thread, the rest by any. Lifetime: what `Parts` refers to
// must outlive it, and the store must have called back before it goes: see Finish().
class PageWork {
 public:
  struct Parts {
    store::Store& store;
    const InForce& in_force;
    RobotsOverrides& overrides;
    SourceTally& tally;
    store::ListingArchive* listings = nullptr;  // where new versions of listings go; null: nowhere
    // When what pages link to is due; absent: at once.
    std::optional<Instant> links_due;
    // ---- told, on the store's thread, which must not wait for a write
    std::function<void(const store::Lease& lease)> done;
    // Rooms of live broadcasts that carry a lead which is new or changed: they are gone soon.
    std::function<void(const std::vector<store::Discovery>& rooms)> rooms;
    std::function<void()> failed;  // the store cannot write: see failure()
  };
  explicit PageWork(Parts parts) : parts_(std::move(parts)) {}

  void Start(size_t threads);
  // Waits until all that was taken is committed. Nothing may be taken any more.
  void Finish();
  // The fetcher's in-flight limit bounds what waits.
  void Take(crawler::FetchResult result);

  // Of any commit of the crawl; on the store's thread.
  void Count(const std::vector<store::CommitReceipt>& receipts);
  // The first commit that failed.
  Status failure() const;
  void AddTo(CrawlFigures& figures) const;
  Histogram::Counts latencies() const { return latencies_.Read(); }  // of requests for pages
  // Since when the oldest page waits between fetch and commit; of the steady clock.
  std::optional<Instant> oldest_page() const { return under_way_.Oldest(); }

 private:
  std::optional<crawler::FetchResult> Pop();
  void Work();
  void Commit(crawler::FetchResult result);
  store::PageCommit MakeCommit(crawler::FetchResult result, const crawler::SourceSettings& source);
  store::PageCommit MakeFailure(const crawler::FetchResult& result,
                                const crawler::SourceSettings& source) const;
  bool MayOverride(const crawler::SourceSettings& source, const evidence::Page& page);
  store::ListingArchive::Batch NewVersions(const store::PageCommit& commit);
  store::SourceStanding Gain(const store::PageCommit& commit);

  const Parts parts_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;  // guards the next three
  std::condition_variable ready_;
  std::deque<crawler::FetchResult> waiting_;
  bool closed_ = false;
  PagesUnderWay under_way_;
  Histogram latencies_;
  crawler::TrapGuard traps_{SystemClock()};
  std::atomic<uint64_t> pages_read_{0}, listings_{0}, new_leads_{0}, changed_leads_{0},
      sightings_{0};
  std::array<std::atomic<uint64_t>, 32> outcomes_{};
  mutable std::mutex failure_mutex_;
  Status failure_;
};

}  // namespace cluehound::app
