#include "rules/shortfall.h"

#include <algorithm>

#include "rules/condition_text.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

constexpr FieldSet kEveryField = {Field::kTitle,           Field::kText,     Field::kSeller,
                                  Field::kLocation,        Field::kOrigin,   Field::kRoomOperator,
                                  Field::kMarketingPerson, Field::kMerchants};

class Reasons {
 public:
  Reasons(const Condition& c, Judge& judge, const JudgedListing& of)
      : c_(c), judge_(judge), of_(of) {}

  std::string Of(Truth truth) {
    switch (c_.op) {
      case Op::kWords:
        return Words(truth);
      case Op::kRegex:
        return Regex(truth);
      case Op::kMark:
        return truth == Truth::kUnknown ? EmptyFields() : "the mark does not stand there";
      case Op::kStyled:
        return "no style word stands at the mark's name";
      case Op::kDisguised:
        return "no spelling of the mark only hides it";
      case Op::kPrice:
        return Price(truth);
      case Op::kSold:
        return Sold();
      case Op::kTurnover:
        return Turnover();
      case Op::kSeller:
        return c_.watched ? Watched(truth) : Seller(truth);
      case Op::kCreditCode:
        return "no credit code whose check digit does not fit";
      case Op::kOrigin:
      case Op::kShipsFrom:
        return Area(truth);
      case Op::kGoods:
        return truth == Truth::kUnknown ? "no word for any goods stands there"
                                        : "the title speaks of other goods";
      case Op::kPatentNumber:
        return c_.no_number ? "there is a patent number" : "no patent number with such a fault";
      case Op::kValidity:
        return Validity();
      case Op::kPresent:
        return FieldList(c_.place.fields) + " is empty";
      case Op::kKind:
        return "the listing is " + std::string(Name(of_.listing.kind));
      default:
        return "";
    }
  }

 private:
  std::string Shown(Field field, Slice folded) const {
    const Slice original = of_.reading.Original(field, folded);
    return "“" + std::string(of_.reading.OriginalText(field, original)) + "” (" +
           std::string(of_.reading.FieldName(field)) + " " + std::to_string(original.begin) + "-" +
           std::to_string(original.end) + ")";
  }

  // What holds when the condition asks for less; empty when it still does not.
  std::string Holding(const Condition& relaxed) {
    std::vector<Evidence> evidence;
    if (judge_.Holds(relaxed, &evidence) != Truth::kTrue) return "";
    for (const Evidence& piece : evidence) {
      if (piece.field) return Shown(*piece.field, piece.slice);
      if (!piece.fact.empty()) return piece.fact;
    }
    return "it";
  }

  std::string EmptyFields() const {
    FieldSet empty;
    for (size_t i = 0; i < kFieldCount; ++i) {
      const auto field = static_cast<Field>(i);
      if (c_.place.fields.Has(field) && !kWording.Has(field) && !of_.reading.Has(field))
        empty.Add(field);
    }
    return "the listing does not tell: " + FieldList(empty);
  }

  std::string Regex(Truth truth) {
    if (std::string why = Displaced(); !why.empty()) return why;
    return truth == Truth::kUnknown
               ? EmptyFields()
               : "the pattern matches nothing in " + FieldList(c_.place.fields);
  }

  std::string Words(Truth truth) {
    if (std::string why = Displaced(); !why.empty()) return why;
    if (std::string why = Cancelled(); !why.empty()) return why;
    if (truth == Truth::kUnknown) return EmptyFields();
    return "none of the words stands in " + FieldList(c_.place.fields);
  }

  // It stands there, but too far away, in another field, or inside the mark's own name.
  std::string Displaced() {
    Condition relaxed = c_;
    relaxed.place.near.reset();
    relaxed.place.before.reset();
    relaxed.place.after.reset();
    if (c_.place.anchored()) {
      if (std::string found = Holding(relaxed); !found.empty())
        return found + " is not where it would count";
    }
    relaxed.place.fields = kEveryField;
    if (std::string found = Holding(relaxed); !found.empty())
      return found + " stands in a field that does not count here";
    for (const uint32_t list : c_.bound_lists) {
      for (const Occurrence& word : of_.reading.Words(list)) {
        if (c_.place.fields.Has(word.field))
          return Shown(word.field, {word.begin, word.end}) + " is part of the mark's own name";
      }
    }
    return "";
  }

