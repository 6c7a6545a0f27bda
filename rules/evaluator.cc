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

// What evaluating needs meanwhile. One of each thread, so that most listings allocate nothing.
struct Workspace {
  Reading reading;
  AllMarkHits hits;
  std::vector<char> triggered;  // by rule
};

Workspace& ThreadWorkspace() {
  thread_local Workspace workspace;
  return workspace;
}

// Evaluates one listing; lives as long as that takes.
class Evaluator {
 public:
  Evaluator(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
            const EvaluateOptions& options, std::vector<RuleCost>* costs = nullptr)
      : catalog_(catalog), binding_(binding), listing_(listing), options_(options), costs_(costs) {}

  Evaluation Run() { return Prepare() ? Assemble(Findings()) : Evaluation(); }

  std::vector<FiredRule> Fired() {
    std::vector<FiredRule> fired;
    if (!Prepare()) return fired;
    for (Finding& finding : Findings()) {
      FiredRule rule{finding.rule, nullptr, finding.score, std::move(finding.parts)};
      if (finding.hits != nullptr) rule.mark = &catalog_.marks[finding.hits->mark];
      fired.push_back(std::move(rule));
    }
    return fired;
  }

 private:
  // False when nothing that any rule waits for stands in the listing.
  bool Prepare() {
    if (!reading_.Skim(binding_.vocabulary, listing_, options_.unknown_facts) && !binding_.always)
      return false;
    const bool marks_known = reading_.ReadEarly();
    FindTriggered();
    if (!marks_known || AnyTriggered()) {
      reading_.Read();
      FindTriggered();
    }
    if (reading_.found().marks.empty() && !AnyTriggered()) return false;
    reading_.Sort();
    FindMarks(catalog_, binding_.vocabulary, reading_, hits_);
    return true;
  }

  // A rule that speaks of no mark, or of the kind of one that was found, is worth a look.
  bool AnyTriggered() const {
    const auto any = [&](const std::vector<uint32_t>& rules) {
      return std::any_of(rules.begin(), rules.end(),
                         [&](uint32_t rule) { return triggered_[rule] != 0; });
    };
    return any(binding_.free_rules) ||
           std::any_of(reading_.found().marks.begin(), reading_.found().marks.end(),
                       [&](const Occurrence& o) {
                         const MarkKind kind = catalog_.marks[o.target].kind;
                         return any(binding_.rules_of_kind[static_cast<size_t>(kind)]);
                       });
  }

  // The rules that are worth a look.
  void FindTriggered() {
    triggered_.assign(catalog_.rules.size(), 0);
    const auto trigger = [&](const std::vector<uint32_t>& rules) {
      for (const uint32_t rule : rules) triggered_[rule] = 1;
    };
    trigger(binding_.rules_always);
    if (!listing_.price.empty()) trigger(binding_.rules_of_price);
    if (reading_.MayBeDisguised()) trigger(binding_.rules_of_disguise);
    for (const uint32_t list : reading_.Lists()) trigger(binding_.rules_of_list[list]);
    if (!binding_.pattern_triggers || reading_.found().atoms.empty()) return;
    std::vector<int> literals = reading_.found().atoms;
    std::sort(literals.begin(), literals.end());
    literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
    for (const uint32_t pattern : binding_.patterns.Possible(literals))
      trigger(binding_.rules_of_pattern[pattern]);
  }

  std::vector<Finding> Findings() {
    std::vector<Finding> findings;
    Judge judge(catalog_, binding_, listing_, reading_, options_.now, options_.watched);
    for (const MarkHits& hits : hits_.marks) JudgeMark(hits, judge, findings);
    judge.Bind(nullptr, {});
    for (const uint32_t index : binding_.free_rules) {
      if (triggered_[index] == 0) continue;
      if (auto finding = Judged(index, nullptr, judge)) findings.push_back(std::move(*finding));
    }
    return findings;
  }

  std::optional<Finding> Judged(uint32_t index, const MarkHits* hits, Judge& judge) {
    const Rule& rule = catalog_.rules[index];
    if (costs_ == nullptr) return Judgement(rule, hits, reading_, judge, options_.now);
    const auto begin = std::chrono::steady_clock::now();
    auto finding = Judgement(rule, hits, reading_, judge, options_.now);
    const auto time = std::chrono::steady_clock::now() - begin;
    RuleCost& cost = (*costs_)[index];
    ++cost.checks;
    if (finding) ++cost.matches;
    (finding ? cost.match_time : cost.no_match_time) += time;
    return finding;
  }

  void JudgeMark(const MarkHits& hits, Judge& judge, std::vector<Finding>& findings) {
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
      auto finding = Judged(index, &hits, judge);
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

  void AddHit(const Occurrence& place, const Mark& mark, std::vector<Hit>& hits) const {
    const Slice original = reading_.Original(place.field, {place.begin, place.end});
    Hit& hit = hits.emplace_back();
    hit.mark = mark.id;
    hit.category = Name(mark.kind);
    hit.text = reading_.OriginalText(place.field, original);
    hit.field = reading_.FieldName(place.field);
    hit.begin = original.begin;
    hit.end = original.end;
    hit.folds = FoldNames(FoldsOf(binding_.vocabulary, reading_, place));
  }

  // Of one mark. What may well be an ordinary word counts only where something was made of the mark.
  void AddHits(const MarkHits& of, const std::vector<Finding>& findings,
               std::vector<Hit>& hits) const {
    const bool found = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
      return finding.hits != nullptr && finding.hits->mark == of.mark;
    });
    for (const Occurrence& place : of.places) {
      if (kShownFields.Has(place.field) && (found || !place.weak))
        AddHit(place, catalog_.marks[of.mark], hits);
    }
  }

  // Strongest first: what makes leads before what is only counted, then by score, then in the order
  // of the rules.
  static bool Stronger(const Finding& a, const Finding& b) {
    return std::make_tuple(a.rule->mode == Mode::kObserve, -a.score, a.rule) <
           std::make_tuple(b.rule->mode == Mode::kObserve, -b.score, b.rule);
  }

  Evaluation Assemble(std::vector<Finding> findings) {
    std::stable_sort(findings.begin(), findings.end(), Stronger);
    Evaluation evaluation;
    std::map<uint32_t, std::vector<Hit>> hits_of_mark;  // of those that a finding speaks of
    for (const Finding& finding : findings) {
      if (finding.hits == nullptr) continue;
      const auto [it, fresh] = hits_of_mark.try_emplace(finding.hits->mark);
      if (fresh) AddHits(*finding.hits, findings, it->second);
      // A hit shows the strongest finding that was made of it.
      for (Hit& hit : it->second) {
        if (hit.rule.empty()) Attribute(finding, hit);
      }
    }
    for (Finding& finding : findings) {
      for (Hit& hit : finding.patterns) Attribute(finding, hit);
      AddToFamily(finding, hits_of_mark, evaluation.suspicions);
      if (finding.hits == nullptr) AddNew(finding.patterns, evaluation.hits);
    }
    evaluation.hits.reserve(evaluation.hits.size() + hits_.places.size());
    for (const MarkHits& marks : hits_.marks) {
      const auto known = hits_of_mark.find(marks.mark);
      if (known == hits_of_mark.end()) {
        AddHits(marks, findings, evaluation.hits);
      } else {
        AddNew(known->second, evaluation.hits);
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
  Workspace& workspace_ = ThreadWorkspace();
  Reading& reading_ = workspace_.reading;
  AllMarkHits& hits_ = workspace_.hits;
  std::vector<char>& triggered_ = workspace_.triggered;
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
