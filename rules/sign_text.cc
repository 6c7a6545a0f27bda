#include "rules/sign_text.h"

namespace cluehound::rules {

void SignText::Assign(std::string_view folded) {
  Begin();
  Reserve(folded.size());
  AddAll(folded, 0);
  End(folded);
}

void SignText::Begin() {
  at_ = Cursor();
  PlaceCursor(0, 0, 0, 0);
}

void SignText::End(std::string_view text) {
  text_ = text;
  size_ = Used();
  pair_count_ = static_cast<size_t>(at_.pairs_ - pairs_.data());
  word_count_ = static_cast<size_t>(at_.words_ - words_.data());
  at_.signs_[0] = at_.signs_[1] = 0;
  *at_.begins_ = static_cast<uint32_t>(text.size());
  for (size_t k = 0; k < 4; ++k) at_.letters_[k] = 0;
}

void SignText::PlaceCursor(size_t signs, size_t pairs, size_t words, size_t letters) {
  at_.first_sign_ = signs_.data() + 1;
  at_.first_letter_ = letters_.data();
  at_.signs_ = signs_.data() + 1 + signs;
  at_.begins_ = begins_.data() + signs;
  at_.pairs_ = pairs_.data() + pairs;
  at_.pair_begins_ = pair_begins_.data() + pairs;
  at_.words_ = words_.data() + words;
  at_.letters_ = letters_.data() + letters;
}

void SignText::Grow(size_t characters) {
  const size_t signs = Used(), pairs = static_cast<size_t>(at_.pairs_ - pairs_.data()),
               words = static_cast<size_t>(at_.words_ - words_.data()),
               letters = static_cast<size_t>(at_.letters_ - letters_.data());
  capacity_ = characters + characters / 2;
  const size_t room = capacity_ + kReadable;
  signs_.resize(1 + room);
  begins_.resize(room);
  pairs_.resize(room);
  pair_begins_.resize(room);
  words_.resize(room);
  letters_.resize(room);
  PlaceCursor(signs, pairs, words, letters);
}

void SignText::AddAll(std::string_view folded, size_t begin) {
  for (size_t pos = 0; pos < folded.size();) {
    const auto at = static_cast<uint32_t>(begin + pos);
    const auto lead = static_cast<unsigned char>(folded[pos]);
    if (lead < 0x80) {
      ++pos;
      at_.AddAscii(lead, at);
      continue;
    }
    const auto c = static_cast<uint32_t>(DecodeUtf8(folded, pos));
    if (IsHan(c)) {
      at_.AddHan(c, at);
      at_.EndHan();
    } else {
      at_.AddOther(c, at);
    }
  }
}

void SignText::Cursor::AddOther(uint32_t c, uint32_t begin) {
  if (const char letter = LatinClass(c)) {
    const bool begins = (before_ & kLetter) == 0;
    AddLetter(kAnyLetter);
    AddWord(begins ? 1 : 0);
    AddPair(static_cast<unsigned char>(letter), begin);
    before_ = kLetter;
  } else {
    if (!IsSeparator(c)) {
      AddLetter(0);
      AddPair(c, begin);
    }
    before_ = 0;
  }
  AddSign(c, begin);
}

}  // namespace cluehound::rules
