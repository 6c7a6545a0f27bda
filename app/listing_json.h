#pragma once

#include <string_view>

#include "base/status.h"
#include "extractors/listing.h"

namespace cluehound::app {

// Reads what `scan --emit listings` writes: one JSON object. Keys that a listing does not have are
// passed over (a lead holds them all); a value of a wrong type is kInvalidArgument, naming the key.
Result<extractors::Listing> ParseListingJson(std::string_view line);

}  // namespace cluehound::app
