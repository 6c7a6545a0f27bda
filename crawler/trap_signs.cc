#include "crawler/trap_signs.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/digest.h"
#include "base/text.h"

namespace cluehound::crawler {
namespace {

constexpr size_t kMaxLength = 2048;
constexpr size_t kMaxSegments = 20;
constexpr size_t kMaxParameters = 32;
constexpr auto kAhead = std::chrono::days(400);
constexpr int kFirstYear = 1995;
constexpr size_t kMaxShape = 300;

struct Parts {
  std::string_view authority;
  std::vector<std::string_view> segments;
  std::vector<std::string_view> parameters;
};

Parts PartsOf(std::string_view address) {
  Parts parts;
  const size_t begin = std::min(address.find("//"), address.size() - 2) + 2;
  const size_t slash = std::min(address.find('/', begin), address.size());
  const size_t question = std::min(address.find('?', slash), address.size());
  parts.authority = address.substr(begin, slash - begin);
  parts.segments = SplitAscii(address.substr(slash, question - slash), "/");
  parts.parameters = SplitAscii(address.substr(question), "?&");
  return parts;
}

// ---------------------------------------------------------------- repeating

// Not a number, and no filler of a filter's place.
bool IsWord(std::string_view segment) {
  static const std::set<std::string, std::less<>> kFillers = {"all", "any", "none", "null",
                                                              "default"};
  return segment.size() > 2 && !kFillers.contains(ToAsciiLower(segment)) &&
         std::any_of(segment.begin(), segment.end(), [](char c) { return !IsAsciiDigit(c); });
}

bool Repeats(const std::vector<std::string_view>& segments) {
  for (const std::string_view segment : segments) {
    if (IsWord(segment) && std::count(segments.begin(), segments.end(), segment) >= 4) return true;
  }
  // Three times the same block in a row.
  for (size_t size = 1; 3 * size <= segments.size(); ++size) {
    for (size_t at = 0; at + 3 * size <= segments.size(); ++at) {
      const auto block = segments.begin() + static_cast<ptrdiff_t>(at);
      const auto length = static_cast<ptrdiff_t>(size);
      if (std::any_of(block, block + length, IsWord) &&
          std::equal(block, block + 2 * length, block + length))
        return true;
    }
  }
  return false;
}

bool RepeatsParameters(const std::vector<std::string_view>& parameters) {
  return std::any_of(parameters.begin(), parameters.end(), [&](std::string_view parameter) {
    return std::count(parameters.begin(), parameters.end(), parameter) >= 3;
  });
}

// ---------------------------------------------------------------- calendars

std::optional<int> Number(std::string_view text, size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, digits)) {
    if (!IsAsciiDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// "2031", "2031-05", "2031-05-01", "203105", "20310501" and nothing else: the year.
std::optional<int> YearOf(std::string_view text) {
  const auto year = Number(text, 4);
  if (!year || *year < 1000) return std::nullopt;
  std::string digits;
  for (const char c : text) {
    if (IsAsciiDigit(c)) digits += c;
    if (!IsAsciiDigit(c) && c != '-' && c != '/' && c != '.') return std::nullopt;
  }
  if (digits.size() != 4 && digits.size() != 6 && digits.size() != 8) return std::nullopt;
  const auto month = digits.size() > 4 ? Number(std::string_view(digits).substr(4), 2) : 1;
  return month && *month >= 1 && *month <= 12 ? year : std::nullopt;
}

bool OutOfTime(int year, Instant now) {
  const std::chrono::year_month_day last(std::chrono::floor<std::chrono::days>(now) + kAhead);
  return year < kFirstYear || year > static_cast<int>(last.year());
}

bool IsCalendar(const Parts& parts, Instant now) {
  static const std::set<std::string, std::less<>> kDates = {
      "cal", "caldate", "calendar", "date", "day", "month", "rili", "riqi", "week", "ym", "ymd"};
  std::optional<int> year;
  bool month = false;
  for (const std::string_view parameter : parts.parameters) {
    const size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string name = ToAsciiLower(parameter.substr(0, equals));
    const std::string_view value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (kDates.contains(name)) {
      month = true;
      if (const auto dated = YearOf(value); dated && value.size() > 4 && OutOfTime(*dated, now))
        return true;
    }
    if (name == "year" || name == "y" || name == "yyyy") year = YearOf(value);
    if (name == "m" || name == "mm") month = true;
  }
  if (year && month && OutOfTime(*year, now)) return true;
  const bool calendar =
      std::any_of(parts.segments.begin(), parts.segments.end(), [](std::string_view segment) {
        return FindIgnoreAsciiCase(segment, "calendar") != std::string_view::npos ||
               FindIgnoreAsciiCase(segment, "schedule") != std::string_view::npos ||
               FindIgnoreAsciiCase(segment, "event") != std::string_view::npos ||
               EqualsIgnoreAsciiCase(segment, "rili");
      });
  if (!calendar) return false;
  // "2031-05" or "2031/5"; a number alone may be anything.
  for (size_t i = 0; i < parts.segments.size(); ++i) {
    const std::string_view segment = parts.segments[i];
    const auto dated = YearOf(segment);
    if (!dated || !OutOfTime(*dated, now)) continue;
    const auto next =
        i + 1 < parts.segments.size() ? ParseInt(parts.segments[i + 1]) : std::nullopt;
    if (segment.size() > 4 ? segment[4] == '-' : next && *next >= 1 && *next <= 12) return true;
  }
  return false;
}

// ---------------------------------------------------------------- shapes

// Digits and what looks like an id become one "0".
std::string Plain(std::string_view segment) {
  const auto digits = std::count_if(segment.begin(), segment.end(), IsAsciiDigit);
  if (segment.size() >= 16 && digits >= 4 && segment.find_first_of("-_.") == std::string_view::npos)
    return "0";
  std::string plain;
  for (const char c : segment) {
    if (!IsAsciiDigit(c)) {
      plain += c;
    } else if (plain.empty() || plain.back() != '0') {
      plain += '0';
    }
  }
  return plain;
}

}  // namespace

std::string_view NameOf(Trap trap) {
  static constexpr std::string_view kNames[kTrapCount] = {"too-long", "repeats", "calendar",
                                                          "nothing-new"};
  return kNames[static_cast<size_t>(trap)];
}

std::optional<Trap> TrapSign(std::string_view address, Instant now) {
  if (address.size() > kMaxLength) return Trap::kTooLong;
  const Parts parts = PartsOf(address);
  if (parts.segments.size() > kMaxSegments || parts.parameters.size() > kMaxParameters)
    return Trap::kTooLong;
  if (Repeats(parts.segments) || RepeatsParameters(parts.parameters)) return Trap::kRepeats;
  if (IsCalendar(parts, now)) return Trap::kCalendar;
  return std::nullopt;
}

std::string ShapeOf(std::string_view address) {
  const Parts parts = PartsOf(address);
  std::string shape(parts.authority);
  for (const std::string_view segment : parts.segments) (shape += '/') += Plain(segment);
  std::set<std::string> names;
  for (const std::string_view parameter : parts.parameters)
    names.insert(Plain(parameter.substr(0, parameter.find('='))));
  char mark = '?';
  for (const std::string& name : names) {
    (shape += mark) += name;
    mark = '&';
  }
  if (shape.size() <= kMaxShape) return shape;
  return shape.substr(0, kMaxShape - 17) + "#" + Hex(Sha256(shape)).substr(0, 16);
}

}  // namespace cluehound::crawler
