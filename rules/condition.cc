#include "rules/condition.h"

#include <array>

#include "base/join.h"
#include "base/text.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

constexpr int kMaxDistance = 500;  // characters
constexpr double kMaxAmount = 1e12;

struct Test {
  std::string_view key;
  Op op;
};
constexpr std::array kTests = {
    Test{"all", Op::kAll},
    Test{"any", Op::kAny},
    Test{"none", Op::kNone},
    Test{"at_least", Op::kAtLeast},
    Test{"unknown", Op::kUnknown},
    Test{"words", Op::kWords},
    Test{"terms", Op::kWords},
    Test{"regex", Op::kRegex},
    Test{"mark", Op::kMark},
    Test{"styled", Op::kStyled},
    Test{"disguised", Op::kDisguised},
    Test{"price", Op::kPrice},
    Test{"sold", Op::kSold},
    Test{"turnover", Op::kTurnover},
    Test{"seller", Op::kSeller},
    Test{"origin", Op::kOrigin},
    Test{"ships_from", Op::kShipsFrom},
    Test{"goods", Op::kGoods},
    Test{"patent_number", Op::kPatentNumber},
    Test{"credit_code", Op::kCreditCode},
    Test{"validity", Op::kValidity},
    Test{"present", Op::kPresent},
    Test{"kind", Op::kKind},
};

std::optional<Field> ReadField(const YamlNode& node, Diagnostics& diagnostics) {
  const auto field = FieldFromName(node.scalar);
  if (!field) {
    diagnostics.Error(
        "unknown-value", node.where,
        "\"" + node.scalar + "\" is no field of a listing: " + Join(kFieldNames, ", "));
  }
  return field;
}

FieldSet ReadFields(YamlMap& map, std::string_view key, FieldSet fallback) {
  if (!map.Has(key)) {
    map.Child(key);
    return fallback;
  }
  FieldSet fields;
  for (const YamlNode* node : map.Scalars(key)) {
    if (const auto field = ReadField(*node, map.diagnostics())) fields.Add(*field);
  }
  return fields;
}

std::optional<int> ReadDistance(YamlMap& map, std::string_view key) {
  const int64_t distance = map.Integer(key, -1, 0, kMaxDistance);
  return distance < 0 ? std::nullopt : std::optional<int>(static_cast<int>(distance));
}

void ReadPlace(YamlMap& map, Condition& condition) {
  Condition::Place& place = condition.place;
  place.fields = ReadFields(map, "fields", kWording);
  place.near = ReadDistance(map, "near");
  place.before = ReadDistance(map, "before");
  place.after = ReadDistance(map, "after");
  place.to = map.Text("to");
  const int given = (place.near ? 1 : 0) + (place.before ? 1 : 0) + (place.after ? 1 : 0);
  if (given > 1)
    map.Error(place.near ? "near" : "before", "conflict",
              "only one of near, before and after can hold");
  if (!place.to.empty() && given == 0)
    map.Error("to", "conflict", "says to what, but not how near", "add near: 10");
}

// `referred`: the amount may also be a share of the mark's reference.
Condition::Amount ReadAmount(const YamlNode& node, Diagnostics& diagnostics, std::string what,
                             bool referred) {
  YamlMap map(node, diagnostics, std::move(what));
  Condition::Amount amount;
  amount.below = map.Number("below", 0, kMaxAmount);
  amount.at_least = map.Number("at_least", 0, kMaxAmount);
  if (referred) {
    amount.below_reference = map.Number("below_reference", 0.001, 1);
    amount.at_least_reference = map.Number("at_least_reference", 0.001, 1000);
  }
  if (node.is_map() && node.members.empty())
    diagnostics.Error("missing-key", node.where, "says neither below nor at_least");
  map.Finish();
  return amount;
}

