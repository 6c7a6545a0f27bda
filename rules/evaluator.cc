#include "rules/evaluator.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "rules/finding.h"
#include "rules/judge.h"
#include "rules/mark_hits.h"

namespace cluehound::rules {
namespace {

// Fields in which a mark is worth showing. Where a place of origin stands is no use of a mark.
constexpr FieldSet kShownFields = {Field::kTitle, Field::kText, Field::kSeller,
                                   Field::kRoomOperator, Field::kMarketingPerson};

// Evaluates one listing; lives as long as that takes. The buffers belong to the thread.
class Evaluator {
 public:
  Evaluator(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
            const EvaluateOptions& options, std::vector<RuleCost>* costs = nullptr)
      : catalog_(catalog), binding_(binding), listing_(listing), options_(options), costs_(costs) {}

  Evaluation Run() {
    Reading& reading = ThreadReading();
    return Prepare(reading) ? Assemble(reading, Findings(reading)) : Evaluation();
  }

  std::vector<FiredRule> Fired() {
    std::vector<FiredRule> fired;
    Reading& reading = ThreadReading();
    if (!Prepare(reading)) return fired;
    for (Finding& finding : Findings(reading)) {
      FiredRule rule{finding.rule, nullptr, finding.score, std::move(finding.parts)};
      if (finding.hits != nullptr) rule.mark = &catalog_.marks[finding.hits->mark];
      fired.push_back(std::move(rule));
    }
    return fired;
  }

 private:
  static Reading& ThreadReading() {
    thread_local Reading reading;
    return reading;
  }

  // False when nothing that any rule waits for stands in the listing.
  bool Prepare(Reading& reading) {
    if (!reading.Skim(binding_.vocabulary, listing_, options_.unknown_facts) && !binding_.always)
      return false;
    reading.Read();
    if (binding_.pattern_triggers) {
      std::vector<int> literals = reading.found().atoms;
      std::sort(literals.begin(), literals.end());
      literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
      binding_.patterns.MarkPossible(literals, possible_patterns_);
    }
    FindTriggered(reading);
    const bool any = !reading.found().marks.empty() ||
                     std::any_of(binding_.free_rules.begin(), binding_.free_rules.end(),
                                 [&](uint32_t rule) { return triggered_[rule] != 0; });
    if (!any) return false;
    reading.Sort();
    FindMarks(catalog_, binding_.vocabulary, reading, marks_);
    return true;
  }

  // The rules that are worth a look.
  void FindTriggered(const Reading& reading) {
    triggered_.assign(catalog_.rules.size(), 0);
    for (size_t i = 0; i < triggered_.size(); ++i) {
      const Trigger& trigger = binding_.triggers[i];
      triggered_[i] = trigger.always || (trigger.price && !listing_.price.empty()) ||
                      (trigger.disguise && reading.MayBeDisguised()) ||
                      std::any_of(trigger.patterns.begin(), trigger.patterns.end(),
                                  [&](uint32_t pattern) { return possible_patterns_[pattern]; });
    }
    for (const uint32_t list : reading.Lists()) {
      for (const uint32_t rule : binding_.rules_of_list[list]) triggered_[rule] = 1;
    }
  }

  std::vector<Finding> Findings(const Reading& reading) {
    std::vector<Finding> findings;
    Judge judge(catalog_, binding_, listing_, reading, options_.now, options_.watched);
    for (const MarkHits& hits : marks_) JudgeMark(hits, reading, judge, findings);
    judge.Bind(nullptr, {});
    for (const uint32_t index : binding_.free_rules) {
      if (triggered_[index] == 0) continue;
      if (auto finding = Judged(index, nullptr, reading, judge))
        findings.push_back(std::move(*finding));
    }
    return findings;
  }

  std::optional<Finding> Judged(uint32_t index, const MarkHits* hits, const Reading& reading,
                                Judge& judge) {
    const Rule& rule = catalog_.rules[index];
    if (costs_ == nullptr) return Judgement(rule, hits, reading, judge, options_.now);
    const auto begin = std::chrono::steady_clock::now();
    auto finding = Judgement(rule, hits, reading, judge, options_.now);
    const auto time = std::chrono::steady_clock::now() - begin;
    RuleCost& cost = (*costs_)[index];
    ++cost.checks;
    if (finding) ++cost.matches;
    (finding ? cost.match_time : cost.no_match_time) += time;
    return finding;
  }

