#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "base/status.h"
#include "rules/rule_set.h"
#include "store/listing_files.h"

namespace cluehound::app {

// What one rule set makes of the listings that were archived on one day for one source.
struct ReplayCell {
  uint64_t listings = 0;                    // versions: new offers and changed ones, not sightings
  uint64_t with_leads = 0;                  // on which a rule in mode lead or alert fired
  std::map<std::string, uint64_t> by_rule;  // of those rules: on how many listings
  std::map<std::string, uint64_t> by_category;  // "trademark": on how many listings

  void Add(const rules::Evaluation& evaluation);
  void Merge(const ReplayCell& other);
  friend bool operator==(const ReplayCell&, const ReplayCell&) = default;
};

// By day ("2026-11-28") and source.
using Replay = std::map<std::pair<std::string, std::string>, ReplayCell>;

// Runs the rule set over the archive below `store`, each listing on the day on which it was met
// (validity of marks and statutes), on all cores; nothing is written. Two windows replayed with the
// same set are what campaigns are compared by. The guards that look at a whole page do not apply: the
// archive holds what changed on a page, not the page.
Result<Replay> ReplayArchive(const std::filesystem::path& store, const store::ListingFilter& filter,
                             const rules::RuleSet& rules);

}  // namespace cluehound::app
