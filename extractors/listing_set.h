#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extractors/listing.h"

namespace cluehound::extractors {

// The listings of one page, each item once: the same offer stands in advertisements and results, in
// HTML and in JSON. Two are the same when their ids agree, or when one has no id and their
// addresses agree, or when one says neither and title, price and seller agree as far as both state
// them. In doubt they stay two. The first one wins; a later one fills what is still unknown. Not
// thread-safe.
class ListingSet {
 public:
  explicit ListingSet(size_t limit) : limit_(limit) {}

  // Bytes of seller, place and the like; a longer number is taken for none.
  static constexpr size_t kMaxName = 500;

  // Adds the listing, its fields cut to kMaxName and the bounds of Listing, or merges it into one that
  // is there. Beyond the limit, new ones are dropped.
  void Add(Listing listing);
  // Only merges; a listing that is not there is dropped.
  void FillIn(Listing listing);
  // Merges into the only listing there is. REQUIRES: size() == 1
  void FillInOnly(Listing listing);

  bool empty() const { return listings_.empty(); }
  size_t size() const { return listings_.size(); }
  bool full() const { return listings_.size() >= limit_; }
  std::vector<Listing> Take() { return std::move(listings_); }

 private:
  static constexpr size_t kNone = SIZE_MAX;

  size_t FindSame(const Listing& listing) const;
  static bool SameByWords(const Listing& a, const Listing& b);
  void Index(size_t place);

  const size_t limit_;
  std::vector<Listing> listings_;
  std::unordered_map<std::string, size_t> by_id_;
  std::unordered_map<std::string, size_t> by_url_;
  std::unordered_multimap<std::string, size_t> by_title_;
};

}  // namespace cluehound::extractors
