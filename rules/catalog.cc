#include "rules/catalog.h"

namespace cluehound::rules {
namespace {

template <class T>
void Append(std::vector<T>& to, std::vector<T>&& more) {
  for (T& item : more) to.push_back(std::move(item));
}

// What a later file adds to a mark: lists grow, single facts given are taken over.
void Extend(Mark& mark, Mark&& more, const YamlNode& node) {
  const auto take = [&](std::string_view key, auto& to, auto& from) {
    if (node.Find(key) != nullptr) to = std::move(from);
  };
  Append(mark.aliases, std::move(more.aliases));
  Append(mark.aliases_in_context, std::move(more.aliases_in_context));
  Append(mark.cloaks, std::move(more.cloaks));
  Append(mark.context, std::move(more.context));
  Append(mark.context_lists, std::move(more.context_lists));
  Append(mark.except, std::move(more.except));
  Append(mark.goods, std::move(more.goods));
  Append(mark.goods_lists, std::move(more.goods_lists));
  Append(mark.tags, std::move(more.tags));
  Append(mark.classes, std::move(more.classes));
  Append(mark.reference_prices, std::move(more.reference_prices));
  Append(mark.authorised, std::move(more.authorised));
  Append(mark.area, std::move(more.area));
  Append(mark.area_places, std::move(more.area_places));
  take("name", mark.name, more.name);
  take("needs_context", mark.needs_context, more.needs_context);
  take("owner", mark.owner, more.owner);
  take("number", mark.number, more.number);
  take("product", mark.product, more.product);
  take("place", mark.place, more.place);
  take("valid_from", mark.valid_from, more.valid_from);
  if (more.valid_to) mark.valid_to = more.valid_to;
  take("evasion", mark.folds, more.folds);
  take("certainty", mark.verified, more.verified);
  take("source", mark.source, more.source);
  take("note", mark.note, more.note);
}

void Extend(WordList& list, WordList&& more, const YamlNode& node) {
  Append(list.terms, std::move(more.terms));
  Append(list.include, std::move(more.include));
  Append(list.except, std::move(more.except));
  Append(list.classes, std::move(more.classes));
  if (node.Find("label") != nullptr) list.label = std::move(more.label);
}

// The readers of these refuse it.
void Extend(Rule&, Rule&&, const YamlNode&) {}
void Extend(Weight&, Weight&&, const YamlNode&) {}
void Extend(Correlation&, Correlation&&, const YamlNode&) {}

class Reader {
 public:
  Reader(Catalog& catalog, Diagnostics& diagnostics)
      : catalog_(catalog), diagnostics_(diagnostics) {}

  void Read(const RuleFile& file) {
    const auto root = ParseYaml(file.text, file.shown(), diagnostics_);
    if (!root || root->is_null()) return;
    YamlMap map(*root, diagnostics_, "rule file");
    map.Text("pack");
    if (const YamlNode* words = map.Child("words")) ReadNamed(*words, "words", &Reader::AddList);
    if (const YamlNode* conditions = map.Child("conditions"))
      ReadNamed(*conditions, "conditions", &Reader::AddCondition);
    map.Each("places", [&](const YamlNode& node) { catalog_.places.Read(node, diagnostics_); });
    map.Each("marks", [&](const YamlNode& node) {
      Mark mark = ReadMark(node, diagnostics_);
      Put("mark", marks_, catalog_.marks, std::move(mark), node);
    });
    map.Each("rules", [&](const YamlNode& node) {
      Rule rule = ReadRule(node, diagnostics_);
      Put("rule", rules_, catalog_.rules, std::move(rule), node);
    });
    map.Each("weights", [&](const YamlNode& node) {
      Weight weight = ReadWeight(node, diagnostics_);
      Put("weight", weight_ids_, weights_, std::move(weight), node);
    });
    map.Each("correlations", [&](const YamlNode& node) {
      Correlation correlation = ReadCorrelation(node, diagnostics_);
      Put("correlation", correlations_, catalog_.correlations, std::move(correlation), node);
    });
    map.Finish();
  }

  // Changes of later files first: a weight holds for rules of any file.
  void Complete() {
    DropRetired();
    for (Rule& rule : catalog_.rules) {
      for (const Weight& weight : weights_) Apply(weight, rule);
    }
  }

