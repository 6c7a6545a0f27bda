#pragma once

#include <vector>

#include "extractors/address_resolver.h"
#include "extractors/html_document.h"
#include "extractors/listing.h"

namespace cluehound::extractors {

// The offers of a list page that nothing describes: cards of one build that stand side by side,
// each with a picture, a link, a title and an amount of money. At least four of them; fewer, or
// cards that lack one of these (news, menus, tables of prices), are none.
//
// Cost: linear in the page, times the few levels between a price and its card.
std::vector<Listing> MineListings(const HtmlDocument& document, AddressResolver& addresses,
                                  size_t limit);

}  // namespace cluehound::extractors
