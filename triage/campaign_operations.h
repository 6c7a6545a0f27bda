#pragma once

#include <string_view>

#include "base/clock.h"
#include "store/store.h"
#include "triage/operations.h"

namespace cluehound::triage {

// What people do with campaigns (专项行动). Which there are is configuration, which this room does not
// see: who calls gives id, name and days. Thread-safe; the store must outlive it.
//
//   campaigns.start  campaign name days     from now on, to the end of the last of so many days
//   campaigns.end    campaign               ends what was started
//   campaigns.starts                        those that people started, newest first
//   campaigns.reads  seeds                  when each address (one a line) was last read: whether the
//                                           sources of a campaign are alive
//   campaigns.compare a a_day b b_day sources    two runs, day by day (triage/campaign_comparison.h);
//                    a, b: days "2025-09-15..2025-10-09"; a_day, b_day: the days that are laid over
//                    each other, else the first ones; sources: ids, parted by commas, else all
class CampaignOperations {
 public:
  CampaignOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation) { return operation.starts_with("campaigns."); }
  Response Call(const Request& request);

 private:
  Response Start(const Request& request);
  Response End(const Request& request);
  Response Starts();
  Response Reads(const Request& request);
  Response Compare(const Request& request);

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace cluehound::triage
