#include "rules/judge.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "rules/patent_number.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

// One condition shows at most so many pieces.
constexpr size_t kMaxPieces = 5;

std::optional<double> ParsePrice(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0)) return {};
  return value;
}

std::string Money(double value) {
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 2);
  return "¥" + std::string(text, end);
}

Truth Not(Truth truth) {
  return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

Truth FromBool(bool holds) { return holds ? Truth::kTrue : Truth::kFalse; }

bool Within(const Condition::Amount& amount, double value) {
  return !(amount.below && value >= *amount.below) &&
         !(amount.at_least && value < *amount.at_least);
}

}  // namespace

Judge::Judge(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
             const Reading& reading, Instant now)
    : catalog_(catalog), binding_(binding), listing_(listing), reading_(reading), now_(now) {}

void Judge::Bind(const MarkHits* hits, FieldSet fields) {
  mark_ = hits == nullptr ? nullptr : &catalog_.marks[hits->mark];
  declaration_.reset();
  places_.clear();
  all_places_ = {};
  if (hits == nullptr) return;
  all_places_ = hits->places;
  for (const Occurrence& place : hits->places) {
    if (fields.Has(place.field)) places_.push_back(place);
  }
}

Truth Judge::Holds(const Condition& c, std::vector<Evidence>* evidence) {
  const size_t before = evidence == nullptr ? 0 : evidence->size();
  const Truth truth = Decide(c, evidence);
  // Parts that held do not speak for a whole that did not.
  if (evidence != nullptr && truth != Truth::kTrue) evidence->resize(before);
  return truth;
}

Truth Judge::Decide(const Condition& c, std::vector<Evidence>* evidence) {
  switch (c.op) {
    case Op::kAll:
      return HoldsAll(c, evidence);
    case Op::kAny:
      return HoldsAtLeast(c, 1, evidence);
    case Op::kAtLeast:
      return HoldsAtLeast(c, static_cast<size_t>(c.count), evidence);
    case Op::kNone:
      return HoldsNone(c);
    case Op::kUnknown:
      return FromBool(Holds(c.parts.at(0), nullptr) == Truth::kUnknown);
    case Op::kRef:
      return Holds(*c.bound_ref, evidence);
    case Op::kWords:
      return HoldsWords(c, evidence);
    case Op::kRegex:
      return HoldsRegex(c, evidence);
    case Op::kMark:
      return HoldsMark(c);
    case Op::kStyled:
      return HoldsStyled(c, evidence);
    case Op::kDisguised:
      return HoldsDisguised(evidence);
    case Op::kPrice:
      return HoldsPrice(c, evidence);
    case Op::kSold:
      return HoldsSold(c, evidence);
    case Op::kSeller:
      return HoldsSeller();
    case Op::kOrigin:
      return HoldsOrigin(c, evidence);
    case Op::kShipsFrom:
      return HoldsShipsFrom(c, evidence);
    case Op::kGoods:
      return HoldsGoods();
    case Op::kPatentNumber:
      return HoldsPatentNumber(c, evidence);
    case Op::kValidity:
      return HoldsValidity(c);
    case Op::kPresent:
      return HoldsPresent(c);
    case Op::kKind:
      return FromBool(std::find(c.kinds.begin(), c.kinds.end(), listing_.kind) != c.kinds.end());
  }
  return Truth::kUnknown;
}

Truth Judge::HoldsAll(const Condition& c, std::vector<Evidence>* evidence) {
  Truth result = Truth::kTrue;
  for (const Condition& part : c.parts) {
    const Truth truth = Holds(part, evidence);
    if (truth == Truth::kFalse) return Truth::kFalse;
    if (truth == Truth::kUnknown && result == Truth::kTrue) result = Truth::kUnknown;
  }
  return result;
}

