#pragma once

#include <vector>

#include "app/ledger.h"
#include "crawler/campaign.h"
#include "store/campaign_ledger.h"
#include "store/listing_files.h"

namespace cluehound::app {

// Campaigns that people started, newest first, as the ledger tells.
Result<std::vector<store::CampaignStart>> ReadStarts(Ledger& ledger);

// The days of `months` months before `now` on which a campaign ran, of the calendar or started by a
// person, and those on which one runs or will run within a month: what the archive of listings keeps
// for comparisons (store::ListingRetention::kept).
std::vector<store::DaySpan> CampaignDays(const crawler::Campaigns& campaigns,
                                         const std::vector<store::CampaignStart>& starts,
                                         Instant now, int months);

}  // namespace cluehound::app
