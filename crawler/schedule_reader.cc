#include "crawler/schedule_reader.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

std::vector<DayWindow> ReadWindows(YamlMap& map, std::string_view key) {
  std::vector<DayWindow> windows;
  for (const YamlNode* node : map.Scalars(key)) {
    if (const auto window = ParseDayWindow(node->scalar)) {
      windows.push_back(*window);
    } else {
      map.diagnostics().Error("bad-hours", node->where,
                              "source: \"" + node->scalar + "\" is no span of a day",
                              "write for example 08:00-18:00, or 19:00-02:00 over midnight");
    }
  }
  return windows;
}

void ReadTimes(YamlMap& map, Schedule& schedule) {
  for (const YamlNode* node : map.Scalars("at")) {
    const auto time = ParseTimeOfDay(node->scalar);
    if (!time || *time == std::chrono::hours(24)) {
      map.diagnostics().Error("bad-time", node->where,
                              "source: \"" + node->scalar + "\" is no time of day",
                              "write for example 08:30, or 00:00 for midnight");
      continue;
    }
    const bool open = schedule.hours.empty() ||
                      std::any_of(schedule.hours.begin(), schedule.hours.end(),
                                  [&](const DayWindow& window) { return window.Holds(*time); });
    if (!open) {
      map.diagnostics().Error("bad-time", node->where,
                              "source: " + node->scalar + " lies outside the source's hours",
                              "choose a time within hours, or widen hours");
      continue;
    }
    schedule.at.push_back(*time);
  }
  std::sort(schedule.at.begin(), schedule.at.end());
}

}  // namespace

Duration PositiveTime(YamlMap& map, std::string_view key, Duration fallback) {
  const Duration value = map.Time(key, fallback);
  if (value > Duration::zero()) return value;
  map.Error(key, "out-of-range", "must be more than nothing", "write for example 6h");
  return fallback;
}

Schedule ReadSchedule(YamlMap& source, const TimeZone& zone) {
  Schedule schedule;
  schedule.zone = zone;
  schedule.hours = ReadWindows(source, "hours");
  ReadTimes(source, schedule);
  if (source.Has("every") || !source.Has("at")) {
    schedule.every = PositiveTime(source, "every", *schedule.every);
  } else {
    schedule.every.reset();
  }
  if (const YamlNode* node = source.Child("evening")) {
    YamlMap evening(*node, source.diagnostics(), "evening");
    schedule.evening = ReadWindows(evening, "hours");
    if (node->is_map() && !evening.Has("hours")) {
      evening.Error("hours", "missing-key", "is missing", "write \"hours: 19:00-24:00\"");
    }
    schedule.evening_every = PositiveTime(evening, "every", schedule.evening_every);
    evening.Finish();
  }
  return schedule;
}

}  // namespace cluehound::crawler
