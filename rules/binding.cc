#include "rules/binding.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>

#include "base/text.h"
#include "rules/origin.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

std::string Suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  const std::string_view closest = ClosestWord(name, known);
  return closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?";
}

// The word lists by name, with what they include.
class Lists {
 public:
  Lists(Catalog& catalog, Diagnostics& diagnostics) : catalog_(catalog), diagnostics_(diagnostics) {
    for (size_t i = 1; i < catalog.lists.size(); ++i)
      by_name_.emplace(catalog.lists[i].id, static_cast<uint32_t>(i));
  }

  // The list and all that it includes; empty after a diagnostic.
  std::vector<uint32_t> Find(const std::string& name, const Location& where) {
    std::vector<uint32_t> found;
    std::vector<std::pair<const std::string*, const Location*>> open = {{&name, &where}};
    while (!open.empty()) {
      const auto [wanted, place] = open.back();
      open.pop_back();
      const auto it = by_name_.find(*wanted);
      if (it == by_name_.end()) {
        Unknown(*wanted, *place);
        continue;
      }
      if (std::find(found.begin(), found.end(), it->second) != found.end()) continue;
      found.push_back(it->second);
      const WordList& list = catalog_.lists[it->second];
      for (const std::string& included : list.include) open.push_back({&included, &list.where});
    }
    return found;
  }

  uint32_t FindOptional(std::string_view name) const {
    const auto it = by_name_.find(std::string(name));
    return it == by_name_.end() ? 0 : it->second;
  }

  // A list without a name, of words that stand in one place only.
  uint32_t AddUnnamed(std::vector<Term> terms, const Location& where) {
    WordList list;
    list.terms = std::move(terms);
    list.where = where;
    catalog_.lists.push_back(std::move(list));
    return static_cast<uint32_t>(catalog_.lists.size() - 1);
  }
  uint32_t AddUnnamed(const std::vector<std::string>& words, const Location& where) {
    std::vector<Term> terms;
    terms.reserve(words.size());
    for (const std::string& word : words) terms.push_back({word, {}, where});
    return AddUnnamed(std::move(terms), where);
  }

 private:
  void Unknown(const std::string& name, const Location& where) {
    if (!reported_.insert(name + "@" + std::to_string(where.line)).second) return;
    std::vector<std::string_view> known;
    for (const auto& [id, index] : by_name_) known.push_back(id);
    diagnostics_.Error("unknown-list", where, "there is no word list \"" + name + "\"",
                       Suggestion(name, known));
  }

  Catalog& catalog_;
  Diagnostics& diagnostics_;
  std::unordered_map<std::string, uint32_t> by_name_;
  std::set<std::string> reported_;
};

