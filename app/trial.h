#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/config.h"
#include "app/corpus.h"
#include "base/status.h"
#include "store/listing_files.h"

// Trying rules on what there is: a corpus of files, or the archive of listings of the configured store.
namespace cluehound::app {

struct TrialCorpus {
  // What ReadCorpus reads, and "archive", "archive:2026-11-28", "archive:2026-11-01..2026-11-28" (either
  // day may be missing). A file that is called archive is "./archive".
  std::vector<std::string> paths;
  std::vector<std::string> sources;  // of the archive only these; empty: all
};

// The days that a corpus of this name means; nothing when it is none of the archive.
std::optional<Result<store::DaySpan>> ParseArchiveSpan(std::string_view path);

// Takes one item after the other. Lifetime of the item: of the call.
using TakeItem = std::function<void(const CorpusItem&)>;
// A part of a trial that one thread does alone, and how it comes to the whole.
struct TrialPart {
  TakeItem take;
  std::function<void()> finish;  // on the thread that began the trial, in the order of the archive
};

// Runs through a corpus: files item by item through `take`, the archive in parts on all cores. Says on
// stderr how fast the archive was read. A file that cannot be read goes to `failed` and the rest is
// read all the same; a corpus without a listing is kInvalidArgument.
using TrialFailed = std::function<void(const Status&)>;
Status RunTrial(const TrialCorpus& corpus, const Config& config, const TakeItem& take,
                const std::function<TrialPart()>& begin_part, const TrialFailed& failed);

// The same for a whole that is copied while empty and has Merge(Part&&).
template <class Whole>
Status Try(const TrialCorpus& corpus, const Config& config, Whole& whole,
           const std::function<void(Whole&, const CorpusItem&)>& add, const TrialFailed& failed) {
  const Whole empty = whole;
  return RunTrial(
      corpus, config, [&](const CorpusItem& item) { add(whole, item); },
      [&] {
        const auto part = std::make_shared<Whole>(empty);  // shared: std::function copies
        return TrialPart{[part, &add](const CorpusItem& item) { add(*part, item); },
                         [part, &whole] { whole.Merge(std::move(*part)); }};
      },
      failed);
}

}  // namespace cluehound::app
