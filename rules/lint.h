#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// What LintRules looked at.
struct LintReport {
  size_t marks = 0;
  size_t rules = 0;
  size_t samples = 0;
  size_t allowed = 0;  // remarks that a comment in the file allows (rules/lint_allow.h)
};

// What is allowed but hardly meant, beside all mistakes that keep the files from compiling (which
// are errors; then nothing further is looked for). `now` decides what has expired.
//
//   info     short-term            one character, or two letters: it stands in many words
//   info     short-latin-name      a mark's name of three letters or fewer outside aliases_in_context
//   info     covered-term          never needed, because a shorter term of the list stands in it
//   info     undocumented          no owner, behaviour code, blind spots or checklist
//   warning  dictionary-word       a mark's sure name is an ordinary word (frequency list)
//   warning  duplicate-term        twice in one list or mark, once folded
//   warning  shared-name           two marks have the name
//   warning  expired-mark          its protection has ended
//   warning  expired-seller        the authorisation of a seller has ended
//   warning  no-required-literal   the rule has to be evaluated on every listing
//   warning  unreachable-rule      it can never fire: no mark that it speaks of, limits that exclude
//                                  each other, or an exception that holds whenever it would
//   warning  no-citation-in-force  none of its citations holds today
//   warning  unused-list, unused-condition
//   warning  no-reason, idle-allowance   of a comment that allows a remark
LintReport LintRules(const std::vector<RuleFile>& files, Instant now, Diagnostics& diagnostics);

// Counts how often marks and rules answer to a corpus that should be clean.
class NoiseCount {
 public:
  void Add(const Evaluation& evaluation);

  // warning  noisy-mark   hits in more than `percent` of the corpus
  // warning  noisy-rule   leads in more than a tenth of that: a lead takes an officer's time
  void Report(const RuleSet& rules, double percent, Diagnostics& diagnostics) const;
  size_t listings() const { return listings_; }

 private:
  size_t listings_ = 0;
  std::map<std::string, size_t> marks_, rules_;  // listings with a hit, with a lead; by id
};

}  // namespace cluehound::rules
