#include "base/time_zone.h"

#include <unicode/timezone.h>

namespace cluehound {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

Duration Modulo(Duration value, Duration by) {
  const Duration rest = value % by;
  return rest < Duration::zero() ? rest + by : rest;
}

}  // namespace

struct TimeZone::Rules {
  std::unique_ptr<icu::TimeZone> zone;
};

Result<TimeZone> TimeZone::Find(std::string_view name) {
  TimeZone found;
  if (name == found.name_) return found;
  const icu::UnicodeString id = icu::UnicodeString::fromUTF8(std::string(name));
  auto rules = std::make_shared<Rules>();
  rules->zone.reset(icu::TimeZone::createTimeZone(id));
  if (rules->zone == nullptr || *rules->zone == icu::TimeZone::getUnknown()) {
    return Status::InvalidArgument("no time zone \"" + std::string(name) + "\"");
  }
  found.name_ = name;
  found.rules_ = std::move(rules);
  return found;
}

Duration TimeZone::OffsetAt(Instant t) const {
  if (rules_ == nullptr) return kOfficeOffset;
  int32_t raw = 0;
  int32_t saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  rules_->zone->getOffset(static_cast<UDate>(ToMillis(t)), false, raw, saving, error);
  return U_SUCCESS(error) ? Duration(raw + saving) : Duration(kOfficeOffset);
}

Duration TimeZone::TimeOfDay(Instant t) const {
  return Modulo((t + OffsetAt(t)).time_since_epoch(), kDay);
}

Instant TimeZone::Next(Duration time_of_day, Instant t) const {
  const Instant guess = t + Modulo(time_of_day - TimeOfDay(t), kDay);
  // Set in between, the clock shows something else there.
  const Instant mended = guess + (OffsetAt(t) - OffsetAt(guess));
  return mended < t ? guess : mended;
}

}  // namespace cluehound
