#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "crawler/source.h"

namespace cluehound::crawler {

// Counts the pages fetched for each source against its max_pages. A round lasts `every`, or the
// whole run with --once. Counted here, where a page is about to be fetched, and not where links are
// found: only the store knows which links are new. Not thread-safe.
class PageBudget {
 public:
  PageBudget(const std::vector<SourceSettings>& sources, bool once, Instant now);

  // One page of this source. False when its round has none left, and for sources that are not
  // known.
  bool Take(const std::string& source, Instant now);
  // The page was not fetched after all.
  void Refund(const std::string& source);
  // The sources whose round has pages left.
  std::vector<std::string> Open(Instant now);

 private:
  struct Round {
    uint32_t max = 0;
    uint32_t taken = 0;
    Duration length{};
    Instant began{};
  };
  void Renew(Round& round, Instant now) const;

  bool once_;
  std::unordered_map<std::string, Round> rounds_;
};

}  // namespace cluehound::crawler
