#pragma once

#include <span>
#include <vector>

#include "rules/catalog.h"
#include "rules/reading.h"

namespace cluehound::rules {

// Where one mark stands in a listing: by field and place, none inside another.
struct MarkHits {
  uint32_t mark = 0;  // index into the catalog
  std::span<const Occurrence> places;
};
// Of several marks. Meant to be reused; the spans are of `places`.
struct AllMarkHits {
  std::vector<MarkHits> marks;  // by index
  std::vector<Occurrence> places;
};

// The marks of a listing. A name that is a plain word counts only beside the mark's context or
// another of its names, and a spelling only if the mark allows its folds.
void FindMarks(const Catalog& catalog, const Vocabulary& vocabulary, const Reading& reading,
               AllMarkHits& hits);

// The folds that a place takes, for the spelling of the rule files that is closest to it.
FoldSet FoldsOf(const Vocabulary& vocabulary, const Reading& reading, const Occurrence& place);

// The place is written so that the mark is hidden: by a spelling that only hides it, by a fold that
// nobody uses otherwise, or by what cannot be seen.
bool IsDisguised(const Vocabulary& vocabulary, const Reading& reading, const Occurrence& place);

}  // namespace cluehound::rules
