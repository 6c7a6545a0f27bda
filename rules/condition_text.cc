#include "rules/condition_text.h"

#include <cstdio>

#include "base/join.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

constexpr size_t kShownTerms = 4;

std::string Number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

std::string Words(const Condition& c) {
  std::string out = Join(c.lists, ", ");
  for (size_t i = 0; i < c.terms.size() && i < kShownTerms; ++i)
    out += (out.empty() ? "“" : ", “") + c.terms[i].text + "”";
  if (c.terms.size() > kShownTerms) out += " …";
  return out;
}

std::string PlaceText(const Condition::Place& place) {
  std::string out;
  if (!(place.fields == kWording)) out += " in " + FieldList(place.fields);
  const std::string anchor = place.to.empty() ? "the mark" : "a word of " + place.to;
  if (place.near) out += ", at most " + std::to_string(*place.near) + " from " + anchor;
  if (place.before) out += ", at most " + std::to_string(*place.before) + " before " + anchor;
  if (place.after) out += ", at most " + std::to_string(*place.after) + " after " + anchor;
  return out;
}

std::string AmountText(const Condition::Amount& amount) {
  std::string out;
  const auto add = [&](const std::optional<double>& value, const char* before, const char* after) {
    if (value) out += (out.empty() ? "" : " and ") + (before + Number(*value)) + after;
  };
  add(amount.below, "below ", "");
  add(amount.at_least, "at least ", "");
  add(amount.below_reference, "below ", " of the reference");
  add(amount.at_least_reference, "at least ", " of the reference");
  return out;
}

std::string FaultsText(const Condition& c) {
  if (c.no_number) return "absent";
  std::string out;
  for (const char* name : {"check_digit", "year", "type", "term", "malformed"}) {
    if ((PatentFaultFromName(name) & c.faults) != 0)
      out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return out;
}

std::string ValidityText(Condition::Validity validity) {
  switch (validity) {
    case Condition::Validity::kInForce:
      return "in_force";
    case Condition::Validity::kExpired:
      return "expired";
    case Condition::Validity::kNotYet:
      return "not_yet";
    case Condition::Validity::kOpen:
      return "open";
  }
  return "";
}

std::string SideText(Condition::Side side) {
  return side == Condition::Side::kInside ? "inside the area" : "outside the area";
}

}  // namespace

std::string FieldList(FieldSet fields) {
  std::string out;
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (fields.Has(static_cast<Field>(i)))
      out += (out.empty() ? "" : ", ") + std::string(Name(static_cast<Field>(i)));
  }
  return out;
}

std::string Describe(const Condition& c) {
  switch (c.op) {
    case Op::kAll:
      return "all";
    case Op::kAny:
      return "any";
    case Op::kNone:
      return "none";
    case Op::kAtLeast:
      return "at least " + std::to_string(c.count) + " of";
    case Op::kUnknown:
      return "unknown";
    case Op::kRef:
      return c.name;
    case Op::kWords:
      return "words " + Words(c) + PlaceText(c.place);
    case Op::kRegex:
      return "regex \"" + c.pattern + "\"" + PlaceText(c.place);
    case Op::kMark:
      return "mark in " + FieldList(c.place.fields);
    case Op::kStyled:
      return "styled " + Words(c);
    case Op::kDisguised:
      return "disguised";
    case Op::kPrice:
      return "price " + AmountText(c.amount);
    case Op::kSold:
      return "sold " + AmountText(c.amount);
    case Op::kTurnover:
      return "turnover " + AmountText(c.amount);
    case Op::kSeller:
      return c.watched ? "seller watched" : "seller authorised";
    case Op::kCreditCode:
      return "credit code check_digit";
    case Op::kOrigin:
      return "origin " + SideText(c.side);
    case Op::kShipsFrom:
      return "ships from " + SideText(c.side);
    case Op::kGoods:
      return "goods own";
    case Op::kPatentNumber:
      return "patent number " + FaultsText(c);
    case Op::kValidity:
      return "validity " + Join(c.validities, ", ", ValidityText);
    case Op::kPresent:
      return "present " + FieldList(c.place.fields);
    case Op::kKind:
      return "kind " + Join(c.kinds, ", ", [](extractors::ListingKind kind) { return Name(kind); });
  }
  return "";
}

}  // namespace cluehound::rules
