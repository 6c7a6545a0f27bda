#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/variant_sign.h"

namespace cluehound::rules {

// A folded text taken apart once for all searches: its characters, and what of them disguised
// spellings are made of. FoldedText::Assign() fills it while it folds. Meant to be reused: Begin()
// keeps the buffers. Not thread-safe; the text must outlive what is asked. Memory: up to 40 bytes
// for every byte of the longest text.
class SignText {
 public:
  SignText() = default;
  SignText(SignText&&) = default;
  SignText& operator=(SignText&&) = default;

  // Where the next character goes. Who folds keeps one in registers, and gives it back. Pointers
  // that move, and nothing else, so that there are registers enough.
  class Cursor {
   public:
    // A run of Han characters, each with AddHan(), and EndHan() behind the last one.
    void AddHan(uint32_t c, uint32_t begin) {
      AddSign(c, begin);
      AddPair(c, begin);
    }
    void EndHan() { AddLetter(0); }
    void AddAscii(unsigned char c, uint32_t begin) {
      // Without branches: in titles nobody can say what comes next.
      const Part part = kParts[c];
      *pairs_ = part & 0xFF;
      *pair_begins_ = begin;
      const size_t is_pair = (part & (kLetter | kDigit)) != 0;
      pairs_ += is_pair;
      pair_begins_ += is_pair;
      const uint32_t letter = part >> 8 & 0xFF;
      *letters_ = static_cast<uint8_t>(letter);
      letters_ += (letter != 0) & (letter != last_);
      last_ = letter != 0 ? letter : last_;
      const Part begins = part & ~before_;
      AddWord((part >> 16 | begins >> 17 | begins >> 18) & 1);
      before_ = part;
      AddSign(c, begin);
    }
    // Neither of them.
    void AddOther(uint32_t c, uint32_t begin);

   private:
    friend class SignText;
    // What an ASCII character is: its class as a sign of pairs, and as a letter, in the two lowest
    // bytes, and bits.
    using Part = uint32_t;
    static constexpr uint8_t kAnyLetter = 0xFF;
    static constexpr Part kIsWord = 1u << 16;  // wherever it stands
    static constexpr Part kLetter = 1u << 17, kDigit = 1u << 18;
    static constexpr std::array<Part, 128> kParts = [] {
      std::array<Part, 128> parts{};
      for (char32_t c = 0; c < 128; ++c) {
        const auto letter = static_cast<unsigned char>(kAsciiClasses[c]);
        if (IsAmbiguous(c)) parts[c] = kAnyLetter << 8 | kIsWord;
        if (IsLetterSign(c)) parts[c] = letter | letter << 8 | kLetter;
        if (IsDigitSign(c)) parts[c] = letter | letter << 8 | kDigit;
      }
      return parts;
    }();

    void AddSign(uint32_t c, uint32_t begin) {
      *signs_++ = c;
      *begins_++ = begin;
    }
    void AddPair(uint32_t sign, uint32_t begin) {
      *pairs_++ = sign;
      *pair_begins_++ = begin;
    }
    // Runs of one make one.
    void AddLetter(uint32_t letter) {
      *letters_ = static_cast<uint8_t>(letter);
      letters_ += letter != last_;
      last_ = letter;
      before_ = 0;
    }
    // At the sign and the letter that come last.
    void AddWord(uint32_t is_word) {
      words_->sign = static_cast<uint32_t>(signs_ - first_sign_);
      words_->letter = static_cast<uint32_t>(letters_ - first_letter_) - 1;
      words_ += is_word;
    }

    struct Word {
      uint32_t sign, letter;
    };
    const uint32_t* first_sign_ = nullptr;
    const uint8_t* first_letter_ = nullptr;
    uint32_t *signs_ = nullptr, *begins_ = nullptr, *pairs_ = nullptr, *pair_begins_ = nullptr;
    Word* words_ = nullptr;
    uint8_t* letters_ = nullptr;
    uint32_t last_ = 0;  // letter
    Part before_ = 0;    // of the character right before
  };

  // Of a text that is folded already. REQUIRES: it is valid UTF-8 of less than 2^31 bytes.
  void Assign(std::string_view folded);

  std::string_view text() const { return text_; }

  // A character, and the byte at which it begins.
  size_t size() const { return size_; }
  uint32_t sign(size_t i) const { return signs()[i]; }   // 0 for size() and size() + 1
  uint32_t begin(size_t i) const { return begins_[i]; }  // the text's length for size()
  // From the one before the first, which is 0, to kReadable behind the last, of which only the
  // first two mean anything.
  const uint32_t* signs() const { return signs_.data() + 1; }
  static constexpr size_t kReadable = 66;

  // The characters without separators, letters by their class (rules/variant_sign.h). Signs that
  // are letters to some eyes only are left out.
  size_t pair_signs() const { return pair_count_; }
  const uint32_t* pairs() const { return pairs_.data(); }  // to kReadable behind the last
  uint32_t pair_begin(size_t i) const { return pair_begins_[i]; }

  // Characters with which a word of letters, or of digits, begins, and those that are letters to
  // some eyes: their index.
  size_t words() const { return word_count_; }
  uint32_t word(size_t i) const { return words_[i].sign; }
  // The classes of the first four letters and digits of such a word, and of what follows it behind
  // separators, if there are any; runs of one class made one, the first in the lowest byte, 0 where
  // there are no more. kAnyLetter: a sign that may be none, or another one.
  uint32_t WordStart(size_t i) const {
    const uint8_t* at = letters_.data() + words_[i].letter;
    const uint32_t four =
        at[0] | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
    const uint64_t zeros = ((four - 0x01010101u) & ~four & 0x80808080u) | uint64_t{1} << 39;
    return four & static_cast<uint32_t>((zeros ^ (zeros - 1)) >> 8);
  }
  static constexpr uint8_t kAnyLetter = Cursor::kAnyLetter;

  // --- for who folds: Begin(), Reserve(), characters one after the other, each with the byte at
  // which it begins, and End()

  void Begin();
  // Room for so many more characters.
  void Reserve(size_t characters) {
    if (Used() + characters >= capacity_) Grow(Used() + characters + 1);
  }
  Cursor cursor() const { return at_; }
  void SetCursor(const Cursor& cursor) { at_ = cursor; }
  // REQUIRES: valid
  void AddAll(std::string_view folded, size_t begin);
  void End(std::string_view text);

 private:
  size_t Used() const { return static_cast<size_t>(at_.signs_ - at_.first_sign_); }
  void Grow(size_t characters);
  void PlaceCursor(size_t signs, size_t pairs, size_t words, size_t letters);

  std::string_view text_;
  std::vector<uint32_t> signs_ = std::vector<uint32_t>(1);
  std::vector<uint32_t> begins_, pairs_, pair_begins_;
  std::vector<Cursor::Word> words_;
  // The classes of all letters and digits, runs of one class made one, 0 where something else stands
  // between them that is no separator.
  std::vector<uint8_t> letters_;
  size_t capacity_ = 0, size_ = 0, pair_count_ = 0, word_count_ = 0;
  Cursor at_;
};

}  // namespace cluehound::rules
