#include "rules/mark.h"

#include <array>

#include "base/join.h"

namespace cluehound::rules {
namespace {

constexpr std::array<std::string_view, kMarkKindCount> kKindNames = {
    "trademark", "gi", "special_mark", "olympic", "official_sign"};

constexpr double kMaxPrice = 1e9;

bool ReadCertainty(YamlMap& map) {
  return map.Choice("certainty", "unverified", {"verified", "unverified"}) == "verified";
}

// `evasion`: a level, or the folds by name. What is not safe for a short name is left out when the
// name is looked for (rules/variant.h), so that every mark can be at high.
FoldSet ReadEvasion(YamlMap& map) {
  const YamlNode* node = map.Child("evasion");
  if (node == nullptr) return kHighFolds;
  if (!node->is_sequence())
    return EvasionLevel(map.Choice("evasion", "high", {"off", "low", "medium", "high"}))
        .value_or(0);
  FoldSet folds = 0;
  for (const YamlNode* item : map.Scalars("evasion")) {
    const FoldSet fold = FoldFromName(item->scalar);
    if (fold == 0) {
      map.diagnostics().Error(
          "unknown-value", item->where,
          "\"" + item->scalar + "\" is none of the folds: " + Join(FoldNames(kAllFolds), ", "));
    }
    folds |= fold;
  }
  return folds;
}

ReferencePrice ReadReferencePrice(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "reference price");
  ReferencePrice reference;
  reference.price = map.Number("price", 0.01, kMaxPrice);
  reference.sold = map.Number("sold", 1, kMaxPrice);
  if (!map.Has("price") && !map.Has("sold")) map.Error("price", "missing-key", "is missing");
  reference.goods = ReadPhrases(map, "goods");
  reference.goods_lists = map.Texts("goods_lists");
  reference.verified = ReadCertainty(map);
  if (node.is_map() && reference.goods.empty() && reference.goods_lists.empty())
    map.Error("goods", "missing-key", "a reference price holds for some goods only",
              "name them: goods: [手提包]");
  map.Finish();
  return reference;
}

AuthorisedSeller ReadAuthorised(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "authorised seller");
  AuthorisedSeller seller;
  seller.seller = map.Text("seller");
  seller.seller_id = map.Text("seller_id");
  seller.platform = map.Text("platform");
  seller.proof = map.Text("proof");
  seller.until = map.Day("until");
  if (node.is_map() && FoldString(seller.seller).empty() && seller.seller_id.empty())
    map.Error("seller", "missing-key", "an authorised seller has a name or an id");
  map.Finish();
  return seller;
}

void ReadValidity(YamlMap& map, Diagnostics& diagnostics, Mark& mark) {
  mark.valid_from = map.Day("valid_from");
  mark.valid_to = map.Day("valid_to");
  map.Each("extensions", [&](const YamlNode& node) {
    YamlMap extension(node, diagnostics, "extension");
    const auto until = extension.Day("until");
    if (!until && !extension.Has("until")) extension.Error("until", "missing-key", "is missing");
    extension.Text("source");
    ReadCertainty(extension);
    extension.Finish();
    if (until && (!mark.valid_to || *until > *mark.valid_to)) mark.valid_to = until;
  });
  if (mark.valid_from && mark.valid_to && *mark.valid_to <= *mark.valid_from)
    map.Error("valid_to", "bad-date", "is not after valid_from");
}

void ReadNames(YamlMap& map, Diagnostics& diagnostics, Mark& mark) {
  mark.name = map.Text("name");
  if (const YamlNode* name = map.node().Find("name"); name != nullptr && name->is_scalar()) {
    if (FoldString(name->scalar).empty())
      map.Error("name", "empty-term", "the name has no visible character");
  }
  mark.aliases = ReadTerms(map, "aliases", diagnostics);
  mark.aliases_in_context = ReadTerms(map, "aliases_in_context", diagnostics);
  mark.cloaks = ReadTerms(map, "cloaks", diagnostics);
  mark.needs_context = map.Flag("needs_context", false);
  mark.context = ReadPhrases(map, "context");
  mark.context_lists = map.Texts("context_lists");
  mark.except = ReadPhrases(map, "except");
}

