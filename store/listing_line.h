#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"
#include "extractors/listing.h"

namespace cluehound::store {

// Where and when a listing of the archive was met.
struct ListingFacts {
  Instant at{};
  std::string source;
  std::string page;       // address of the page that it stood on
  std::string extractor;  // revision that read it
};

// Appends the listing as a line of JSON with the keys of `scan --emit listings`, and `at`, `source`
// and `extractor`. Its pictures are left out: no rule reads them, and they would be the larger half.
void AppendListingLine(std::string& out, const extractors::Listing& listing,
                       const ListingFacts& facts);

// Reads such lines; the only file that sees simdjson. Not thread-safe: one a thread.
class ListingLineReader {
 public:
  // What must lie, readable, behind the last line of a buffer.
  static constexpr size_t kPadding = 64;

  ListingLineReader();
  ~ListingLineReader();
  // A line with `after` readable bytes behind it, at least kPadding. Every field is set anew, strings
  // keep their memory. Keys that it does not know are passed over; a value of a wrong type is
  // kCorruption.
  Status Read(std::string_view line, size_t after, extractors::Listing& listing,
              ListingFacts& facts);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cluehound::store
