#include "rules/mark_hits.h"

#include <algorithm>

namespace cluehound::rules {
namespace {

// A listing that repeats a name a thousand times says no more than one that does it fifty times.
constexpr size_t kMaxPlaces = 50;

bool HasContext(const Mark& mark, const Reading& reading) {
  return std::any_of(mark.bound_context.begin(), mark.bound_context.end(),
                     [&](uint32_t list) { return reading.HasWord(list, kWording); });
}

// Appends the places that are not inside the one before, which is the longest where it begins.
void KeepOuter(std::span<const Occurrence> places, std::vector<Occurrence>& kept) {
  const size_t first = kept.size();
  for (const Occurrence& place : places) {
    if (kept.size() - first >= kMaxPlaces) return;
    const bool inner =
        kept.size() > first && kept.back().field == place.field && place.end <= kept.back().end;
    if (!inner) kept.push_back(place);
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
               AllMarkHits& hits) {
  hits.marks.clear();
  hits.places.clear();
  const std::span<const Occurrence> all = reading.Marks();
  hits.places.reserve(all.size());  // the spans stay where they are
  for (size_t i = 0; i < all.size();) {
    size_t end = i;
    while (end < all.size() && all[end].target == all[i].target) ++end;
    const std::span<const Occurrence> own = all.subspan(i, end - i);
    i = end;
    const Mark& mark = catalog.marks[own[0].target];
    const size_t first = hits.places.size();
    KeepOuter(own, hits.places);
    const auto drop_if = [&](const auto& drop) {
      hits.places.erase(std::remove_if(hits.places.begin() + static_cast<ptrdiff_t>(first),
                                       hits.places.end(), drop),
                        hits.places.end());
    };
    // Variants that a mark does not allow are not even looked for.
    if ((mark.folds & kTableFolds) != kTableFolds)
      drop_if([&](const Occurrence& place) {
        return (FoldsOf(vocabulary, reading, place) & kTableFolds & ~mark.folds) != 0;
      });
    const bool sure = std::any_of(hits.places.begin() + static_cast<ptrdiff_t>(first),
                                  hits.places.end(), [&](const Occurrence& place) {
                                    return !vocabulary.use(place.use).in_context && !place.weak &&
                                           kWording.Has(place.field);
                                  });
    if (!sure && !HasContext(mark, reading))
      drop_if([&](const Occurrence& place) { return vocabulary.use(place.use).in_context; });
    if (hits.places.size() > first)
      hits.marks.push_back({own[0].target, std::span(hits.places).subspan(first)});
  }
}

}  // namespace cluehound::rules
