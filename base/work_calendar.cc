#include "base/work_calendar.h"

#include <algorithm>

#include "base/yaml.h"

namespace cluehound {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr int kLongestRange = 31;  // days; longer is a mistake in the second day

std::chrono::sys_days CivilDay(Instant t) {
  return std::chrono::floor<std::chrono::days>(t + kOfficeOffset);
}

bool IsWeekend(Instant t) {
  const std::chrono::weekday day(CivilDay(t));
  return day == std::chrono::Saturday || day == std::chrono::Sunday;
}

// "2026-05-01" or "2026-05-01..2026-05-05", each day of it.
std::vector<Instant> ReadDays(const YamlNode& node, Diagnostics& diagnostics) {
  std::vector<Instant> days;
  const std::string_view text = node.scalar;
  const size_t dots = text.find("..");
  const auto first = ParseDay(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : ParseDay(text.substr(dots + 2));
  if (!first || !last || *last < *first || (*last - *first) / kDay >= kLongestRange) {
    diagnostics.Error("bad-days", node.where,
                      "\"" + node.scalar + "\" is no day and no range of days",
                      "write 2026-05-09 or 2026-05-01..2026-05-05");
    return days;
  }
  for (Instant day = *first; day <= *last; day += kDay) days.push_back(day);
  return days;
}

}  // namespace

Instant OfficeDay(Instant t) { return Instant(CivilDay(t)) - kOfficeOffset; }

int OfficeYear(Instant t) {
  return static_cast<int>(std::chrono::year_month_day(CivilDay(t)).year());
}

WorkCalendar WorkCalendar::Parse(std::string_view text, const std::string& file,
                                 Diagnostics& diagnostics) {
  WorkCalendar calendar;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return calendar;
  YamlMap top(*root, diagnostics, "the calendar");
  top.Each("years", [&](const YamlNode& node) {
    YamlMap map(node, diagnostics, "year");
    const int year = static_cast<int>(map.Integer("year", 0, 1990, 2200));
    Year entry;
    entry.notice = map.RequiredText("notice");
    entry.number = map.Text("number");
    entry.issued = map.Text("issued");
    entry.certainty = map.Choice("certainty", "unverified", {"verified", "unverified"});
    const auto take = [&](const char* key, bool worked, std::set<Instant>& days) {
      for (const YamlNode* scalar : map.Scalars(key)) {
        for (const Instant day : ReadDays(*scalar, diagnostics)) {
          // The days around New Year may be of the year beside.
          const bool of_year = std::abs(OfficeYear(day) - year) <= 1;
          if (!of_year || (worked && !IsWeekend(day))) {
            diagnostics.Error(
                "bad-days", scalar->where,
                FormatDay(day) + (of_year ? " is worked anyway: it is no weekend"
                                          : " is not of the year " + std::to_string(year)));
          } else if (calendar.free_.contains(day) || calendar.worked_.contains(day)) {
            diagnostics.Error("bad-days", scalar->where, FormatDay(day) + " is named twice");
          } else {
            days.insert(day);
          }
        }
      }
    };
    take("free", false, calendar.free_);
    take("worked", true, calendar.worked_);
    map.Finish();
    if (year == 0) {
      if (!map.Has("year")) map.Error("year", "missing-key", "a year needs its number");
    } else if (!calendar.years_.emplace(year, std::move(entry)).second) {
      map.Error("year", "duplicate-year", "this year stands here a second time");
    }
  });
  top.Finish();
  return calendar;
}

bool WorkCalendar::IsWorkday(Instant t) const {
  const Instant day = OfficeDay(t);
  if (free_.contains(day)) return false;
  return !IsWeekend(day) || worked_.contains(day);
}

const WorkCalendar::Year* WorkCalendar::FindYear(int year) const {
  const auto found = years_.find(year);
  return found == years_.end() ? nullptr : &found->second;
}

WorkCalendar::DueDay WorkCalendar::AddWorkdays(Instant start, int n) const {
  DueDay due;
  due.day = OfficeDay(start);
  while (n > 0) {
    due.day += kDay;
    const int year = OfficeYear(due.day);
    if (FindYear(year) == nullptr &&
        (due.missing_years.empty() || due.missing_years.back() != year)) {
      due.missing_years.push_back(year);
    }
    if (IsWorkday(due.day)) --n;
  }
  return due;
}

WorkCalendar::DueDay WorkCalendar::AddDays(Instant start, int n, bool roll) const {
  DueDay due;
  due.day = OfficeDay(start) + n * kDay;
  if (!roll) return due;
  if (FindYear(OfficeYear(due.day)) == nullptr) due.missing_years.push_back(OfficeYear(due.day));
  if (IsWorkday(due.day)) return due;
  DueDay next = AddWorkdays(due.day, 1);
  for (const int year : due.missing_years) {
    if (std::find(next.missing_years.begin(), next.missing_years.end(), year) ==
        next.missing_years.end()) {
      next.missing_years.insert(next.missing_years.begin(), year);
    }
  }
  return next;
}

}  // namespace cluehound