Truth Judge::HoldsAtLeast(const Condition& c, size_t wanted, std::vector<Evidence>* evidence) {
  size_t held = 0, unknown = 0;
  for (const Condition& part : c.parts) {
    const Truth truth = Holds(part, evidence);
    if (truth == Truth::kTrue) ++held;
    if (held >= wanted && evidence == nullptr) return Truth::kTrue;
    if (truth == Truth::kUnknown) ++unknown;
  }
  if (held >= wanted) return Truth::kTrue;
  return held + unknown >= wanted ? Truth::kUnknown : Truth::kFalse;
}

Truth Judge::HoldsNone(const Condition& c) { return Not(HoldsAtLeast(c, 1, nullptr)); }

Truth Judge::NotFound(FieldSet fields) const {
  for (size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (fields.Has(field) && !kWording.Has(field) && !reading_.Has(field)) return Truth::kUnknown;
  }
  return Truth::kFalse;
}

bool Judge::InsideMark(Field field, Slice slice) const {
  const auto near = Window(places_, field, Before(slice.begin, kMaxLiteralBytes), slice.end);
  return std::any_of(near.begin(), near.end(),
                     [&](const Occurrence& place) { return slice.begin < place.end; });
}

bool Judge::NearAnchor(const Condition::Place& place, std::span<const Occurrence> anchors,
                       Field field, Slice slice) const {
  const int distance = place.near ? *place.near : place.before ? *place.before : *place.after;
  const size_t reach = static_cast<size_t>(distance) * 4 + kMaxLiteralBytes;
  const std::string_view text = reading_.Folded(field);
  const auto near = Window(anchors, field, Before(slice.begin, reach), slice.end + reach);
  return std::any_of(near.begin(), near.end(), [&](const Occurrence& anchor) {
    if (slice.end <= anchor.begin) {
      return !place.after &&
             CountCharacters(text.substr(slice.end, anchor.begin - slice.end)) <= distance;
    }
    if (anchor.end <= slice.begin) {
      return !place.before &&
             CountCharacters(text.substr(anchor.end, slice.begin - anchor.end)) <= distance;
    }
    return place.near.has_value();
  });
}

bool Judge::InPlace(const Condition::Place& place, uint32_t to, Field field, Slice slice) const {
  if (!place.fields.Has(field) || InsideMark(field, slice)) return false;
  if (!place.anchored()) return true;
  return NearAnchor(place, to != 0 ? reading_.Words(to) : std::span<const Occurrence>(places_),
                    field, slice);
}

Truth Judge::HoldsWords(const Condition& c, std::vector<Evidence>* evidence) {
  size_t found = 0;
  for (const uint32_t list : c.bound_lists) {
    for (const Occurrence& word : reading_.Words(list)) {
      const Slice slice{word.begin, word.end};
      if (found >= kMaxPieces) break;
      if (!InPlace(c.place, c.bound_to, word.field, slice)) continue;
      ++found;
      if (evidence != nullptr) evidence->push_back({word.field, slice, ""});
    }
  }
  return found > 0 ? Truth::kTrue : NotFound(c.place.fields);
}

Truth Judge::HoldsRegex(const Condition& c, std::vector<Evidence>* evidence) {
  size_t found = 0;
  std::vector<Slice> matches;
  for (size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (!c.place.fields.Has(field) || !reading_.Has(field)) continue;
    matches.clear();
    binding_.patterns.Find(c.bound_pattern, reading_.Folded(field), matches);
    for (const Slice match : matches) {
      if (found >= kMaxPieces || !InPlace(c.place, c.bound_to, field, match)) continue;
      ++found;
      if (evidence != nullptr) evidence->push_back({field, match, ""});
    }
  }
  return found > 0 ? Truth::kTrue : NotFound(c.place.fields);
}

// No evidence: that the mark is there is no sign of anything, and its hits are shown anyway.
Truth Judge::HoldsMark(const Condition& c) const {
  for (const Occurrence& place : all_places_) {
    if (c.place.fields.Has(place.field)) return Truth::kTrue;
  }
  return NotFound(c.place.fields);
}

