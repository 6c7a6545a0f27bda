#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/text.h"
#include "rules/variant_sign.h"

namespace cluehound::rules {

// A folded text taken apart once for all searches: its characters, and what of them disguised
// spellings are made of. FoldedText::Assign() fills it while it folds. Meant to be reused: Begin()
// keeps the buffers. Not thread-safe; the text must outlive what is asked. Memory: up to 30 bytes
// for every byte of the longest text.
class SignText {
 public:
  // Where the next character goes. Who folds keeps one in registers, and gives it back.
  class Cursor {
   public:
    void AddHan(uint32_t c, size_t begin) {
      AddPair(c, begin);
      before_ = kOther;
      AddSign(c, begin);
    }
    void AddAscii(unsigned char c, size_t begin) {
      // Without branches: in titles nobody can say what comes next.
      const Kind kind = kKinds[c];
      pairs_[pair_signs_] = static_cast<unsigned char>(kAsciiClasses[c]);
      pair_begins_[pair_signs_] = static_cast<uint32_t>(begin);
      pair_signs_ += kind != kOther;
      words_[words_count_] = static_cast<uint32_t>(size_);
      words_count_ += ((kind != kOther) & (kind != before_)) | IsAmbiguous(c);
      before_ = kind;
      AddSign(c, begin);
    }
    void AddOther(uint32_t c, size_t begin);

   private:
    friend class SignText;
    enum Kind : uint8_t { kOther, kLetter, kDigit };
    static constexpr std::array<Kind, 128> kKinds = [] {
      std::array<Kind, 128> kinds{};
      for (size_t i = 0; i < 128; ++i) {
        const char sign = static_cast<char>(i);
        kinds[i] = IsAsciiAlpha(sign) ? kLetter : IsAsciiDigit(sign) ? kDigit : kOther;
      }
      return kinds;
    }();
    void AddSign(uint32_t c, size_t begin) {
      signs_[size_] = c;
      begins_[size_++] = static_cast<uint32_t>(begin);
    }
    void AddPair(uint32_t sign, size_t begin) {
      pairs_[pair_signs_] = sign;
      pair_begins_[pair_signs_++] = static_cast<uint32_t>(begin);
    }

    uint32_t *signs_ = nullptr, *begins_ = nullptr, *pairs_ = nullptr, *pair_begins_ = nullptr,
             *words_ = nullptr;
    size_t size_ = 0, pair_signs_ = 0, words_count_ = 0;
    Kind before_ = kOther;  // of the character right before
  };

  // Of a text that is folded already. REQUIRES: it is valid UTF-8 of less than 2^31 bytes.
  void Assign(std::string_view folded);

  std::string_view text() const { return text_; }

  // A character, and the byte at which it begins.
  size_t size() const { return at_.size_; }
  uint32_t sign(size_t i) const { return at_.signs_[i]; }    // 0 for size() and size() + 1
  uint32_t begin(size_t i) const { return at_.begins_[i]; }  // the text's length for size()
  const uint32_t* signs() const { return at_.signs_; }

  // The characters without separators, letters by their class (rules/variant_sign.h). Signs that
  // are letters to some eyes only are left out.
  size_t pair_signs() const { return at_.pair_signs_; }
  const uint32_t* pairs() const { return at_.pairs_; }
  uint32_t pair_begin(size_t i) const { return at_.pair_begins_[i]; }

  // Characters with which a word of letters, or of digits, begins, and those that are letters to
  // some eyes: their index.
  size_t words() const { return at_.words_count_; }
  uint32_t word(size_t i) const { return at_.words_[i]; }

  // --- for who folds: Begin(), Reserve(), characters one after the other, each with the byte at
  // which it begins, and End()

  void Begin();
  // Room for so many characters in all.
  void Reserve(size_t characters) {
    if (characters + 2 > capacity_) Grow(characters + 2);
  }
  Cursor cursor() const { return at_; }
  void SetCursor(const Cursor& cursor) { at_ = cursor; }
  // Of any kind, and valid.
  void AddAll(std::string_view folded, size_t begin);
  void End(std::string_view text);

 private:
  void Grow(size_t characters);

  std::string_view text_;
  std::array<std::unique_ptr<uint32_t[]>, 5> buffers_;  // of at_
  size_t capacity_ = 0;
  Cursor at_;
};

}  // namespace cluehound::rules
