#include "app/watched_sellers.h"

namespace cluehound::app {

Result<std::shared_ptr<const rules::SellerList>> WatchedSellers(store::Store& store, Instant now) {
  ASSIGN_OR_RETURN(const auto watches, store.sellers().Watches());
  std::vector<rules::SellerList::Entry> entries;
  for (const store::Watch& watch : watches) {
    if (InForce(watch, now))
      entries.insert(entries.end(), watch.entries.begin(), watch.entries.end());
  }
  return std::make_shared<const rules::SellerList>(entries);
}

Result<std::vector<uint64_t>> WatchesInForce(store::Store& store, Instant now) {
  ASSIGN_OR_RETURN(const auto watches, store.sellers().Watches());
  std::vector<uint64_t> numbers;
  for (const store::Watch& watch : watches) {
    if (InForce(watch, now)) numbers.push_back(watch.number);
  }
  return numbers;
}

}  // namespace cluehound::app
