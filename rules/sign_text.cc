#include "rules/sign_text.h"

#include <cstring>

namespace cluehound::rules {

void SignText::Assign(std::string_view folded) {
  Begin();
  Reserve(folded.size());
  AddAll(folded, 0);
  End(folded);
}

void SignText::Grow(size_t characters) {
  const size_t grown = characters + characters / 2;
  for (auto* buffer : {&signs_, &begins_, &pairs_, &pair_begins_, &words_}) {
    std::unique_ptr<uint32_t[]> bigger(new uint32_t[grown]);
    if (size_ > 0) std::memcpy(bigger.get(), buffer->get(), size_ * sizeof(uint32_t));
    *buffer = std::move(bigger);
  }
  capacity_ = grown;
}

void SignText::AddAll(std::string_view folded, size_t begin) {
  for (size_t pos = 0; pos < folded.size();) {
    const size_t at = begin + pos;
    const auto lead = static_cast<unsigned char>(folded[pos]);
    if (lead < 0x80) {
      ++pos;
      AddAscii(lead, at);
      continue;
    }
    const auto c = static_cast<uint32_t>(DecodeUtf8(folded, pos));
    if (IsHan(c)) {
      AddHan(c, at);
    } else {
      AddOther(c, at);
    }
  }
}

void SignText::AddOther(uint32_t c, size_t begin) {
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
