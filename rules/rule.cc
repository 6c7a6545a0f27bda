#include "rules/rule.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::rules {
namespace {

const std::initializer_list<std::string_view> kCategories = {
    "trademark",    "trademark_use", "well_known_claim", "trademark_printing", "gi",
    "special_mark", "olympic",       "official_sign",    "patent_marking",     "agency",
    "overseas"};

// Two of each, so that a rule shows its limits from both sides.
constexpr size_t kMinSamples = 2;

// A number such as a price, kept as text: listings hold decimal strings.
std::string ReadDecimal(YamlMap& map, std::string_view key) {
  const auto number = map.Number(key, 0, 1e12);
  const YamlNode* node = map.node().Find(key);
  return number && node != nullptr ? node->scalar : "";
}

Sample ReadSample(const YamlNode& node, Diagnostics& diagnostics) {
  Sample sample;
  sample.where = node.where;
  if (node.is_scalar()) {
    sample.listing.title = node.scalar;
    return sample;
  }
  YamlMap map(node, diagnostics, "sample");
  extractors::Listing& listing = sample.listing;
  listing.title = map.Text("title");
  listing.text = map.Text("text");
  listing.price = ReadDecimal(map, "price");
  if (map.Has("sold")) listing.sold = map.Integer("sold", 0, 0, int64_t{1} << 50);
  listing.seller = map.Text("seller");
  listing.seller_id = map.Text("seller_id");
  listing.platform = map.Text("platform");
  listing.location = map.Text("location");
  listing.origin = map.Text("origin");
  listing.room_operator = map.Text("room_operator");
  listing.marketing_person = map.Text("marketing_person");
  listing.merchants = map.Texts("merchants");
  const std::string kind = map.Choice("kind", "goods", {"goods", "live", "shop", "agency"});
  listing.kind = *extractors::ListingKindFromName(kind);
  sample.day = map.Day("day");
  sample.mark = map.Text("mark");
  sample.watched = map.Flag("watched", false);
  map.Finish();
  return sample;
}

void ReadSamples(YamlMap& map, Diagnostics& diagnostics, Rule& rule) {
  const YamlNode* node = map.Child("samples");
  const std::string remedy = "add samples: {hit: [two titles or more], miss: [two titles or more]}";
  if (node == nullptr) {
    if (rule.replaces_whole() && map.node().is_map())
      diagnostics.Error("no-samples", rule.where, "rule " + rule.id + " has no samples", remedy);
    return;
  }
  YamlMap samples(*node, diagnostics, "samples");
  samples.Each("hit",
               [&](const YamlNode& item) { rule.hits.push_back(ReadSample(item, diagnostics)); });
  samples.Each("miss",
               [&](const YamlNode& item) { rule.misses.push_back(ReadSample(item, diagnostics)); });
  samples.Finish();
  if (rule.hits.size() < kMinSamples || rule.misses.size() < kMinSamples)
    diagnostics.Error("no-samples", node->where,
                      "rule " + rule.id + " needs two hit and two miss samples, and has " +
                          std::to_string(rule.hits.size()) + " and " +
                          std::to_string(rule.misses.size()),
                      remedy);
}

// `if:`, optional.
std::optional<Condition> ReadIf(YamlMap& map, Diagnostics& diagnostics) {
  const YamlNode* node = map.Child("if");
  if (node == nullptr) return std::nullopt;
  return ReadCondition(*node, diagnostics);
}

SignRule ReadSign(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "sign");
  SignRule sign;
  sign.where = node.where;
  sign.name = map.RequiredText("name");
  sign.kind = map.Choice(
      "kind", "wording",
      {"wording", "disguise", "price", "sales", "origin", "claim", "goods", "number", "seller"});
  sign.label = map.RequiredText("label");
  sign.points = static_cast<int>(map.Integer("points", 0, 0, 100));
  auto condition = ReadIf(map, diagnostics);
  if (condition) {
    sign.condition = std::move(*condition);
  } else if (node.is_map()) {
    map.Error("if", "missing-key", "a sign says by which condition it is seen");
  }
  map.Finish();
  return sign;
}

Adjustment ReadAdjustmentKeys(YamlMap& map) {
  Adjustment adjustment;
  adjustment.label = map.RequiredText("label");
  adjustment.points = static_cast<int>(map.Integer("points", 0, -100, 100));
  auto condition = ReadIf(map, map.diagnostics());
  if (condition) {
    adjustment.condition = std::move(*condition);
  } else if (map.node().is_map()) {
    map.Error("if", "missing-key", "an adjustment says when it applies");
  }
  return adjustment;
}

Adjustment ReadAdjustment(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "adjustment");
  Adjustment adjustment = ReadAdjustmentKeys(map);
  map.Finish();
  return adjustment;
}

Note ReadNote(const YamlNode& node, Diagnostics& diagnostics) {
  if (node.is_scalar()) return {node.scalar, std::nullopt};
  YamlMap map(node, diagnostics, "note");
  Note note;
  note.text = map.RequiredText("text");
  note.condition = ReadIf(map, diagnostics);
  map.Finish();
  return note;
}

RuleCitation ReadCitation(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "citation");
  RuleCitation read;
  read.citation.law = map.RequiredText("law");
  read.citation.version = map.Text("version");
  read.citation.article = map.Text("article");
  read.from = map.Day("effective_from");
  read.to = map.Day("effective_to");
  if (read.from) read.citation.effective_from = FormatDay(*read.from);
  if (read.to) read.citation.effective_to = FormatDay(*read.to);
  if (read.from && read.to && *read.to <= *read.from)
    map.Error("effective_to", "bad-date", "is not after effective_from");
  read.citation.certainty = map.Choice("certainty", "unverified", {"verified", "unverified"});
  read.condition = ReadIf(map, diagnostics);
  map.Finish();
  return read;
}