Truth Judge::HoldsStyled(const Condition& c, std::vector<Evidence>* evidence) const {
  for (const Occurrence& place : places_) {
    if (binding_.vocabulary.use(place.use).styled) {
      if (evidence != nullptr) evidence->push_back({place.field, {place.begin, place.end}, ""});
      return Truth::kTrue;
    }
    const std::string_view text = reading_.Folded(place.field);
    const uint32_t next = place.end + (place.end < text.size() && text[place.end] == ' ' ? 1 : 0);
    for (const uint32_t list : c.bound_lists) {
      const auto words = Window(reading_.Words(list), place.field, place.end, next + 1);
      if (words.empty()) continue;
      if (evidence != nullptr)
        evidence->push_back({place.field, {place.begin, words.back().end}, ""});
      return Truth::kTrue;
    }
  }
  return Truth::kFalse;
}

Truth Judge::HoldsDisguised(std::vector<Evidence>* evidence) const {
  bool found = false;
  for (const Occurrence& place : places_) {
    if (!IsDisguised(binding_.vocabulary, reading_, place)) continue;
    found = true;
    if (evidence != nullptr) evidence->push_back({place.field, {place.begin, place.end}, ""});
  }
  return FromBool(found);
}

bool Judge::AnyWord(const std::vector<uint32_t>& lists, FieldSet fields) const {
  return std::any_of(lists.begin(), lists.end(), [&](uint32_t list) {
    const auto words = reading_.Words(list);
    return std::any_of(words.begin(), words.end(), [&](const Occurrence& word) {
      return fields.Has(word.field) && !InsideMark(word.field, {word.begin, word.end});
    });
  });
}

std::optional<double> Judge::Reference() const {
  std::optional<double> lowest;
  for (const ReferencePrice& reference : mark_->reference_prices) {
    if (!AnyWord(reference.bound_goods, {Field::kTitle})) continue;
    if (!lowest || reference.price < *lowest) lowest = reference.price;
  }
  return lowest;
}

Truth Judge::HoldsPrice(const Condition& c, std::vector<Evidence>* evidence) const {
  const auto price = ParsePrice(listing_.price);
  if (!price) return Truth::kUnknown;
  if (!Within(c.amount, *price)) return Truth::kFalse;
  if (!c.amount.below_reference && !c.amount.at_least_reference) {
    if (evidence != nullptr) evidence->push_back({std::nullopt, {}, Money(*price)});
    return Truth::kTrue;
  }
  const auto reference = Reference();
  const bool yuan = listing_.currency.empty() || listing_.currency == "CNY";
  if (!reference || !yuan) return Truth::kUnknown;
  const double share = *price / *reference;
  if (c.amount.below_reference && share >= *c.amount.below_reference) return Truth::kFalse;
  if (c.amount.at_least_reference && share < *c.amount.at_least_reference) return Truth::kFalse;
  if (evidence != nullptr) {
    evidence->push_back({std::nullopt,
                         {},
                         Money(*price) + "，参考价 " + Money(*reference) + " 的 " +
                             std::to_string(std::lround(share * 100)) + "%"});
  }
  return Truth::kTrue;
}

Truth Judge::HoldsSold(const Condition& c, std::vector<Evidence>* evidence) const {
  if (!listing_.sold) return Truth::kUnknown;
  // "1万+" is a lower bound: more than it may have been sold.
  if (listing_.sold_at_least && c.amount.below) return Truth::kUnknown;
  if (!Within(c.amount, static_cast<double>(*listing_.sold))) {
    return listing_.sold_at_least ? Truth::kUnknown : Truth::kFalse;
  }
  if (evidence != nullptr)
    evidence->push_back({std::nullopt, {}, "已售 " + std::to_string(*listing_.sold)});
  return Truth::kTrue;
}

