#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "base/diagnostic.h"
#include "rules/correlation.h"
#include "rules/mark.h"
#include "rules/place.h"
#include "rules/rule.h"
#include "rules/rule_set.h"
#include "rules/word_list.h"

namespace cluehound::rules {

// A condition under a name of its own, for several rules.
struct SharedCondition {
  std::string name;
  Condition condition;
  Location where;
};

// Everything that the rule files say, one namespace over all files, with the changes of later files
// applied. Names are not bound to their meaning yet (binding.h).
struct Catalog {
  std::vector<WordList> lists;
  std::vector<SharedCondition> conditions;
  Gazetteer places;
  std::vector<Mark> marks;
  std::vector<Rule> rules;
  std::vector<Correlation> correlations;
  std::vector<Mark> dropped;  // marks that a later file retired or replaced, as they were
};

// Reads the files in their order. Mistakes go to `diagnostics`; the catalog is then incomplete.
Catalog ReadCatalog(const std::vector<RuleFile>& files, Diagnostics& diagnostics);

}  // namespace cluehound::rules
