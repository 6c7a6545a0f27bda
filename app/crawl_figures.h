#pragma once

#include <array>
#include <cstdint>

#include "crawler/fetcher.h"
#include "crawler/trap_signs.h"

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
  uint64_t page_bytes = 0;  // now: bodies between fetch and commit
  std::array<uint64_t, 32>
      outcomes{};  // by number of Outcome, after reading: a page may be fetched and yet blocked
  std::array<uint64_t, crawler::kTrapCount> traps{};  // links not followed, by Trap
};

}  // namespace cluehound::app
