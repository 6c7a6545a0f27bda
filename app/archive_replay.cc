#include "app/archive_replay.h"

#include <memory>
#include <set>

#include "store/listing_reader.h"

namespace cluehound::app {

void ReplayCell::Add(const rules::Evaluation& evaluation) {
  ++listings;
  std::set<std::string_view> fired, categories;
  for (const rules::Suspicion& suspicion : evaluation.suspicions) {
    if (suspicion.mode == rules::Mode::kObserve) continue;
    if (fired.insert(suspicion.rule).second) ++by_rule[suspicion.rule];
    if (categories.insert(suspicion.category).second) ++by_category[suspicion.category];
  }
  with_leads += fired.empty() ? 0 : 1;
}

void ReplayCell::Merge(const ReplayCell& other) {
  listings += other.listings;
  with_leads += other.with_leads;
  for (const auto& [rule, count] : other.by_rule) by_rule[rule] += count;
  for (const auto& [category, count] : other.by_category) by_category[category] += count;
}

Result<Replay> ReplayArchive(const std::filesystem::path& store, const store::ListingFilter& filter,
                             const rules::RuleSet& rules) {
  ASSIGN_OR_RETURN(const auto files, store::ListingFiles(store / "listings", filter));
  Replay replay;
  const auto read = store::ReadListings(
      files, 0, [&](store::ListingBlock& block) -> Result<std::function<void()>> {
        const auto cell = std::make_shared<ReplayCell>();  // shared: std::function copies
        RETURN_IF_ERROR(
            block.Each([&](extractors::Listing& listing, const store::ListingFacts& facts) {
              cell->Add(rules.Evaluate(listing, {facts.at}));
            }));
        return std::function<void()>([cell, &replay, file = &block.file()] {
          replay[{file->day, file->source}].Merge(*cell);
        });
      });
  RETURN_IF_ERROR(read.status());
  return replay;
}

}  // namespace cluehound::app
