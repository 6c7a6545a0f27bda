#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "crawler/source.h"

namespace cluehound::crawler {

// Counts the pages fetched for each source against its max_pages. A round lasts `every`, divided by
// the factor of the campaigns that run, or the whole run with --once. Counted here, where a page is about to be fetched, and not where links are
// found: only the store knows which links are new. Not thread-safe.
class PageBudget {
 public:
  PageBudget(const std::vector<SourceSettings>& sources, bool once, Instant now);

  // What was taken of sources that stay is kept.
  void Update(const std::vector<SourceSettings>& sources, Instant now);
  // How many times more often the source runs; also of one that comes later. 1: as ever.
  void SetFactor(const std::string& source, double factor) { factors_[source] = factor; }
  // One page of this source. False when its round has none left, and for sources that are not
  // known.
  bool Take(const std::string& source, Instant now);
  // The page was not fetched after all.
  void Refund(const std::string& source);
  // One page of results for a search term, of at most `max` in a round. False when there is none left.
  bool TakeOf(const std::string& source, const std::string& term, uint32_t max, Instant now);
  // The sources whose round has pages left.
  std::vector<std::string> Open(Instant now);

 private:
  struct Round {
    uint32_t max = 0;
    uint32_t taken = 0;
    Duration length{};
    Instant began{};
    std::unordered_map<std::string, uint32_t> terms;  // pages taken of each
  };
  void Renew(const std::string& source, Round& round, Instant now) const;

  bool once_;
  std::unordered_map<std::string, Round> rounds_;
  std::unordered_map<std::string, double> factors_;
};

}  // namespace cluehound::crawler
