#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/status.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// What `marks add` knows of a mark. Name and kind are enough.
struct NewMark {
  std::string id;    // empty: made from the name
  std::string kind;  // "trademark", "gi", "special_mark", "olympic", "official_sign"
  std::string name;
  std::vector<std::string> aliases;
  std::vector<std::string> goods;  // words for goods
  std::vector<int> classes;        // Nice
  std::vector<std::string> area;   // of a GI
  std::string owner;
  std::string number;
};

// Adds the mark to an overlay file, which is created when it is not there; comments and everything
// else in it stay as they are. `others` are the rule files that hold beside it, in their order. The
// set is compiled with the new mark first, and the file is written, whole or not at all, only if
// that succeeds. Gives the mark's id.
Result<std::string> AddMark(const std::string& file, const NewMark& mark,
                            const std::vector<RuleFile>& others, Diagnostics& diagnostics);

// The id that a name gives: "Louis Vuitton" -> "louis-vuitton", "安丘大姜" -> "安丘大姜".
std::string MarkIdFor(std::string_view name);

}  // namespace cluehound::rules
