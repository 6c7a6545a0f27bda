#include "base/clock.h"

#include <array>
#include <cstdio>

#include "base/text.h"

namespace cluehound {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

class RealClock final : public Clock {
 public:
  Instant Now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

class EvenClock final : public Clock {
 public:
  Instant Now() const override {
    const auto passed = std::chrono::steady_clock::now() - begin_;
    return wall_begin_ + std::chrono::duration_cast<Duration>(passed);
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  Instant wall_begin_ = RealClock().Now();
};

struct Civil {
  year_month_day date;
  std::chrono::hh_mm_ss<Duration> time;
};

Civil AtOffset(Instant t, Duration offset) {
  const Instant local = t + offset;
  const sys_days day = std::chrono::floor<days>(local);
  return {year_month_day(day), std::chrono::hh_mm_ss<Duration>(local - day)};
}

int YearOf(const Civil& c) { return static_cast<int>(c.date.year()); }
unsigned MonthOf(const Civil& c) { return static_cast<unsigned>(c.date.month()); }
unsigned DayOf(const Civil& c) { return static_cast<unsigned>(c.date.day()); }

template <class... Args>
std::string Format(const char* format, Args... args) {
  std::array<char, 96> buffer;
  const int n = std::snprintf(buffer.data(), buffer.size(), format, args...);
  return std::string(buffer.data(), n > 0 ? static_cast<size_t>(n) : 0);
}

std::optional<Instant> MakeInstant(int year, int month, int day, int hour, int minute, int second) {
  const year_month_day date{std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60 || hour < 0 || minute < 0 ||
      second < 0) {
    return std::nullopt;
  }
  return Instant(sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// Reads exactly `n` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, size_t n) {
  if (text.size() < n) return std::nullopt;
  int value = 0;
  for (size_t i = 0; i < n; ++i) {
    if (!IsAsciiDigit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(n);
  return value;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<int> MonthFromName(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (EqualsIgnoreAsciiCase(kNames[i], name)) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

}  // namespace

const Clock& SystemClock() {
  static const RealClock clock;
  return clock;
}

const Clock& SteadyClock() {
  static const EvenClock clock;
  return clock;
}

std::string FormatTime(Instant t) {
  const Civil c = AtOffset(t, kOfficeOffset);
  std::string text =
      Format("%04d-%02u-%02uT%02d:%02d:%02d", YearOf(c), MonthOf(c), DayOf(c),
             static_cast<int>(c.time.hours().count()), static_cast<int>(c.time.minutes().count()),
             static_cast<int>(c.time.seconds().count()));
  if (const auto ms = c.time.subseconds().count(); ms != 0)
    text += Format(".%03d", static_cast<int>(ms));
  return text + "+08:00";
}

std::string FormatUtcTime(Instant t) {
  const Civil c = AtOffset(t, Duration(0));
  return Format(
      "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", YearOf(c), MonthOf(c), DayOf(c),
      static_cast<int>(c.time.hours().count()), static_cast<int>(c.time.minutes().count()),
      static_cast<int>(c.time.seconds().count()), static_cast<int>(c.time.subseconds().count()));
}

std::string FormatDay(Instant t) {
  const Civil c = AtOffset(t, kOfficeOffset);
  return Format("%04d-%02u-%02u", YearOf(c), MonthOf(c), DayOf(c));
}

std::string FormatShort(Instant t) {
  const Civil c = AtOffset(t, kOfficeOffset);
  return Format("%02u-%02u %02d:%02d", MonthOf(c), DayOf(c),
                static_cast<int>(c.time.hours().count()),
                static_cast<int>(c.time.minutes().count()));
}

std::optional<Instant> ParseTime(std::string_view text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day || !(TakeChar(text, 'T') || TakeChar(text, 't') || TakeChar(text, ' ')))
    return std::nullopt;
  const auto hour = TakeDigits(text, 2);
  if (!hour || !TakeChar(text, ':')) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || !TakeChar(text, ':')) return std::nullopt;
  const auto second = TakeDigits(text, 2);
  if (!second) return std::nullopt;
  auto t = MakeInstant(*year, *month, *day, *hour, *minute, *second);
  if (!t) return std::nullopt;
  if (TakeChar(text, '.')) {
    int ms = 0, scale = 100;
    size_t digits = 0;
    for (; !text.empty() && IsAsciiDigit(text.front());
         text.remove_prefix(1), ++digits, scale /= 10) {
      ms += (text.front() - '0') * scale;
    }
    if (digits == 0) return std::nullopt;
    *t += Duration(ms);
  }
  if (text == "Z" || text == "z") return t;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const int sign = text.front() == '+' ? 1 : -1;
  text.remove_prefix(1);
  const auto off_hour = TakeDigits(text, 2);
  if (!off_hour || !TakeChar(text, ':')) return std::nullopt;
  const auto off_minute = TakeDigits(text, 2);
  if (!off_minute || !text.empty() || *off_hour > 23 || *off_minute > 59) return std::nullopt;
  return *t - sign * (std::chrono::hours(*off_hour) + std::chrono::minutes(*off_minute));
}

std::optional<Instant> ParseDay(std::string_view text) {
  const auto year = TakeDigits(text, 4);
  if (!year || !TakeChar(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !TakeChar(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day || !text.empty()) return std::nullopt;
  const auto t = MakeInstant(*year, *month, *day, 0, 0, 0);
  if (!t) return std::nullopt;
  return *t - kOfficeOffset;
}

std::optional<Instant> ParseHttpDate(std::string_view text) {
  text = TrimAscii(text);
  // Drop the day's name: "Sun, " (current), "Sunday, " (RFC 850) or "Sun " (asctime).
  const size_t comma = text.find(',');
  const bool asctime = comma == std::string_view::npos;
  text.remove_prefix(asctime ? std::min(text.find(' '), text.size()) : comma + 1);
  std::vector<std::string_view> parts;
  for (std::string_view word : SplitAscii(text, " -")) parts.push_back(word);
  const auto number = [](std::string_view s) { return ParseInt(s).value_or(-1); };
  const auto clock_time = [&](std::string_view s, int& h, int& m, int& sec) {
    const auto fields = SplitAscii(s, ":");
    if (fields.size() != 3) return false;
    h = static_cast<int>(number(fields[0])), m = static_cast<int>(number(fields[1])),
    sec = static_cast<int>(number(fields[2]));
    return true;
  };
  int hour = 0, minute = 0, second = 0;
  if (asctime) {  // Nov  6 08:49:37 1994
    if (parts.size() < 4 || !clock_time(parts[2], hour, minute, second)) return std::nullopt;
    const auto month = MonthFromName(parts[0]);
    if (!month) return std::nullopt;
    return MakeInstant(static_cast<int>(number(parts[3])), *month,
                       static_cast<int>(number(parts[1])), hour, minute, second);
  }
  if (parts.size() < 4 || !clock_time(parts[3], hour, minute, second)) return std::nullopt;
  const auto month = MonthFromName(parts[1]);
  if (!month) return std::nullopt;
  int year = static_cast<int>(number(parts[2]));
  if (parts[2].size() == 2) year += year < 70 ? 2000 : 1900;
  return MakeInstant(year, *month, static_cast<int>(number(parts[0])), hour, minute, second);
}

std::string FormatHttpDate(Instant t) {
  static constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed",
                                                       "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Civil c = AtOffset(t, Duration(0));
  const std::chrono::weekday day(std::chrono::floor<days>(t));
  return Format("%s, %02u %s %04d %02d:%02d:%02d GMT", kDays[day.c_encoding()], DayOf(c),
                kMonths[MonthOf(c) - 1], YearOf(c), static_cast<int>(c.time.hours().count()),
                static_cast<int>(c.time.minutes().count()),
                static_cast<int>(c.time.seconds().count()));
}

std::optional<Duration> ParseDuration(std::string_view text) {
  text = TrimAscii(text);
  const size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits > 9) return std::nullopt;
  const int64_t n = *ParseInt(text.substr(0, digits));
  const std::string_view unit = TrimAscii(text.substr(digits));
  if (unit == "ms") return Duration(n);
  if (unit == "s") return std::chrono::seconds(n);
  if (unit == "m") return std::chrono::minutes(n);
  if (unit == "h") return std::chrono::hours(n);
  if (unit == "d") return days(n);
  return std::nullopt;
}

std::string FormatDuration(Duration d) {
  const int64_t ms = d.count();
  if (ms % 1000 != 0) return std::to_string(ms) + "ms";
  const int64_t s = ms / 1000;
  if (s != 0 && s % 86400 == 0) return std::to_string(s / 86400) + "d";
  if (s != 0 && s % 3600 == 0) return std::to_string(s / 3600) + "h";
  if (s != 0 && s % 60 == 0) return std::to_string(s / 60) + "m";
  return std::to_string(s) + "s";
}

}  // namespace cluehound
