#include "triage/account.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/text.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxName = 32;
constexpr size_t kMinPassword = 10;
constexpr size_t kMinPhrase = 16;
constexpr size_t kMaxPassword = 256;
// Beginnings that lists of stolen passwords are full of.
constexpr std::string_view kWorn[] = {"password", "passw0rd", "qwerty",  "12345",  "admin",
                                      "woaini",   "iloveyou", "1q2w3e",  "abc123", "cluehound",
                                      "111111",   "000000",   "welcome", "weifang"};

bool IsHan(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Status CheckAccountName(std::string_view name) {
  size_t count = 0;
  bool fits = IsValidUtf8(name);
  for (size_t at = 0; at < name.size() && fits; ++count) {
    const char32_t c = DecodeUtf8(name, at);
    const bool letter = (c < 0x80 && IsAsciiAlpha(static_cast<char>(c))) || IsHan(c);
    fits = letter || (count > 0 && ((c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'));
  }
  if (fits && count >= 1 && count <= kMaxName) return Status::Ok();
  return Status::InvalidArgument(
      "a user name is 1 to 32 letters, digits, \"._-\" or Chinese characters, and begins with a "
      "letter");
}

Status CheckPassword(std::string_view password, std::string_view name) {
  bool small = false, capital = false, digit = false, other = false;
  size_t count = 0;
  for (size_t at = 0; at < password.size(); ++count) {
    const char32_t c = DecodeUtf8(password, at);
    if (c >= 'a' && c <= 'z')
      small = true;
    else if (c >= 'A' && c <= 'Z')
      capital = true;
    else if (c >= '0' && c <= '9')
      digit = true;
    else
      other = true;
  }
  if (password.size() > kMaxPassword)
    return Status::InvalidArgument("a password has at most 256 bytes");
  const int kinds = int{small} + int{capital} + int{digit} + int{other};
  if (count < kMinPassword || (kinds < 3 && count < kMinPhrase)) {
    return Status::InvalidArgument(
        "a password has at least 10 characters of three kinds (small and capital letters, digits, "
        "others), or 16 of any");
  }
  const std::string lower = ToAsciiLower(password);
  const std::string lower_name = ToAsciiLower(name);
  const bool worn = std::any_of(std::begin(kWorn), std::end(kWorn),
                                [&](std::string_view each) { return lower.starts_with(each); });
  const bool monotone =
      std::all_of(lower.begin(), lower.end(), [&](char c) { return c == lower[0]; });
  if (worn || monotone || (lower_name.size() > 2 && lower.find(lower_name) != std::string::npos))
    return Status::InvalidArgument("this password is easily guessed; take another one");
  return Status::Ok();
}

std::string OneTimePassword() {
  // Without letters that are read as another: 32 of them, so that a byte gives five bits evenly.
  constexpr std::string_view kAlphabet = "abcdefghjkmnpqrstuvwxyzACDEFG347";
  static_assert(kAlphabet.size() == 32);
  std::string password;
  for (const char c : RandomBytes(20)) {
    if (password.size() % 5 == 4) password += '-';
    password += kAlphabet[static_cast<uint8_t>(c) % kAlphabet.size()];
  }
  return password;
}

std::string SessionId(const store::Session& session) {
  return Hex(Sha256(Bytes(session.token))).substr(0, 16);
}

std::string AccountJson(const store::Account& account) {
  Json object{{"user", account.name},
              {"display", account.display},
              {"role", Name(account.role)},
              {"county", account.county},
              {"email", account.email},
              {"disabled", account.disabled},
              {"must_change", account.must_change},
              {"totp", !account.totp.empty()},
              {"created", FormatTime(account.created)}};
  if (account.last_login != Instant{}) object["last_login"] = FormatTime(account.last_login);
  return Dump(object);
}

std::string SessionJson(const store::Session& session, bool own) {
  return Dump(Json{{"session", SessionId(session)},
                   {"user", session.account},
                   {"created", FormatTime(session.created)},
                   {"seen", FormatTime(session.seen)},
                   {"expires", FormatTime(session.expires)},
                   {"address", session.address},
                   {"agent", session.agent},
                   {"own", own}});
}

}  // namespace cluehound::triage
