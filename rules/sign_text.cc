#include "rules/sign_text.h"

#include <cstring>

namespace cluehound::rules {

void SignText::Assign(std::string_view folded) {
  Begin();
  Reserve(folded.size());
  AddAll(folded, 0);
  End(folded);
}

void SignText::Begin() {
  at_.size_ = at_.pair_signs_ = at_.words_count_ = 0;
  at_.before_ = Cursor::kOther;
}

void SignText::End(std::string_view text) {
  text_ = text;
  at_.signs_[at_.size_] = at_.signs_[at_.size_ + 1] = 0;
  at_.begins_[at_.size_] = static_cast<uint32_t>(text.size());
}

void SignText::Grow(size_t characters) {
  const size_t grown = characters + characters / 2;
  uint32_t** const used[] = {&at_.signs_, &at_.begins_, &at_.pairs_, &at_.pair_begins_,
                             &at_.words_};
  for (size_t i = 0; i < buffers_.size(); ++i) {
    std::unique_ptr<uint32_t[]> bigger(new uint32_t[grown]);
    if (at_.size_ > 0) std::memcpy(bigger.get(), *used[i], at_.size_ * sizeof(uint32_t));
    buffers_[i] = std::move(bigger);
    *used[i] = buffers_[i].get();
  }
  capacity_ = grown;
}

void SignText::AddAll(std::string_view folded, size_t begin) {
  for (size_t pos = 0; pos < folded.size();) {
    const size_t at = begin + pos;
    const auto lead = static_cast<unsigned char>(folded[pos]);
    if (lead < 0x80) {
      ++pos;
      at_.AddAscii(lead, at);
      continue;
    }
    const auto c = static_cast<uint32_t>(DecodeUtf8(folded, pos));
    if (IsHan(c)) {
      at_.AddHan(c, at);
    } else {
      at_.AddOther(c, at);
    }
  }
}

void SignText::Cursor::AddOther(uint32_t c, size_t begin) {
  if (const char letter = LatinClass(c)) {
    if (before_ != kLetter) words_[words_count_++] = static_cast<uint32_t>(size_);
    AddPair(static_cast<unsigned char>(letter), begin);
    before_ = kLetter;
  } else {
    if (!IsSeparator(c)) AddPair(c, begin);
    before_ = kOther;
  }
  AddSign(c, begin);
}

}  // namespace cluehound::rules
