#include "app/trial.h"

#include <chrono>
#include <cstdio>
#include <iostream>

#include "store/listing_reader.h"

namespace cluehound::app {
namespace {

constexpr std::string_view kArchive = "archive";

std::string Speed(const store::ListingReadFigures& figures, double seconds) {
  const auto mega = [](uint64_t bytes) { return static_cast<double>(bytes) / 1e6; };
  char text[200];
  std::snprintf(text, sizeof text,
                "archive: %llu listings in %llu files, %.1f MB (%.1f MB packed), %.1f s: %.0f "
                "listings/s, %.1f MB/s",
                static_cast<unsigned long long>(figures.listings),
                static_cast<unsigned long long>(figures.files), mega(figures.lines_bytes),
                mega(figures.bytes), seconds, static_cast<double>(figures.listings) / seconds,
                mega(figures.lines_bytes) / seconds);
  return text;
}

// Names an item when somebody will want to know where it was.
std::string NameOf(const store::ListingFacts& facts) {
  return FormatDay(facts.at) + " " + facts.source + ": " + facts.page;
}

Result<std::vector<store::ListingFile>> FilesOf(const std::filesystem::path& store,
                                                const store::ListingFilter& filter) {
  if (store.empty())
    return Status::InvalidArgument(
        "whose archive? Name the store with --store DIR, or a configuration with --config DIR");
  const auto folder = store / "listings";
  ASSIGN_OR_RETURN(auto files, store::ListingFiles(folder, filter));
  if (!files.empty()) return files;
  ASSIGN_OR_RETURN(const auto size, store::MeasureListings(folder));
  return Status::InvalidArgument(
      folder.string() + ": the archive holds nothing of these days and sources; it " +
      (size.days == 0 ? "is empty" : "goes from " + size.first_day + " to " + size.last_day));
}

Result<uint64_t> TryArchive(const std::vector<store::ListingFile>& files,
                            const std::function<TrialPart()>& begin_part) {
  const auto began = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(const auto figures,
                   store::ReadListings(
                       files, 0, [&](store::ListingBlock& block) -> Result<std::function<void()>> {
                         TrialPart part = begin_part();
                         CorpusItem item;
                         RETURN_IF_ERROR(block.Each(
                             [&](extractors::Listing& listing, const store::ListingFacts& facts) {
                               std::swap(item.listing, listing);  // both keep their memory
                               item.name = NameOf(facts);
                               item.seen = facts.at;
                               part.take(item);
                               std::swap(item.listing, listing);
                             }));
                         return std::move(part.finish);
                       }));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::cerr << Speed(figures, std::max(seconds, 1e-3)) << '\n';
  if (figures.torn_files > 0)
    std::cerr << "archive: " << figures.torn_files << " files end in a torn frame, "
              << figures.torn_bytes << " bytes passed over\n";
  return figures.listings;
}

}  // namespace

std::optional<Result<store::DaySpan>> ParseArchiveSpan(std::string_view path) {
  if (path == kArchive) return store::DaySpan();
  if (!path.starts_with(kArchive) || path[kArchive.size()] != ':') return std::nullopt;
  const std::string_view days = path.substr(kArchive.size() + 1);
  const size_t dots = days.find("..");
  store::DaySpan span;
  span.first = days.substr(0, dots);
  span.last = dots == days.npos ? days : days.substr(dots + 2);
  for (const std::string& day : {span.first, span.last}) {
    if (!day.empty() && !ParseDay(day))
      return Status::InvalidArgument(std::string(path) + ": \"" + day +
                                     "\" is no day; write archive:2026-11-01..2026-11-28");
  }
  if (!span.last.empty() && span.last < span.first)
    return Status::InvalidArgument(std::string(path) + ": ends before it begins");
  return span;
}

Status RunTrial(const TrialCorpus& corpus, const Config& config, const TakeItem& take,
                const std::function<TrialPart()>& begin_part, const TrialFailed& failed) {
  ASSIGN_OR_RETURN(const auto reader, LoadPageReader(config));
  uint64_t items = 0;
  for (const std::string& path : corpus.paths) {
    if (const auto span = ParseArchiveSpan(path)) {
      RETURN_IF_ERROR(span->status());
      ASSIGN_OR_RETURN(const auto files, FilesOf(config.store, {**span, corpus.sources}));
      ASSIGN_OR_RETURN(const uint64_t count, TryArchive(files, begin_part));
      items += count;
      continue;
    }
    ReadCorpus(
        {path}, *reader,
        [&](const CorpusItem& item) {
          ++items;
          take(item);
        },
        failed);
  }
  return items > 0 ? Status::Ok() : Status::InvalidArgument("the corpus holds no listing");
}

}  // namespace cluehound::app
