#include "rules/explainer.h"

#include <algorithm>
#include <tuple>

#include "rules/condition_text.h"
#include "rules/evaluator.h"
#include "rules/finding.h"
#include "rules/shortfall.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

// How far the condition is from holding: parts that would have to turn out otherwise, at the least;
// unknown ones half.
double Missing(const Condition& c, const ExplainedPart& part) {
  if (part.truth == Truth::kTrue) return 0;
  const double own = part.truth == Truth::kUnknown ? 0.5 : 1;
  std::vector<double> each;
  if (c.op == Op::kAll || c.op == Op::kAny || c.op == Op::kAtLeast) {
    for (size_t i = 0; i < c.parts.size(); ++i) each.push_back(Missing(c.parts[i], part.parts[i]));
  }
  switch (c.op) {
    case Op::kRef:
      return part.parts.empty() ? own : Missing(*c.bound_ref, part.parts[0]);
    case Op::kAll: {
      double sum = 0;
      for (const double missing : each) sum += missing;
      return sum;
    }
    case Op::kAny:
      return *std::min_element(each.begin(), each.end());
    case Op::kAtLeast: {
      std::sort(each.begin(), each.end());
      double sum = 0;
      for (size_t i = 0; i < static_cast<size_t>(c.count) && i < each.size(); ++i) sum += each[i];
      return sum;
    }
    default:
      return own;
  }
}

class Explainer {
 public:
  Explainer(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
            const EvaluateOptions& options)
      : catalog_(catalog),
        binding_(binding),
        listing_(listing),
        options_(options),
        judge_(catalog, binding, listing, reading_, options.now, options.watched) {}

  Result<Explanation> Run(const ExplainQuery& query) {
    RETURN_IF_ERROR(CheckQuery(query));
    reading_.Read(binding_.vocabulary, listing_, options_.unknown_facts);
    const std::vector<Occurrence> names = reading_.found().marks;
    words_ = reading_.found().words;
    reading_.Sort();
    FindMarks(catalog_, binding_.vocabulary, reading_, hits_);
    Explanation explanation;
    explanation.evaluation = Evaluate(catalog_, binding_, listing_, options_);
    fired_ = FiredRules(catalog_, binding_, listing_, options_);
    NotePassedOver(names, query, explanation);
    for (const Rule& rule : catalog_.rules) {
      if (query.rule.empty() || rule.id == query.rule) AddRule(rule, query, explanation);
    }
    std::stable_sort(explanation.rules.begin(), explanation.rules.end(), Before);
    return explanation;
  }

 private:
  template <class T>
  static Status CheckId(const std::string& id, const std::vector<T>& items, const char* what) {
    std::vector<std::string_view> ids;
    for (const T& item : items) {
      if (item.id == id) return Status::Ok();
      ids.push_back(item.id);
    }
    const std::string_view closest = ClosestWord(id, ids);
    return Status::NotFound(
        "no " + std::string(what) + " \"" + id + "\" in the set" +
        (closest.empty() ? "" : "; did you mean \"" + std::string(closest) + "\"?"));
  }

  Status CheckQuery(const ExplainQuery& query) const {
    if (!query.rule.empty()) RETURN_IF_ERROR(CheckId(query.rule, catalog_.rules, "rule"));
    if (!query.mark.empty()) RETURN_IF_ERROR(CheckId(query.mark, catalog_.marks, "mark"));
    return Status::Ok();
  }

  static bool Before(const ExplainedRule& a, const ExplainedRule& b) {
    return std::make_tuple(!a.fires, -a.score, !a.touched, a.missing, a.mode == Mode::kObserve) <
           std::make_tuple(!b.fires, -b.score, !b.touched, b.missing, b.mode == Mode::kObserve);
  }

  // --- marks ---

  FoundPiece Piece(Field field, Slice folded) const {
    const Slice original = reading_.Original(field, folded);
    FoundPiece piece;
    piece.text = reading_.OriginalText(field, original);
    piece.field = reading_.FieldName(field);
    piece.begin = original.begin;
    piece.end = original.end;
    return piece;
  }

  FoundPiece NamePiece(const Occurrence& place) const {
    FoundPiece piece = Piece(place.field, {place.begin, place.end});
    piece.folds = FoldNames(FoldsOf(binding_.vocabulary, reading_, place));
    return piece;
  }

