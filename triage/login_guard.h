#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace cluehound::triage {

// Failed logins, counted by account and by address, and how long each has to wait: the first few
// cost nothing, then the wait doubles from a second to 15 minutes. A day without failure forgets.
// In memory, bounded; a restart forgets. Thread-safe.
class LoginGuard {
 public:
  // How long until the next attempt is looked at; zero: now. `known`: the account has signed in
  // from this address before, so that strangers who guess cannot lock it out there.
  Duration Wait(const std::string& account, const std::string& address, bool known, Instant now);
  void Failed(const std::string& account, const std::string& address, Instant now);
  void Succeeded(const std::string& account, const std::string& address);

 private:
  struct Count {
    int failures = 0;
    Instant last{};
  };
  using Counts = std::map<std::string, Count>;
  static Duration WaitOf(const Counts& counts, const std::string& key, int free, Instant now);
  static void Add(Counts& counts, const std::string& key, Instant now);

  std::mutex mutex_;
  Counts accounts_;
  Counts addresses_;
};

}  // namespace cluehound::triage
