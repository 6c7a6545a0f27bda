#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostic.h"
#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// Evaluates every sample of every rule with the engine. One that does not come out is an error at
// its place.
void RunSamples(const Catalog& catalog, const Binding& binding, Diagnostics& diagnostics);

// What `rules test` says.
struct SampleReport {
  size_t marks = 0;
  size_t rules = 0;
  size_t hits = 0;    // samples on which rules must fire
  size_t misses = 0;  // and on which they must not
  size_t failed = 0;
};

// Compiles the files and runs all samples; mistakes of any kind go to `diagnostics`.
SampleReport TestRules(const std::vector<RuleFile>& files, Diagnostics& diagnostics);

}  // namespace cluehound::rules
