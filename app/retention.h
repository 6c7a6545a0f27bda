#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/ledger.h"
#include "base/clock.h"
#include "base/status.h"
#include "store/listing_files.h"

namespace cluehound::app {

// One line of `periods` in retention.yaml.
struct RetentionPeriod {
  std::string what;  // "log_texts", "persons", "captures"
  int months = 0;
  Instant from{};  // in force from this day on
  std::string basis;
};

// What retention.yaml says.
struct RetentionPlan {
  std::vector<RetentionPeriod> periods;
  std::optional<store::ListingRetention> listings;  // absent: the archive of listings stays whole
};

// kNotFound: there is no such file, and nothing is ever erased.
Result<RetentionPlan> ReadRetention(const std::filesystem::path& file);

struct RetentionRun {
  std::filesystem::path store;
  Instant now{};
  bool dry_run = false;
  std::string by;  // claimed name; empty: the machine
  // Days that the archive of listings keeps for a campaign (store::ListingRetention::kept).
  std::vector<store::DaySpan> campaign_days;
};

// What one period, or the bounds of the archive of listings, came to.
struct RetentionOutcome {
  std::string what;     // of the period, or "listings"
  std::string before;   // day up to which; of listings: the last day that went, empty: none
  uint64_t erased = 0;  // of listings: days
  uint64_t held = 0;
  uint64_t bytes = 0;  // of listings
};

// Erases what is over, for `cluehound store retention`. Calls `each` for what is done; stops at the
// first failure.
Status ApplyRetention(Ledger& ledger, const RetentionPlan& plan, const RetentionRun& run,
                      const std::function<void(const RetentionOutcome&)>& each);

// Erases days of the archive of listings in `folder` that are over, or only tells which. `note` enters
// them in the log before they go; its failure keeps them.
Result<store::ListingPruning> EraseListings(
    const std::filesystem::path& folder, const store::ListingRetention& retention, Instant now,
    bool dry_run, const std::function<Status(const store::ListingPruning&)>& note);

// That note, as a request.
triage::Request NoteOfListings(const store::ListingPruning& gone);

}  // namespace cluehound::app
