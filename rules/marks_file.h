#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/status.h"
#include "rules/rule_set.h"

// The office's own marks: an overlay file of rules that people and these functions write, and that
// no update touches. Comments and everything else in it stay as they are. Each function compiles the
// whole set with the change first, and the file is written, whole or not at all, only if that
// succeeds. `others` are the rule files that hold beside it, in their order.
namespace cluehound::rules {

// What is known of a new mark. Name and kind are enough.
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
  std::string valid_from;  // "2026-08-29"
  std::string valid_to;    // exclusive
  std::string note;        // for officers
};

// A change of an overlay that compiles and is not written yet, so that it can be looked at first.
struct OverlayChange {
  std::string file;
  std::string text;                    // what the file will be
  std::shared_ptr<const RuleSet> set;  // with it
};

// Writes it. What the file held when the change was made is replaced.
Status Apply(const OverlayChange& change);

// A mark that could not be taken, by its index in the list given.
struct RefusedMark {
  size_t index = 0;
  std::string reason;
};

// Adds those marks that the set compiles with, all in one change; the others go to `refused`. None
// at all is kInvalidArgument. `ids` gets the ids of those taken, in their order.
Result<OverlayChange> PrepareMarks(const std::string& file, const std::vector<NewMark>& marks,
                                   const std::vector<RuleFile>& others,
                                   std::vector<RefusedMark>& refused,
                                   std::vector<std::string>& ids);

// Adds one mark, at once. Gives its id.
Result<std::string> AddMark(const std::string& file, const NewMark& mark,
                            const std::vector<RuleFile>& others, Diagnostics& diagnostics);

// A seller whom the owner lets sell.
struct NewSeller {
  std::string seller;
  std::string seller_id;
  std::string platform;
  std::string proof;
  std::string until;  // "2027-06-30", exclusive; empty: open
};

// Adds sellers to a mark of any file.
Result<OverlayChange> PrepareSellers(const std::string& file, const std::string& mark,
                                     const std::vector<NewSeller>& sellers,
                                     const std::vector<RuleFile>& others);

// Takes a mark out of the set; its entry stays in its file.
Result<OverlayChange> PrepareRetirement(const std::string& file, const std::string& mark,
                                        const std::string& reason,
                                        const std::vector<RuleFile>& others);

// The id that a name gives: "Louis Vuitton" -> "louis-vuitton", "安丘大姜" -> "安丘大姜".
std::string MarkIdFor(std::string_view name);

// The mark of the set with this id, or else with this name if only one has it. kNotFound, with the
// closest one.
Result<MarkSummary> FindMark(const RuleSet& set, const std::string& id_or_name);

}  // namespace cluehound::rules