void ReadArea(YamlMap& map, Diagnostics& diagnostics, Mark& mark) {
  const YamlNode* node = map.Child("origin");
  if (node == nullptr) return;
  YamlMap origin(*node, diagnostics, "origin");
  mark.area = ReadPhrases(origin, "area");
  mark.area_places = ReadPhrases(origin, "places");
  ReadCertainty(origin);
  if (node->is_map() && mark.area.empty())
    origin.Error("area", "missing-key", "an origin names its area",
                 "write area: [潍坊], with a name that places: knows");
  origin.Finish();
}

}  // namespace

std::string_view Name(MarkKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

std::optional<MarkKind> MarkKindFromName(std::string_view name) {
  for (size_t i = 0; i < kKindNames.size(); ++i) {
    if (kKindNames[i] == name) return static_cast<MarkKind>(i);
  }
  return std::nullopt;
}

std::optional<FoldSet> EvasionLevel(std::string_view name) {
  if (name == "off") return 0;
  if (name == "low") return kLowFolds;
  if (name == "medium") return kMediumFolds;
  if (name == "high") return kHighFolds;
  return std::nullopt;
}

Change ReadChange(YamlMap& map) {
  const std::string change = map.Choice("change", "", {"replace", "extend", "retire"});
  if (change == "replace") return Change::kReplace;
  if (change == "extend") return Change::kExtend;
  if (change == "retire") return Change::kRetire;
  return Change::kNew;
}

Change ReadWholeChange(YamlMap& map, const std::string& what) {
  const Change change = ReadChange(map);
  if (change == Change::kExtend)
    map.Error("change", "unknown-value", what + " is replaced or retired, never extended");
  return change;
}

std::string ReadId(YamlMap& map, Diagnostics& diagnostics) {
  std::string id = map.RequiredText("id");
  if (!id.empty()) CheckId(id, map.where("id"), diagnostics);
  return id;
}

Mark ReadMark(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "mark");
  Mark mark;
  mark.where = node.where;
  mark.id = ReadId(map, diagnostics);
  mark.change = ReadChange(map);
  const bool whole = mark.change == Change::kNew || mark.change == Change::kReplace;
  const std::string kind = map.Choice(
      "kind", "", {kKindNames[0], kKindNames[1], kKindNames[2], kKindNames[3], kKindNames[4]});
  mark.kind = MarkKindFromName(kind).value_or(MarkKind::kTrademark);
  ReadNames(map, diagnostics, mark);
  if (whole && node.is_map()) {
    if (!map.Has("kind"))
      map.Error("kind", "missing-key", "is missing", "add for example \"kind: trademark\"");
    if (!map.Has("name")) map.Error("name", "missing-key", "is missing", "add \"name: ...\"");
  }
  mark.owner = map.Text("owner");
  mark.number = map.Text("number");
  mark.classes = ReadClasses(map);
  mark.goods = ReadPhrases(map, "goods");
  mark.goods_lists = map.Texts("goods_lists");
  mark.tags = map.Texts("tags");
  mark.product = map.Text("product");
  mark.place = map.Text("place");
  ReadValidity(map, diagnostics, mark);
  map.Each("reference_price", [&](const YamlNode& item) {
    mark.reference_prices.push_back(ReadReferencePrice(item, diagnostics));
  });
  map.Each("authorised", [&](const YamlNode& item) {
    mark.authorised.push_back(ReadAuthorised(item, diagnostics));
  });
  ReadArea(map, diagnostics, mark);
  mark.folds = ReadEvasion(map);
  mark.verified = ReadCertainty(map);
  mark.source = map.Text("source");
  mark.note = map.Text("note");
  if (whole && (mark.needs_context || !mark.aliases_in_context.empty()) && mark.context.empty() &&
      mark.context_lists.empty() && mark.aliases.empty())
    map.Error("context", "missing-key", "nothing makes the plain word the mark",
              "add context: [...] with words that stand beside it, or an alias that is no plain "
              "word");
  map.Finish();
  return mark;
}

}  // namespace cluehound::rules
