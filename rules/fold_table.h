#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// What one character folds to. Generated when the project is built (rules/tables/main.cc says from
// what); the data never changes while the program runs.
namespace cluehound::rules::fold_table {

// Two stages: kPages[kIndex[c / 128] * 128 + c % 128]. An entry is 0 when the character folds to
// itself, else 1 | length << 1 | offset << 6, a piece of kPool (which may be empty: dropped).
extern const uint16_t kIndex[0x110000 / 128];
extern const uint32_t kPages[];
extern const char kPool[];

inline uint32_t Entry(char32_t c) { return kPages[size_t{kIndex[c >> 7]} * 128 + (c & 127)]; }
inline std::string_view Replacement(uint32_t entry) {
  return {kPool + (entry >> 6), (entry >> 1) & 31};
}

// The single folds, each sorted by character, only characters that change. kPages holds their
// composition: zero_width, width, accent, nocase, traditional, in this order.
struct StageEntry {
  uint32_t character;
  const char* folded;
};
extern const std::span<const StageEntry> kZeroWidthStage, kWidthStage, kAccentStage, kCaseStage,
    kTraditionalStage;

}  // namespace cluehound::rules::fold_table
