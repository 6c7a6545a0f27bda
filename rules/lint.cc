#include "rules/lint.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "rules/binding.h"
#include "rules/catalog.h"
#include "rules/finding.h"
#include "rules/lint_allow.h"
#include "rules/origin.h"
#include "rules/reading.h"
#include "rules/rule_check.h"
#include "rules/sample_test.h"
#include "rules/variant_table.h"

namespace cluehound::rules {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<signed char>(c) >= 0; });
}

class Linter {
 public:
  Linter(const Catalog& catalog, const Binding& binding, Instant now, Diagnostics& diagnostics)
      : catalog_(catalog), binding_(binding), now_(now), diagnostics_(diagnostics) {}

  void Run() {
    for (const WordList& list : catalog_.lists) {
      if (!list.id.empty()) LintList(list);
    }
    for (const Mark& mark : catalog_.marks) LintMark(mark);
    LintSharedNames();
    for (size_t i = 0; i < catalog_.rules.size(); ++i) LintRule(i);
    LintUse();
  }

 private:
  void Warn(std::string code, const Location& where, std::string message, std::string remedy) {
    diagnostics_.Warning(std::move(code), where, std::move(message), std::move(remedy));
  }
  void Inform(std::string code, const Location& where, std::string message, std::string remedy) {
    diagnostics_.Add(
        {Severity::kInfo, std::move(code), where, std::move(message), std::move(remedy)});
  }

  // --- words ---

  static std::vector<std::pair<std::string, const Term*>> Folded(const std::vector<Term>& terms) {
    std::vector<std::pair<std::string, const Term*>> folded;
    folded.reserve(terms.size());
    for (const Term& term : terms)
      folded.emplace_back(std::string(TrimAscii(FoldString(term.text))), &term);
    return folded;
  }

  void LintList(const WordList& list) {
    const auto terms = Folded(list.terms);
    std::map<std::string, const Term*> first;
    for (const auto& [folded, term] : terms) {
      const auto [it, fresh] = first.emplace(folded, term);
      if (!fresh)
        Warn("duplicate-term", term->where,
             "\"" + term->text + "\" says the same as \"" + it->second->text + "\"", "remove one");
      LintShort(*term, folded, list.is_goods() || !term->except.empty() || !list.except.empty());
    }
    for (const auto& [folded, term] : first) LintCovered(folded, *term, first);
  }

  // Words for goods and words with exceptions are short on purpose.
  void LintShort(const Term& term, const std::string& folded, bool on_purpose) {
    const bool ascii = IsAscii(folded);
    if (on_purpose || (ascii ? folded.size() > 2 : CountCharacters(folded) > 1)) return;
    Inform("short-term", term.where, "\"" + term.text + "\" stands in many words",
           "write a longer one, or the exceptions: {term: ..., except: [...]}");
  }

  // A term inside which a shorter one stands is found by that one already.
  void LintCovered(const std::string& folded, const Term& term,
                   const std::map<std::string, const Term*>& all) {
    if (IsAscii(folded)) return;  // word boundaries make the difference
    for (size_t begin = 0; begin < folded.size(); ++begin) {
      for (size_t size = 1; begin + size <= folded.size(); ++size) {
        if (size == folded.size()) continue;
        const auto it = all.find(folded.substr(begin, size));
        if (it == all.end() || !it->second->except.empty() || IsAscii(it->first)) continue;
        Inform("covered-term", term.where,
               "\"" + term.text + "\" is found by \"" + it->second->text + "\" already",
               "remove it, unless it documents a wording");
        return;
      }
    }
  }

  // --- marks ---

  void LintMark(const Mark& mark) {
    std::vector<Term> sure = mark.aliases;
    if (!mark.needs_context) sure.push_back({mark.name, {}, mark.where});
    std::set<std::string> spellings;
    for (const Term& alias : sure) {
      const std::string folded(TrimAscii(FoldString(alias.text)));
      if (IsAscii(folded) && folded.size() <= 3)
        Inform("short-latin-name", alias.where, "\"" + alias.text + "\" can mean many things",
               "move it to aliases_in_context");
      if (variant_table::IsCommonWord(folded))
        Warn("dictionary-word", alias.where,
             "\"" + alias.text + "\" is a word that any text is full of",
             "move it to aliases_in_context, or write needs_context: true");
      if (!IsAscii(folded) && CountCharacters(folded) < 2)
        Warn("short-term", alias.where, "a name of one character stands everywhere",
             "move it to aliases_in_context");
      // Spellings that fold alike are worth listing: a hit is shown with the folds from the
      // closest.
      if (!spellings.insert(alias.text).second)
        Warn("duplicate-term", alias.where, "\"" + alias.text + "\" stands here twice",
             "remove one");
    }
    if (mark.valid_to && now_ >= *mark.valid_to)
      Warn("expired-mark", mark.where,
           "the protection of " + mark.display_name() + " ended on " + FormatDay(*mark.valid_to),
           "add the extension under extensions:, or retire the mark");
    for (const AuthorisedSeller& seller : mark.authorised) {
      if (seller.until && now_ >= *seller.until)
        Warn("expired-seller", mark.where,
             "the authorisation of \"" + seller.seller + "\" for " + mark.display_name() +
                 " ended on " + FormatDay(*seller.until),
             "renew until:, or remove the seller");
    }
  }

