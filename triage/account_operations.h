#pragma once

#include "triage/operations.h"

namespace cluehound::triage {

// What administrators do with accounts. Part of Operations, which checks the names of arguments.
//
//   users.list
//   users.add       user role county display email   gives a one-time password, this once
//   users.change    user role county display email   what is given; the last administrator stays one
//   users.disable   user; users.enable                ends its sessions
//   users.password  user                              a new one-time password; ends its sessions
//   users.totp_off  user                              who lost the phone and the codes
//   sessions.list   user
//   sessions.end    session|user
class AccountOperations {
 public:
  // All must outlive it.
  AccountOperations(store::Store& store, const Clock& clock, const Office& office)
      : store_(store), clock_(clock), office_(office) {}

  static bool Has(std::string_view operation);
  Response Call(const Request& request);

 private:
  Response Add(const Request& request);
  Response Change(const Request& request);
  Response ListSessions(const Request& request);
  Response EndSessions(const Request& request);
  Result<store::Account> FindAccount(const Request& request);
  // Sets what the request gives.
  Status Fill(const Request& request, store::Account& account);
  Result<std::vector<store::BookChange>> SessionsOf(const std::string& user);

  store::Store& store_;
  const Clock& clock_;
  const Office& office_;
};

}  // namespace cluehound::triage
