#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "store/office_records.h"

// Rules on accounts that hold wherever one is made or changed.
namespace cluehound::triage {

// 1 to 32 letters, digits, "._-" or Han characters, beginning with a letter or Han character.
Status CheckAccountName(std::string_view name);
// At least 10 characters of three kinds (small, capital, digit, other), or 16 of any; not the name
// nor one of the well-worn ones.
Status CheckPassword(std::string_view password, std::string_view name);
// Easy to read out: five groups of four.
std::string OneTimePassword();

// Without what is secret.
std::string AccountJson(const store::Account& account);
std::string SessionJson(const store::Session& session, bool own);
// Names a session to people: the first digits of the digest of its token's digest.
std::string SessionId(const store::Session& session);

}  // namespace cluehound::triage
