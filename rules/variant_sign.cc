#include "rules/variant_sign.h"

#include <algorithm>

namespace cluehound::rules {

bool AlikeInAscii(char32_t a, char32_t b) {
  const auto group = [](char32_t c) {
    return c == 'i' || c == 'l' || c == '1' ? 1 : c == 'o' || c == '0' ? 2 : 0;
  };
  return a != b && group(a) != 0 && group(a) == group(b);
}

bool SoundsLike(char32_t wanted, char32_t c) {
  const auto [first, second] = variant_table::MainSyllables(c);
  const auto own = variant_table::Syllables(wanted);
  return std::any_of(own.begin(), own.end(), [&, a = first, b = second](uint16_t syllable) {
    return syllable == a || syllable == b;
  });
}

bool LooksLike(char32_t wanted, char32_t c) {
  const auto alike = variant_table::LookAlikes(wanted);
  return c <= 0xFFFF && std::binary_search(alike.begin(), alike.end(), static_cast<char16_t>(c));
}

bool IsSeparator(char32_t c) {
  if (c < 0x80) return !IsAlnumSign(c);
  // The parts of characters, as ⺮, ⻊ and ㇆, stand in a disguise as signs.
  const bool radical = (c >= 0x2E80 && c < 0x2FE0) || (c >= 0x31C0 && c < 0x31F0);
  if (IsHan(c) || radical) return false;
  return !variant_table::IsLetter(c) && variant_table::LatinLookAlike(c) == 0;
}

bool IsOrdinarySeparator(char32_t c) {
  static constexpr std::u32string_view kOrdinary = U" -/·.,，、。:：;；()（）[]【】&+'’\"“”";
  return kOrdinary.find(c) != std::u32string_view::npos;
}

char ChineseDigit(char32_t c) {
  switch (c) {
    case U'〇':
    case U'零':
      return '0';
    case U'一':
    case U'壹':
      return '1';
    case U'二':
    case U'贰':
      return '2';
    case U'三':
    case U'叁':
      return '3';
    case U'四':
    case U'肆':
      return '4';
    case U'五':
    case U'伍':
      return '5';
    case U'六':
    case U'陆':
      return '6';
    case U'七':
    case U'柒':
      return '7';
    case U'八':
    case U'捌':
      return '8';
    case U'九':
    case U'玖':
      return '9';
    default:
      return '\0';
  }
}

char DigitValue(char32_t c) { return IsDigitSign(c) ? static_cast<char>(c) : ChineseDigit(c); }

}  // namespace cluehound::rules