MarkSelection ReadMarkSelection(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "marks");
  MarkSelection selection;
  for (const YamlNode* item : map.Scalars("kinds")) {
    const auto kind = MarkKindFromName(item->scalar);
    if (kind) {
      selection.kinds.push_back(*kind);
    } else {
      diagnostics.Error("unknown-value", item->where,
                        "\"" + item->scalar +
                            "\" is none of: trademark, gi, special_mark, olympic, official_sign");
    }
  }
  if (node.is_map() && selection.kinds.empty() && !map.Has("kinds"))
    map.Error("kinds", "missing-key", "a rule speaks of kinds of marks",
              "write marks: {kinds: [trademark]}");
  selection.tags = map.Texts("tags");
  selection.not_tags = map.Texts("not_tags");
  selection.ids = map.Texts("ids");
  if (map.Has("fields")) selection.fields = {};
  for (const YamlNode* item : map.Scalars("fields")) {
    const auto field = FieldFromName(item->scalar);
    if (field) {
      selection.fields.Add(*field);
    } else {
      diagnostics.Error("unknown-value", item->where,
                        "\"" + item->scalar + "\" is no field of a listing");
    }
  }
  map.Finish();
  return selection;
}

void ReadHead(YamlMap& map, Rule& rule) {
  rule.rev = static_cast<int>(map.Integer("rev", 1, 1, 1000000));
  const bool whole = rule.replaces_whole();
  rule.family = whole ? map.RequiredText("family") : map.Text("family");
  rule.title = whole ? map.RequiredText("title") : map.Text("title");
  rule.category = map.Choice("category", "", kCategories);
  if (whole && map.node().is_map() && !map.Has("category"))
    map.Error("category", "missing-key", "is missing");
  rule.level = map.Choice("level", "medium", {"low", "medium", "high"});
  const std::string mode = map.Choice("mode", "lead", {"observe", "lead", "alert"});
  rule.mode = mode == "observe" ? Mode::kObserve : mode == "alert" ? Mode::kAlert : Mode::kLead;
  rule.status = map.Choice("status", "experimental", {"experimental", "stable", "deprecated"});
  rule.owner = map.Text("owner");
  rule.behavior_code = map.Text("behavior_code");
  rule.score = static_cast<int>(map.Integer("score", 0, 0, 100));
}

}  // namespace

Instant SampleDay() {
  static const Instant day = *ParseDay("2026-01-01");
  return day;
}

std::vector<std::string> ReadCategories(YamlMap& map, std::string_view key) {
  std::vector<std::string> categories;
  for (const YamlNode* item : map.Scalars(key)) {
    if (std::find(kCategories.begin(), kCategories.end(), item->scalar) != kCategories.end()) {
      categories.push_back(item->scalar);
      continue;
    }
    const std::string_view closest = ClosestWord(item->scalar, {kCategories});
    map.diagnostics().Error(
        "unknown-value", item->where, "\"" + item->scalar + "\" is no category",
        closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
  }
  return categories;
}

Weight ReadWeight(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "weight");
  Weight weight;
  weight.where = node.where;
  weight.id = ReadId(map, diagnostics);
  weight.change = ReadWholeChange(map, "a weight");
  if (weight.change == Change::kRetire) return weight;
  weight.adjustment = ReadAdjustmentKeys(map);
  weight.note = map.Text("note");
  weight.categories = ReadCategories(map, "categories");
  map.Finish();
  return weight;
}

void Apply(const Weight& weight, Rule& rule) {
  if (!weight.categories.empty() && std::find(weight.categories.begin(), weight.categories.end(),
                                              rule.category) == weight.categories.end())
    return;
  rule.adjust.push_back(weight.adjustment);
  if (!weight.note.empty()) rule.notes.push_back({weight.note, weight.adjustment.condition});
}

Rule ReadRule(const YamlNode& node, Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "rule");
  Rule rule;
  rule.where = node.where;
  rule.id = ReadId(map, diagnostics);
  rule.change = ReadWholeChange(map, "a rule");
  ReadHead(map, rule);
  if (const YamlNode* marks = map.Child("marks"))
    rule.marks = ReadMarkSelection(*marks, diagnostics);
  map.Each("signs",
           [&](const YamlNode& item) { rule.signs.push_back(ReadSign(item, diagnostics)); });
  if (const YamlNode* when = map.Child("when")) {
    rule.when = ReadCondition(*when, diagnostics);
  } else if (rule.replaces_whole() && node.is_map()) {
    map.Error("when", "missing-key", "the rule does not say when it fires");
  }
  rule.unless = ReadConditions(map, "unless", diagnostics);
  map.Each("adjust",
           [&](const YamlNode& item) { rule.adjust.push_back(ReadAdjustment(item, diagnostics)); });
  map.Each("notes",
           [&](const YamlNode& item) { rule.notes.push_back(ReadNote(item, diagnostics)); });
  map.Each("citations", [&](const YamlNode& item) {
    rule.citations.push_back(ReadCitation(item, diagnostics));
  });
  rule.blind_spots = map.Texts("blind_spots");
  rule.checklist = map.Texts("checklist");
  ReadSamples(map, diagnostics, rule);
  map.Finish();
  return rule;
}

}  // namespace cluehound::rules
