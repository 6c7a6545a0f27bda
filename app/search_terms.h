#pragma once

#include <string>
#include <vector>

#include "crawler/source.h"
#include "rules/rule_set.h"

namespace cluehound::app {

// The words that a source searches for: names of the marks that it chose, their aliases, its own terms. Each once, in
// the order of the rule set. Marks whose protection is over are left out.
std::vector<std::string> SearchTerms(const crawler::SearchTemplate& search,
                                     const rules::RuleSet& rules, Instant now);

// Fills `searches` of every source that searches. Terms that its charset cannot write are left out and named in
// `warnings`, and so are marks that the rule set does not have.
void ExpandSearches(std::vector<crawler::SourceSettings>& sources, const rules::RuleSet& rules,
                    Instant now, std::vector<std::string>& warnings);

}  // namespace cluehound::app
