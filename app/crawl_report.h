#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "app/crawl_run.h"

namespace cluehound::app {

// What a crawl did, for people: the outcomes as a table, and what came into the ledger.
std::string RenderCrawlReport(const CrawlFigures& figures, double seconds);

// How far a crawl is, in one line: a bar, rate, queue, errors, and how long it may take. `known`: addresses in the frontier,
// as many of which as are not due make it seem longer; 0: not known.
std::string RenderProgress(const CrawlFigures& figures, double seconds, double pages_per_second,
                           uint64_t known, int columns);

// Prints it on stderr: one line that is rewritten while stderr is a terminal, else a line every ten seconds. Runs until it
// is destroyed.
class ProgressLine {
 public:
  ProgressLine(const CrawlRun& run, store::Store& store);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void Loop();

  const CrawlRun& run_;
  store::Store& store_;
  const bool terminal_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace cluehound::app
