#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "crawler/campaign.h"
#include "crawler/new_campaign.h"

namespace cluehound::crawler {

// A change of a file of campaigns, as text: what is not part of it, comments among it, stays as it is.
struct CampaignEdit {
  std::string text;  // the whole file
  std::string id;    // the campaign that has the dates now
  DaySpan dates;     // of a campaign that runs every year by itself: none
};

// Gives a campaign dates in another year. An `open` one gets a date more; one that was `fixed`, or a
// template, is copied as ID-YEAR. Without `dates` those of the last time are taken, moved into the
// year. What it makes is marked unverified. kInvalidArgument: it runs every year by itself, has a date
// in that year already, or never had one; kNotFound: there is no such campaign.
Result<CampaignEdit> CopyCampaign(std::string_view text, const std::string& file,
                                  const std::string& id, int year,
                                  const std::optional<DaySpan>& dates);

// The file with a campaign more, behind the last one. REQUIRES: ProblemsOf() finds none beside the
// campaigns of `text`. kInvalidArgument: the file has mistakes, or is written in a way that this
// cannot add to.
Result<CampaignEdit> AddCampaign(std::string_view text, const std::string& file,
                                 const NewCampaign& campaign);

}  // namespace cluehound::crawler
