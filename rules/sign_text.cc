#include "rules/sign_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace cluehound::rules {
namespace {

// What a character is in each of the streams: its class as a sign of pairs, and as a letter, in the
// two lowest bytes, and bits.
using Part = uint32_t;
constexpr Part kCounts = 1u << 16;  // among the letters, also as the 0 that ends them
constexpr Part kIsWord = 1u << 17;  // wherever it stands
constexpr Part kLetter = 1u << 18, kDigit = 1u << 19;

constexpr Part MakePart(uint32_t pair, uint32_t letter, Part bits) {
  return pair | letter << 8 | bits;
}

// Of ASCII, and of a Han character.
constexpr std::array<Part, 129> kParts = [] {
  std::array<Part, 129> parts{};
  for (char32_t c = 0; c < 128; ++c) {
    const auto letter = static_cast<unsigned char>(kAsciiClasses[c]);
    if (IsAmbiguous(c)) parts[c] = MakePart(0, SignText::kAnyLetter, kCounts | kIsWord);
    if (IsLetterSign(c)) parts[c] = MakePart(letter, letter, kCounts | kLetter);
    if (IsDigitSign(c)) parts[c] = MakePart(letter, letter, kCounts | kDigit);
  }
  parts[128] = kCounts;
  return parts;
}();

Part OtherPart(uint32_t c) {
  if (const char letter = LatinClass(c))
    return MakePart(static_cast<unsigned char>(letter), SignText::kAnyLetter, kCounts | kLetter);
  return IsSeparator(c) ? 0 : kCounts;
}

}  // namespace

void SignText::Assign(std::string_view folded) {
  Begin();
  Reserve(folded.size());
  AddAll(folded, 0);
  End(folded);
}

void SignText::Begin() { at_.size_ = 0; }

void SignText::End(std::string_view text) {
  text_ = text;
  at_.signs_[at_.size_] = at_.signs_[at_.size_ + 1] = 0;
  at_.begins_[at_.size_] = static_cast<uint32_t>(text.size());
  TakeApart();
}

void SignText::Grow(size_t characters) {
  capacity_ = characters + characters / 2;
  const size_t size = capacity_ + kReadable;
  signs_.resize(1 + size);
  begins_.resize(size);
  pairs_.resize(size);
  pair_at_.resize(size);
  words_.resize(size);
  letters_.resize(size);
  at_.signs_ = signs_.data() + 1;
  at_.begins_ = begins_.data();
}

void SignText::AddAll(std::string_view folded, size_t begin) {
  for (size_t pos = 0; pos < folded.size();) {
    const size_t at = begin + pos;
    at_.Add(DecodeUtf8(folded, pos), at);
  }
}

// Without a branch for most characters: in titles nobody can say what comes next.
void SignText::TakeApart() {
  const uint32_t* signs = at_.signs_;
  uint32_t *pairs = pairs_.data(), *pair_at = pair_at_.data();
  uint8_t* letters = letters_.data();
  Word* words = words_.data();
  size_t pair_count = 0, letter_count = 0, word_count = 0;
  uint32_t last_letter = 0;
  Part before = 0;
  const auto n = static_cast<uint32_t>(size());
  for (uint32_t i = 0; i < n; ++i) {
    const uint32_t c = signs[i];
    Part part = kParts[std::min(c, 128u)];
    uint32_t pair = c < 128 ? part & 0xFF : c;
    if (c >= 128 && !IsHan(c)) [[unlikely]] {
      part = OtherPart(c);
      pair = part == kCounts ? c : part & 0xFF;
    }
    pairs[pair_count] = pair;
    pair_at[pair_count] = i;
    pair_count += pair != 0;
    const uint32_t letter = part >> 8 & 0xFF, counts = part >> 16 & 1;
    letters[letter_count] = static_cast<uint8_t>(letter);
    letter_count += counts & (letter != last_letter ? 1 : 0);
    last_letter ^= (last_letter ^ letter) & (0 - counts);
    words[word_count] = {i, static_cast<uint32_t>(letter_count) - 1};
    const Part begins = part & ~before;
    word_count += (part >> 17 | begins >> 18 | begins >> 19) & 1;
    before = part;
  }
  for (size_t k = 0; k < 4; ++k) letters[letter_count + k] = 0;
  pair_count_ = pair_count;
  word_count_ = word_count;
}

}  // namespace cluehound::rules