void ReadPatentNumber(YamlMap& map, Condition& condition) {
  for (const YamlNode* node : map.Scalars("patent_number")) {
    if (node->scalar == "absent") {
      condition.no_number = true;
      continue;
    }
    const PatentFaults fault = PatentFaultFromName(node->scalar);
    if (fault == 0)
      map.diagnostics().Error("unknown-value", node->where,
                              "\"" + node->scalar +
                                  "\" is none of: check_digit, year, type, term, malformed, "
                                  "absent");
    condition.faults |= fault;
  }
  if (condition.no_number && condition.faults != 0)
    map.Error("patent_number", "conflict", "a number that is absent has no faults",
              "write them as two conditions under any:");
}

void ReadValidity(YamlMap& map, Condition& condition) {
  using Validity = Condition::Validity;
  constexpr std::pair<std::string_view, Validity> kNames[] = {{"in_force", Validity::kInForce},
                                                              {"expired", Validity::kExpired},
                                                              {"not_yet", Validity::kNotYet},
                                                              {"open", Validity::kOpen}};
  for (const YamlNode* node : map.Scalars("validity")) {
    bool known = false;
    for (const auto& [name, value] : kNames) {
      if (node->scalar != name) continue;
      condition.validities.push_back(value);
      known = true;
    }
    if (!known)
      map.diagnostics().Error(
          "unknown-value", node->where,
          "\"" + node->scalar + "\" is none of: in_force, expired, not_yet, open");
  }
}

void ReadKinds(YamlMap& map, Condition& condition) {
  for (const YamlNode* node : map.Scalars("kind")) {
    const auto kind = extractors::ListingKindFromName(node->scalar);
    if (kind) {
      condition.kinds.push_back(*kind);
    } else {
      map.diagnostics().Error("unknown-value", node->where,
                              "\"" + node->scalar + "\" is none of: goods, live, shop, agency");
    }
  }
}

void ReadWords(YamlMap& map, Condition& condition, Diagnostics& diagnostics) {
  condition.lists = map.Texts("words");
  condition.terms = ReadTerms(map, "terms", diagnostics);
  if (condition.lists.empty() && condition.terms.empty())
    map.Error(map.Has("words") ? "words" : "terms", "missing-key", "names no words");
  ReadPlace(map, condition);
}

void ReadDetails(YamlMap& map, Condition& condition, Diagnostics& diagnostics) {
  switch (condition.op) {
    case Op::kAll:
      condition.parts = ReadConditions(map, "all", diagnostics);
      break;
    case Op::kAny:
      condition.parts = ReadConditions(map, "any", diagnostics);
      break;
    case Op::kNone:
      condition.parts = ReadConditions(map, "none", diagnostics);
      break;
    case Op::kAtLeast:
      condition.count = static_cast<int>(map.Integer("at_least", 1, 1, 100));
      condition.parts = ReadConditions(map, "of", diagnostics);
      if (condition.parts.size() < static_cast<size_t>(condition.count))
        map.Error("of", "unsatisfiable", "has fewer conditions than must hold");
      break;
    case Op::kUnknown:
      if (const YamlNode* part = map.Child("unknown"))
        condition.parts.push_back(ReadCondition(*part, diagnostics));
      break;
    case Op::kWords:
      ReadWords(map, condition, diagnostics);
      break;
    case Op::kRegex:
      condition.pattern = map.RequiredText("regex");
      ReadPlace(map, condition);
      break;
    case Op::kMark:
      condition.place.fields = ReadFields(map, "mark", {});
      break;
    case Op::kPresent:
      condition.place.fields = ReadFields(map, "present", {});
      break;
    case Op::kStyled:
      condition.lists = map.Texts("styled");
      break;
    case Op::kDisguised:
      if (!map.Flag("disguised", true))
        map.Error("disguised", "unknown-value", "can only be true", "put it under none:");
      break;
    case Op::kPrice:
    case Op::kSold: {
      const std::string_view what = condition.op == Op::kPrice ? "price" : "sold";
      if (const YamlNode* amount = map.Child(what))
        condition.amount = ReadAmount(*amount, diagnostics, std::string(what), true);
      break;
    }
    case Op::kTurnover:
      if (const YamlNode* amount = map.Child("turnover"))
        condition.amount = ReadAmount(*amount, diagnostics, "turnover", false);
      break;
    case Op::kSeller:
      condition.watched =
          map.Choice("seller", "authorised", {"authorised", "watched"}) == "watched";
      break;
    case Op::kCreditCode:
      map.Choice("credit_code", "check_digit", {"check_digit"});
      break;
    case Op::kOrigin:
    case Op::kShipsFrom: {
      const std::string side = map.Choice(condition.op == Op::kOrigin ? "origin" : "ships_from",
                                          "inside", {"inside", "outside"});
      condition.side = side == "outside" ? Condition::Side::kOutside : Condition::Side::kInside;
      break;
    }
    case Op::kGoods:
      map.Choice("goods", "own", {"own"});
      break;
    case Op::kPatentNumber:
      ReadPatentNumber(map, condition);
      break;
    case Op::kValidity:
      ReadValidity(map, condition);
      break;
    case Op::kKind:
      ReadKinds(map, condition);
      break;
    case Op::kRef:
      break;
  }
}

