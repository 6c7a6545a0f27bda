#pragma once

#include <span>
#include <vector>

#include "extractors/listing.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// Turns what would be many leads without a case behind each into one hint: a lead of level low, with
// at most kHintScore points and a note that says why.
//
// - A listing that names very many marks, or on which rules of very many families fire, tells nothing
//   about any of them: stuffed keywords, an encyclopaedia, bait. Its strongest suspicion stays as the
//   hint. One whose title tells it alone, naming few marks, is left as it is.
// - A suspicion that nearly every listing of the page makes by the same words of the shop, "… ｜ 某城
//   拒绝某牌高仿", is about the page. Words are the shop's when they stand as a piece of their own
//   between separators in the titles of the page, beside words of the listing, or in its texts. One
//   listing keeps the hint; the others only count it. When the mark, or the wording, is the listing's
//   own, each is a suspicion of its own, however many there are: a list of sixty fakes is sixty leads.
//
// `evaluations` belong to `listings`, one each, of one page. Linear in the texts. Thread-safe.
void GuardPage(std::span<const extractors::Listing> listings, std::vector<Evaluation>& evaluations);

inline constexpr int kHintScore = 40;

}  // namespace cluehound::rules
