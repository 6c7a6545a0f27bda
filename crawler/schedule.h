#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"

namespace cluehound::crawler {

// A span of every day on the office's clock, [begin, end). One that ends before it begins goes over midnight; one that
// ends as it begins is the whole day.
struct DayWindow {
  Duration begin{};  // since midnight
  Duration end{};

  bool Holds(Duration time_of_day) const;
  friend bool operator==(const DayWindow&, const DayWindow&) = default;
};

// "08:30"; "24:00" is allowed as an end. Nothing when it is none.
std::optional<Duration> ParseTimeOfDay(std::string_view text);
// "08:00-18:00", "19:00-02:00".
std::optional<DayWindow> ParseDayWindow(std::string_view text);
std::string FormatTimeOfDay(Duration time_of_day);
std::string FormatDayWindow(const DayWindow& window);

// What a page's next visit depends on beside its source.
struct Revisit {
  std::optional<Duration> interval;  // what the page itself has taught; absent: as the source says
  double factor = 1;                 // of campaigns: 2 is twice as often
  uint64_t spread = 0;  // any number of the page, so that pages fetched together drift apart
};

// When the pages of a source are visited. A value.
struct Schedule {
  // Between two visits of a page. Absent only with `at`: then those times alone count.
  std::optional<Duration> every = std::chrono::hours(6);
  std::vector<Duration> at;      // times of day at which every page is due, sorted
  std::vector<DayWindow> hours;  // pages are fetched within these only; none: at any time
  // 晚间时段 of livestreams: within these, pages are visited more often.
  std::vector<DayWindow> evening;
  Duration evening_every = std::chrono::minutes(15);
  TimeZone zone;

  // Whether pages may be fetched at `t`, and the first instant at or behind it when they may.
  bool Open(Instant t) const;
  Instant NextOpening(Instant t) const;

  // The one place that says when a page that was visited at `seen` is due again. At least a second later, and never later
  // than the source asks for: with `spread`, up to a twentieth of the interval earlier.
  Instant NextDue(Instant seen, const Revisit& revisit) const;
  // How long a round of the page budget lasts.
  Duration Round() const { return every.value_or(std::chrono::hours(24)); }

 private:
  Duration Gap(Instant next, Instant seen) const;
};

}  // namespace cluehound::crawler
