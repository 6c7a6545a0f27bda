#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace cluehound {

// SHA-256 of some bytes.
using Digest = std::array<uint8_t, 32>;

Digest Sha256(std::string_view bytes);

std::string Hex(std::string_view bytes);
std::string Hex(const Digest& digest);
inline std::string_view Bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Builds a digest over fields so that ("ab","c") and ("a","bc") differ: each field is preceded by
// its length.
class FieldDigest {
 public:
  FieldDigest& Add(std::string_view field);
  Digest Finish() const { return Sha256(buffer_); }

 private:
  std::string buffer_;
};

}  // namespace cluehound
