#include "rules/patent_number.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace cluehound::rules {
namespace {

struct FaultName {
  PatentFault fault;
  std::string_view name;
  std::string_view label;
};
constexpr std::array kFaults = {
    FaultName{kCheckDigit, "check_digit", "校验位不符"},
    FaultName{kYear, "year", "申请年份不可能"},
    FaultName{kTypeConflict, "type", "所称类型与号码不符"},
    FaultName{kTermOver, "term", "保护期限必已届满"},
    FaultName{kMalformed, "malformed", "号码格式不存在"},
};

constexpr std::array<std::string_view, 4> kAnchors = {"专利号", "专利申请号", "申请号", "zl"};
// What may stand between the announcement and the number.
constexpr std::array<std::string_view, 17> kFillers = {
    " ", ":", ".", "-", "(", "[", "【", "#", "no", "为", "是", "码", ",", "、", "第", "zl", "cn"};

bool IsMask(char c) { return c == '*' || c == 'x'; }

// O for 0, l and i for 1: read so only between digits.
char AsDigit(char c) {
  if (IsAsciiDigit(c)) return c;
  if (c == 'o') return '0';
  if (c == 'l' || c == 'i') return '1';
  return '\0';
}

size_t SkipFillers(std::string_view text, size_t pos) {
  for (int skipped = 0; skipped < 8; ++skipped) {
    const std::string_view rest = text.substr(std::min(pos, text.size()));
    size_t length = 0;
    for (const std::string_view filler : kFillers) {
      if (rest.starts_with(filler)) length = filler.size();
    }
    if (length == 0) break;
    pos += length;
  }
  return pos;
}

// The digits as they stand, before anything is judged.
struct Digits {
  std::string digits;  // without the check digit
  std::optional<char> check;
  size_t end = 0;
  bool cut = false;      // by the end of the text, or masked
  bool runs_on = false;  // more digits follow directly
};

// The length of a gap between groups of digits, "2020 1 0123456", or 0.
size_t GapAt(std::string_view text, size_t pos) {
  if (pos + 1 < text.size() && (text[pos] == ' ' || text[pos] == '-') &&
      AsDigit(text[pos + 1]) != '\0')
    return 1;
  return 0;
}

// The length of what separates the check digit: a dot of any kind.
size_t DotAt(std::string_view text, size_t pos) {
  for (const std::string_view dot : {".", "·", "。", "•", ","}) {
    if (text.substr(std::min(pos, text.size())).starts_with(dot)) return dot.size();
  }
  return 0;
}

void ReadCheck(std::string_view text, Digits& read) {
  size_t pos = read.end;
  const size_t dot = DotAt(text, pos);
  pos += dot;
  if (dot > 0 && pos < text.size() && text[pos] == ' ') ++pos;
  if (pos >= text.size()) return;
  const char c = text[pos];
  const char digit = c == 'x' ? 'x' : AsDigit(c);
  if (digit == '\0') return;
  const bool last = pos + 1 >= text.size() || !IsAsciiAlnum(text[pos + 1]);
  if (dot == 0 && !last) {
    read.runs_on = IsAsciiDigit(c);
    return;
  }
  read.check = digit;
  read.end = pos + 1;
}

Digits ReadDigits(std::string_view text, size_t pos) {
  Digits read;
  read.end = pos;
  while (pos < text.size() && read.digits.size() < 12) {
    const char digit = AsDigit(text[pos]);
    if (digit != '\0' && (IsAsciiDigit(text[pos]) || !read.digits.empty())) {
      read.digits += digit;
      read.end = ++pos;
      continue;
    }
    const size_t gap = read.digits.empty() ? 0 : GapAt(text, pos);
    if (gap == 0) break;
    pos += gap;
  }
  // Old numbers have 8 digits, which a check digit may follow without a dot.
  if (read.digits.size() == 9 && DotAt(text, read.end) == 0) {
    read.check = read.digits.back();
    read.digits.pop_back();
    return read;
  }
  if (read.digits.size() == 8 || read.digits.size() == 12) ReadCheck(text, read);
  if (read.digits.size() != 12 && !read.check)
    read.cut = read.end >= text.size() || IsMask(text[read.end]);
  return read;
}

int YearOf(const std::string& digits) {
  if (digits.size() == 12) return static_cast<int>(*ParseInt(digits.substr(0, 4)));
  const int two = static_cast<int>(*ParseInt(digits.substr(0, 2)));
  return two < 50 ? 2000 + two : 1900 + two;
}

char TypeOf(const std::string& digits) { return digits[digits.size() == 12 ? 4 : 2]; }

// Years that the longest term lasts; designs applied for before June 2021 have ten.
int TermYears(char type, int year) {
  if (type == '1' || type == '8') return 20;
  if (type == '3' && year > 2020) return 15;
  return 10;
}

PatentFaults Judge(const Digits& read, int current_year) {
  const std::string& digits = read.digits;
  if ((digits.size() != 8 && digits.size() != 12) || read.runs_on) return kMalformed;
  const char type = TypeOf(digits);
  if (type == '0' || (type >= '4' && type <= '7')) return kMalformed;
  PatentFaults faults = 0;
  const int year = YearOf(digits);
  // The long form began in October 2003, the law in April 1985.
  const bool possible = digits.size() == 12 ? year >= 2003 : year >= 1985 && year <= 2003;
  if (!possible || (current_year > 0 && year > current_year)) faults |= kYear;
  if (read.check && *read.check != PatentCheckDigit(digits)) faults |= kCheckDigit;
  if (faults == 0 && current_year > 0 && current_year > year + TermYears(type, year))
    faults |= kTermOver;
  return faults;
}

// The type that the text claims, '1', '2' or '3', if it claims exactly one.
char ClaimedType(std::string_view text) {
  constexpr std::pair<std::string_view, char> kClaims[] = {
      {"发明专利", '1'}, {"实用新型", '2'}, {"外观设计", '3'}, {"外观专利", '3'}};
  char claimed = '\0';
  for (const auto& [words, type] : kClaims) {
    if (text.find(words) == std::string_view::npos) continue;
    if (claimed != '\0' && claimed != type) return '\0';
    claimed = type;
  }
  return claimed;
}

char Kin(char type) { return type == '8' ? '1' : type == '9' ? '2' : type; }

}  // namespace