  void LintSharedNames() {
    std::map<std::string, const Mark*> owner;
    for (const Mark& mark : catalog_.marks) {
      std::set<std::string> names;
      if (!mark.needs_context) names.insert(FoldString(mark.name));
      for (const Term& alias : mark.aliases) names.insert(FoldString(alias.text));
      for (const std::string& name : names) {
        const auto [it, fresh] = owner.emplace(name, &mark);
        if (!fresh && it->second->kind == mark.kind)
          Warn("shared-name", mark.where,
               "\"" + name + "\" is a name of " + it->second->id + " too",
               "remove it from one of them, or make it need context");
      }
    }
  }

  // --- rules ---

  void LintRule(size_t index) {
    const Rule& rule = catalog_.rules[index];
    if (!rule.marks && binding_.triggers[index].always)
      Warn("no-required-literal", rule.when.where,
           "rule " + rule.id + " has to be evaluated on every listing",
           "require words, or a pattern with a literal part, under all:");
    if (rule.marks && std::none_of(catalog_.marks.begin(), catalog_.marks.end(),
                                   [&](const Mark& mark) { return SpeaksOf(rule, mark); }))
      Warn("unreachable-rule", rule.where, "rule " + rule.id + " speaks of no mark that there is",
           "correct kinds, tags or ids under marks:");
    LintReach(rule);
    const bool cited = std::any_of(rule.citations.begin(), rule.citations.end(),
                                   [&](const RuleCitation& citation) {
                                     return !(citation.from && now_ < *citation.from) &&
                                            !(citation.to && now_ >= *citation.to);
                                   });
    if (!rule.citations.empty() && !cited)
      Warn("no-citation-in-force", rule.where, "no citation of rule " + rule.id + " holds today",
           "add the law in force");
    std::string missing;
    const auto want = [&](bool there, std::string_view what) {
      if (!there) missing += (missing.empty() ? "" : ", ") + std::string(what);
    };
    want(!rule.owner.empty(), "owner");
    want(!rule.behavior_code.empty(), "behavior_code");
    want(!rule.blind_spots.empty(), "blind_spots");
    want(!rule.checklist.empty(), "checklist");
    if (!missing.empty())
      Inform("undocumented", rule.where, "rule " + rule.id + " has no " + missing,
             "an officer needs them at the lead");
  }

  // Ways in which a rule about marks that there are can still never fire.
  void LintReach(const Rule& rule) {
    std::vector<const Condition*> needed;  // what must hold whenever `when` does
    AddNeeded(rule.when, needed);
    for (const Condition* c : needed) {
      const Condition::Amount& amount = c->amount;
      if ((amount.below && amount.at_least && *amount.below <= *amount.at_least) ||
          (amount.below_reference && amount.at_least_reference &&
           *amount.below_reference <= *amount.at_least_reference))
        Warn("unreachable-rule", c->where,
             "rule " + rule.id + " never fires: nothing is below and at least at once",
             "correct the limits");
    }
    for (const Condition& exception : rule.unless) {
      const Condition* target = Target(exception);
      if (std::find(needed.begin(), needed.end(), target) != needed.end())
        Warn("unreachable-rule", exception.where,
             "rule " + rule.id + " never fires: it requires what its exception forbids",
             "remove it from when: or from unless:");
    }
  }

  // What a name refers to in the end.
  static const Condition* Target(const Condition& condition) {
    const Condition* target = &condition;
    while (target->bound_ref != nullptr) target = target->bound_ref;
    return target;
  }

  static void AddNeeded(const Condition& condition, std::vector<const Condition*>& needed) {
    const Condition* target = Target(condition);
    needed.push_back(target);
    const bool every = target->op == Condition::Op::kAll ||
                       (target->op == Condition::Op::kAny && target->parts.size() == 1);
    if (!every) return;
    for (const Condition& part : target->parts) AddNeeded(part, needed);
  }

  // --- what nothing asks for ---

