#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound {

// An Ed25519 key (RFC 8032) that signs. Thread-safe.
class SigningKey {
 public:
  // The key in the file (PEM, PKCS #8: `openssl pkey -in FILE -pubout` reads it). Where there is
  // none, a new one is made and written, readable by the owner alone.
  static Result<SigningKey> Load(const std::filesystem::path& file);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  std::string Sign(std::string_view message) const;              // 64 bytes
  const std::string& public_key() const { return public_key_; }  // 32 bytes

 private:
  struct Impl;
  SigningKey(std::unique_ptr<Impl> impl, std::string public_key);

  std::unique_ptr<Impl> impl_;
  std::string public_key_;
};

bool VerifySignature(std::string_view public_key, std::string_view message,
                     std::string_view signature);

}  // namespace cluehound