PatentFaults PatentFaultFromName(std::string_view name) {
  for (const FaultName& fault : kFaults) {
    if (fault.name == name) return fault.fault;
  }
  return 0;
}

std::string_view Label(PatentFault fault) {
  for (const FaultName& named : kFaults) {
    if (named.fault == fault) return named.label;
  }
  return "";
}

char PatentCheckDigit(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i)
    sum += (digits[i] - '0') * (2 + static_cast<int>(i % 8));
  const int rest = sum % 11;
  return rest == 10 ? 'x' : static_cast<char>('0' + rest);
}

std::vector<PatentNumber> FindPatentNumbers(std::string_view folded, Instant now) {
  const int current_year =
      now == Instant{} ? 0 : static_cast<int>(*ParseInt(FormatDay(now).substr(0, 4)));
  std::vector<PatentNumber> found;
  for (size_t pos = 0; pos < folded.size(); ++pos) {
    const std::string_view rest = folded.substr(pos);
    const auto anchor = std::find_if(kAnchors.begin(), kAnchors.end(),
                                     [&](std::string_view a) { return rest.starts_with(a); });
    if (anchor == kAnchors.end()) continue;
    const bool bare_zl = *anchor == "zl";
    if (bare_zl && pos > 0 && IsAsciiAlnum(folded[pos - 1])) continue;
    const size_t begin = SkipFillers(folded, pos + anchor->size());
    const Digits read = ReadDigits(folded, begin);
    // "ZL50" is a loader, "ZL-9800" a loudspeaker.
    const size_t least = bare_zl ? 8 : 6;
    if (read.digits.size() + (read.check ? 1 : 0) < least) continue;
    const size_t from = bare_zl ? pos : begin;
    pos = read.end - 1;
    if (read.cut) continue;
    PatentNumber number;
    number.slice = {static_cast<uint32_t>(from), static_cast<uint32_t>(read.end)};
    number.number = read.digits;
    if (read.check) number.number += *read.check;
    number.faults = Judge(read, current_year);
    found.push_back(std::move(number));
  }
  if (found.size() == 1 && !(found[0].faults & kMalformed)) {
    const char claimed = ClaimedType(folded);
    const size_t length = found[0].number.size() >= 12 ? 12 : 8;
    if (claimed != '\0' && Kin(TypeOf(found[0].number.substr(0, length))) != claimed)
      found[0].faults |= kTypeConflict;
  }
  return found;
}

}  // namespace cluehound::rules