  void LintUse() {
    std::unordered_set<std::string> lists = {std::string(kOriginBefore), std::string(kOriginAfter)};
    std::unordered_set<std::string> conditions;
    const auto note = [&](const Condition& c) {
      lists.insert(c.lists.begin(), c.lists.end());
      lists.insert(c.place.to);
      conditions.insert(c.name);
    };
    for (const SharedCondition& shared : catalog_.conditions) ForEach(shared.condition, note);
    for (const Rule& rule : catalog_.rules) ForEachCondition(rule, note);
    for (const WordList& list : catalog_.lists)
      lists.insert(list.include.begin(), list.include.end());
    for (const Mark& mark : catalog_.marks) {
      lists.insert(mark.goods_lists.begin(), mark.goods_lists.end());
      lists.insert(mark.context_lists.begin(), mark.context_lists.end());
      for (const ReferencePrice& reference : mark.reference_prices)
        lists.insert(reference.goods_lists.begin(), reference.goods_lists.end());
    }
    for (const WordList& list : catalog_.lists) {
      if (!list.id.empty() && !list.is_goods() && lists.count(list.id) == 0)
        Warn("unused-list", list.where, "nothing asks for word list \"" + list.id + "\"",
             "use it or remove it");
    }
    for (const SharedCondition& shared : catalog_.conditions) {
      if (conditions.count(shared.name) == 0)
        Warn("unused-condition", shared.where, "nothing asks for \"" + shared.name + "\"",
             "use it or remove it");
    }
  }

  const Catalog& catalog_;
  const Binding& binding_;
  Instant now_;
  Diagnostics& diagnostics_;
};

}  // namespace

namespace {

// Everything there is to say; false when the files do not compile.
bool FindAll(const std::vector<RuleFile>& files, Instant now, Diagnostics& diagnostics,
             LintReport& report) {
  Catalog catalog = ReadCatalog(files, diagnostics);
  const Binding binding = Bind(catalog, diagnostics);
  report.marks = catalog.marks.size();
  report.rules = catalog.rules.size();
  for (const Rule& rule : catalog.rules) report.samples += rule.hits.size() + rule.misses.size();
  if (!diagnostics.ok()) return false;
  CheckRules(catalog, diagnostics);
  if (!diagnostics.ok()) return false;
  CheckBareMarks(catalog, binding, diagnostics);
  RunSamples(catalog, binding, diagnostics);
  Linter(catalog, binding, now, diagnostics).Run();
  return true;
}

std::string Percent(size_t part, size_t whole) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f %%",
                100 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

}  // namespace

LintReport LintRules(const std::vector<RuleFile>& files, Instant now, Diagnostics& diagnostics) {
  LintReport report;
  Diagnostics found;
  const bool complete = FindAll(files, now, found, report);
  for (const RuleFile& file : files) diagnostics.AddSource(file.shown(), file.text);
  LintAllowances allowances(files);
  for (const Diagnostic& remark : found.all()) {
    if (allowances.Allows(remark)) {
      ++report.allowed;
    } else {
      diagnostics.Add(remark);
    }
  }
  if (complete) allowances.Report(diagnostics);
  return report;
}

void NoiseCount::Add(const Evaluation& evaluation) {
  ++listings_;
  std::set<std::string> marks, rules;
  for (const Hit& hit : evaluation.hits) {
    if (!hit.mark.empty()) marks.insert(hit.mark);
  }
  for (const Suspicion& suspicion : evaluation.suspicions) {
    if (suspicion.mode != Mode::kObserve) rules.insert(suspicion.rule);
  }
  for (const std::string& mark : marks) ++marks_[mark];
  for (const std::string& rule : rules) ++rules_[rule];
}

void NoiseCount::Report(const RuleSet& set, double percent, Diagnostics& diagnostics) const {
  if (listings_ == 0) return;
  const auto too_often = [&](size_t count, double limit) {
    return 100 * static_cast<double>(count) > limit * static_cast<double>(listings_);
  };
  const auto says = [&](size_t count) {
    return std::to_string(count) + " of " + std::to_string(listings_) + " listings (" +
           Percent(count, listings_) + ")";
  };
  for (const MarkSummary& mark : set.marks()) {
    const auto it = marks_.find(mark.id);
    if (it != marks_.end() && too_often(it->second, percent))
      diagnostics.Warning("noisy-mark", mark.where,
                          "mark " + mark.id + " stands in " + says(it->second),
                          "move plain words to aliases_in_context, or add except: phrases");
  }
  for (const RuleSummary& rule : set.rules()) {
    const auto it = rules_.find(rule.id);
    if (it != rules_.end() && too_often(it->second, percent / 10))
      diagnostics.Warning("noisy-rule", rule.where,
                          "rule " + rule.id + " makes leads of " + says(it->second),
                          "see which with rules backtest, and add exceptions under unless:");
  }
}

}  // namespace cluehound::rules
