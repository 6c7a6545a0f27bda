#include "base/password.h"

#include "base/digest.h"
#include "base/hmac.h"
#include "tests/testing/testing.h"

namespace cluehound {

TEST_CASE("ours: a password is known again by its hash, another one is not") {
  const std::string hash = HashPassword("春眠不觉晓");
  CHECK(hash.find("$argon2id$v=19$m=65536,t=2,p=1$") == 0);
  CHECK(VerifyPassword(hash, "春眠不觉晓"));
  CHECK_FALSE(VerifyPassword(hash, "春眠不觉"));
  CHECK_FALSE(VerifyPassword("", ""));
  CHECK_FALSE(VerifyPassword("plain", "plain"));
  CHECK(HashPassword("春眠不觉晓") != hash);  // salted
  CHECK(EqualInConstantTime("abc", "abc"));
  CHECK_FALSE(EqualInConstantTime("abc", "abd"));
  CHECK_FALSE(EqualInConstantTime("abc", "abcd"));
}

TEST_CASE("rfc2202 and rfc4231: the codes of the test vectors") {
  CHECK(Hex(HmacSha1("Jefe", "what do ya want for nothing?")) ==
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  CHECK(Hex(HmacSha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

}  // namespace cluehound
