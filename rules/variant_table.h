#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// How spellings are disguised: what sounds alike, looks alike, is put together of two others.
// Generated when the project is built (rules/tables/variants/main.cc says from what); the data never
// changes while the program runs. Han characters are given after folding: simplified ones.
namespace cluehound::rules::variant_table {

// Toneless syllables, by number; 0 is none. ü is written v.
inline constexpr uint16_t kMaxSyllables = 512;
std::string_view SyllableName(uint16_t syllable);

// The two syllables by which a character is mostly read; 0 for none. Constant time.
struct MainReadings {
  uint16_t first, second;
};
MainReadings MainSyllables(char32_t c);
// All its syllables, the main one first.
std::span<const uint16_t> Syllables(char32_t c);

// The characters that `c` can be taken for at a glance, sorted. Symmetric. At most a few dozen.
std::span<const char16_t> LookAlikes(char32_t c);

// Two characters that, side by side, give `c` at a glance: 弓 and 长 give 张.
struct Parts {
  char16_t whole, first, second;
};
// All ways to take `c` apart.
std::span<const Parts> PartsOf(char32_t c);

// The ASCII letter, in lower case, that `c` looks like (UTS 39 and names of the characters); 0 for
// none, and for ASCII itself.
char LatinLookAlike(char32_t c);

// A letter, a digit, or a mark that belongs to one; false for ASCII.
bool IsLetter(char32_t c);

// 0 to 255: how often a Han character stands in running text, on a logarithmic scale.
uint8_t Frequency(char32_t c);
// From here on a character stands in every text: 了, 是, 来, 到.
inline constexpr uint8_t kEveryday = 175;

// A word of two to four Han characters that running text is full of.
bool IsCommonWord(std::string_view word);

}  // namespace cluehound::rules::variant_table