  static bool Covers(std::span<const Occurrence> places, const Occurrence& name) {
    return std::any_of(places.begin(), places.end(), [&](const Occurrence& place) {
      return place.field == name.field && place.begin <= name.begin && name.end <= place.end;
    });
  }

  // Why a name that stands there is no hit.
  std::string WhyNot(const Occurrence& name) const {
    const Mark& mark = catalog_.marks[name.target];
    const auto kept = reading_.Marks();
    const bool cancelled = std::none_of(kept.begin(), kept.end(), [&](const Occurrence& o) {
      return o.target == name.target && o.field == name.field && o.begin == name.begin &&
             o.end == name.end;
    });
    if (cancelled) return "it stands in a phrase in which it is not the mark (except:)";
    if (const FoldSet folds = FoldsOf(binding_.vocabulary, reading_, name) & ~mark.folds;
        folds != 0)
      return "the mark's evasion: does not allow the fold " + FoldNames(folds).front();
    if (name.weak)
      return "the spelling may well be an ordinary word, and nothing beside it says otherwise";
    if (binding_.vocabulary.use(name.use).in_context)
      return "it is a plain word: the mark only beside a word of its context: or a sure name";
    return "it is not counted";
  }

  void NotePassedOver(const std::vector<Occurrence>& names, const ExplainQuery& query,
                      Explanation& explanation) const {
    constexpr size_t kMaxShown = 20;
    for (const Occurrence& name : names) {
      const Mark& mark = catalog_.marks[name.target];
      if (!query.mark.empty() && mark.id != query.mark) continue;
      const MarkHits* hits = HitsOf(name.target);
      if (hits != nullptr && Covers(hits->places, name)) continue;
      if (explanation.passed_over.size() >= kMaxShown) return;
      explanation.passed_over.push_back({mark.id, NamePiece(name), WhyNot(name)});
    }
  }

  const MarkHits* HitsOf(uint32_t mark) const {
    for (const MarkHits& hits : hits_.marks) {
      if (hits.mark == mark) return &hits;
    }
    return nullptr;
  }

  // --- rules ---

  void AddRule(const Rule& rule, const ExplainQuery& query, Explanation& explanation) {
    if (!rule.marks) {
      if (query.mark.empty() || !query.rule.empty())
        explanation.rules.push_back(Explain(rule, nullptr));
      return;
    }
    bool spoken = false;
    for (const MarkHits& hits : hits_.marks) {
      const Mark& mark = catalog_.marks[hits.mark];
      if (!SpeaksOf(rule, mark) || (!query.mark.empty() && mark.id != query.mark)) continue;
      explanation.rules.push_back(Explain(rule, &hits));
      spoken = true;
    }
    if (spoken) return;
    // The mark that is asked for, as if it were looked for and not found.
    MarkHits absent;
    const MarkHits* hits = nullptr;
    if (!query.mark.empty()) {
      while (catalog_.marks[absent.mark].id != query.mark) ++absent.mark;
      if (SpeaksOf(rule, catalog_.marks[absent.mark])) {
        hits = &absent;
      } else if (query.rule.empty()) {
        return;
      }
    }
    explanation.rules.push_back(Explain(rule, hits));
  }

  ExplainedRule Explain(const Rule& rule, const MarkHits* hits) {
    ExplainedRule explained;
    explained.rule = rule.id;
    explained.rev = rule.rev;
    explained.title = rule.title;
    explained.category = rule.category;
    explained.mode = rule.mode;
    judge_.Bind(hits, rule.marks ? rule.marks->fields : FieldSet());
    if (hits != nullptr) {
      explained.mark = catalog_.marks[hits->mark].id;
      explained.mark_name = catalog_.marks[hits->mark].display_name();
    }
    bool found = true;
    if (rule.marks) {
      explained.parts.push_back(MarkPart(rule, hits));
      found = explained.parts[0].truth == Truth::kTrue;
      if (!found) explained.missing += 1;
    }
    ExplainedPart when = Part(rule.when);
    when.name = "when: " + when.name;
    explained.missing += Missing(rule.when, when);
    explained.touched = (rule.marks && found) || HasFound(when);
    explained.parts.push_back(std::move(when));
    for (const Condition& condition : rule.unless) {
      ExplainedPart part = Part(condition);
      part.name = "unless: " + part.name;
      part.exception = true;
      if (part.truth == Truth::kTrue) explained.missing += 1;
      explained.parts.push_back(std::move(part));
    }
    for (const SignRule& sign : rule.signs) {
      ExplainedPart part = Part(sign.condition);
      part.name = sign.name + ": " + part.name;
      explained.signs.push_back(std::move(part));
    }
    const Mark* mark = hits == nullptr ? nullptr : &catalog_.marks[hits->mark];
    for (const FiredRule& fired : fired_) {
      if (fired.rule != &rule || fired.mark != mark) continue;
      explained.fires = true;
      explained.score = fired.score;
      explained.score_parts = fired.parts;
    }
    // Beyond the rule's own parts the engine asks more of what is weakly spelled.
    if (!explained.fires && found && Fires(rule, judge_)) {
      ExplainedPart weak;
      weak.name = "enough weight";
      weak.truth = Truth::kFalse;
      weak.reason =
          "the spelling found may well be an ordinary word, and nothing else weighs enough";
      explained.parts.push_back(std::move(weak));
      explained.missing += 1;
    }
    return explained;
  }

