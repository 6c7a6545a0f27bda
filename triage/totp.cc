#include "triage/totp.h"

#include "base/hmac.h"
#include "base/password.h"
#include "base/url.h"
#include "evidence/warc_digest.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kStepMillis = 30'000;
constexpr uint32_t kModulus = 1'000'000;

}  // namespace

uint64_t TotpStep(Instant now) { return static_cast<uint64_t>(ToMillis(now) / kStepMillis); }

std::string TotpCode(std::string_view secret, uint64_t step) {
  std::string counter(8, '\0');
  for (size_t i = 0; i < 8; ++i) counter[7 - i] = static_cast<char>(step >> (8 * i));
  const std::string mac = HmacSha1(secret, counter);
  // RFC 4226 5.3: the last four bits say where the number stands.
  const size_t offset = static_cast<uint8_t>(mac.back()) & 0x0f;
  uint32_t number = 0;
  for (size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<uint8_t>(mac[offset + i]);
  std::string code = std::to_string((number & 0x7fffffff) % kModulus);
  return std::string(6 - code.size(), '0') + code;
}

uint64_t MatchTotp(std::string_view secret, std::string_view code, Instant now,
                   uint64_t last_step) {
  const uint64_t present = TotpStep(now);
  uint64_t matched = 0;
  for (uint64_t step = present - 1; step <= present + 1; ++step) {
    if (EqualInConstantTime(TotpCode(secret, step), code) && step > last_step) matched = step;
  }
  return matched;
}

std::string TotpAddress(std::string_view secret, std::string_view issuer,
                        std::string_view account) {
  return "otpauth://totp/" + PercentEncode(issuer) + ":" + PercentEncode(account) +
         "?secret=" + evidence::Base32(secret) + "&issuer=" + PercentEncode(issuer);
}

}  // namespace cluehound::triage