 private:
  void DropRetired() {
    const auto retired = [](const auto& item) { return item.change == Change::kRetire; };
    std::erase_if(catalog_.marks, retired);
    std::erase_if(catalog_.rules, retired);
    std::erase_if(catalog_.correlations, retired);
    std::erase_if(weights_, retired);
  }

  using Index = std::unordered_map<std::string, size_t>;

  void ReadNamed(const YamlNode& node, const std::string& what,
                 void (Reader::*add)(const YamlNode&, const YamlNode&)) {
    if (!node.is_map()) {
      diagnostics_.Error("wrong-type", node.where, what + " must be a map: name: {...}");
      return;
    }
    for (const auto& [key, value] : node.members) (this->*add)(key, value);
  }

  void AddList(const YamlNode& key, const YamlNode& node) {
    const Change change = ChangeOf(node);
    WordList list = ReadWordList(key.scalar, node, diagnostics_);
    list.where = key.where;
    PutChanged("word list", lists_, catalog_.lists, key.scalar, change, std::move(list), key.where,
               node);
  }

  void AddCondition(const YamlNode& key, const YamlNode& node) {
    CheckId(key.scalar, key.where, diagnostics_);
    const auto [it, fresh] = conditions_.emplace(key.scalar, catalog_.conditions.size());
    if (!fresh) {
      Duplicate("condition", key.scalar, key.where, catalog_.conditions[it->second].where);
      return;
    }
    catalog_.conditions.push_back({key.scalar, ReadCondition(node, diagnostics_), key.where});
  }

  static Change ChangeOf(const YamlNode& node) {
    const YamlNode* change = node.Find("change");
    if (change == nullptr) return Change::kNew;
    return change->scalar == "replace" ? Change::kReplace : Change::kExtend;
  }

  template <class T>
  void Put(const std::string& what, Index& index, std::vector<T>& items, T&& item,
           const YamlNode& node) {
    if (item.id.empty()) return;
    const std::string id = item.id;
    const Change change = item.change;
    const Location where = node.where;
    PutChanged(what, index, items, id, change, std::move(item), where, node);
  }

  template <class T>
  void PutChanged(const std::string& what, Index& index, std::vector<T>& items,
                  const std::string& id, Change change, T&& item, const Location& where,
                  const YamlNode& node) {
    const auto [it, fresh] = index.emplace(id, items.size());
    if (fresh) {
      if (change != Change::kNew)
        diagnostics_.Error("unknown-id", where, "there is no " + what + " \"" + id + "\" to change",
                           "remove \"change:\", or name the one that is meant");
      items.push_back(std::move(item));
      return;
    }
    T& known = items[it->second];
    switch (change) {
      case Change::kNew:
        Duplicate(what, id, where, known.where);
        break;
      case Change::kExtend:
        Extend(known, std::move(item), node);
        break;
      case Change::kReplace:
      case Change::kRetire:
        Drop(std::move(known));
        known = std::move(item);
        break;
    }
  }

  void Drop(Mark&& mark) { catalog_.dropped.push_back(std::move(mark)); }
  template <class T>
  void Drop(T&&) {}

  void Duplicate(const std::string& what, const std::string& id, const Location& where,
                 const Location& first) {
    diagnostics_.Error("duplicate-id", where,
                       what + " \"" + id + "\" stands here a second time (first in " + first.file +
                           ":" + std::to_string(first.line) + ")",
                       "choose another id, or write \"change: replace\" or \"change: extend\"");
  }

  Catalog& catalog_;
  Diagnostics& diagnostics_;
  Index lists_, conditions_, marks_, rules_, weight_ids_, correlations_;
  std::vector<Weight> weights_;
};

}  // namespace

Catalog ReadCatalog(const std::vector<RuleFile>& files, Diagnostics& diagnostics) {
  Catalog catalog;
  catalog.lists.emplace_back();  // list 0 is none
  Reader reader(catalog, diagnostics);
  for (const RuleFile& file : files) reader.Read(file);
  reader.Complete();
  return catalog;
}

}  // namespace cluehound::rules
