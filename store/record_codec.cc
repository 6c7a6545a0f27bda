#include "store/record_codec.h"

namespace cluehound::store::wire {

void PutVarint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

bool Input::Varint(uint64_t& value) {
  value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) return false;
    const auto byte = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;  // more than 64 bits
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

bool Input::Bytes(std::string_view& value) {
  uint64_t size = 0;
  if (!Varint(size) || size > rest_.size()) return false;
  value = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool Input::Skip(Type type) {
  uint64_t number = 0;
  std::string_view bytes;
  return type == Type::kVarint ? Varint(number) : Bytes(bytes);
}

bool Input::Spend(size_t bytes) {
  if (bytes > memory_) return false;
  memory_ -= bytes;
  return true;
}

}  // namespace cluehound::store::wire
