#pragma once

#include <optional>

#include "base/clock.h"

namespace cluehound {

// The Chinese lunar calendar (农历). Which months a year has, and which of them is a leap month, is
// ICU's answer. The days are not: ICU 72 is wrong by a day where a new moon falls within some
// minutes of midnight (it puts 春节 2027 on 02-07 and that of 2030 on 02-02). A month begins on the
// day of its new moon at +08:00 (GB/T 33661-2017), and the new moon is computed here to the minute.

// First and last year that DayOfLunar() knows.
inline constexpr int kFirstLunarYear = 1992;
inline constexpr int kLastLunarYear = 2050;

// 00:00 of the office's day on which a lunar day falls. `year`: the Gregorian year in which its lunar
// year begins, so 十二月 is mostly of the year after. A leap month is the second one of its number;
// festivals are of the first. The 30th of a month that has 29 days is its last day. Nothing when
// the year has no such leap month, or lies outside the years above.
// REQUIRES: 1 <= month <= 12, 1 <= day <= 30.  Thread-safe. Costs some 0.1 ms.
std::optional<Instant> DayOfLunar(int year, int month, int day, bool leap = false);

}  // namespace cluehound
