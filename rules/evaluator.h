#pragma once

#include <vector>

#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/profile.h"
#include "rules/rule_set.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// Everything that the rules say of a listing. Thread-safe: what a listing needs meanwhile belongs
// to the calling thread.
Evaluation Evaluate(const Catalog& catalog, const Binding& binding,
                    const extractors::Listing& listing, const EvaluateOptions& options);

// The same, with what each rule costs added to `costs`, one for each rule of the catalog.
Evaluation EvaluateTimed(const Catalog& catalog, const Binding& binding,
                         const extractors::Listing& listing, const EvaluateOptions& options,
                         std::vector<RuleCost>& costs);

// A rule that fired, on which mark or (null) none.
struct FiredRule {
  const Rule* rule = nullptr;
  const Mark* mark = nullptr;
  int score = 0;
  std::vector<ScorePart> parts;
};
// Every finding, also those that a stronger one of their family hides.
std::vector<FiredRule> FiredRules(const Catalog& catalog, const Binding& binding,
                                  const extractors::Listing& listing,
                                  const EvaluateOptions& options);

// The rules that fire on a listing, also those that a stronger one of their family hides; once for
// every mark.
std::vector<const Rule*> FiringRules(const Catalog& catalog, const Binding& binding,
                                     const extractors::Listing& listing,
                                     const EvaluateOptions& options);

}  // namespace cluehound::rules
