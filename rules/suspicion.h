#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace cluehound::rules {

// Where a rule's finding goes: only counted, made a lead, or made a lead and told at once.
enum class Mode : uint8_t { kObserve = 1, kLead = 2, kAlert = 3 };

// A mark or pattern found in a listing. Offsets are bytes into the listing's own field, never into
// folded text.
struct Hit {
  std::string rule;      // the rule that fired on it; empty: found, but no rule made anything of it
  std::string mark;      // mark id; empty for a pattern of a rule that speaks of no mark
  std::string category;  // "trademark", "gi", ... (DESIGN's list)
  std::string text;      // the original slice
  std::string field;     // "title", "text", "seller", ... ; "text" for a line of `match`
  uint32_t begin = 0;
  uint32_t end = 0;
  std::vector<std::string>
      folds;  // what it took to match: "nocase", "width", "traditional", ...; empty: as written
  Mode mode = Mode::kObserve;
  int score = 0;  // of the rule's finding; 0 for a bare hit

  friend bool operator==(const Hit&, const Hit&) = default;
};

// What makes a hit suspicious: a grade or code word, a price below reference, an origin outside the
// area ...
struct Sign {
  std::string
      kind;  // stable: "wording", "disguise", "price", "origin", "claim", "goods", "number", ...
  std::string label;  // for officers, Chinese: "仿冒措辞"
  std::string text;   // the original slice, or the fact ("¥89.00，参考价 ¥799.00 的 11%")
  std::string field;  // empty when the sign is not a slice of a field
  uint32_t begin = 0;
  uint32_t end = 0;
  int score = 0;  // its part of the score

  friend bool operator==(const Sign&, const Sign&) = default;
};

struct ScorePart {
  std::string label;  // Chinese, "仿冒措辞“高仿”"
  int points = 0;     // may be negative

  friend bool operator==(const ScorePart&, const ScorePart&) = default;
};

// A statute's place, as data with its certainty. Shown as 拟适用条款（供核查）.
struct Citation {
  std::string law;             // "商标法"
  std::string version;         // "2019"
  std::string article;         // "第五十七条第（二）项"
  std::string effective_from;  // "2019-11-01"; empty: unknown
  std::string effective_to;    // exclusive; empty: in force or unknown
  std::string certainty;       // "verified" or "unverified"

  friend bool operator==(const Citation&, const Citation&) = default;
};

// What one rule family makes of one listing: hits plus the second sign. At most one per family and
// listing; when several rules or marks of a family fire, the strongest gives rule, mark and score
// and the others add their hits.
struct Suspicion {
  std::string rule;
  int rev = 0;
  std::string family;
  std::string mark;  // id of the strongest mark; empty for rules that speak of none
  std::string mark_name;
  std::string category;
  std::string behavior_code;
  std::string level;  // "low", "medium", "high"
  Mode mode = Mode::kLead;
  int score = 0;  // 0 to 100
  std::vector<ScorePart> score_parts;
  std::vector<Hit> hits;
  std::vector<Sign> signs;
  std::vector<Citation> legal_basis;
  std::vector<std::string> notes;  // for officers: "特殊标志保护期已届满，核对商标/著作权"

  friend bool operator==(const Suspicion&, const Suspicion&) = default;
};

// Everything that a rule set says of one listing.
struct Evaluation {
  std::vector<Hit> hits;              // all, also the bare ones, in order of field and offset
  std::vector<Suspicion> suspicions;  // of all modes, strongest first
};

std::string_view Name(Mode mode);  // "observe", "lead", "alert"

}  // namespace cluehound::rules
