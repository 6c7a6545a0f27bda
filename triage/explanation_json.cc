#include "triage/explanation_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

template <class T, class F>
Json ArrayOf(const std::vector<T>& values, const F& each) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(each(value));
  return array;
}

Json PieceObject(const rules::FoundPiece& piece) {
  Json object;
  if (!piece.field.empty()) {
    object["text"] = piece.text;
    object["field"] = piece.field;
    object["begin"] = piece.begin;
    object["end"] = piece.end;
    object["folds"] = piece.folds;
  }
  if (!piece.note.empty()) object["note"] = piece.note;
  return object;
}

const char* Word(rules::Truth truth) {
  return truth == rules::Truth::kTrue ? "PASS" : truth == rules::Truth::kFalse ? "FAIL" : "UNKNOWN";
}

// As deep as conditions are nested in the rule files, which YAML's reader bounds.
Json PartObject(const rules::ExplainedPart& part) {
  Json object;
  object["verdict"] = Word(part.verdict());
  object["part"] = part.name;
  if (!part.reason.empty()) object["reason"] = part.reason;
  if (!part.found.empty()) object["found"] = ArrayOf(part.found, PieceObject);
  if (!part.parts.empty()) object["parts"] = ArrayOf(part.parts, PartObject);
  return object;
}

Json RuleObject(const rules::ExplainedRule& rule) {
  Json object;
  object["rule"] = rule.rule;
  object["rev"] = rule.rev;
  object["title"] = rule.title;
  object["category"] = rule.category;
  object["mode"] = Name(rule.mode);
  if (!rule.mark.empty()) object["mark"] = rule.mark;
  object["fires"] = rule.fires;
  if (rule.fires) {
    object["score"] = rule.score;
    object["score_parts"] = ArrayOf(rule.score_parts, [](const rules::ScorePart& part) {
      return Json{{"label", part.label}, {"points", part.points}};
    });
  } else {
    object["missing"] = rule.missing;
  }
  object["parts"] = ArrayOf(rule.parts, PartObject);
  object["signs"] = ArrayOf(rule.signs, PartObject);
  return object;
}

}  // namespace

std::string ExplanationJson(const rules::Explanation& explanation) {
  Json object;
  object["lead"] = std::any_of(
      explanation.evaluation.suspicions.begin(), explanation.evaluation.suspicions.end(),
      [](const rules::Suspicion& s) { return s.mode != rules::Mode::kObserve; });
  object["hits"] = ArrayOf(explanation.evaluation.hits, [](const rules::Hit& hit) {
    Json found = PieceObject({hit.text, hit.field, hit.begin, hit.end, hit.folds, ""});
    if (!hit.mark.empty()) found["mark"] = hit.mark;
    if (!hit.rule.empty()) found["rule"] = hit.rule;
    return found;
  });
  object["passed_over"] = ArrayOf(explanation.passed_over, [](const rules::PassedOver& passed) {
    Json found = PieceObject(passed.piece);
    found["mark"] = passed.mark;
    found["reason"] = passed.reason;
    return found;
  });
  object["rules"] = ArrayOf(explanation.rules, RuleObject);
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cluehound::triage
