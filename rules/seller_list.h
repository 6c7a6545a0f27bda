#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "extractors/listing.h"

namespace cluehound::rules {

// The folded names under which a listing's goods are offered: shop, room operator, merchants.
std::vector<std::string> FoldedSellers(const extractors::Listing& listing);

// Sellers that an office watches, by the platform's number or by name. Names are compared folded; an
// entry without a platform holds on every one.
//
// Thread-safety: immutable once built.
class SellerList {
 public:
  struct Entry {
    std::string platform;  // "taobao"; empty: any
    std::string seller_id;
    std::string name;
  };

  SellerList() = default;
  explicit SellerList(const std::vector<Entry>& entries);

  // One of the listing's sellers is on the list.
  bool Has(const extractors::Listing& listing) const;

 private:
  std::unordered_set<std::string> ids_, names_;  // each behind its platform
};

}  // namespace cluehound::rules
