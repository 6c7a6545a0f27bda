#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "triage/login_guard.h"

namespace cluehound::triage {

// Who is there: the account and session behind a request.
struct Visit {
  store::Account account;
  store::Session session;
  std::string csrf;  // what every change must carry
};

// Logins, sessions, and what people do with their own account. A session is a random token that only
// the cookie holds; the store knows its SHA-256. It ends after 12 hours, or 4 without a request.
// Logins, failures and changes are audited. Thread-safe; both must outlive it.
class SignIn {
 public:
  SignIn(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  struct Attempt {
    std::string user;
    std::string password;
    std::string code;  // of TOTP, or a recovery code; may be empty
    std::string address;
    std::string agent;
  };
  struct Entered {
    // kDenied, the same whatever was wrong; kUnavailable: `wait` first.
    Status status;
    Duration wait{};
    bool code_required = false;  // the password was right
    std::string token;
    Visit visit{};
  };
  Entered Enter(const Attempt& attempt);
  // kDenied when the token opens nothing (any more).
  Result<Visit> Find(std::string_view token);
  Status Leave(const Visit& visit);

  // Ends the account's other sessions.
  Status ChangePassword(const Visit& visit, std::string_view present, std::string_view wanted);
  // The secret that the person's app should take, as an otpauth address. In force once confirmed.
  Result<std::string> ProposeTotp(const Visit& visit);
  // Recovery codes, each good for one login; shown this once.
  Result<std::vector<std::string>> ConfirmTotp(const Visit& visit, std::string_view code);
  Status RemoveTotp(const Visit& visit, std::string_view password);
  // JSON of at most 16 KiB.
  Status SetPreferences(const Visit& visit, const std::string& preferences);
  Result<std::vector<std::string>> OwnSessions(const Visit& visit);  // JSON lines
  Status EndOwnSession(const Visit& visit, std::string_view id);

 private:
  // Passwords hashed at once: each takes 64 MiB.
  static constexpr int kMaxHashing = 2;
  // Nothing when too many are under way.
  std::optional<bool> Verify(const std::string& hash, std::string_view password);
  Status CheckOwnPassword(const Visit& visit, std::string_view password);
  // Takes the code or uses up a recovery code, in `account`.
  bool TakeCode(const std::string& code, Instant now, store::Account& account) const;
  Entered Refuse(const Attempt& attempt, const std::optional<store::Account>& account, Instant now);
  Status Change(const store::Account& before, const store::Account& after, const char* action,
                const std::string& reason);
  store::AuditEntry Entry(const store::Account& account, const char* action,
                          const std::string& reason) const;

  store::Store& store_;
  const Clock& clock_;
  LoginGuard guard_;
  std::atomic<int> hashing_{0};
};

// Makes the account "admin" when there is none at all, and gives its one-time password.
Result<std::optional<std::string>> MakeFirstAdmin(store::Store& store, const store::Actor& actor,
                                                  Instant now);

}  // namespace cluehound::triage
