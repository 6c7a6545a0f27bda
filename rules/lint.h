#pragma once

#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// What is allowed but hardly meant, beside all mistakes that keep the files from compiling (which
// are errors; then nothing further is looked for). `now` decides what has expired.
//
//   info     short-term            one character, or two letters: it stands in many words
//   info     short-latin-name      a mark's name of three letters or fewer outside
//   aliases_in_context warning  duplicate-term        twice in one list or mark, once folded info
//   covered-term          never needed, because a shorter term of the list stands in it warning
//   shared-name           two marks have the name warning  expired-mark          its protection has
//   ended warning  expired-seller        the authorisation of a seller has ended warning
//   no-required-literal   the rule has to be evaluated on every listing warning  unreachable-rule
//   it speaks of no mark that there is warning  no-citation-in-force  none of its citations holds
//   today warning  unused-list, unused-condition info     undocumented          no owner, behaviour
//   code, blind spots or checklist
void LintRules(const std::vector<RuleFile>& files, Instant now, Diagnostics& diagnostics);

}  // namespace cluehound::rules
