#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "rules/variant_table.h"

// The single signs of disguised spellings (rules/variant.h): what can be taken for what. All signs
// are folded ones. Pure functions.
namespace cluehound::rules {

constexpr bool IsHan(char32_t c) { return c >= 0x4E00 && c < 0xA000; }
constexpr bool IsLetterSign(char32_t c) { return c < 0x80 && IsAsciiAlpha(static_cast<char>(c)); }
constexpr bool IsDigitSign(char32_t c) { return c < 0x80 && IsAsciiDigit(static_cast<char>(c)); }
constexpr bool IsAlnumSign(char32_t c) { return IsLetterSign(c) || IsDigitSign(c); }

// '@' and others are letters to some eyes and separators to others.
constexpr bool IsAmbiguous(char32_t c) { return c == '@' || c == '$' || c == '!' || c == '|'; }

// The letters that a sign stands for in leet.
constexpr std::string_view LeetLetters(char32_t c) {
  switch (c) {
    case '0':
      return "o";
    case '1':
    case '|':
      return "il";
    case '!':
      return "i";
    case '2':
      return "z";
    case '3':
      return "e";
    case '4':
    case '@':
      return "a";
    case '5':
    case '$':
      return "s";
    case '6':
    case '8':
      return "b";
    case '7':
      return "t";
    case '9':
      return "g";
    default:
      return "";
  }
}

// Letters and signs that can stand for each other by confusable or leet have the same class, 'a' to
// 'z' or '2' to '9'; 0 for what is no such sign.
inline constexpr std::array<char, 128> kAsciiClasses = [] {
  std::array<char, 128> classes{};
  for (char32_t c = 0; c < 128; ++c) {
    const std::string_view leet = LeetLetters(c);
    const char sign = leet.empty() ? static_cast<char>(c) : leet[0];
    if (IsAsciiAlnum(sign)) classes[c] = sign == 'i' ? 'l' : sign;
  }
  return classes;
}();
inline char LatinClass(char32_t c) {
  if (c < 0x80) return kAsciiClasses[c];
  const char letter = variant_table::LatinLookAlike(c);
  return letter == 0 ? '\0' : kAsciiClasses[static_cast<unsigned char>(letter)];
}

// i and l, o and 0, l and 1 look alike to begin with.
bool AlikeInAscii(char32_t a, char32_t b);

// `c` is a homophone, or a look-alike, of `wanted`.
bool SoundsLike(char32_t wanted, char32_t c);
bool LooksLike(char32_t wanted, char32_t c);

// Stands between signs, and is none.
bool IsSeparator(char32_t c);
// One that stands between words in ordinary titles.
bool IsOrdinarySeparator(char32_t c);

// The value of a digit written in Chinese, as an ASCII digit; 0 for anything else.
char ChineseDigit(char32_t c);
// And of one in either script.
char DigitValue(char32_t c);

}  // namespace cluehound::rules
