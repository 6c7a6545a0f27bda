#pragma once

#include <optional>
#include <vector>

#include "rules/judge.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// That a rule fired on a listing, for one mark or none.
struct Finding {
  const Rule* rule = nullptr;
  const MarkHits* hits = nullptr;  // null: the rule speaks of no mark
  int score = 0;
  std::vector<ScorePart> parts;
  std::vector<Sign> signs;
  std::vector<Hit> patterns;  // of a rule that speaks of no mark: what it fired on
  std::vector<std::string> notes;
  std::vector<Citation> citations;
};

// Whether the rule fires, nothing more. The judge must be bound to the mark.
bool Fires(const Rule& rule, Judge& judge);

// The whole finding, if the rule fires. The judge must be bound to `hits`.
std::optional<Finding> Judgement(const Rule& rule, const MarkHits* hits, const Reading& reading,
                                 Judge& judge, Instant now);

// The rule speaks of this mark.
bool SpeaksOf(const Rule& rule, const Mark& mark);

}  // namespace cluehound::rules
