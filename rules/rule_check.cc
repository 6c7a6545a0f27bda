#include "rules/rule_check.h"

#include <algorithm>
#include <unordered_map>

#include "rules/evaluator.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

// Whether something in the listing beside the mark speaks for infringement when the condition
// holds. Words for the goods do so only where using the sign on goods is itself the matter.
bool NeedsSign(const Condition& c, const Catalog& catalog, bool goods_count) {
  const auto needs = [&](const Condition& part) { return NeedsSign(part, catalog, goods_count); };
  switch (c.op) {
    case Op::kRef:
      return needs(*c.bound_ref);
    case Op::kAll:
      return std::any_of(c.parts.begin(), c.parts.end(), needs);
    case Op::kAny:
      return !c.parts.empty() && std::all_of(c.parts.begin(), c.parts.end(), needs);
    case Op::kAtLeast:
      // With one part more than may be without, one that has a sign must hold.
      return std::count_if(c.parts.begin(), c.parts.end(), needs) + c.count >
             static_cast<std::ptrdiff_t>(c.parts.size());
    case Op::kWords:
      return goods_count || std::none_of(c.bound_lists.begin(), c.bound_lists.end(),
                                         [&](uint32_t l) { return catalog.lists[l].is_goods(); });
    case Op::kRegex:
    case Op::kStyled:
    case Op::kDisguised:
    case Op::kPatentNumber:
      return true;
    case Op::kOrigin:
      return c.side == Condition::Side::kOutside;
    case Op::kPrice:
      return c.amount.below || c.amount.below_reference;
    default:
      return false;
  }
}

bool GoodsCount(const Rule& rule) {
  if (!rule.marks) return true;
  return std::none_of(rule.marks->kinds.begin(), rule.marks->kinds.end(), [](MarkKind kind) {
    return kind == MarkKind::kTrademark || kind == MarkKind::kGi;
  });
}

void CheckSigns(const Rule& rule, Diagnostics& diagnostics) {
  for (const SignRule& sign : rule.signs) {
    bool asked = false;
    const auto visit = [&](const Condition& c) { asked = asked || c.bound_ref == &sign.condition; };
    ForEachCondition(rule, visit);
    // A sign may also only add to the score of a suspicion that others make.
    if (!asked && sign.points == 0)
      diagnostics.Error("unused-sign", sign.where,
                        "sign \"" + sign.name + "\" has no points and no condition asks for it",
                        "name it under when:, or give it points");
  }
}

void CheckCorrelations(const Catalog& catalog, Diagnostics& diagnostics) {
  std::vector<std::string_view> known;
  for (const Rule& rule : catalog.rules) known.push_back(rule.id);
  for (const Correlation& correlation : catalog.correlations) {
    for (const auto* rules : {&correlation.rules, &correlation.not_rules}) {
      for (const std::string& rule : *rules) {
        if (std::find(known.begin(), known.end(), rule) != known.end()) continue;
        const std::string_view closest = ClosestWord(rule, known);
        diagnostics.Error("unknown-id", correlation.where, "there is no rule \"" + rule + "\"",
                          closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
      }
    }
  }
}

}  // namespace

void CheckRules(const Catalog& catalog, Diagnostics& diagnostics) {
  std::unordered_map<std::string, const Rule*> families;
  for (const Rule& rule : catalog.rules) {
    if (!NeedsSign(rule.when, catalog, GoodsCount(rule)))
      diagnostics.Error(
          "fires-on-bare-mark", rule.when.where,
          "rule " + rule.id + " can fire on " +
              (rule.marks ? "a mark alone, and a bare mark is never a lead" : "any listing"),
          "require a sign under all:, for example words, origin: outside or price: below");
    CheckSigns(rule, diagnostics);
    const auto [it, fresh] = families.emplace(rule.family, &rule);
    if (!fresh && it->second->category != rule.category)
      diagnostics.Error("mixed-family", rule.where,
                        "family \"" + rule.family + "\" is " + it->second->category + " in rule " +
                            it->second->id + " and " + rule.category + " here",
                        "give the rule a family of its own");
  }
  CheckCorrelations(catalog, diagnostics);
}

void CheckBareMarks(const Catalog& catalog, const Binding& binding, Diagnostics& diagnostics) {
  const EvaluateOptions options{SampleDay(), true};
  for (const Mark& mark : catalog.marks) {
    std::vector<const std::string*> names = {&mark.name};
    for (const Term& alias : mark.aliases) names.push_back(&alias.text);
    for (const Term& alias : mark.aliases_in_context) names.push_back(&alias.text);
    for (const Term& alias : mark.cloaks) names.push_back(&alias.text);
    for (const std::string* name : names) {
      extractors::Listing listing;
      listing.title = *name;
      for (const Rule* rule : FiringRules(catalog, binding, listing, options)) {
        diagnostics.Error("fires-on-bare-mark", mark.where,
                          "rule " + rule->id + " fires on \"" + *name + "\" alone",
                          "take the words that make it fire out of the name");
      }
    }
  }
}

}  // namespace cluehound::rules
