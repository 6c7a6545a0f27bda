#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "extractors/listing.h"
#include "triage/listing_intake.h"

namespace cluehound::app {

// A table of listings as people gather them, one listing a row.
struct ListingTable {
  size_t rows = 0;                            // without the heads and what is empty
  std::vector<extractors::Listing> listings;  // of the good rows, in their order
  size_t bad = 0;
  std::vector<triage::ListingIntake::Problem> problems;  // at most kMaxProblems
  std::vector<std::string> unused;                       // heads of columns that nothing takes
};

// Reads CSV, XLSX or JSON of at most 8 MiB, 5,000 rows and 64 MiB unpacked; heads are Chinese or English. A row
// needs a title, and an address or a platform's number: without one nobody could say whether it is
// known. Fails, in Chinese, when the table as a whole cannot be read.
Result<ListingTable> ReadListingTable(std::string_view bytes);

// The heads alone, as a workbook to be filled in.
Result<std::string> ListingTemplate();

}  // namespace cluehound::app
