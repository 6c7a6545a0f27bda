#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/campaign_text.h"
#include "base/status.h"
#include "rules/rule_set.h"

namespace cluehound::app {

// What one rule set makes of the archived listings of two runs, so that they differ by the market and
// not by the rules of their time. Lines of JSON: {"kind":"rerun","a":{..},"b":{..}} and one of kind
// "rerun-day" for each offset from the days that are laid over each other; `listings` are versions,
// `leads` those of them on which a rule fires. `sources`: at least one.
Result<std::vector<std::string>> RerunLines(const std::filesystem::path& store,
                                            const ComparedName& a, const ComparedName& b,
                                            const std::vector<std::string>& sources,
                                            const rules::RuleSet& rules);

}  // namespace cluehound::app
