#include "store/order_key.h"

namespace cluehound::store {
namespace {

constexpr uint64_t kSignBit = uint64_t{1} << 63;

}  // namespace

KeyWriter& KeyWriter::Byte(uint8_t value) {
  key_ += static_cast<char>(value);
  return *this;
}

KeyWriter& KeyWriter::Text(std::string_view value) {
  for (const char c : value) {
    key_ += c;
    if (c == '\0') key_ += '\xFF';
  }
  key_ += '\0';
  key_ += '\x01';
  return *this;
}

KeyWriter& KeyWriter::Rest(std::string_view value) {
  key_ += value;
  return *this;
}

KeyWriter& KeyWriter::Number(uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) key_ += static_cast<char>(value >> shift);
  return *this;
}

KeyWriter& KeyWriter::Ascending(Instant t) {
  return Number(static_cast<uint64_t>(ToMillis(t)) ^ kSignBit);
}
KeyWriter& KeyWriter::Descending(Instant t) {
  return Number(~(static_cast<uint64_t>(ToMillis(t)) ^ kSignBit));
}

KeyReader::KeyReader(std::string_view key) : rest_(key) { ok_ = Byte() == kKeyVersion; }

uint8_t KeyReader::Byte() {
  if (rest_.empty()) {
    ok_ = false;
    return 0;
  }
  const auto value = static_cast<uint8_t>(rest_[0]);
  rest_.remove_prefix(1);
  return value;
}

std::string KeyReader::Text() {
  std::string value;
  for (size_t i = 0; i + 1 < rest_.size(); ++i) {
    if (rest_[i] != '\0') {
      value += rest_[i];
    } else if (rest_[i + 1] == '\x01') {
      rest_.remove_prefix(i + 2);
      return value;
    } else {
      value += '\0';
      ++i;
    }
  }
  ok_ = false;
  rest_ = {};
  return "";
}

std::string_view KeyReader::Rest() { return std::exchange(rest_, {}); }

uint64_t KeyReader::Number() {
  uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = (value << 8) | Byte();
  return value;
}

Instant KeyReader::Ascending() { return FromMillis(static_cast<int64_t>(Number() ^ kSignBit)); }
Instant KeyReader::Descending() { return FromMillis(static_cast<int64_t>(~Number() ^ kSignBit)); }

std::string PrefixEnd(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

}  // namespace cluehound::store
