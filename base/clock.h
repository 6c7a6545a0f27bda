#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cluehound {

// A point in time, UTC, in milliseconds. The only notion of time in records and interfaces.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

// The clock is a parameter everywhere, so that tests own it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

// The machine's clock. Lives for ever.
const Clock& SystemClock();

// Shows the time of SystemClock() when the program first asked, and from then on runs evenly: whoever sets the machine's
// clock does not move it. For intervals (pace, timeouts), not for records. Lives for ever.
const Clock& SteadyClock();

// China has one zone and no daylight saving since 1991; the office's day is the day at +08:00.
inline constexpr std::chrono::hours kOfficeOffset{8};

// "2026-11-22T08:30:00.250+08:00"; milliseconds only when they are not zero.
std::string FormatTime(Instant t);
// "2026-11-22T00:30:00.250Z", always with milliseconds; for formats that demand UTC.
std::string FormatUtcTime(Instant t);
// The office's calendar day, "2026-11-22".
std::string FormatDay(Instant t);
// "11-22 08:30", for tables.
std::string FormatShort(Instant t);

// RFC 3339 with offset or Z.
std::optional<Instant> ParseTime(std::string_view text);
// "2026-11-22": the instant at which that day begins at +08:00. Refuses days that do not exist.
std::optional<Instant> ParseDay(std::string_view text);

// "Sun, 06 Nov 1994 08:49:37 GMT" and the two obsolete forms of RFC 9110 5.6.7.
std::optional<Instant> ParseHttpDate(std::string_view text);
std::string FormatHttpDate(Instant t);

// "250ms", "10s", "5m", "6h", "2d"; a bare number is refused, a unit is always written.
std::optional<Duration> ParseDuration(std::string_view text);
std::string FormatDuration(Duration d);

inline int64_t ToMillis(Instant t) { return t.time_since_epoch().count(); }
inline Instant FromMillis(int64_t ms) { return Instant(Duration(ms)); }

}  // namespace cluehound
