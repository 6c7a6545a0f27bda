#pragma once

#include <map>
#include <optional>
#include <string>

#include "app/crawl_run.h"
#include "store/listing_archive.h"
#include "store/listing_files.h"
#include "store/store.h"

namespace cluehound::app {

// What /metrics shows, gathered at one moment.
struct Metrics {
  struct Source {
    store::SourceStanding standing;
    crawler::SourceProgress progress;
    std::optional<Duration> backlog;  // how long the oldest page waits that could be fetched
    std::optional<Duration> age;      // since a page was last read
  };
  CrawlFigures crawl;
  Histogram::Counts latencies;
  std::optional<Duration> oldest_page;  // between fetch and commit
  std::map<std::string, Source> sources;
  uint64_t rule_set_bytes = 0;
  store::StoreStats stats;
  store::StoreLoad load;
  store::ListingArchive::Figures listings;  // since the process has the store
  store::ListingArchiveSize archive;        // as last measured, within the hour
  uint64_t resident_bytes = 0;              // of the process
  uint64_t threads = 0;
  Duration uptime{};

  void TakeStore(store::Store& store, Instant now);
  // After TakeStore. `now` of the wall's clock, `steady` of the other.
  void TakeCrawl(const CrawlRun& run, store::Store& store, Instant now, Instant steady);
  void TakeProcess();
};

// Prometheus' text format, version 0.0.4. Names begin with cluehound_; times in seconds, sizes in bytes.
std::string RenderMetrics(const Metrics& metrics);

}  // namespace cluehound::app
