#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/listing.h"

// What of a page counts as its content. Most of what differs between two fetches of a shop page says
// nothing: tokens, counters, "3 分钟前", the order of a shuffled list, pictures from another server.
namespace cluehound::extractors {

// What a page offers, as one number: equal for two readings exactly when they offer the same. Of a
// listing count kind, platform, number (else address without query), title, seller, place, roles,
// state and text; of texts nothing that StableText() leaves out. The order of listings does not
// count, nor how often one is met. Not there at all: price, number sold, viewers, pictures.
//
// Why no price: prices of a list move every hour and would make every page a changed one. What a
// price means is decided by the rules: it counts through `findings`.
class ContentSignature {
 public:
  // `findings`: what the rules say of the listing, in a stable order; empty: nothing.
  void Add(const Listing& listing, std::string_view findings);
  // Of a page without listings: where it leads to. Its query does not count.
  void AddLink(std::string_view url);
  // Never 0, which stands for "unknown".
  uint64_t Finish() &&;

 private:
  std::vector<uint64_t> parts_;
};

// What rules read of one listing, as one number: another one is another version of it. Unlike in the
// signature of a page prices count, and titles as they are written.
uint64_t ListingVersion(const Listing& listing);

// Which listing of its site it is, as far as it says so itself: by number, else by address without
// query, else by title and seller.
uint64_t ListingName(const Listing& listing);

// A text without numbers, what counts with them ("1.2万+", "3 小时前", "2 hours ago") and words that
// change by the day (刚刚, 昨天).
std::string StableText(std::string_view text);

}  // namespace cluehound::extractors
