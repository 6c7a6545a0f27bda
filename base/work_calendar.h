#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "base/status.h"

namespace cluehound {

// 00:00 of the office's day in which `t` lies.
Instant OfficeDay(Instant t);
// The office's calendar year of `t`.
int OfficeYear(Instant t);

// Which days are working days. Saturdays and Sundays are free but for what the yearly notice of the
// State Council says (调休): some weekdays are free, some weekends are worked. Nothing can be
// computed ahead of the notice, so a year without one is counted by weekends alone and named in
// DueDay::missing_years, for a warning that people see.
//
// Immutable after Parse(); any thread.
class WorkCalendar {
 public:
  struct Year {
    std::string notice;     // title of the notice
    std::string number;     // 文号
    std::string issued;     // day, "2025-11-04"
    std::string certainty;  // "verified", "unverified"
  };

  // A file as config/workdays.yaml. Mistakes go to `diagnostics`; what they touch is left out.
  static WorkCalendar Parse(std::string_view text, const std::string& file,
                            Diagnostics& diagnostics);

  bool IsWorkday(Instant t) const;
  // Null: no notice of that year is known.
  const Year* FindYear(int year) const;

  struct DueDay {
    Instant day{};                   // 00:00 of the last day of the term; it ends at 24:00
    std::vector<int> missing_years;  // years that were counted by weekends alone
  };
  // The n-th working day after the day of `start`; that day itself does not count.
  // REQUIRES: 1 <= n <= kMaxDays
  DueDay AddWorkdays(Instant start, int n) const;
  // The n-th day after the day of `start`. With `roll`, a last day that is free moves to the next
  // working day. REQUIRES: 1 <= n <= kMaxDays
  DueDay AddDays(Instant start, int n, bool roll) const;

  static constexpr int kMaxDays = 3660;

 private:
  std::map<int, Year> years_;
  std::set<Instant> free_;    // weekdays and weekends named free
  std::set<Instant> worked_;  // weekends named working days
};

}  // namespace cluehound
