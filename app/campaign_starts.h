#pragma once

#include <vector>

#include "app/ledger.h"
#include "base/clock.h"
#include "base/status.h"
#include "crawler/campaign.h"
#include "store/campaign_ledger.h"
#include "store/listing_files.h"

namespace cluehound::app {

// The campaigns that people started, newest first: id, name, begin and end.
Result<std::vector<store::CampaignStart>> ReadCampaignStarts(Ledger& ledger);

// The days on which a campaign ran within the last `months`: those of the calendar, with lead-in and
// tail, and those that people started. The archive of listings keeps them, so that the next run can
// be compared with them.
std::vector<store::DaySpan> CampaignDays(const crawler::Campaigns& campaigns,
                                         const std::vector<store::CampaignStart>& starts,
                                         Instant now, int months);

}  // namespace cluehound::app
