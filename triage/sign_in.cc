#include "triage/sign_in.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hmac.h"
#include "base/password.h"
#include "base/text.h"
#include "triage/account.h"
#include "triage/totp.h"

namespace cluehound::triage {
namespace {

constexpr Duration kSessionLife = std::chrono::hours(12);
constexpr Duration kIdleLife = std::chrono::hours(4);
constexpr Duration kTouch = std::chrono::minutes(5);  // a session is written at most so often
constexpr size_t kTokenBytes = 32;
constexpr size_t kTotpBytes = 20;
constexpr size_t kRecoveryCodes = 10;
constexpr size_t kMaxPreferences = 16 * 1024;
constexpr char kIssuer[] = "Cluehound";
constexpr char kWrong[] = "user name, password or code is wrong";

bool IsOver(const store::Session& session, Instant now) {
  return now >= session.expires || now - session.seen >= kIdleLife;
}

std::string RecoveryDigest(std::string_view code) {
  std::string plain;
  for (const char c : code) {
    if (c != '-' && c != ' ') plain += c;
  }
  return std::string(Bytes(Sha256(plain)));
}

std::string CsrfOf(std::string_view token) { return Hex(HmacSha256(token, "csrf")); }

}  // namespace

store::AuditEntry SignIn::Entry(const store::Account& account, const char* action,
                                const std::string& reason) const {
  return {0, clock_.Now(), {account.name, account.display}, action, account.name, "", "", reason};
}

Status SignIn::Change(const store::Account& before, const store::Account& after, const char* action,
                      const std::string& reason) {
  return store_.office_book().Write({store::Changed(before, after)},
                                    {Entry(after, action, reason)});
}

std::optional<bool> SignIn::Verify(const std::string& hash, std::string_view password) {
  if (++hashing_ > kMaxHashing) {
    --hashing_;
    return std::nullopt;
  }
  bool right = false;
  try {
    right = VerifyPassword(hash, password);
  } catch (...) {
    --hashing_;
    throw;
  }
  --hashing_;
  return right;
}

bool SignIn::TakeCode(const std::string& code, Instant now, store::Account& account) const {
  if (const uint64_t step = MatchTotp(account.totp, code, now, account.totp_step); step != 0) {
    account.totp_step = step;
    return true;
  }
  const auto found =
      std::find(account.recovery.begin(), account.recovery.end(), RecoveryDigest(code));
  if (found == account.recovery.end()) return false;
  account.recovery.erase(found);
  return true;
}

SignIn::Entered SignIn::Refuse(const Attempt& attempt, const std::optional<store::Account>& account,
                               Instant now) {
  guard_.Failed(attempt.user, attempt.address, now);
  // What was typed is not kept: people type passwords there.
  const std::string name = account ? account->name : "";
  store_.log()
      .Append({0, now, {name, ""}, "login.failed", name, "", "", attempt.address})
      .IgnoreError("the login fails all the same");
  return {Status::Denied(kWrong), {}, false, "", {}};
}

SignIn::Entered SignIn::Enter(const Attempt& attempt) {
  static const std::string kNobody = HashPassword("nobody has this password");
  const Instant now = clock_.Now();
  auto account = store_.office_book().FindAccount(attempt.user);
  if (!account.ok()) return {account.status(), {}, false, "", {}};
  const auto sessions = store_.office_book().Sessions();
  if (!sessions.ok()) return {sessions.status(), {}, false, "", {}};
  const bool known = std::any_of(sessions->begin(), sessions->end(), [&](const auto& session) {
    return session.account == attempt.user && session.address == attempt.address;
  });
  if (const Duration wait = guard_.Wait(attempt.user, attempt.address, known, now);
      wait > Duration::zero())
    return {Status::Unavailable("too many failed logins"), wait, false, "", {}};
  const bool usable = *account && !(*account)->disabled;
  const auto right = Verify(usable ? (*account)->password : kNobody, attempt.password);
  if (!right)
    return {Status::Unavailable("too many logins at once"), std::chrono::seconds(1), false, "", {}};
  if (!usable || !*right) return Refuse(attempt, *account, now);

  store::Account after = **account;
  if (!after.totp.empty()) {
    if (attempt.code.empty())
      return {Status::Denied("the code of the authenticator app is missing"), {}, true, "", {}};
    if (!TakeCode(attempt.code, now, after)) return Refuse(attempt, *account, now);
  }
  after.last_login = now;
  Entered entered;
  entered.token = Hex(RandomBytes(kTokenBytes));
  store::Session& session = entered.visit.session;
  session = {Sha256(entered.token),
             after.name,
             now,
             now,
             now + kSessionLife,
             attempt.address,
             std::string(TruncateUtf8(attempt.agent, 200))};
  std::vector<store::BookChange> changes = {store::Changed(**account, after),
                                            store::Added(session)};
  for (const store::Session& old : *sessions) {
    if (IsOver(old, now)) changes.push_back(store::Removed(old));
  }
  entered.status = store_.office_book().Write(changes, {Entry(after, "login", attempt.address)});
  if (!entered.status.ok()) return entered;
  guard_.Succeeded(attempt.user, attempt.address);
  entered.visit.account = std::move(after);
  entered.visit.csrf = CsrfOf(entered.token);
  return entered;
}

Result<Visit> SignIn::Find(std::string_view token) {
  if (token.size() != 2 * kTokenBytes) return Status::Denied("not signed in");
  ASSIGN_OR_RETURN(auto session, store_.office_book().FindSession(Sha256(token)));
  const Instant now = clock_.Now();
  if (!session || IsOver(*session, now)) return Status::Denied("not signed in");
  ASSIGN_OR_RETURN(auto account, store_.office_book().FindAccount(session->account));
  if (!account || account->disabled) return Status::Denied("not signed in");
  if (now - session->seen >= kTouch) {
    store::Session seen = *session;
    seen.seen = now;
    if (store_.office_book().Write({store::Changed(*session, seen)}, {}).ok()) session = seen;
  }
  return Visit{*std::move(account), *std::move(session), CsrfOf(token)};
}

Status SignIn::Leave(const Visit& visit) {
  // It may have been touched meanwhile.
  ASSIGN_OR_RETURN(const auto session, store_.office_book().FindSession(visit.session.token));
  if (!session) return Status::Ok();
  return store_.office_book().Write({store::Removed(*session)},
                                    {Entry(visit.account, "logout", visit.session.address)});
}

Status SignIn::CheckOwnPassword(const Visit& visit, std::string_view password) {
  const std::string& name = visit.account.name;
  const std::string& address = visit.session.address;
  const Instant now = clock_.Now();
  if (guard_.Wait(name, address, false, now) > Duration::zero())
    return Status::Unavailable("too many wrong passwords; wait some minutes");
  const auto right = Verify(visit.account.password, password);
  if (!right) return Status::Unavailable("too many logins at once");
  if (*right) return Status::Ok();
  guard_.Failed(name, address, now);
  return Status::InvalidArgument("the present password is wrong");
}

Status SignIn::ChangePassword(const Visit& visit, std::string_view present,
                              std::string_view wanted) {
  RETURN_IF_ERROR(CheckOwnPassword(visit, present));
  RETURN_IF_ERROR(CheckPassword(wanted, visit.account.name));
  if (present == wanted) return Status::InvalidArgument("the new password is the old one");
  store::Account after = visit.account;
  after.password = HashPassword(wanted);
  after.must_change = false;
  after.password_set = clock_.Now();
  std::vector<store::BookChange> changes = {store::Changed(visit.account, after)};
  ASSIGN_OR_RETURN(const auto sessions, store_.office_book().Sessions());
  for (const store::Session& session : sessions) {
    if (session.account == after.name && session.token != visit.session.token)
      changes.push_back(store::Removed(session));
  }
  return store_.office_book().Write(changes, {Entry(after, "user.password", "")});
}

Result<std::string> SignIn::ProposeTotp(const Visit& visit) {
  if (!visit.account.totp.empty())
    return Status::InvalidArgument("codes are asked for already; remove them first");
  store::Account after = visit.account;
  after.totp_proposed = RandomBytes(kTotpBytes);
  RETURN_IF_ERROR(store_.office_book().Write({store::Changed(visit.account, after)}, {}));
  return TotpAddress(after.totp_proposed, kIssuer, after.name);
}

Result<std::vector<std::string>> SignIn::ConfirmTotp(const Visit& visit, std::string_view code) {
  store::Account after = visit.account;
  if (after.totp_proposed.empty()) return Status::InvalidArgument("no secret was proposed");
  after.totp_step = MatchTotp(after.totp_proposed, code, clock_.Now(), 0);
  if (after.totp_step == 0) return Status::InvalidArgument("the code is wrong");
  after.totp = std::exchange(after.totp_proposed, "");
  after.recovery.clear();
  std::vector<std::string> codes;
  for (size_t i = 0; i < kRecoveryCodes; ++i) {
    codes.push_back(OneTimePassword().substr(0, 14));
    after.recovery.push_back(RecoveryDigest(codes.back()));
  }
  RETURN_IF_ERROR(Change(visit.account, after, "user.totp", "on"));
  return codes;
}

Status SignIn::RemoveTotp(const Visit& visit, std::string_view password) {
  RETURN_IF_ERROR(CheckOwnPassword(visit, password));
  store::Account after = visit.account;
  after.totp.clear();
  after.totp_proposed.clear();
  after.recovery.clear();
  return Change(visit.account, after, "user.totp", "off");
}

Status SignIn::SetPreferences(const Visit& visit, const std::string& preferences) {
  if (preferences.size() > kMaxPreferences ||
      !nlohmann::json::parse(preferences, nullptr, false).is_object())
    return Status::InvalidArgument("preferences must be a JSON object of at most 16 KiB");
  store::Account after = visit.account;
  after.preferences = preferences;
  return store_.office_book().Write({store::Changed(visit.account, after)}, {});
}

Result<std::vector<std::string>> SignIn::OwnSessions(const Visit& visit) {
  ASSIGN_OR_RETURN(const auto sessions, store_.office_book().Sessions());
  std::vector<std::string> lines;
  for (const store::Session& session : sessions) {
    if (session.account == visit.account.name && !IsOver(session, clock_.Now()))
      lines.push_back(SessionJson(session, session.token == visit.session.token));
  }
  return lines;
}

Status SignIn::EndOwnSession(const Visit& visit, std::string_view id) {
  ASSIGN_OR_RETURN(const auto sessions, store_.office_book().Sessions());
  for (const store::Session& session : sessions) {
    if (session.account != visit.account.name || SessionId(session) != id) continue;
    return store_.office_book().Write({store::Removed(session)},
                                      {Entry(visit.account, "session.end", std::string(id))});
  }
  return Status::NotFound("no session " + std::string(id));
}

Result<std::optional<std::string>> MakeFirstAdmin(store::Store& store, const store::Actor& actor,
                                                  Instant now) {
  ASSIGN_OR_RETURN(const auto accounts, store.office_book().Accounts());
  if (!accounts.empty()) return std::optional<std::string>();
  const std::string password = OneTimePassword();
  store::Account admin;
  admin.name = "admin";
  admin.display = "管理员";
  admin.role = store::Role::kAdmin;
  admin.password = HashPassword(password);
  admin.must_change = true;
  admin.created = now;
  admin.password_set = now;
  RETURN_IF_ERROR(store.office_book().Write(
      {store::Added(admin)}, {{0, now, actor, "user.add", admin.name, "", "admin", "first"}}));
  return std::optional<std::string>(password);
}

}  // namespace cluehound::triage