Truth Judge::HoldsSeller() const {
  std::vector<std::string> names;
  for (const std::string* name : {&listing_.seller, &listing_.room_operator}) {
    if (!name->empty()) names.push_back(FoldString(*name));
  }
  for (const std::string& merchant : listing_.merchants) names.push_back(FoldString(merchant));
  if (names.empty() && listing_.seller_id.empty()) return Truth::kUnknown;
  return FromBool(std::any_of(
      mark_->authorised.begin(), mark_->authorised.end(), [&](const AuthorisedSeller& entry) {
        if (entry.until && now_ >= *entry.until) return false;
        if (!entry.platform.empty() && !listing_.platform.empty() &&
            entry.platform != listing_.platform)
          return false;
        if (!entry.seller_id.empty() && entry.seller_id == listing_.seller_id) return true;
        return !entry.folded.empty() &&
               std::find(names.begin(), names.end(), entry.folded) != names.end();
      }));
}

Truth Judge::FromVerdict(const AreaVerdict& verdict, Condition::Side side, const std::string& label,
                         std::vector<Evidence>* evidence) const {
  if (!verdict.inside) return Truth::kUnknown;
  if (*verdict.inside != (side == Condition::Side::kInside)) return Truth::kFalse;
  if (evidence != nullptr)
    evidence->push_back({verdict.reason->field, verdict.reason->slice, label});
  return Truth::kTrue;
}

Truth Judge::HoldsOrigin(const Condition& c, std::vector<Evidence>* evidence) {
  if (mark_->bound_area.empty()) return Truth::kUnknown;
  if (!declaration_)
    declaration_ =
        ReadDeclaration(reading_, binding_.origin_before, binding_.origin_after, places_);
  const auto& addresses =
      declaration_->announced.empty() ? declaration_->praised : declaration_->announced;
  return FromVerdict(JudgeArea(catalog_.places, mark_->bound_area, addresses), c.side, "",
                     evidence);
}

Truth Judge::HoldsShipsFrom(const Condition& c, std::vector<Evidence>* evidence) const {
  if (mark_->bound_area.empty()) return Truth::kUnknown;
  const std::vector<Address> addresses = ReadLocation(reading_);
  return FromVerdict(JudgeArea(catalog_.places, mark_->bound_area, addresses), c.side, "",
                     evidence);
}

Truth Judge::HoldsGoods() const {
  if (AnyWord(mark_->bound_goods, kWording)) return Truth::kTrue;
  // A word for other goods tells that it is something else; without one nothing is known.
  return AnyWord(binding_.goods_lists, {Field::kTitle}) ? Truth::kFalse : Truth::kUnknown;
}

Truth Judge::HoldsPatentNumber(const Condition& c, std::vector<Evidence>* evidence) const {
  size_t numbers = 0, faulty = 0;
  for (const Field field : {Field::kTitle, Field::kText}) {
    for (const PatentNumber& number : FindPatentNumbers(reading_.Folded(field), now_)) {
      ++numbers;
      const PatentFaults faults = number.faults & c.faults;
      if (faults == 0) continue;
      ++faulty;
      if (evidence == nullptr) continue;
      std::string labels;
      for (PatentFaults bit = 1; bit <= faults; bit <<= 1) {
        if (faults & bit)
          labels +=
              (labels.empty() ? "" : "、") + std::string(Label(static_cast<PatentFault>(bit)));
      }
      evidence->push_back({field, number.slice, labels});
    }
  }
  return FromBool(c.no_number ? numbers == 0 : faulty > 0);
}

Truth Judge::HoldsValidity(const Condition& c) const {
  using Validity = Condition::Validity;
  Validity validity = Validity::kOpen;
  if (mark_->valid_to && now_ >= *mark_->valid_to) {
    validity = Validity::kExpired;
  } else if (mark_->valid_from && now_ < *mark_->valid_from) {
    validity = Validity::kNotYet;
  } else if (mark_->valid_to) {
    validity = Validity::kInForce;
  }
  return FromBool(std::find(c.validities.begin(), c.validities.end(), validity) !=
                  c.validities.end());
}

Truth Judge::HoldsPresent(const Condition& c) const {
  for (size_t i = 0; i < kFieldCount; ++i) {
    if (c.place.fields.Has(static_cast<Field>(i)) && reading_.Has(static_cast<Field>(i)))
      return Truth::kTrue;
  }
  return Truth::kUnknown;
}

}  // namespace cluehound::rules
