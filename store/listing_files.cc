#include "store/listing_files.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "evidence/append_file.h"

namespace cluehound::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".jsonl.zst";
constexpr size_t kDigits = 4;  // of the number; more when they do not do

struct FileName {
  std::string source;
  int number = 0;
};

std::optional<FileName> ParseName(std::string_view name) {
  if (!name.ends_with(kEnding)) return std::nullopt;
  name.remove_suffix(kEnding.size());
  const size_t dot = name.rfind('.');
  if (dot == name.npos || dot == 0 || name.size() - dot - 1 < kDigits) return std::nullopt;
  const auto number = ParseInt(name.substr(dot + 1));
  if (!number || *number < 1 || *number > 1'000'000'000) return std::nullopt;
  return FileName{std::string(name.substr(0, dot)), static_cast<int>(*number)};
}

// The names of what stands in a folder; none when it is not there.
Result<std::vector<fs::path>> Entries(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator it(folder, error), end;
  if (error == std::errc::no_such_file_or_directory) return entries;
  for (; !error && it != end; it.increment(error)) entries.push_back(it->path());
  if (error) return Status::Unavailable(folder.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<std::vector<std::string>> Days(const fs::path& folder) {
  ASSIGN_OR_RETURN(const auto entries, Entries(folder));
  std::vector<std::string> days;
  for (const fs::path& entry : entries) {
    if (ParseDay(entry.filename().string())) days.push_back(entry.filename().string());
  }
  return days;
}

bool Wanted(const std::vector<std::string>& sources, const std::string& source) {
  return sources.empty() || std::find(sources.begin(), sources.end(), source) != sources.end();
}

// Files of an archive are whole days old when they go, so nobody writes them.
Status RemoveDay(const fs::path& folder, const std::string& day) {
  std::error_code error;
  fs::remove_all(folder / day, error);
  if (error) return Status::Unavailable((folder / day).string() + ": " + error.message());
  return evidence::SyncFolder(folder);
}

}  // namespace

fs::path ListingPath(std::string_view day, std::string_view source, int number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kDigits) digits.insert(0, kDigits - digits.size(), '0');
  return fs::path(day) / (std::string(source) + "." + digits + std::string(kEnding));
}

Result<std::vector<ListingFile>> ListingFiles(const fs::path& folder, const ListingFilter& filter) {
  std::vector<ListingFile> files;
  ASSIGN_OR_RETURN(const auto days, Days(folder));
  for (const std::string& day : days) {
    if (!filter.days.Contains(day)) continue;
    ASSIGN_OR_RETURN(const auto entries, Entries(folder / day));
    const size_t begin = files.size();
    for (const fs::path& entry : entries) {
      const auto name = ParseName(entry.filename().string());
      if (!name || !Wanted(filter.sources, name->source)) continue;
      std::error_code error;
      const uint64_t bytes = fs::file_size(entry, error);
      if (error) continue;  // retention took it away just now
      files.push_back({day, name->source, name->number, entry, bytes});
    }
    std::sort(files.begin() + static_cast<ptrdiff_t>(begin), files.end(),
              [](const ListingFile& a, const ListingFile& b) {
                return std::tie(a.source, a.number) < std::tie(b.source, b.number);
              });
  }
  return files;
}

Result<ListingArchiveSize> MeasureListings(const fs::path& folder) {
  ASSIGN_OR_RETURN(const auto files, ListingFiles(folder, {}));
  ListingArchiveSize size;
  for (const ListingFile& file : files) {
    size.days += file.day != size.last_day ? 1 : 0;
    if (size.first_day.empty()) size.first_day = file.day;
    size.last_day = file.day;
    ++size.files;
    size.bytes += file.bytes;
  }
  return size;
}

Instant MonthsBefore(Instant t, int months) {
  const std::string day = FormatDay(t);
  int year = std::stoi(day.substr(0, 4));
  int month = std::stoi(day.substr(5, 2)) - months;
  while (month < 1) {
    month += 12;
    --year;
  }
  for (int date = std::stoi(day.substr(8, 2));; --date) {
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, date);
    if (const auto found = ParseDay(text)) return *found;
  }
}

Result<ListingPruning> PruneListings(const fs::path& folder, const ListingRetention& retention,
                                     Instant now, bool dry_run) {
  ListingPruning pruning;
  ASSIGN_OR_RETURN(const auto days, Days(folder));
  ASSIGN_OR_RETURN(const auto files, ListingFiles(folder, {}));
  std::map<std::string, uint64_t> sizes;
  for (const std::string& day : days) sizes[day] = 0;
  uint64_t total = 0;
  for (const ListingFile& file : files) {
    sizes[file.day] += file.bytes;
    total += file.bytes;
  }
  const std::string today = FormatDay(now);
  const std::string oldest_kept = FormatDay(MonthsBefore(now, retention.kept_months));
  const std::string oldest =
      retention.days == 0 ? "" : FormatDay(now - std::chrono::hours(24) * (retention.days - 1));
  for (const auto& [day, bytes] : sizes) {
    const bool over = day < oldest || (retention.max_bytes != 0 && total > retention.max_bytes);
    if (!over || day >= today) continue;
    const bool kept =
        day >= oldest_kept && std::any_of(retention.kept.begin(), retention.kept.end(),
                                          [&](const DaySpan& span) { return span.Contains(day); });
    if (kept) {
      ++pruning.kept_days;
      continue;
    }
    if (!dry_run) RETURN_IF_ERROR(RemoveDay(folder, day));
    pruning.days.push_back(day);
    pruning.bytes += bytes;
    total -= bytes;
  }
  return pruning;
}

}  // namespace cluehound::store
