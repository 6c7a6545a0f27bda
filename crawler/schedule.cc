#include "crawler/schedule.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration kDay = hours(24);
constexpr Duration kShortest = std::chrono::seconds(1);
constexpr int64_t kSpreadOver = 20;  // the part of an interval by which visits drift apart

bool Within(const std::vector<DayWindow>& windows, Duration time_of_day) {
  return std::any_of(windows.begin(), windows.end(),
                     [&](const DayWindow& window) { return window.Holds(time_of_day); });
}

// The first instant at or behind `t` at which one of them begins. REQUIRES: not empty.
Instant NextBegin(const std::vector<DayWindow>& windows, const TimeZone& zone, Instant t) {
  Instant next = Instant::max();
  for (const DayWindow& window : windows) next = std::min(next, zone.Next(window.begin, t));
  return next;
}

Duration Scaled(Duration interval, double factor) {
  if (factor == 1) return interval;
  return Duration(static_cast<Duration::rep>(static_cast<double>(interval.count()) / factor));
}

// Shortened by up to a twentieth.
Duration Drifted(Duration interval, uint64_t spread) {
  const int64_t room = std::max<int64_t>(interval.count() / kSpreadOver, 0);
  return interval - Duration(static_cast<int64_t>(spread % static_cast<uint64_t>(room + 1)));
}

std::optional<int> TwoDigits(std::string_view text) {
  if (text.size() != 2 || !IsAsciiDigit(text[0]) || !IsAsciiDigit(text[1])) return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

}  // namespace

bool DayWindow::Holds(Duration time_of_day) const {
  if (begin < end) return time_of_day >= begin && time_of_day < end;
  return time_of_day >= begin || time_of_day < end;
}

std::optional<Duration> ParseTimeOfDay(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = TwoDigits(text.substr(0, 2));
  const auto minute = TwoDigits(text.substr(3));
  if (!hour || !minute || *minute > 59 || *hour > 24 || (*hour == 24 && *minute > 0)) {
    return std::nullopt;
  }
  return hours(*hour) + minutes(*minute);
}

std::optional<DayWindow> ParseDayWindow(std::string_view text) {
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto begin = ParseTimeOfDay(text.substr(0, dash));
  const auto end = ParseTimeOfDay(text.substr(dash + 1));
  if (!begin || !end || *begin == kDay) return std::nullopt;
  return DayWindow{*begin, *end};
}

std::string FormatTimeOfDay(Duration time_of_day) {
  const auto whole = std::chrono::floor<minutes>(time_of_day).count();
  const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(whole / 60) + ":" + two(whole % 60);
}

std::string FormatDayWindow(const DayWindow& window) {
  return FormatTimeOfDay(window.begin) + "-" + FormatTimeOfDay(window.end);
}

bool Schedule::Open(Instant t) const { return hours.empty() || Within(hours, zone.TimeOfDay(t)); }

Instant Schedule::NextOpening(Instant t) const { return Open(t) ? t : NextBegin(hours, zone, t); }

// Between the times of day around `seen`, the later of which is `next`.
Duration Schedule::Gap(Instant next, Instant seen) const {
  Duration gap = kDay;
  for (const Duration time : at)
    gap = std::min(gap, next - (zone.Next(time, seen + Duration(1)) - kDay));
  return gap;
}

Instant Schedule::NextDue(Instant seen, const Revisit& revisit) const {
  std::optional<Duration> interval = revisit.interval ? revisit.interval : every;
  Instant next = Instant::max();
  for (const Duration time : at) next = std::min(next, zone.Next(time, seen + Duration(1)));
  if (!interval && revisit.factor != 1) interval = Gap(next, seen);
  if (interval) {
    const bool in_evening = Within(evening, zone.TimeOfDay(seen));
    if (in_evening) interval = std::min(*interval, evening_every);
    next = std::min(next, seen + Drifted(Scaled(*interval, revisit.factor), revisit.spread));
    if (!in_evening && !evening.empty()) next = std::min(next, NextBegin(evening, zone, seen));
  }
  return NextOpening(std::max(next, seen + kShortest));
}

}  // namespace cluehound::crawler
