#pragma once

#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/explain.h"

namespace cluehound::rules {

// RuleSet::Explain on the parts of a set. Thread-safe.
Result<Explanation> ExplainListing(const Catalog& catalog, const Binding& binding,
                                   const extractors::Listing& listing,
                                   const EvaluateOptions& options, const ExplainQuery& query);

}  // namespace cluehound::rules
