#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <new>

namespace cluehound {

struct Hasher::Impl {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free};
};

Hasher::Hasher(Kind kind) : impl_(std::make_unique<Impl>()) {
  const EVP_MD* md = kind == Kind::kSha1 ? EVP_sha1() : EVP_sha256();
  if (!impl_->context || EVP_DigestInit_ex(impl_->context.get(), md, nullptr) != 1)
    throw std::bad_alloc();
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Update(std::string_view bytes) {
  EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size());
}

std::string Hasher::Finish() {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(impl_->context.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

Digest Sha256(std::string_view bytes) {
  Digest digest;
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return digest;
}

Digest Sm3(std::string_view bytes) {
  Digest digest{};
#ifndef OPENSSL_NO_SM3
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sm3(), nullptr);
#endif
  return digest;
}

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw std::bad_alloc();  // no entropy: nothing that needs a secret may go on
  return bytes;
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