  std::string Cancelled() const {
    for (const Occurrence& word : of_.uncancelled) {
      if (!c_.place.fields.Has(word.field) ||
          std::find(c_.bound_lists.begin(), c_.bound_lists.end(), word.target) ==
              c_.bound_lists.end())
        continue;
      return Shown(word.field, {word.begin, word.end}) +
             " stands in a phrase in which it means something else (except:)";
    }
    return "";
  }

  std::string Price(Truth truth) {
    const extractors::Listing& listing = of_.listing;
    if (listing.price.empty()) return "the listing tells no price";
    const std::string price = "the price is " + listing.price;
    if (truth != Truth::kUnknown) {
      Condition any = c_;
      any.amount = {};
      any.amount.at_least_reference = 0.0;
      const bool relative = c_.amount.below_reference || c_.amount.at_least_reference;
      if (relative) {
        if (std::string fact = Holding(any); !fact.empty()) return fact;
      }
      return price;
    }
    if (!listing.currency.empty() && listing.currency != "CNY")
      return price + " in " + listing.currency;
    return price + ", and the mark has no reference price for goods that the title names";
  }

  std::string Sold() const {
    if (!of_.listing.sold) return "the listing does not tell how many were sold";
    return std::to_string(*of_.listing.sold) +
           (of_.listing.sold_at_least ? " or more were sold" : " were sold");
  }

  std::string Turnover() {
    Condition any = c_;
    any.amount = {};
    any.amount.at_least = 0;
    const std::string fact = Holding(any);
    return fact.empty() ? "the listing does not tell price and units sold both" : fact;
  }

  std::string Watched(Truth truth) const {
    if (of_.watched == nullptr) return "the sellers that the office watches are not known here";
    return truth == Truth::kUnknown ? "the listing names no seller"
                                    : "the office does not watch it";
  }

  std::string Seller(Truth truth) const {
    if (truth == Truth::kUnknown) return "the listing names no seller";
    const auto& entries = judge_.mark()->authorised;
    if (entries.empty()) return "no seller of the mark is on record as authorised";
    const auto expired = std::count_if(entries.begin(), entries.end(), [&](const auto& entry) {
      return entry.until && of_.now >= *entry.until;
    });
    return "the seller is none of the " + std::to_string(entries.size()) + " on record" +
           (expired == 0 ? "" : ", " + std::to_string(expired) + " of them expired");
  }

  std::string Area(Truth truth) {
    if (judge_.mark()->area.empty()) return "the mark has no area of origin";
    if (truth == Truth::kUnknown)
      return c_.op == Op::kOrigin ? "no declared origin that tells inside from outside"
                                  : "no place of shipment that tells inside from outside";
    Condition other = c_;
    other.side =
        c_.side == Condition::Side::kInside ? Condition::Side::kOutside : Condition::Side::kInside;
    const std::string found = Holding(other);
    return (found.empty() ? "the place" : found) + (other.side == Condition::Side::kInside
                                                        ? " lies inside the area"
                                                        : " lies outside the area");
  }

  std::string Validity() {
    using V = Condition::Validity;
    Condition other = c_;
    for (const V validity : {V::kInForce, V::kExpired, V::kNotYet, V::kOpen}) {
      other.validities = {validity};
      if (judge_.Holds(other, nullptr) == Truth::kTrue) {
        std::string text = Describe(other);
        if (judge_.mark()->valid_to) text += ", until " + FormatDay(*judge_.mark()->valid_to);
        return text;
      }
    }
    return "";
  }

  const Condition& c_;
  Judge& judge_;
  const JudgedListing& of_;
};

}  // namespace

std::string Shortfall(const Condition& condition, Truth truth, Judge& judge,
                      const JudgedListing& of) {
  return Reasons(condition, judge, of).Of(truth);
}

}  // namespace cluehound::rules
