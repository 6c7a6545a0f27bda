#include "rules/credit_code.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cluehound::rules {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjklmnpqrtuwxy";
constexpr size_t kLength = 18;
constexpr std::array<std::string_view, 4> kAnnouncements = {"信用代码", "税号", "纳税人识别号",
                                                            "信用编码"};
// What may stand between the announcement and the code, in bytes.
constexpr size_t kReach = 12;

bool Announced(std::string_view before) {
  return std::any_of(kAnnouncements.begin(), kAnnouncements.end(), [&](std::string_view words) {
    const size_t at = before.rfind(words);
    return at != std::string_view::npos && before.size() - at - words.size() <= kReach;
  });
}

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

// Registered with the market authority (9), with the number of a province, and holding a letter:
// neither an identity card nor an article number looks so.
bool LooksLikeCode(std::string_view code) {
  return code[0] == '9' && std::string_view("1239").find(code[1]) != std::string_view::npos &&
         code[2] >= '1' && code[2] <= '6' && AllDigits(code.substr(2, 6)) && !AllDigits(code);
}

}  // namespace

char CreditCodeCheck(std::string_view first17) {
  size_t sum = 0, weight = 1;
  for (const char c : first17) {
    const size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return '\0';
    sum = (sum + value * weight) % 31;
    weight = weight * 3 % 31;
  }
  return kAlphabet[(31 - sum) % 31];
}

std::vector<CreditCode> FindCreditCodes(std::string_view folded) {
  std::vector<CreditCode> found;
  for (size_t begin = 0; begin < folded.size();) {
    size_t end = begin;
    while (end < folded.size() && IsAsciiAlnum(folded[end])) ++end;
    const std::string_view run = folded.substr(begin, end - begin);
    if (run.size() == kLength) {
      const size_t from = begin > 40 ? begin - 40 : 0;
      if (Announced(folded.substr(from, begin - from)) || LooksLikeCode(run)) {
        CreditCode code;
        code.slice = {static_cast<uint32_t>(begin), static_cast<uint32_t>(end)};
        code.check_digit_fits = CreditCodeCheck(run.substr(0, 17)) == run[17];
        found.push_back(code);
      }
    }
    begin = std::max(end, begin + 1);
  }
  return found;
}

}  // namespace cluehound::rules
