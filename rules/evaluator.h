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

// The rules that fire on a listing, also those that a stronger one of their family hides; once for
// every mark.
std::vector<const Rule*> FiringRules(const Catalog& catalog, const Binding& binding,
                                     const extractors::Listing& listing,
                                     const EvaluateOptions& options);

}  // namespace cluehound::rules
