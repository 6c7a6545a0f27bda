#pragma once

#include <string>
#include <vector>

#include "app/config.h"
#include "crawler/campaign_file.h"
#include "rules/rule_set.h"

namespace cluehound::app {

// What a campaign that a person describes would be.
struct CampaignPreview {
  std::string id;
  std::vector<crawler::FieldProblem> problems;  // any of them keeps it from being added
  std::vector<crawler::FieldProblem> hints;     // what `campaigns check` would say of it
  struct Window {
    crawler::DaySpan occasion;
    crawler::DaySpan span;  // with lead-in and tail
  };
  std::vector<Window> windows;     // the next ones; none with problems
  std::vector<std::string> packs;  // those that may be given points
};

// Of the campaigns file of the configuration, or the built-in one where there is none. Writes nothing.
// Fails when the file itself has mistakes.
Result<CampaignPreview> PreviewCampaign(const Config& config, const rules::RuleSet& rules,
                                        const crawler::NewCampaign& campaign, Instant now);
// The same, and DIR/campaigns.yaml has it unless there are problems.
Result<CampaignPreview> AddCampaign(const Config& config, const rules::RuleSet& rules,
                                    const crawler::NewCampaign& campaign, Instant now);

// JSON, one object: campaign, problems and hints (field, text), windows (first, last, begin, end, days),
// packs.
std::string PreviewLine(const CampaignPreview& preview);
// For officers, a line each: "编号：...".
std::string ProblemsText(const CampaignPreview& preview);
std::string WindowsText(const CampaignPreview& preview);

// The text of the office's file, or of the built-in one.
Result<std::string> CampaignsText(const Config& config);
std::filesystem::path CampaignsFile(const Config& config);

}  // namespace cluehound::app
