#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cluehound::triage {

// One-time codes by RFC 6238: HMAC-SHA-1, 30 seconds, six digits, as every authenticator app has
// them.
uint64_t TotpStep(Instant now);
std::string TotpCode(std::string_view secret, uint64_t step);
// The step whose code this is, one before to one behind `now`, and later than `last_step`; 0: none.
uint64_t MatchTotp(std::string_view secret, std::string_view code, Instant now, uint64_t last_step);
// otpauth://totp/..., for a QR code.
std::string TotpAddress(std::string_view secret, std::string_view issuer, std::string_view account);

}  // namespace cluehound::triage
