#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/config.h"
#include "app/crawl_figures.h"
#include "app/crawl_setup.h"
#include "app/crawl_watch.h"
#include "app/pipeline.h"
#include "base/status.h"
#include "crawler/fetcher.h"
#include "store/listing_archive.h"
#include "store/store.h"

namespace cluehound::app {

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
    // After a start everything is due at once: the sources begin one after the other, and hosts may have been asked a
    // moment ago by the process before.
    bool in_turn = false;
  };

  // All must outlive the run.
  CrawlRun(const Config& config, const Pipeline& pipeline, const extractors::PageReader& reader,
           store::Store& store, Options options);
  ~CrawlRun();

  // Fetches what is due, and matches pages that met other rules. Returns when nothing is left (once) or after Stop().
  Status Run();
  // From any thread.
  void Stop();
  // From any thread: goes by these from a moment later on. Pages under way end as they began. Workers, limits and
  // User-Agent stay.
  void Reload(std::shared_ptr<const CrawlSetup> setup, std::shared_ptr<const rules::RuleSet> rules);

  // ---- from any thread

  CrawlFigures figures() const;
  // How each source stands, what this run brought included. Their modes are those of the ledger.
  std::map<std::string, store::SourceStanding> standings() const;
  std::map<std::string, crawler::SourceProgress> progress_of_sources() const;
  Histogram::Counts latencies() const;  // of requests for pages
  // When the fetch thread last went round, and since when the oldest page waits between fetch and commit; both of the
  // steady clock.
  Instant last_turn() const;
  std::optional<Instant> oldest_page() const;
  std::shared_ptr<const Pipeline> pipeline() const;  // in force now
  std::shared_ptr<const rules::RuleSet> rules() const { return pipeline()->shared_rules(); }

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluehound::app
