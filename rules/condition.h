#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/yaml.h"
#include "extractors/listing.h"
#include "rules/field.h"
#include "rules/patent_number.h"
#include "rules/word_list.h"

namespace cluehound::rules {

// A condition of a rule, as written and then bound to what its names mean. Conditions have three
// values: what a listing does not tell is unknown, and unknown satisfies neither all, any nor none.
struct Condition {
  enum class Op : uint8_t {
    kAll,           // every part holds
    kAny,           // one part holds
    kNone,          // every part is known not to hold
    kAtLeast,       // `count` parts hold
    kUnknown,       // the listing does not tell whether the part holds
    kRef,           // a sign of the rule, or a shared condition, by name
    kWords,         // one of the terms of the lists stands in one of the fields
    kRegex,         // the pattern matches in one of the fields
    kMark,          // the mark stands in one of the fields
    kStyled,        // the mark's name with a style word: 潍县型萝卜, 潍县萝卜风味
    kDisguised,     // the mark stands in a spelling that only hides it
    kPrice,         // price of the listing, absolute or against the mark's reference
    kSold,          // units sold
    kTurnover,      // price times units sold, in yuan: an estimate
    kSeller,        // the seller is on the mark's list of authorised sellers, or is watched
    kOrigin,        // the declared place of production against the mark's area
    kShipsFrom,     // the place it ships from against the mark's area
    kGoods,         // a word for goods of the mark stands in the listing
    kPatentNumber,  // what is wrong with the patent numbers in the wording
    kCreditCode,    // the check digit of a unified social credit code does not fit
    kValidity,      // whether the mark's protection is in force
    kPresent,       // the field says something
    kKind,          // goods, live, shop, agency
  };

  // Where a text must stand; distances are in characters.
  struct Place {
    FieldSet fields = kWording;
    std::optional<int> near;    // at most so many between it and the anchor, on either side
    std::optional<int> before;  // it ends at most so many before the anchor
    std::optional<int> after;   // it begins at most so many after the anchor
    std::string to;             // the anchor is a word of this list; empty: the mark

    bool anchored() const { return near || before || after; }
  };
  struct Amount {
    std::optional<double> below;
    std::optional<double> at_least;
    std::optional<double> below_reference;  // shares of the mark's reference price or sales
    std::optional<double> at_least_reference;
  };
  enum class Side : uint8_t { kInside, kOutside };
  enum class Validity : uint8_t { kInForce, kExpired, kNotYet, kOpen };

  Op op = Op::kAll;
  Location where;
  std::vector<Condition> parts;
  int count = 0;
  std::string name;                // kRef
  std::vector<std::string> lists;  // kWords, kStyled
  std::vector<Term> terms;         // kWords
  std::string pattern;             // kRegex
  Place place;
  Amount amount;
  Side side = Side::kInside;
  PatentFaults faults = 0;  // kPatentNumber: any of these
  bool no_number = false;   // kPatentNumber: there is none at all
  bool watched = false;     // kSeller: by the office, not authorised by the owner
  std::vector<Validity> validities;
  std::vector<extractors::ListingKind> kinds;

  // Filled when the set is compiled.
  std::vector<uint32_t> bound_lists;
  uint32_t bound_to = 0;  // list of place.to
  uint32_t bound_pattern = 0;
  const Condition* bound_ref = nullptr;
};

// Reads a condition: a name, or a map with one test and its details. Mistakes go to `diagnostics`.
Condition ReadCondition(const YamlNode& node, Diagnostics& diagnostics);

// The condition itself, its parts apart, asks something about the mark that a rule speaks of, and
// can only be decided when there is one.
bool AsksAboutMark(const Condition& condition);

// A list of conditions under `key`; absent is empty.
std::vector<Condition> ReadConditions(YamlMap& map, std::string_view key, Diagnostics& diagnostics);

// Calls `visit` for the condition and every part below it.
template <class C, class F>
void ForEach(C& condition, const F& visit) {
  visit(condition);
  for (auto& part : condition.parts) ForEach(part, visit);
}

}  // namespace cluehound::rules
