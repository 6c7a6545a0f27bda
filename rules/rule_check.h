#pragma once

#include "base/diagnostic.h"
#include "rules/binding.h"
#include "rules/catalog.h"

namespace cluehound::rules {

// Mistakes in the sense of rules, seen without any listing: a rule that can fire on a mark alone,
// or on nothing at all; a sign that nothing asks for; a family whose rules disagree on the
// category. REQUIRES: the catalog is bound.
void CheckRules(const Catalog& catalog, Diagnostics& diagnostics);

// Fires every rule at every name of its marks, standing alone. One that fires is an error: a bare
// mark is a hit and never a lead.
void CheckBareMarks(const Catalog& catalog, const Binding& binding, Diagnostics& diagnostics);

}  // namespace cluehound::rules
