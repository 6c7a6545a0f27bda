#include "rules/mark_hits.h"

#include <algorithm>

namespace cluehound::rules {
namespace {

// A listing that repeats a name a thousand times says no more than one that does it fifty times.
constexpr size_t kMaxPlaces = 50;

bool HasContext(const Mark& mark, const Reading& reading) {
  return std::any_of(mark.bound_context.begin(), mark.bound_context.end(), [&](uint32_t list) {
    const auto words = reading.Words(list);
    return std::any_of(words.begin(), words.end(),
                       [](const Occurrence& word) { return kWording.Has(word.field); });
  });
}

// The places that are not inside the one before, which is the longest where it begins.
void DropInner(std::span<const Occurrence> places, std::vector<Occurrence>& kept) {
  for (const Occurrence& place : places) {
    if (kept.size() >= kMaxPlaces) return;
    if (!kept.empty() && kept.back().field == place.field && place.end <= kept.back().end) continue;
    kept.push_back(place);
  }
}

}  // namespace

FoldSet FoldsOf(const Vocabulary& vocabulary, const Reading& reading, const Occurrence& place) {
  return vocabulary.FoldsOf(reading.Text(place.field), reading.Written(place.field), place);
}

bool IsDisguised(const Vocabulary& vocabulary, const Reading& reading, const Occurrence& place) {
  if (place.weak) return false;
  return place.sure || vocabulary.use(place.use).cloak ||
         (FoldsOf(vocabulary, reading, place) & kZeroWidth) != 0;
}

void FindMarks(const Catalog& catalog, const Vocabulary& vocabulary, const Reading& reading,
               std::vector<MarkHits>& hits) {
  hits.clear();
  const std::span<const Occurrence> all = reading.Marks();
  for (size_t i = 0; i < all.size();) {
    size_t end = i;
    while (end < all.size() && all[end].target == all[i].target) ++end;
    const std::span<const Occurrence> own = all.subspan(i, end - i);
    i = end;
    const Mark& mark = catalog.marks[own[0].target];
    MarkHits found{own[0].target, {}};
    DropInner(own, found.places);
    // Variants that a mark does not allow are not even looked for.
    if ((mark.folds & kTableFolds) != kTableFolds)
      std::erase_if(found.places, [&](const Occurrence& place) {
        return (FoldsOf(vocabulary, reading, place) & kTableFolds & ~mark.folds) != 0;
      });
    const bool sure = std::any_of(found.places.begin(), found.places.end(), [&](const auto& place) {
      return !vocabulary.use(place.use).in_context && !place.weak && kWording.Has(place.field);
    });
    if (!sure && !HasContext(mark, reading))
      std::erase_if(found.places,
                    [&](const Occurrence& place) { return vocabulary.use(place.use).in_context; });
    if (!found.places.empty()) hits.push_back(std::move(found));
  }
}

}  // namespace cluehound::rules
