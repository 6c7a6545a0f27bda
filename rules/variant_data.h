#pragma once

#include <cstddef>
#include <cstdint>

#include "rules/variant_table.h"

// What rules/tables/variants/main.cc writes. Only variant_table.cc reads it.
namespace cluehound::rules::variant_table::data {

// Arrays by character begin at kFirst; those named ...Begin have one more entry, the end.
inline constexpr char32_t kFirst = 0x4E00;
inline constexpr size_t kCount = 0xA000 - 0x4E00;

extern const size_t kSyllableCount, kPartsCount, kLatinCount, kLettersCount, kWordCount;
extern const char* const kSyllableNames[];
extern const uint32_t kMainSyllables[];  // the first, and the second << 16
extern const uint32_t kSyllablesBegin[];
extern const uint16_t kSyllables[];
extern const uint32_t kLookAlikesBegin[];
extern const char16_t kLookAlikes[];
extern const uint8_t kFrequency[];
extern const Parts kParts[];  // by whole
struct Latin {
  char32_t character;
  char letter;
};
extern const Latin kLatin[];  // by character
struct Range {
  char32_t begin, end;
};
extern const Range kLetters[];  // in order
extern const uint32_t kWordsBegin[];
extern const char kWords[];

}  // namespace cluehound::rules::variant_table::data
