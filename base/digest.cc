#include "base/digest.h"

#include <openssl/evp.h>

namespace cluehound {

Digest Sha256(std::string_view bytes) {
  Digest digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return digest;
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    out += kDigits[static_cast<uint8_t>(c) >> 4];
    out += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return out;
}

std::string Hex(const Digest& digest) { return Hex(Bytes(digest)); }

FieldDigest& FieldDigest::Add(std::string_view field) {
  const uint64_t size = field.size();
  for (int shift = 0; shift < 64; shift += 8) buffer_ += static_cast<char>((size >> shift) & 0xFF);
  buffer_ += field;
  return *this;
}

}  // namespace cluehound
