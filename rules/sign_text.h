#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "rules/variant_sign.h"

namespace cluehound::rules {

// A folded text taken apart once for all searches: its characters, and what of them disguised
// spellings are made of. FoldedText::Assign() fills it while it folds. Meant to be reused: Begin()
// keeps the buffers. Not thread-safe; the text must outlive what is asked. Memory: up to 30 bytes
// for every byte of the longest text.
class SignText {
 public:
  SignText() = default;
  SignText(SignText&&) = default;
  SignText& operator=(SignText&&) = default;

  // Where the next character goes. Who folds keeps one in registers, and gives it back.
  class Cursor {
   public:
    void Add(uint32_t c, size_t begin) {
      signs_[size_] = c;
      begins_[size_++] = static_cast<uint32_t>(begin);
    }

   private:
    friend class SignText;
    uint32_t *signs_ = nullptr, *begins_ = nullptr;
    size_t size_ = 0;
  };

  // Of a text that is folded already. REQUIRES: it is valid UTF-8 of less than 2^31 bytes.
  void Assign(std::string_view folded);

  std::string_view text() const { return text_; }

  // A character, and the byte at which it begins.
  size_t size() const { return at_.size_; }
  uint32_t sign(size_t i) const { return at_.signs_[i]; }    // 0 for size() and size() + 1
  uint32_t begin(size_t i) const { return at_.begins_[i]; }  // the text's length for size()
  // From the one before the first, which is 0, to kReadable behind the last, of which only the
  // first two mean anything.
  const uint32_t* signs() const { return at_.signs_; }
  static constexpr size_t kReadable = 66;

  // The characters without separators, letters by their class (rules/variant_sign.h). Signs that
  // are letters to some eyes only are left out.
  size_t pair_signs() const { return pair_count_; }
  const uint32_t* pairs() const { return pairs_.data(); }  // to kReadable behind the last
  uint32_t pair_begin(size_t i) const { return begin(pair_at_[i]); }

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
  static constexpr uint8_t kAnyLetter = 0xFF;

  // --- for who folds: Begin(), Reserve(), characters one after the other, each with the byte at
  // which it begins, and End()

  void Begin();
  // Room for so many characters in all.
  void Reserve(size_t characters) {
    if (characters >= capacity_) Grow(characters + 1);
  }
  Cursor cursor() const { return at_; }
  void SetCursor(const Cursor& cursor) { at_ = cursor; }
  // REQUIRES: valid
  void AddAll(std::string_view folded, size_t begin);
  void End(std::string_view text);

 private:
  struct Word {
    uint32_t sign, letter;
  };
  void Grow(size_t characters);
  void TakeApart();

  std::string_view text_;
  Cursor at_;
  std::vector<uint32_t> signs_, begins_;  // of at_
  size_t capacity_ = 0;
  std::vector<uint32_t> pairs_, pair_at_;
  std::vector<Word> words_;
  // The classes of all letters and digits, runs of one class made one, 0 where something else stands
  // between them that is no separator.
  std::vector<uint8_t> letters_;
  size_t pair_count_ = 0, word_count_ = 0;
};

}  // namespace cluehound::rules
