#include "triage/account_operations.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/password.h"
#include "base/text.h"
#include "triage/account.h"

namespace cluehound::triage {
namespace {

using store::Account;
using store::Role;

constexpr size_t kMaxText = 100;

std::string Summary(const Account& account) {
  return std::string(Name(account.role)) + (account.county.empty() ? "" : " " + account.county) +
         (account.disabled ? " disabled" : "");
}

std::string WithPassword(const Account& account, const std::string& password) {
  auto object = nlohmann::ordered_json::parse(AccountJson(account));
  object["password"] = password;
  return object.dump();
}

}  // namespace

bool AccountOperations::Has(std::string_view operation) {
  return operation.starts_with("users.") || operation.starts_with("sessions.");
}

Response AccountOperations::Call(const Request& request) {
  if (request.operation == "users.add") return Add(request);
  if (request.operation == "sessions.list") return ListSessions(request);
  if (request.operation == "sessions.end") return EndSessions(request);
  if (request.operation != "users.list") return Change(request);
  const auto accounts = store_.office_book().Accounts();
  if (!accounts.ok()) return Failed(accounts.status());
  Response response;
  std::transform(accounts->begin(), accounts->end(), std::back_inserter(response.lines),
                 AccountJson);
  return response;
}

Result<Account> AccountOperations::FindAccount(const Request& request) {
  ASSIGN_OR_RETURN(auto account, store_.office_book().FindAccount(request.Get("user")));
  if (!account) return Status::NotFound("no user \"" + request.Get("user") + "\"");
  return *std::move(account);
}

Status AccountOperations::Fill(const Request& request, Account& account) {
  const auto given = [&](const char* name) { return request.arguments.count(name) > 0; };
  if (given("role")) {
    const auto role = store::RoleFromName(request.Get("role"));
    if (!role) {
      return Status::InvalidArgument("role \"" + request.Get("role") +
                                     "\" must be viewer, officer, analyst or admin");
    }
    account.role = *role;
  }
  if (given("county")) {
    account.county.clear();
    if (const std::string county = request.Get("county"); !county.empty()) {
      const auto* division = office_.jurisdictions.Find(county);
      if (division == nullptr)
        return Status::InvalidArgument("county \"" + county + "\" is not known");
      account.county = division->name;
    }
  }
  if (given("display"))
    account.display = CollapseSpace(TruncateUtf8(request.Get("display"), kMaxText));
  if (given("email")) {
    account.email = request.Get("email");
    const bool plain = std::none_of(account.email.begin(), account.email.end(),
                                    [](char c) { return IsAsciiSpace(c) || c == '<' || c == '>'; });
    if (!account.email.empty() &&
        (account.email.size() > kMaxText || !plain || account.email.find('@') == std::string::npos))
      return Status::InvalidArgument("\"" + account.email + "\" is no e-mail address");
  }
  if (account.role == Role::kAdmin && !account.county.empty())
    return Status::InvalidArgument("an administrator is of the city; leave out the county");
  return Status::Ok();
}

Response AccountOperations::Add(const Request& request) {
  Account account;
  account.name = request.Get("user");
  if (Status s = CheckAccountName(account.name); !s.ok()) return Failed(std::move(s));
  if (request.Get("role").empty())
    return Failed(Status::InvalidArgument("which role? viewer, officer, analyst or admin"));
  if (Status s = Fill(request, account); !s.ok()) return Failed(std::move(s));
  const std::string password = OneTimePassword();
  account.password = HashPassword(password);
  account.must_change = true;
  account.created = clock_.Now();
  account.password_set = account.created;
  Status added = store_.office_book().Write(
      {store::Added(account)},
      {{0, account.created, request.actor, "user.add", account.name, "", Summary(account), ""}});
  if (added.code() == Code::kConflict)
    added = Status::Conflict("there is a user \"" + account.name + "\" already");
  if (!added.ok()) return Failed(std::move(added));
  return {Status::Ok(), {WithPassword(account, password)}, ""};
}

Result<std::vector<store::BookChange>> AccountOperations::SessionsOf(const std::string& user) {
  ASSIGN_OR_RETURN(const auto sessions, store_.office_book().Sessions());
  std::vector<store::BookChange> changes;
  for (const store::Session& session : sessions) {
    if (session.account == user) changes.push_back(store::Removed(session));
  }
  return changes;
}

Response AccountOperations::Change(const Request& request) {
  const auto before = FindAccount(request);
  if (!before.ok()) return Failed(before.status());
  Account after = *before;
  std::string password;
  const std::string& operation = request.operation;
  if (operation == "users.change") {
    if (Status s = Fill(request, after); !s.ok()) return Failed(std::move(s));
  } else if (operation == "users.password") {
    password = OneTimePassword();
    after.password = HashPassword(password);
    after.must_change = true;
    after.password_set = clock_.Now();
  } else if (operation == "users.totp_off") {
    after.totp.clear();
    after.totp_proposed.clear();
    after.recovery.clear();
  } else {
    after.disabled = operation == "users.disable";
  }
  if (before->role == Role::kAdmin && !before->disabled &&
      (after.role != Role::kAdmin || after.disabled)) {
    const auto accounts = store_.office_book().Accounts();
    if (!accounts.ok()) return Failed(accounts.status());
    const auto admins = std::count_if(accounts->begin(), accounts->end(), [](const auto& each) {
      return each.role == Role::kAdmin && !each.disabled;
    });
    if (admins < 2)
      return Failed(Status::InvalidArgument("nobody else is an administrator; make one first"));
  }
  std::vector<store::BookChange> changes = {store::Changed(*before, after)};
  // Whoever has less, or another password, signs in anew.
  if (operation != "users.enable") {
    auto sessions = SessionsOf(after.name);
    if (!sessions.ok()) return Failed(sessions.status());
    changes.insert(changes.end(), sessions->begin(), sessions->end());
  }
  Status changed = store_.office_book().Write(
      changes, {{0, clock_.Now(), request.actor, "user." + operation.substr(6), after.name,
                 Summary(*before), Summary(after), ""}});
  if (!changed.ok()) return Failed(std::move(changed));
  return {
      Status::Ok(), {password.empty() ? AccountJson(after) : WithPassword(after, password)}, ""};
}

Response AccountOperations::ListSessions(const Request& request) {
  const auto sessions = store_.office_book().Sessions();
  if (!sessions.ok()) return Failed(sessions.status());
  Response response;
  for (const store::Session& session : *sessions) {
    if (request.Get("user").empty() || request.Get("user") == session.account)
      response.lines.push_back(SessionJson(session, false));
  }
  return response;
}

Response AccountOperations::EndSessions(const Request& request) {
  const std::string id = request.Get("session"), user = request.Get("user");
  if (id.empty() == user.empty())
    return Failed(Status::InvalidArgument("name a session or a user, one of them"));
  const auto sessions = store_.office_book().Sessions();
  if (!sessions.ok()) return Failed(sessions.status());
  std::vector<store::BookChange> changes;
  for (const store::Session& session : *sessions) {
    if (session.account == user || SessionId(session) == id)
      changes.push_back(store::Removed(session));
  }
  if (changes.empty()) return Failed(Status::NotFound("no such session"));
  return {store_.office_book().Write(changes, {{0, clock_.Now(), request.actor, "session.end",
                                                user.empty() ? id : user, "", "", ""}}),
          {},
          ""};
}

}  // namespace cluehound::triage
