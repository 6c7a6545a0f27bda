#include "rules/judge.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::rules {
namespace {

using Op = Condition::Op;

// One condition shows at most so many pieces.
constexpr size_t kMaxPieces = 5;

Truth Not(Truth truth) {
  return truth == Truth::kUnknown ? truth : truth == Truth::kTrue ? Truth::kFalse : Truth::kTrue;
}

}  // namespace

Judge::Judge(const Catalog& catalog, const Binding& binding, const extractors::Listing& listing,
             const Reading& reading, Instant now, const SellerList* watched)
    : catalog_(catalog),
      binding_(binding),
      listing_(listing),
      reading_(reading),
      now_(now),
      watched_(watched) {}

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
    case Op::kTurnover:
      return HoldsTurnover(c, evidence);
    case Op::kSeller:
      return HoldsSeller(c);
    case Op::kOrigin:
      return HoldsOrigin(c, evidence);
    case Op::kShipsFrom:
      return HoldsShipsFrom(c, evidence);
    case Op::kGoods:
      return HoldsGoods();
    case Op::kPatentNumber:
      return HoldsPatentNumber(c, evidence);
    case Op::kCreditCode:
      return HoldsCreditCode(evidence);
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

}  // namespace cluehound::rules