  void JudgeMark(const MarkHits& hits, const Reading& reading, Judge& judge,
                 std::vector<Finding>& findings) {
    const Mark& mark = catalog_.marks[hits.mark];
    const auto all_weak = [](const std::vector<Occurrence>& places) {
      return std::all_of(places.begin(), places.end(),
                         [](const auto& place) { return place.weak; });
    };
    for (const uint32_t index : binding_.rules_of_kind[static_cast<size_t>(mark.kind)]) {
      const Rule& rule = catalog_.rules[index];
      if (triggered_[index] == 0 || !SpeaksOf(rule, mark)) continue;
      judge.Bind(&hits, rule.marks->fields);
      if (judge.places().empty()) continue;
      auto finding = Judged(index, &hits, reading, judge);
      if (finding && (!all_weak(judge.places()) || HasOwnWeight(*finding)))
        findings.push_back(std::move(*finding));
    }
  }

  // Goods, a low price, 尾单 or 工厂货 stand beside many an ordinary word; plain wording for copies
  // does not.
  static bool HasOwnWeight(const Finding& finding) {
    constexpr int kPlainWording = 25;
    return std::any_of(finding.signs.begin(), finding.signs.end(), [](const Sign& sign) {
      return sign.kind == "wording" && sign.score >= kPlainWording;
    });
  }

  Hit ToHit(const Occurrence& place, const Mark& mark, const Reading& reading) const {
    const Slice original = reading.Original(place.field, {place.begin, place.end});
    Hit hit;
    hit.mark = mark.id;
    hit.category = Name(mark.kind);
    hit.text = reading.OriginalText(place.field, original);
    hit.field = reading.FieldName(place.field);
    hit.begin = original.begin;
    hit.end = original.end;
    hit.folds = FoldNames(FoldsOf(binding_.vocabulary, reading, place));
    return hit;
  }

  // Strongest first: what makes leads before what is only counted, then by score, then in the order
  // of the rules.
  static bool Stronger(const Finding& a, const Finding& b) {
    return std::make_tuple(a.rule->mode == Mode::kObserve, -a.score, a.rule) <
           std::make_tuple(b.rule->mode == Mode::kObserve, -b.score, b.rule);
  }

  Evaluation Assemble(const Reading& reading, std::vector<Finding> findings) {
    std::stable_sort(findings.begin(), findings.end(), Stronger);
    Evaluation evaluation;
    std::map<uint32_t, std::vector<Hit>> hits_of_mark;
    for (const MarkHits& marks : marks_) {
      // What may well be an ordinary word counts only where something else was made of the mark.
      const bool found = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.hits != nullptr && finding.hits->mark == marks.mark;
      });
      std::vector<Hit>& hits = hits_of_mark[marks.mark];
      for (const Occurrence& place : marks.places) {
        if (kShownFields.Has(place.field) && (found || !place.weak))
          hits.push_back(ToHit(place, catalog_.marks[marks.mark], reading));
      }
    }
    // A hit shows the strongest finding that was made of it.
    for (const Finding& finding : findings) {
      if (finding.hits == nullptr) continue;
      for (Hit& hit : hits_of_mark[finding.hits->mark]) {
        if (hit.rule.empty()) Attribute(finding, hit);
      }
    }
    for (Finding& finding : findings) {
      for (Hit& hit : finding.patterns) Attribute(finding, hit);
      AddToFamily(finding, hits_of_mark, evaluation.suspicions);
      if (finding.hits == nullptr) AddNew(finding.patterns, evaluation.hits);
    }
    for (auto& [mark, hits] : hits_of_mark) {
      if (evaluation.hits.empty()) {
        evaluation.hits = std::move(hits);
      } else {
        AddNew(hits, evaluation.hits);
      }
    }
    if (!std::is_sorted(evaluation.hits.begin(), evaluation.hits.end(), StandsBefore))
      std::stable_sort(evaluation.hits.begin(), evaluation.hits.end(), StandsBefore);
    return evaluation;
  }

