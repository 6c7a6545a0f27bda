#include "base/password.h"

#include <sodium.h>

#include <array>
#include <new>

namespace cluehound {
namespace {

// RFC 9106's second choice is 64 MiB and three passes; libsodium's "interactive" two: what a login
// may cost a machine of two cores that serves officers at the same time.
constexpr unsigned long long kPasses = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr size_t kMemory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

void Start() {
  static const int started = sodium_init();
  if (started < 0) throw std::bad_alloc();  // no randomness: nothing that needs a secret may go on
}

}  // namespace

std::string HashPassword(std::string_view password) {
  Start();
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kPasses, kMemory,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::bad_alloc();
  return hash.data();
}

bool VerifyPassword(const std::string& hash, std::string_view password) {
  Start();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cluehound
