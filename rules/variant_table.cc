#include "rules/variant_table.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "rules/fold_table.h"
#include "rules/variant_data.h"

namespace cluehound::rules::variant_table {
namespace {

bool IsCovered(char32_t c) { return c >= data::kFirst && c < data::kFirst + data::kCount; }

}  // namespace

std::string_view SyllableName(uint16_t syllable) {
  return syllable < data::kSyllableCount ? data::kSyllableNames[syllable] : std::string_view();
}

MainReadings MainSyllables(char32_t c) {
  const uint32_t both = IsCovered(c) ? data::kMainSyllables[c - data::kFirst] : 0;
  return {static_cast<uint16_t>(both), static_cast<uint16_t>(both >> 16)};
}

std::span<const uint16_t> Syllables(char32_t c) {
  if (!IsCovered(c)) return {};
  const size_t i = c - data::kFirst;
  return {data::kSyllables + data::kSyllablesBegin[i],
          data::kSyllables + data::kSyllablesBegin[i + 1]};
}

std::span<const char16_t> LookAlikes(char32_t c) {
  if (!IsCovered(c)) return {};
  const size_t i = c - data::kFirst;
  return {data::kLookAlikes + data::kLookAlikesBegin[i],
          data::kLookAlikes + data::kLookAlikesBegin[i + 1]};
}

namespace {

char16_t Folded(char16_t c) {
  const uint32_t entry = fold_table::Entry(c);
  if (entry == 0) return c;
  const std::string_view folded = fold_table::Replacement(entry);
  size_t pos = 0;
  const char32_t first = folded.empty() ? c : DecodeUtf8(folded, pos);
  return pos == folded.size() && first <= 0xFFFF ? static_cast<char16_t>(first) : c;
}

// As they stand in a folded text.
const std::vector<Parts>& FoldedParts() {
  static const std::vector<Parts> parts = [] {
    std::vector<Parts> all(data::kParts, data::kParts + data::kPartsCount);
    for (Parts& p : all) p = {p.whole, Folded(p.first), Folded(p.second)};
    // A stroke that folds to what stands between signs is no part: 香奈丿乚 would be 香奈*隐.
    const auto stroke = [](char16_t c) { return c < 0x80 && !IsAsciiAlnum(static_cast<char>(c)); };
    std::erase_if(all, [&](const Parts& p) { return stroke(p.first) || stroke(p.second); });
    return all;
  }();
  return parts;
}

}  // namespace

std::span<const Parts> PartsOf(char32_t c) {
  if (c > 0xFFFF) return {};
  const std::vector<Parts>& all = FoldedParts();
  const auto [first, last] =
      std::equal_range(all.begin(), all.end(), Parts{static_cast<char16_t>(c), 0, 0},
                       [](const Parts& a, const Parts& b) { return a.whole < b.whole; });
  return {first, last};
}

char LatinLookAlike(char32_t c) {
  const auto* end = data::kLatin + data::kLatinCount;
  const auto* it = std::lower_bound(
      data::kLatin, end, c, [](const data::Latin& a, char32_t b) { return a.character < b; });
  return it != end && it->character == c ? it->letter : '\0';
}

bool IsLetter(char32_t c) {
  if (IsCovered(c)) return true;
  const auto* end = data::kLetters + data::kLettersCount;
  const auto* after = std::upper_bound(
      data::kLetters, end, c, [](char32_t a, const data::Range& b) { return a < b.begin; });
  return after != data::kLetters && c < std::prev(after)->end;
}

uint8_t Frequency(char32_t c) { return IsCovered(c) ? data::kFrequency[c - data::kFirst] : 0; }

bool IsCommonWord(std::string_view word) {
  size_t low = 0, high = data::kWordCount;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const std::string_view other(data::kWords + data::kWordsBegin[middle],
                                 data::kWordsBegin[middle + 1] - data::kWordsBegin[middle]);
    if (other == word) return true;
    if (other < word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

}  // namespace cluehound::rules::variant_table
