#include "rules/seller_list.h"

#include <algorithm>

#include "rules/folding.h"

namespace cluehound::rules {
namespace {

std::string KeyOf(const std::string& platform, const std::string& name) {
  return platform + '\n' + name;
}

}  // namespace

std::vector<std::string> FoldedSellers(const extractors::Listing& listing) {
  std::vector<std::string> names;
  for (const std::string* name : {&listing.seller, &listing.room_operator}) {
    if (!name->empty()) names.push_back(FoldString(*name));
  }
  for (const std::string& merchant : listing.merchants) names.push_back(FoldString(merchant));
  return names;
}

SellerList::SellerList(const std::vector<Entry>& entries) {
  for (const Entry& entry : entries) {
    if (!entry.seller_id.empty()) ids_.insert(KeyOf(entry.platform, entry.seller_id));
    const std::string name = FoldString(entry.name);
    if (!name.empty()) names_.insert(KeyOf(entry.platform, name));
  }
}

bool SellerList::Has(const extractors::Listing& listing) const {
  const auto holds = [&](const std::unordered_set<std::string>& keys, const std::string& name) {
    return keys.count(KeyOf("", name)) > 0 ||
           (!listing.platform.empty() && keys.count(KeyOf(listing.platform, name)) > 0);
  };
  if (!listing.seller_id.empty() && holds(ids_, listing.seller_id)) return true;
  if (names_.empty()) return false;
  const std::vector<std::string> names = FoldedSellers(listing);
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return holds(names_, name); });
}

}  // namespace cluehound::rules