// The one test that the map makes, or nothing after a diagnostic.
std::optional<Op> TestOf(const YamlNode& node, Diagnostics& diagnostics) {
  std::optional<Op> found;
  for (const auto& [key, value] : node.members) {
    for (const Test& test : kTests) {
      if (key.scalar != test.key || found == test.op) continue;
      if (found) {
        diagnostics.Error("conflict", key.where, "a condition makes one test, and this is a second",
                          "put both under all: or any:");
        return std::nullopt;
      }
      found = test.op;
    }
  }
  if (!found) {
    std::vector<std::string_view> names;
    for (const Test& test : kTests) names.emplace_back(test.key);
    std::string_view closest;
    if (!node.members.empty()) closest = ClosestWord(node.members[0].first.scalar, names);
    diagnostics.Error("unknown-condition", node.where,
                      "makes none of the tests: " + Join(names, ", "),
                      closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
  }
  return found;
}

}  // namespace

Condition ReadCondition(const YamlNode& node, Diagnostics& diagnostics) {
  Condition condition;
  condition.where = node.where;
  if (node.is_scalar()) {
    condition.op = Op::kRef;
    condition.name = node.scalar;
    return condition;
  }
  if (!node.is_map()) {
    diagnostics.Error("wrong-type", node.where,
                      "a condition is the name of a sign or a map with one test");
    return condition;
  }
  const auto op = TestOf(node, diagnostics);
  if (!op) return condition;
  condition.op = *op;
  YamlMap map(node, diagnostics, "condition");
  ReadDetails(map, condition, diagnostics);
  map.Finish();
  return condition;
}

bool AsksAboutMark(const Condition& c) {
  switch (c.op) {
    case Op::kMark:
    case Op::kStyled:
    case Op::kDisguised:
    case Op::kOrigin:
    case Op::kShipsFrom:
    case Op::kGoods:
    case Op::kValidity:
      return true;
    case Op::kWords:
    case Op::kRegex:
      return c.place.anchored() && c.place.to.empty();
    case Op::kSeller:
      return !c.watched;
    case Op::kPrice:
    case Op::kSold:
      return c.amount.below_reference || c.amount.at_least_reference;
    default:
      return false;
  }
}

std::vector<Condition> ReadConditions(YamlMap& map, std::string_view key,
                                      Diagnostics& diagnostics) {
  std::vector<Condition> conditions;
  map.Each(key,
           [&](const YamlNode& node) { conditions.push_back(ReadCondition(node, diagnostics)); });
  if (conditions.empty() && map.Has(key))
    map.Error(key, "missing-key", "an empty list says nothing");
  return conditions;
}

}  // namespace cluehound::rules
