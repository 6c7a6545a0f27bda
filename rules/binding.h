#pragma once

#include <array>
#include <vector>

#include "rules/catalog.h"
#include "rules/pattern.h"
#include "rules/vocabulary.h"

namespace cluehound::rules {

// A rule that speaks of no mark, and what must stand in a listing before it is worth a look.
struct FreeRule {
  uint32_t rule = 0;
  bool always = false;             // nothing is required
  std::vector<uint32_t> lists;     // one of these, or
  std::vector<uint32_t> patterns;  // one of these
};

// What the names in a catalog mean: the literals in one automaton, the patterns compiled, and which
// rules to look at when.
struct Binding {
  Vocabulary vocabulary;
  PatternSet patterns;
  std::vector<bool> waited_for;  // by list: its words alone can make a free rule fire
  std::array<std::vector<uint32_t>, kMarkKindCount> rules_of_kind;
  std::vector<FreeRule> free_rules;
  uint32_t origin_before = 0;
  uint32_t origin_after = 0;
};

// Binds the conditions and marks of `catalog` in place (their bound_ members), which must not move
// afterwards. Unknown names, bad patterns and conditions that cannot be asked go to `diagnostics`.
Binding Bind(Catalog& catalog, Diagnostics& diagnostics);

}  // namespace cluehound::rules
