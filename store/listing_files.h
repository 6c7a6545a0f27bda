#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

// The archive of listings on disk: STORE/listings/2026-11-28/SOURCE.0001.jsonl.zst, every opening of
// the store beginning a number of its own (store/listing_archive.h). Days are those of the office.
namespace cluehound::store {

// Days as text, "2026-11-28"; both belong to it. Empty: open at that end.
struct DaySpan {
  std::string first;
  std::string last;

  bool Contains(std::string_view day) const {
    return (first.empty() || day >= first) && (last.empty() || day <= last);
  }
  friend bool operator==(const DaySpan&, const DaySpan&) = default;
};

struct ListingFile {
  std::string day;
  std::string source;
  int number = 0;
  std::filesystem::path path;
  uint64_t bytes = 0;
};

struct ListingFilter {
  DaySpan days;
  std::vector<std::string> sources;  // empty: all
};

// By day, source and number. None when there is no archive.
Result<std::vector<ListingFile>> ListingFiles(const std::filesystem::path& folder,
                                              const ListingFilter& filter);

// Where a file of the archive is, below its folder.
std::filesystem::path ListingPath(std::string_view day, std::string_view source, int number);

struct ListingArchiveSize {
  uint64_t days = 0;
  uint64_t files = 0;
  uint64_t bytes = 0;
  std::string first_day, last_day;  // empty: none
};
Result<ListingArchiveSize> MeasureListings(const std::filesystem::path& folder);

// What is kept of the archive. Whole days go, the oldest first.
struct ListingRetention {
  int days = 0;            // older ones go; 0: no bound
  uint64_t max_bytes = 0;  // while there are more, the oldest day goes; 0: no bound
  // Days that a campaign ran on stay for so many months whatever the bounds say, so that it can be
  // compared with next year's and the one after. Whoever knows the campaigns gives their spans.
  std::vector<DaySpan> kept;
  int kept_months = 25;
};

struct ListingPruning {
  std::vector<std::string> days;  // gone, or with dry_run would be
  uint64_t bytes = 0;             // that they held
  uint64_t kept_days = 0;         // over the bounds, and kept for a campaign
};

// Erases what is over. The day of `now` and later ones are never touched. A day that cannot be
// removed is the failure; those before it are gone.
Result<ListingPruning> PruneListings(const std::filesystem::path& folder,
                                     const ListingRetention& retention, Instant now, bool dry_run);

// The same day so many months before `t`, or the last of that month, at 00:00.
Instant MonthsBefore(Instant t, int months);

}  // namespace cluehound::store
