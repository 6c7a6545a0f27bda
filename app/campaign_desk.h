#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/crawl_setup.h"
#include "app/held_store.h"
#include "crawler/campaign_file.h"
#include "rules/rule_set.h"

namespace cluehound::app {

// What people ask of campaigns that needs the configuration, which the rooms below do not see.
struct CampaignDesk {
  std::function<std::shared_ptr<const CrawlSetup>()> setup;      // in force
  std::function<std::shared_ptr<const rules::RuleSet>()> rules;  // in force
  std::function<void()> reload;  // the configuration was changed; returns at once
};

// Has `held` answer:
//   campaigns.check                        what they would stumble over (app/campaign_check.h)
//   campaigns.copy   campaign year dates   gives one its dates of another year; audited
//   campaigns.preview, campaigns.add       what a new one would be, and makes it, audited:
//                    campaign name kind dates (one a line) lead_in tail prepare
//                    factors {"all": 2, SOURCE: 5} weights {PACK: points} basis certainty
void AnswerCampaignDesk(HeldStore& held, CampaignDesk desk);

// Writes DIR/campaigns.yaml with the dates of another year; of the built-in file, where there is none.
Result<crawler::CampaignEdit> WriteCampaignCopy(const Config& config, const std::string& campaign,
                                                int year,
                                                const std::optional<crawler::DaySpan>& dates);

}  // namespace cluehound::app
