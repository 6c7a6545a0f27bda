#pragma once

#include <memory>

#include "base/clock.h"
#include "base/status.h"
#include "rules/seller_list.h"
#include "store/store.h"

namespace cluehound::app {

// The sellers that the office watches now, as the rules ask for them.
Result<std::shared_ptr<const rules::SellerList>> WatchedSellers(store::Store& store, Instant now);

// Which watches those are, so that a change is noticed.
Result<std::vector<uint64_t>> WatchesInForce(store::Store& store, Instant now);

}  // namespace cluehound::app
