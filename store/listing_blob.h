#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "extractors/listing.h"

namespace cluehound::store {

// All listings of a page in one compressed piece: a crawl stores tens of thousands of listings a
// second, and they are only ever wanted together. Fails with kInvalidArgument when they are more
// than can be read back.
Result<std::string> PackListings(const std::vector<extractors::Listing>& listings);
Result<std::vector<extractors::Listing>> UnpackListings(std::string_view bytes);

}  // namespace cluehound::store