  static bool StandsBefore(const Hit& a, const Hit& b) {
    if (a.field != b.field) return FieldOrder(a.field) < FieldOrder(b.field);
    return std::make_tuple(a.begin, a.end) < std::make_tuple(b.begin, b.end);
  }

  static size_t FieldOrder(const std::string& field) {
    const auto known = FieldFromName(field);
    return known ? static_cast<size_t>(*known) : kFieldCount;
  }

  static void Attribute(const Finding& finding, Hit& hit) {
    hit.rule = finding.rule->id;
    hit.category = finding.rule->category;
    hit.mode = finding.rule->mode;
    hit.score = finding.score;
  }

  static void AddNew(const std::vector<Hit>& more, std::vector<Hit>& hits) {
    for (const Hit& hit : more) {
      const bool known = std::any_of(hits.begin(), hits.end(), [&](const Hit& other) {
        return other.field == hit.field && other.begin == hit.begin && other.end == hit.end &&
               other.mark == hit.mark && (!hit.mark.empty() || other.rule == hit.rule);
      });
      if (!known) hits.push_back(hit);
    }
  }

  // The strongest finding of a family comes first and speaks for it; the others add their hits.
  void AddToFamily(Finding& finding, const std::map<uint32_t, std::vector<Hit>>& hits_of_mark,
                   std::vector<Suspicion>& suspicions) const {
    const Rule& rule = *finding.rule;
    auto family = std::find_if(suspicions.begin(), suspicions.end(),
                               [&](const Suspicion& s) { return s.family == rule.family; });
    if (family == suspicions.end()) {
      Suspicion fresh;
      fresh.rule = rule.id;
      fresh.rev = rule.rev;
      fresh.family = rule.family;
      fresh.category = rule.category;
      fresh.behavior_code = rule.behavior_code;
      fresh.level = rule.level;
      fresh.mode = rule.mode;
      fresh.score = finding.score;
      fresh.score_parts = std::move(finding.parts);
      fresh.signs = std::move(finding.signs);
      fresh.legal_basis = std::move(finding.citations);
      fresh.notes = std::move(finding.notes);
      if (finding.hits != nullptr) {
        const Mark& mark = catalog_.marks[finding.hits->mark];
        fresh.mark = mark.id;
        fresh.mark_name = mark.display_name();
      }
      suspicions.push_back(std::move(fresh));
      family = std::prev(suspicions.end());
    }
    AddNew(finding.hits == nullptr ? finding.patterns : hits_of_mark.at(finding.hits->mark),
           family->hits);
  }

  const Catalog& catalog_;
  const Binding& binding_;
  const extractors::Listing& listing_;
  const EvaluateOptions& options_;
  std::vector<RuleCost>* costs_;  // null: nobody asks
  std::vector<MarkHits> marks_;
  std::vector<bool> possible_patterns_;
  std::vector<char> triggered_;  // by rule
};

}  // namespace

Evaluation Evaluate(const Catalog& catalog, const Binding& binding,
                    const extractors::Listing& listing, const EvaluateOptions& options) {
  return Evaluator(catalog, binding, listing, options).Run();
}

Evaluation EvaluateTimed(const Catalog& catalog, const Binding& binding,
                         const extractors::Listing& listing, const EvaluateOptions& options,
                         std::vector<RuleCost>& costs) {
  costs.resize(catalog.rules.size());
  return Evaluator(catalog, binding, listing, options, &costs).Run();
}

std::vector<const Rule*> FiringRules(const Catalog& catalog, const Binding& binding,
                                     const extractors::Listing& listing,
                                     const EvaluateOptions& options) {
  std::vector<const Rule*> firing;
  for (const FiredRule& fired : FiredRules(catalog, binding, listing, options))
    firing.push_back(fired.rule);
  return firing;
}

std::vector<FiredRule> FiredRules(const Catalog& catalog, const Binding& binding,
                                  const extractors::Listing& listing,
                                  const EvaluateOptions& options) {
  return Evaluator(catalog, binding, listing, options).Fired();
}

}  // namespace cluehound::rules
