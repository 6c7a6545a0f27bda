#pragma once

#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "rules/truth.h"

// Why a rule fires on a listing, or does not. Every verdict in an explanation is asked of the engine
// that makes leads (Judge::Holds, part by part); nothing is decided a second time in another way.
namespace cluehound::rules {

// A piece of the listing that made a part hold, or that comes close to it.
struct FoundPiece {
  std::string text;   // as the listing writes it
  std::string field;  // empty: a fact and no piece, then `note` says it
  uint32_t begin = 0;
  uint32_t end = 0;
  std::vector<std::string> folds;  // what it took to match; empty: as written
  std::string note;                // "¥59.00，参考价 ¥799.00 的 7%"
};

// One part of a rule.
struct ExplainedPart {
  std::string name;  // "any", "grade: words copy_grade in title"
  Truth truth = Truth::kUnknown;
  bool exception = false;         // of `unless`: that it does not hold is what the rule wants
  std::string reason;             // why it does not hold or is unknown; empty when it holds
  std::vector<FoundPiece> found;  // when it holds
  std::vector<ExplainedPart> parts;

  // What a person reads: an exception passes when it is not known to hold.
  Truth verdict() const {
    if (!exception) return truth;
    return truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
  }
};

// One rule, on one mark or none.
struct ExplainedRule {
  std::string rule;
  int rev = 0;
  std::string title;
  std::string category;
  Mode mode = Mode::kLead;
  std::string mark;  // id; empty: the rule speaks of none, or none of its marks was found
  std::string mark_name;
  bool fires = false;
  int score = 0;                       // when it fires
  std::vector<ScorePart> score_parts;  // when it fires
  // In this order: the mark, `when`, each of `unless`.
  std::vector<ExplainedPart> parts;
  std::vector<ExplainedPart> signs;  // every sign, asked for or not
  // Its mark or something that it waits for stands in the listing.
  bool touched = false;
  // Conditions that would have to turn out otherwise for it to fire, at the least; unknown ones
  // count half.
  double missing = 0;
};

// A name of a mark that stands in the listing and yet is no hit.
struct PassedOver {
  std::string mark;
  FoundPiece piece;
  std::string reason;
};

struct Explanation {
  Evaluation evaluation;  // as the pipeline makes it
  std::vector<PassedOver> passed_over;
  // Those that fire first, then those that came closest (touched, and by what they miss). Without a mark in the listing a rule about
  // marks stands here once; with several, once for each that it speaks of.
  std::vector<ExplainedRule> rules;
};

// Which rules to explain: one or all, and for one mark (also when it is not found) or those found.
struct ExplainQuery {
  std::string rule;
  std::string mark;
};

}  // namespace cluehound::rules
