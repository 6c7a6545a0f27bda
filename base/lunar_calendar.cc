#include "base/lunar_calendar.h"

#include <unicode/calendar.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "base/work_calendar.h"

namespace cluehound {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
// ICU counts lunar years from 2637 BC: its year 1 begins then.
constexpr int kFirstYear = 2637;
constexpr double kMeanMonth = 29.530588861;  // days

// Jean Meeus, Astronomical Algorithms, chapter 49: terms of the time of a new moon, in days.
struct Term {
  double days;
  int eccentricity;     // power of E that it is multiplied with
  int sun, moon, node;  // multiples of M, M' and F
};
constexpr Term kTerms[] = {
    {-0.40720, 0, 0, 1, 0},   {0.17241, 1, 1, 0, 0},   {0.01608, 0, 0, 2, 0},
    {0.01039, 0, 0, 0, 2},    {0.00739, 1, -1, 1, 0},  {-0.00514, 1, 1, 1, 0},
    {0.00208, 2, 2, 0, 0},    {-0.00111, 0, 0, 1, -2}, {-0.00057, 0, 0, 1, 2},
    {0.00056, 1, 1, 2, 0},    {-0.00042, 0, 0, 3, 0},  {0.00042, 1, 1, 0, 2},
    {0.00038, 1, 1, 0, -2},   {-0.00024, 1, -1, 2, 0}, {-0.00007, 0, 2, 1, 0},
    {0.00004, 0, 0, 2, -2},   {0.00004, 0, 3, 0, 0},   {0.00003, 0, 1, 1, -2},
    {0.00003, 0, 0, 2, 2},    {-0.00003, 0, 1, 1, 2},  {0.00003, 0, -1, 1, 2},
    {-0.00002, 0, -1, 1, -2}, {-0.00002, 0, 1, 3, 0},  {0.00002, 0, 0, 4, 0}};
// And those of the planets: an angle at k = 0, its growth with k, both in degrees.
struct PlanetTerm {
  double days, angle, growth;
};
constexpr PlanetTerm kPlanetTerms[] = {
    {0.000325, 299.77, 0.107408},  {0.000165, 251.88, 0.016321}, {0.000164, 251.83, 26.651886},
    {0.000126, 349.42, 36.412478}, {0.000110, 84.66, 18.206239}, {0.000062, 141.74, 53.303771},
    {0.000060, 207.14, 2.453732},  {0.000056, 154.84, 7.306860}, {0.000047, 34.52, 27.261239},
    {0.000042, 207.19, 0.121824},  {0.000040, 291.34, 1.844379}, {0.000037, 161.72, 24.198154},
    {0.000035, 239.56, 25.513099}, {0.000023, 331.55, 3.592518}};

double Sine(double degrees) { return std::sin(degrees * std::numbers::pi / 180); }

// The `k`-th new moon since that of 2000-01-06, good to a minute.
Instant NewMoon(int k) {
  const double t = k / 1236.85;  // centuries
  const double e = 1 - 0.002516 * t - 0.0000074 * t * t;
  const double sun = 2.5534 + 29.10535670 * k - 0.0000014 * t * t;
  const double moon = 201.5643 + 385.81693528 * k + 0.0107582 * t * t;
  const double node = 160.7108 + 390.67050284 * k - 0.0016118 * t * t;
  double julian = 2451550.09766 + kMeanMonth * k + 0.00015437 * t * t;
  for (const Term& term : kTerms) {
    julian += term.days * std::pow(e, term.eccentricity) *
              Sine(term.sun * sun + term.moon * moon + term.node * node);
  }
  julian -= 0.00017 * Sine(124.7746 - 1.56375588 * k);  // of the moon's ascending node
  for (const PlanetTerm& term : kPlanetTerms)
    julian += term.days * Sine(term.angle + term.growth * k);
  // From the time of the planets to that of clocks: 64 s in 2000, 69 s in 2025; what it grows by
  // until 2050 is not known to 20 s.
  const double seconds = 64 + 0.2 * (k / 12.3685);
  return FromMillis(static_cast<int64_t>(((julian - 2440587.5) * 86400 - seconds) * 1000));
}

std::unique_ptr<icu::Calendar> NewCalendar() {
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Calendar> calendar(
      icu::Calendar::createInstance(icu::TimeZone::createTimeZone("Asia/Shanghai"),
                                    icu::Locale("zh", "CN", nullptr, "calendar=chinese"), error));
  return U_SUCCESS(error) ? std::move(calendar) : nullptr;
}

}  // namespace

std::optional<Instant> DayOfLunar(int year, int month, int day, bool leap) {
  if (year < kFirstLunarYear || year > kLastLunarYear) return std::nullopt;
  const auto calendar = NewCalendar();
  if (calendar == nullptr) return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  calendar->clear();
  calendar->set(UCAL_EXTENDED_YEAR, year + kFirstYear);
  calendar->set(UCAL_MONTH, month - 1);
  calendar->set(UCAL_IS_LEAP_MONTH, leap ? 1 : 0);
  // Its middle: in the month also when ICU has it begin a day early or late.
  calendar->set(UCAL_DATE, 15);
  const UDate middle = calendar->getTime(error);
  // What there is not becomes something else: a leap month the month after.
  const bool there = calendar->get(UCAL_MONTH, error) == month - 1 &&
                     (calendar->get(UCAL_IS_LEAP_MONTH, error) != 0) == leap;
  if (U_FAILURE(error) || !there) return std::nullopt;
  const Duration since = FromMillis(static_cast<int64_t>(middle)) - NewMoon(0) - kDay * 14;
  const int k = static_cast<int>(std::lround(static_cast<double>(since.count()) /
                                             (kMeanMonth * static_cast<double>(kDay.count()))));
  const Instant first = OfficeDay(NewMoon(k));
  const auto days = static_cast<int>((OfficeDay(NewMoon(k + 1)) - first) / kDay);
  return first + kDay * (std::min(day, days) - 1);
}

}  // namespace cluehound