  static bool HasFound(const ExplainedPart& part) {
    return !part.found.empty() || std::any_of(part.parts.begin(), part.parts.end(), HasFound);
  }

  ExplainedPart MarkPart(const Rule& rule, const MarkHits* hits) const {
    ExplainedPart part;
    part.name = "mark";
    for (const MarkKind kind : rule.marks->kinds)
      part.name += (part.name == "mark" ? " of kind " : ", ") + std::string(Name(kind));
    part.name += " in " + FieldList(rule.marks->fields);
    part.truth = judge_.places().empty() ? Truth::kFalse : Truth::kTrue;
    for (const Occurrence& place : judge_.places()) part.found.push_back(NamePiece(place));
    if (part.truth == Truth::kTrue) return part;
    if (hits == nullptr) {
      part.reason = "no mark that the rule speaks of stands there";
    } else if (hits->places.empty()) {
      part.reason = "no name of " + catalog_.marks[hits->mark].display_name() + " stands there";
    } else {
      part.reason = "the mark stands in a field that does not count here";
    }
    return part;
  }

  ExplainedPart Part(const Condition& c) {
    ExplainedPart part;
    part.name = Describe(c);
    if (judge_.mark() == nullptr && Asks(c)) {
      part.truth = Truth::kUnknown;
      if (AsksAboutMark(c)) part.reason = "there is no mark to ask about";
    } else {
      std::vector<Evidence> evidence;
      part.truth = judge_.Holds(c, &evidence);
      if (c.parts.empty() && c.op != Op::kRef) AddFound(evidence, part);
    }
    if (c.op == Op::kRef) {
      part.parts.push_back(Part(*c.bound_ref));
    } else {
      for (const Condition& child : c.parts) part.parts.push_back(Part(child));
    }
    if (part.truth != Truth::kTrue && part.parts.empty() && part.reason.empty()) {
      const JudgedListing of{catalog_, binding_,     listing_,        reading_,
                             words_,   options_.now, options_.watched};
      part.reason = Shortfall(c, part.truth, judge_, of);
    }
    return part;
  }

  // It or something below it cannot be decided without a mark.
  static bool Asks(const Condition& c) {
    if (AsksAboutMark(c)) return true;
    if (c.bound_ref != nullptr && Asks(*c.bound_ref)) return true;
    return std::any_of(c.parts.begin(), c.parts.end(), Asks);
  }

  void AddFound(const std::vector<Evidence>& evidence, ExplainedPart& part) const {
    for (const Evidence& piece : evidence) {
      FoundPiece found;
      if (piece.field) {
        found = Piece(*piece.field, piece.slice);
        const std::string_view folded = reading_.Folded(*piece.field);
        found.folds = FoldNames(FoldsBetween(
            found.text, folded.substr(piece.slice.begin, piece.slice.end - piece.slice.begin)));
      }
      found.note = piece.fact;
      part.found.push_back(std::move(found));
    }
  }

  const Catalog& catalog_;
  const Binding& binding_;
  const extractors::Listing& listing_;
  const EvaluateOptions& options_;
  Reading reading_;
  std::vector<Occurrence> words_;  // before exceptions cancelled some
  AllMarkHits hits_;
  std::vector<FiredRule> fired_;
  Judge judge_;
};

}  // namespace

Result<Explanation> ExplainListing(const Catalog& catalog, const Binding& binding,
                                   const extractors::Listing& listing,
                                   const EvaluateOptions& options, const ExplainQuery& query) {
  return Explainer(catalog, binding, listing, options).Run(query);
}

}  // namespace cluehound::rules
