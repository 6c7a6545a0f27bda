#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cluehound {

// 32 bytes: SHA-256 or SM3 of some bytes.
using Digest = std::array<uint8_t, 32>;

Digest Sha256(std::string_view bytes);
// SM3 (GB/T 32905-2016) of some bytes; all zero where the machine's OpenSSL was built without it.
Digest Sm3(std::string_view bytes);

// Unpredictable bytes, for salts and keys.
std::string RandomBytes(size_t count);

// Digests bytes as they pass by. SHA-1 is here because web archives of others are labelled with it;
// nothing of ours relies on it.
class Hasher {
 public:
  enum class Kind { kSha1, kSha256 };
  explicit Hasher(Kind kind);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void Update(std::string_view bytes);
  // The digest's 20 or 32 bytes. Once only.
  std::string Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

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
