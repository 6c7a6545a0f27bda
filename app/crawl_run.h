#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "app/config.h"
#include "app/pipeline.h"
#include "base/status.h"
#include "crawler/fetcher.h"
#include "crawler/trap_signs.h"
#include "store/listing_archive.h"
#include "store/store.h"

namespace cluehound::app {

// What a crawl did to the ledger.
struct CrawlFigures {
  crawler::Progress fetch;
  uint64_t pages_read = 0;  // extracted anew
  uint64_t listings = 0;    // on them
  uint64_t new_leads = 0;
  uint64_t changed_leads = 0;
  uint64_t sightings = 0;
  uint64_t rematched_pages = 0;
  std::array<uint64_t, 32>
      outcomes{};  // by number of Outcome, after reading: a page may be fetched and yet blocked
  std::array<uint64_t, crawler::kTrapCount> traps{};  // links not followed, by Trap
};

// One run of the crawl role: fetcher -> worker threads (pipeline) -> store.
class CrawlRun {
 public:
  struct Options {
    bool once = false;
    std::vector<std::string> sources;  // only these; empty: all
    // Take over what is published while the run goes on; a set that does not load changes nothing.
    bool follow_published = false;
    // Where new versions of listings go; null: nowhere. Must outlive the run.
    store::ListingArchive* listings = nullptr;
  };

  // All must outlive the run.
  CrawlRun(const Config& config, const Pipeline& pipeline, const extractors::PageReader& reader,
           store::Store& store, Options options);
  ~CrawlRun();

  // Matches pages that met other rules, then fetches what is due. Returns when nothing is (once) or after Stop().
  Status Run();
  // Safe in a signal handler.
  void Stop();
  // From any thread.
  CrawlFigures figures() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluehound::app
