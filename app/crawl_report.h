#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "app/crawl_run.h"

namespace cluehound::app {

// What a crawl did, for people: the outcomes as a table, and what came into the ledger.
std::string RenderCrawlReport(const CrawlFigures& figures, double seconds);

// Prints how far a crawl is, on stderr: one line that is rewritten while stderr is a terminal, else a line every ten
// seconds. Runs until it is destroyed.
class ProgressLine {
 public:
  explicit ProgressLine(const CrawlRun& run);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

 private:
  void Loop();

  const CrawlRun& run_;
  const bool terminal_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace cluehound::app
