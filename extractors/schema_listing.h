#pragma once

#include <vector>

#include "extractors/address_resolver.h"
#include "extractors/listing.h"
#include "extractors/open_graph.h"
#include "extractors/schema_graph.h"

namespace cluehound::extractors {

// The offers among the things of a page: Products with an offer, Offers with a name, and the
// Products of an ItemList. What names no goods or states no offer (a review, an article, a bare
// Product) is none.
std::vector<Listing> ListingsOf(const SchemaGraph& graph, FoundBy found_by,
                                AddressResolver& addresses, size_t limit);

// The offer that Open Graph describes: og:type product (or product.item ...) with a title. At most
// one.
std::vector<Listing> ListingsOf(const std::vector<OpenGraphProperty>& properties,
                                AddressResolver& addresses);

}  // namespace cluehound::extractors
