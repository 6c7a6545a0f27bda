#pragma once

#include <array>
#include <vector>

#include "rules/catalog.h"
#include "rules/pattern.h"
#include "rules/vocabulary.h"

namespace cluehound::rules {

// What must stand in a listing before a rule is worth a look.
struct Trigger {
  bool always = false;             // nothing is required
  bool price = false;              // a price, or
  bool disguise = false;           // a spelling that hides a mark, or
  std::vector<uint32_t> lists;     // one of these, or
  std::vector<uint32_t> patterns;  // one of these
};

// What the names in a catalog mean: the literals in one automaton, the patterns compiled, and which
// rules to look at when.
struct Binding {
  Vocabulary vocabulary;
  PatternSet patterns;
  std::array<std::vector<uint32_t>, kMarkKindCount> rules_of_kind;
  std::vector<uint32_t> free_rules;  // those that speak of no mark
  std::vector<Trigger> triggers;     // of every rule; and the other way round, the rules:
  std::vector<uint32_t> rules_always, rules_of_price, rules_of_disguise;
  std::vector<std::vector<uint32_t>> rules_of_list, rules_of_pattern;
  bool pattern_triggers = false;      // there are some of the last
  bool always = false;                // a rule that speaks of no mark waits for nothing
  std::vector<uint32_t> goods_lists;  // of words for goods
  uint32_t origin_before = 0;
  uint32_t origin_after = 0;
};

// Binds the conditions and marks of `catalog` in place (their bound_ members), which must not move
// afterwards. Unknown names, bad patterns and conditions that cannot be asked go to `diagnostics`.
Binding Bind(Catalog& catalog, Diagnostics& diagnostics);

}  // namespace cluehound::rules
