// The conditions that ask for figures, sellers and numbers rather than words.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "rules/credit_code.h"
#include "rules/judge.h"
#include "rules/patent_number.h"

namespace cluehound::rules {
namespace {

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

bool Within(const Condition::Amount& amount, double value) {
  return !(amount.below && value >= *amount.below) &&
         !(amount.at_least && value < *amount.at_least);
}

bool WithinShares(const Condition::Amount& amount, double share) {
  return !(amount.below_reference && share >= *amount.below_reference) &&
         !(amount.at_least_reference && share < *amount.at_least_reference);
}

bool HasShares(const Condition::Amount& amount) {
  return amount.below_reference || amount.at_least_reference;
}

std::string Percent(double share) { return std::to_string(std::lround(share * 100)) + "%"; }

}  // namespace

std::optional<double> Judge::Reference(std::optional<double> ReferencePrice::*figure) const {
  std::optional<double> lowest;
  for (const ReferencePrice& reference : mark_->reference_prices) {
    const std::optional<double>& value = reference.*figure;
    if (!value || !AnyWord(reference.bound_goods, {Field::kTitle})) continue;
    if (!lowest || *value < *lowest) lowest = value;
  }
  return lowest;
}

Truth Judge::HoldsPrice(const Condition& c, std::vector<Evidence>* evidence) const {
  const auto price = ParsePrice(listing_.price);
  if (!price) return Truth::kUnknown;
  if (!Within(c.amount, *price)) return Truth::kFalse;
  if (!HasShares(c.amount)) {
    if (evidence != nullptr) evidence->push_back({std::nullopt, {}, Money(*price)});
    return Truth::kTrue;
  }
  const auto reference = Reference(&ReferencePrice::price);
  const bool yuan = listing_.currency.empty() || listing_.currency == "CNY";
  if (!reference || !yuan) return Truth::kUnknown;
  const double share = *price / *reference;
  if (!WithinShares(c.amount, share)) return Truth::kFalse;
  if (evidence != nullptr) {
    evidence->push_back(
        {std::nullopt,
         {},
         Money(*price) + "，参考价 " + Money(*reference) + " 的 " + Percent(share)});
  }
  return Truth::kTrue;
}

Truth Judge::HoldsSold(const Condition& c, std::vector<Evidence>* evidence) const {
  if (!listing_.sold) return Truth::kUnknown;
  // "1万+" is a lower bound: more than it may have been sold.
  const Truth missed = listing_.sold_at_least ? Truth::kUnknown : Truth::kFalse;
  if (listing_.sold_at_least && (c.amount.below || c.amount.below_reference))
    return Truth::kUnknown;
  const auto sold = static_cast<double>(*listing_.sold);
  if (!Within(c.amount, sold)) return missed;
  std::string fact = "已售 " + std::to_string(*listing_.sold);
  if (HasShares(c.amount)) {
    const auto usual = Reference(&ReferencePrice::sold);
    if (!usual) return Truth::kUnknown;
    if (!WithinShares(c.amount, sold / *usual)) return missed;
    fact += "，参考销量的 " + Percent(sold / *usual);
  }
  if (evidence != nullptr) evidence->push_back({std::nullopt, {}, std::move(fact)});
  return Truth::kTrue;
}

Truth Judge::HoldsTurnover(const Condition& c, std::vector<Evidence>* evidence) const {
  const auto price = ParsePrice(listing_.price);
  const bool yuan = listing_.currency.empty() || listing_.currency == "CNY";
  if (!price || !listing_.sold || !yuan) return Truth::kUnknown;
  if (listing_.sold_at_least && c.amount.below) return Truth::kUnknown;
  const double turnover = *price * static_cast<double>(*listing_.sold);
  if (!Within(c.amount, turnover)) return listing_.sold_at_least ? Truth::kUnknown : Truth::kFalse;
  if (evidence != nullptr)
    evidence->push_back({std::nullopt,
                         {},
                         "估算：" + Money(*price) + " × " + std::to_string(*listing_.sold) + " = " +
                             Money(turnover)});
  return Truth::kTrue;
}

Truth Judge::HoldsSeller(const Condition& c) const {
  const std::vector<std::string> names = FoldedSellers(listing_);
  if (names.empty() && listing_.seller_id.empty()) return Truth::kUnknown;
  if (c.watched) return watched_ == nullptr ? Truth::kUnknown : FromBool(watched_->Has(listing_));
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

Truth Judge::HoldsCreditCode(std::vector<Evidence>* evidence) const {
  size_t codes = 0, wrong = 0;
  for (const Field field : {Field::kTitle, Field::kText, Field::kSeller}) {
    for (const CreditCode& code : FindCreditCodes(reading_.Folded(field))) {
      ++codes;
      if (code.check_digit_fits) continue;
      ++wrong;
      if (evidence != nullptr) evidence->push_back({field, code.slice, "校验位不符"});
    }
  }
  return codes == 0 ? Truth::kUnknown : FromBool(wrong > 0);
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
