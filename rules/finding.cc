#include "rules/finding.h"

#include <algorithm>

namespace cluehound::rules {
namespace {

constexpr std::string_view kUnverifiedNote = "标识资料尚未核实，请先核对权利状态";

bool Contains(const std::vector<std::string>& list, const std::string& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool SharesOne(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return Contains(b, x); });
}

// A piece inside one that is shown already adds nothing: 复刻 in 顶级复刻.
bool Covered(const std::vector<Evidence>& shown, const Evidence& piece) {
  return std::any_of(shown.begin(), shown.end(), [&](const Evidence& other) {
    return piece.field && other.field == piece.field && piece.slice.begin >= other.slice.begin &&
           piece.slice.end <= other.slice.end;
  });
}

// Keeps what is not covered by `shown` or by a longer piece, in the order of the listing.
void KeepNew(std::vector<Evidence>& evidence, const std::vector<Evidence>& shown) {
  std::stable_sort(evidence.begin(), evidence.end(), [](const Evidence& a, const Evidence& b) {
    return a.slice.end - a.slice.begin > b.slice.end - b.slice.begin;
  });
  std::vector<Evidence> kept;
  for (Evidence& piece : evidence) {
    if (!Covered(shown, piece) && !Covered(kept, piece)) kept.push_back(std::move(piece));
  }
  std::sort(kept.begin(), kept.end(), [](const Evidence& a, const Evidence& b) {
    return std::tie(a.field, a.slice.begin) < std::tie(b.field, b.slice.begin);
  });
  evidence = std::move(kept);
}

// The original behind a piece; no place for fields that are several texts joined.
Sign ToSign(const SignRule& rule, const Evidence& piece, const Reading& reading) {
  Sign sign;
  sign.kind = rule.kind;
  sign.label = rule.label;
  if (!piece.field) {
    sign.text = piece.fact;
    return sign;
  }
  const Slice original = reading.Original(*piece.field, piece.slice);
  sign.text = reading.OriginalText(*piece.field, original);
  if (!piece.fact.empty()) sign.label += "：" + piece.fact;
  if (*piece.field == Field::kMerchants) return sign;
  sign.field = reading.FieldName(*piece.field);
  sign.begin = original.begin;
  sign.end = original.end;
  return sign;
}

// A rule that speaks of no mark has what its signs saw as hits.
void AddPattern(const Evidence& piece, const Reading& reading, Finding& finding) {
  if (!piece.field || *piece.field == Field::kMerchants) return;
  const Slice original = reading.Original(*piece.field, piece.slice);
  const std::string_view folded = reading.Folded(*piece.field);
  Hit hit;
  hit.rule = finding.rule->id;
  hit.category = finding.rule->category;
  hit.text = reading.OriginalText(*piece.field, original);
  hit.field = reading.FieldName(*piece.field);
  hit.begin = original.begin;
  hit.end = original.end;
  hit.folds = FoldNames(FoldsBetween(
      hit.text, folded.substr(piece.slice.begin, piece.slice.end - piece.slice.begin)));
  finding.patterns.push_back(std::move(hit));
}

// Adds what the sign saw, unless a sign before it saw the same.
void AddSign(const SignRule& rule, std::vector<Evidence>& evidence, const Reading& reading,
             std::vector<Evidence>& shown, Finding& finding) {
  const bool spoken = !evidence.empty();
  KeepNew(evidence, shown);
  if (spoken && evidence.empty()) return;  // the same words count once
  shown.insert(shown.end(), evidence.begin(), evidence.end());
  std::string label = rule.label;
  bool first = true;
  for (const Evidence& piece : evidence) {
    Sign sign = ToSign(rule, piece, reading);
    sign.score = first ? rule.points : 0;
    if (first && !sign.text.empty()) label = sign.label + "“" + sign.text + "”";
    first = false;
    if (finding.hits == nullptr) AddPattern(piece, reading, finding);
    finding.signs.push_back(std::move(sign));
  }
  if (evidence.empty()) finding.signs.push_back({rule.kind, rule.label, "", "", 0, 0, rule.points});
  finding.parts.push_back({label, rule.points});
  finding.score += rule.points;
}

bool Applies(const std::optional<Condition>& condition, Judge& judge) {
  return !condition || judge.Holds(*condition, nullptr) == Truth::kTrue;
}

bool InForce(const RuleCitation& citation, Instant now) {
  return !(citation.from && now < *citation.from) && !(citation.to && now >= *citation.to);
}

// Score, parts and signs.
void Weigh(const Reading& reading, Judge& judge, Finding& finding) {
  const Rule& rule = *finding.rule;
  finding.score = rule.score;
  if (rule.score != 0) {
    const std::string label = judge.mark() != nullptr
                                  ? "出现受保护标识“" + judge.mark()->display_name() + "”"
                                  : rule.title;
    finding.parts.push_back({label, rule.score});
  }
  std::vector<Evidence> evidence, shown;
  for (const SignRule& sign : rule.signs) {
    evidence.clear();
    if (judge.Holds(sign.condition, &evidence) != Truth::kTrue) continue;
    AddSign(sign, evidence, reading, shown, finding);
  }
  if (finding.hits == nullptr && finding.patterns.empty()) {
    evidence.clear();
    judge.Holds(rule.when, &evidence);
    KeepNew(evidence, {});
    for (const Evidence& piece : evidence) AddPattern(piece, reading, finding);
  }
  for (const Adjustment& adjustment : rule.adjust) {
    if (judge.Holds(adjustment.condition, nullptr) != Truth::kTrue) continue;
    finding.parts.push_back({adjustment.label, adjustment.points});
    finding.score += adjustment.points;
  }
  finding.score = std::clamp(finding.score, 0, 100);
}

// Notes and the law in force.
void Advise(Judge& judge, Instant now, Finding& finding) {
  for (const Note& note : finding.rule->notes) {
    if (Applies(note.condition, judge)) finding.notes.push_back(note.text);
  }
  if (judge.mark() != nullptr) {
    if (!judge.mark()->note.empty()) finding.notes.push_back(judge.mark()->note);
    if (!judge.mark()->verified) finding.notes.emplace_back(kUnverifiedNote);
  }
  for (const RuleCitation& citation : finding.rule->citations) {
    if (InForce(citation, now) && Applies(citation.condition, judge))
      finding.citations.push_back(citation.citation);
  }
}

}  // namespace

bool SpeaksOf(const Rule& rule, const Mark& mark) {
  const MarkSelection& selection = *rule.marks;
  if (std::find(selection.kinds.begin(), selection.kinds.end(), mark.kind) == selection.kinds.end())
    return false;
  if (!selection.ids.empty() && !Contains(selection.ids, mark.id)) return false;
  if (!selection.tags.empty() && !SharesOne(selection.tags, mark.tags)) return false;
  return !SharesOne(selection.not_tags, mark.tags);
}

bool Fires(const Rule& rule, Judge& judge) {
  if (judge.Holds(rule.when, nullptr) != Truth::kTrue) return false;
  return std::none_of(rule.unless.begin(), rule.unless.end(), [&](const Condition& exception) {
    return judge.Holds(exception, nullptr) == Truth::kTrue;
  });
}

std::optional<Finding> Judgement(const Rule& rule, const MarkHits* hits, const Reading& reading,
                                 Judge& judge, Instant now) {
  if (!Fires(rule, judge)) return std::nullopt;
  Finding finding;
  finding.rule = &rule;
  finding.hits = hits;
  Weigh(reading, judge, finding);
  Advise(judge, now, finding);
  return finding;
}

}  // namespace cluehound::rules
