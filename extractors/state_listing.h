#pragma once

#include <vector>

#include "extractors/address_resolver.h"
#include "extractors/json_value.h"
#include "extractors/listing.h"

namespace cluehound::extractors {

// The goods in the state of a page that no profile describes: lists of objects of which most have a
// title, a price, and a number or address, under the names that shops use for these. Lists of
// anything else (news, menus, categories) lack one of them and give nothing.
std::vector<Listing> ListingsOfState(const JsonValue& state, AddressResolver& addresses,
                                     size_t limit);

// The one thing that the state of a detail page is about, known by what its key says (product,
// goodsInfo); at most one.
std::vector<Listing> SingleOfState(const JsonValue& state, AddressResolver& addresses);

}  // namespace cluehound::extractors