void AddAll(std::vector<uint32_t>& to, const std::vector<uint32_t>& more) {
  for (const uint32_t item : more) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

class Binder {
 public:
  Binder(Catalog& catalog, Diagnostics& diagnostics)
      : catalog_(catalog), diagnostics_(diagnostics), lists_(catalog, diagnostics) {}

  Binding Run() {
    for (size_t i = 1; i < catalog_.lists.size(); ++i) {
      if (catalog_.lists[i].is_goods()) binding_.goods_lists.push_back(static_cast<uint32_t>(i));
      for (const int nice : catalog_.lists[i].classes)
        lists_of_class_[nice].push_back(static_cast<uint32_t>(i));
    }
    for (size_t i = 0; i < catalog_.conditions.size(); ++i)
      shared_.emplace(catalog_.conditions[i].name, &catalog_.conditions[i].condition);
    for (SharedCondition& shared : catalog_.conditions) {
      ForEach(shared.condition, [&](Condition& c) { BindCondition(c, nullptr); });
    }
    for (Rule& rule : catalog_.rules) BindRule(rule);
    for (const SharedCondition& shared : catalog_.conditions)
      CheckCost(shared.condition, shared.where);
    for (const Rule& rule : catalog_.rules) {
      ForEachCondition(rule, [&](const Condition& c) { CheckCost(c, c.where); });
    }
    if (diagnostics_.ok()) CheckFreeRules();
    for (Mark& mark : catalog_.marks) BindMark(mark);
    binding_.origin_before = lists_.FindOptional(kOriginBefore);
    binding_.origin_after = lists_.FindOptional(kOriginAfter);
    atoms_ = binding_.patterns.Prepare();
    if (diagnostics_.ok()) IndexRules();
    AddLiterals();
    return std::move(binding_);
  }

 private:
  // --- conditions ---

  void BindRule(Rule& rule) {
    std::set<std::string> names;
    for (const SignRule& sign : rule.signs) {
      if (!names.insert(sign.name).second || shared_.count(sign.name) > 0)
        diagnostics_.Error("duplicate-id", sign.where,
                           "\"" + sign.name + "\" already names a sign or a shared condition",
                           "choose another name");
    }
    ForEachCondition(rule, [&](Condition& c) { BindCondition(c, &rule); });
  }

  // `rule` is null for a shared condition: whether there is a mark depends on who uses it.
  void BindCondition(Condition& c, Rule* rule) {
    for (const std::string& name : c.lists) AddAll(c.bound_lists, lists_.Find(name, c.where));
    if (!c.terms.empty()) c.bound_lists.push_back(lists_.AddUnnamed(c.terms, c.where));
    if (!c.place.to.empty()) {
      const std::vector<uint32_t> to = lists_.Find(c.place.to, c.where);
      c.bound_to = to.empty() ? 0 : to[0];
    }
    if (c.op == Op::kOrigin &&
        (lists_.FindOptional(kOriginBefore) == 0 || lists_.FindOptional(kOriginAfter) == 0))
      diagnostics_.Error(
          "unknown-list", c.where,
          "a condition on origin needs the word lists origin_before and origin_after",
          "add them: 产地 announces a place, 特产 follows it");
    if (c.op == Op::kStyled) AddAll(style_lists_, c.bound_lists);
    if (c.op == Op::kRegex && !c.pattern.empty()) BindPattern(c);
    if (c.op == Op::kRef) BindRef(c, rule);
    if (rule != nullptr && !rule->marks && AsksAboutMark(c)) NoMark(c, *rule);
  }

  void CheckFreeRules() {
    for (const Rule& rule : catalog_.rules) {
      if (rule.marks) continue;
      ForEachCondition(rule, [&](const Condition& c) {
        if (c.bound_ref != nullptr && shared_.count(c.name) > 0) CheckMarks(c, c, rule);
      });
    }
  }

  void NoMark(const Condition& c, const Rule& rule) {
    diagnostics_.Error("needs-mark", c.where,
                       "the condition asks about a mark, but rule " + rule.id + " speaks of none",
                       "add marks: {kinds: [...]} to the rule, or give near a \"to: LIST\"");
  }

  void BindPattern(Condition& c) {
    Result<uint32_t> pattern = binding_.patterns.Add(c.pattern);
    if (pattern.ok()) {
      c.bound_pattern = *pattern;
    } else {
      diagnostics_.Error("bad-regex", c.where, pattern.status().message(),
                         "patterns are RE2 syntax over folded text (docs/rules.md)");
    }
  }

  void BindRef(Condition& c, const Rule* rule) {
    if (rule != nullptr) {
      for (const SignRule& sign : rule->signs) {
        if (sign.name == c.name) c.bound_ref = &sign.condition;
      }
    }
    if (c.bound_ref != nullptr) return;
    const auto it = shared_.find(c.name);
    if (it != shared_.end()) {
      c.bound_ref = it->second;
      return;
    }
    std::vector<std::string_view> known;
    for (const auto& [name, condition] : shared_) known.push_back(name);
    if (rule != nullptr) {
      for (const SignRule& sign : rule->signs) known.push_back(sign.name);
    }
    diagnostics_.Error("unknown-condition", c.where,
                       "\"" + c.name + "\" is neither a sign of the rule nor a shared condition",
                       Suggestion(c.name, known));
  }

  // What the condition costs to decide, everything it refers to included. One that came back to
  // itself would never be decided.
  size_t Cost(const Condition& c) {
    const auto [it, fresh] = costs_.emplace(&c, kMaxCost + 1);  // while open: too much
    if (!fresh) return it->second;
    size_t cost = 1;
    if (c.bound_ref != nullptr) cost += Cost(*c.bound_ref);
    for (const Condition& part : c.parts) cost += Cost(part);
    cost = std::min(cost, kMaxCost + 1);
    costs_[&c] = cost;
    return cost;
  }
  static constexpr size_t kMaxCost = 2000;

  void CheckCost(const Condition& c, const Location& where) {
    if (Cost(c) > kMaxCost)
      diagnostics_.Error("circular", where, "the condition refers to itself, or to too much",
                         "write it without the detour");
  }

  // The marks that a shared condition asks about must be there where it is used.
  void CheckMarks(const Condition& c, const Condition& user, const Rule& rule) {
    if (c.bound_ref != nullptr) return CheckMarks(*c.bound_ref, user, rule);
    if (AsksAboutMark(c)) return NoMark(user, rule);
    for (const Condition& part : c.parts) CheckMarks(part, user, rule);
  }

  // --- marks ---

  void BindMark(Mark& mark) {
    for (const std::string& list : mark.goods_lists)
      AddAll(mark.bound_goods, lists_.Find(list, mark.where));
    for (const int nice : mark.classes) {
      const auto of_class = lists_of_class_.find(nice);
      if (of_class != lists_of_class_.end()) AddAll(mark.bound_goods, of_class->second);
    }
    if (!mark.goods.empty()) mark.bound_goods.push_back(lists_.AddUnnamed(mark.goods, mark.where));
    for (const std::string& list : mark.context_lists)
      AddAll(mark.bound_context, lists_.Find(list, mark.where));
    if (!mark.context.empty())
      mark.bound_context.push_back(lists_.AddUnnamed(mark.context, mark.where));
    context_lists_.insert(mark.bound_context.begin(), mark.bound_context.end());
    for (ReferencePrice& reference : mark.reference_prices) {
      for (const std::string& list : reference.goods_lists)
        AddAll(reference.bound_goods, lists_.Find(list, mark.where));
      if (!reference.goods.empty())
        reference.bound_goods.push_back(lists_.AddUnnamed(reference.goods, mark.where));
    }
    for (AuthorisedSeller& seller : mark.authorised) seller.folded = FoldString(seller.seller);
    for (const std::string& name : mark.area) {
      const uint32_t place = catalog_.places.Find(name);
      if (place == Gazetteer::kNone) {
        diagnostics_.Error("unknown-place", mark.where,
                           "\"" + name + "\" is no place that places: knows",
                           "add it under places:, or write the name of the city");
        continue;
      }
      mark.bound_area.push_back(place);
      for (const std::string& local : mark.area_places) catalog_.places.AddLocal(local, place);
    }
  }

  // --- literals ---

  void AddLiterals() {
    for (size_t i = 1; i < catalog_.lists.size(); ++i) AddList(static_cast<uint32_t>(i));
    for (size_t i = 0; i < catalog_.marks.size(); ++i)
      AddMark(static_cast<uint32_t>(i), catalog_.marks[i]);
    const std::vector<Gazetteer::Place>& places = catalog_.places.places();
    for (size_t i = 0; i < places.size(); ++i) {
      for (const std::string& name : places[i].names) {
        Use use;
        use.meaning = Meaning::kPlace;
        use.target = static_cast<uint32_t>(i);
        builder_.Add(name, std::move(use));
      }
    }
    for (size_t i = 0; i < atoms_.size(); ++i)
      builder_.AddAtom(atoms_[i], static_cast<uint32_t>(i), free_patterns_,
                       binding_.pattern_triggers);
    binding_.vocabulary = builder_.Build();
  }

  void AddList(uint32_t index) {
    const WordList& list = catalog_.lists[index];
    const uint32_t group = builder_.AddExceptGroup(list.except);
    for (const Term& term : list.terms) {
      Use use;
      use.meaning = Meaning::kWord;
      use.target = index;
      use.wakes = free_lists_.count(index) > 0;
      use.early = trigger_lists_.count(index) > 0 || context_lists_.count(index) > 0;
      use.group = group;
      use.own_group = builder_.AddExceptGroup(term.except);
      builder_.Add(term.text, std::move(use));
    }
  }

  void AddMark(uint32_t index, const Mark& mark) {
    const uint32_t group = builder_.AddExceptGroup(mark.except);
    const auto add = [&](const std::string& text, const std::vector<std::string>& except, Use use) {
      use.meaning = Meaning::kMark;
      use.target = index;
      use.wakes = true;
      use.group = group;
      use.own_group = builder_.AddExceptGroup(except);
      if (!use.cloak && !use.styled) use.variants = mark.folds & ~kTableFolds;
      builder_.Add(text, std::move(use));
    };
    Use plain, in_context, cloak, styled;
    in_context.in_context = true;
    cloak.cloak = true;
    styled.styled = true;
    add(mark.name, {}, mark.needs_context ? in_context : plain);
    for (const Term& alias : mark.aliases) add(alias.text, alias.except, plain);
    for (const Term& alias : mark.aliases_in_context) add(alias.text, alias.except, in_context);
    for (const Term& alias : mark.cloaks) add(alias.text, alias.except, cloak);
    if (mark.place.empty() || mark.product.empty()) return;
    for (const uint32_t list : style_lists_) {
      for (const Term& style : catalog_.lists[list].terms)
        add(mark.place + style.text + mark.product, {}, styled);
    }
  }

  // --- which rules to look at when ---

  void IndexRules() {
    binding_.rules_of_list.resize(catalog_.lists.size());
    binding_.rules_of_pattern.resize(binding_.patterns.size());
    for (size_t i = 0; i < catalog_.rules.size(); ++i) {
      const Rule& rule = catalog_.rules[i];
      const auto index = static_cast<uint32_t>(i);
      if (rule.marks) {
        for (const MarkKind kind : rule.marks->kinds)
          binding_.rules_of_kind[static_cast<size_t>(kind)].push_back(index);
      } else {
        binding_.free_rules.push_back(index);
      }
      Trigger trigger;
      auto required = Required(rule.when);
      for (const Condition& exception : rule.unless) {
        if (exception.op == Op::kNone) KeepSmaller(required, Wanted(exception.parts));
      }
      if (required) {
        trigger = std::move(*required);
      } else {
        trigger.always = true;
      }
      if (!rule.marks) {
        free_lists_.insert(trigger.lists.begin(), trigger.lists.end());
        free_patterns_ = free_patterns_ || !trigger.patterns.empty();
        binding_.always = binding_.always || trigger.always || trigger.price || trigger.disguise;
      }
      if (trigger.always) binding_.rules_always.push_back(index);
      if (trigger.price) binding_.rules_of_price.push_back(index);
      if (trigger.disguise) binding_.rules_of_disguise.push_back(index);
      for (const uint32_t list : trigger.lists) {
        trigger_lists_.insert(list);
        binding_.rules_of_list[list].push_back(index);
      }
      for (const uint32_t pattern : trigger.patterns) {
        binding_.pattern_triggers = true;
        binding_.rules_of_pattern[pattern].push_back(index);
      }
      binding_.triggers.push_back(std::move(trigger));
    }
  }

  static size_t Size(const Trigger& trigger) {
    return trigger.lists.size() + trigger.patterns.size() + (trigger.price ? 1000 : 0) +
           (trigger.disguise ? 1000 : 0);
  }
  static void KeepSmaller(std::optional<Trigger>& best, std::optional<Trigger> other) {
    if (other && (!best || Size(*other) < Size(*best))) best = std::move(other);
  }
  static void AddTo(Trigger& all, const Trigger& more) {
    AddAll(all.lists, more.lists);
    AddAll(all.patterns, more.patterns);
    all.price = all.price || more.price;
    all.disguise = all.disguise || more.disguise;
  }

  // What must be there, one of it, if the condition holds; nothing when it can hold without any.
  std::optional<Trigger> Required(const Condition& c) const {
    Trigger one;
    switch (c.op) {
      case Op::kRef:
        return Required(*c.bound_ref);
      case Op::kWords:
        one.lists = c.bound_lists;
        return one;
      case Op::kRegex:
        if (binding_.patterns.unfiltered(c.bound_pattern)) return std::nullopt;
        one.patterns = {c.bound_pattern};
        return one;
      case Op::kPrice:
      case Op::kTurnover:
        one.price = true;
        return one;
      case Op::kDisguised:
        one.disguise = true;
        return one;
      case Op::kAll: {
        std::optional<Trigger> best;
        for (const Condition& part : c.parts) KeepSmaller(best, Required(part));
        return best;
      }
      case Op::kAny:
      case Op::kAtLeast: {
        for (const Condition& part : c.parts) {
          const auto required = Required(part);
          if (!required) return std::nullopt;
          AddTo(one, *required);
        }
        return one;
      }
      default:
        return std::nullopt;
    }
  }

  // What must be there, one of it, if `none` of the conditions is to be untrue. Only of wording it
  // is certain that what is not found is not there.
  std::optional<Trigger> Wanted(const std::vector<Condition>& parts) const {
    Trigger all;
    for (const Condition& part : parts) {
      const Condition* c = &part;
      while (c->op == Op::kRef) c = c->bound_ref;
      if (c->op != Op::kWords || !c->place.fields.IsWithin(kWording)) return std::nullopt;
      AddAll(all.lists, c->bound_lists);
    }
    return all;
  }

  Catalog& catalog_;
  Diagnostics& diagnostics_;
  Lists lists_;
  std::unordered_map<std::string, const Condition*> shared_;
  std::unordered_map<int, std::vector<uint32_t>> lists_of_class_;
  std::unordered_map<const Condition*, size_t> costs_;
  std::vector<uint32_t> style_lists_;
  std::vector<std::string> atoms_;
  // What a rule that speaks of no mark waits for.
  std::set<uint32_t> free_lists_;
  std::set<uint32_t> trigger_lists_;  // and what any rule does
  std::set<uint32_t> context_lists_;  // what names that are plain words wait for
  bool free_patterns_ = false;
  Vocabulary::Builder builder_;
  Binding binding_;
};

}  // namespace

Binding Bind(Catalog& catalog, Diagnostics& diagnostics) {
  return Binder(catalog, diagnostics).Run();
}

}  // namespace cluehound::rules
