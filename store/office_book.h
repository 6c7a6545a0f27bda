#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/office_records.h"

namespace cluehound::store {

// One record of the office's book, before and after. Made by Added, Changed, Removed.
struct BookChange {
  char kind = 0;
  std::string key;
  std::optional<std::string> before;  // absent: there must be none
  std::optional<std::string> after;   // absent: it goes
};

// The accounts, sessions, channels and proposals of an office: few, small, and each changed only by
// who saw it as it is. Part of a Store; thread-safety and durability as there.
class OfficeBook {
 public:
  virtual ~OfficeBook() = default;

  // All in one write, with the audit entries; kConflict, and nothing is changed, when a record is no
  // longer as the caller saw it.
  virtual Status Write(const std::vector<BookChange>& changes,
                       const std::vector<AuditEntry>& entries) = 0;

  virtual Result<std::optional<Account>> FindAccount(std::string_view name) = 0;
  virtual Result<std::vector<Account>> Accounts() = 0;  // by name
  virtual Result<std::optional<Session>> FindSession(const Digest& token) = 0;
  virtual Result<std::vector<Session>> Sessions() = 0;
  virtual Result<std::vector<Channel>> Channels() = 0;        // by number
  virtual Result<std::vector<RuleProposal>> Proposals() = 0;  // by number
};

// For Account, Session, Channel and RuleProposal.
template <class T>
BookChange Added(const T& record);
template <class T>
BookChange Changed(const T& before, const T& after);
template <class T>
BookChange Removed(const T& record);

// What stores share: every record is bytes under a letter and a key.
class StoredOfficeBook : public OfficeBook {
 public:
  Result<std::optional<Account>> FindAccount(std::string_view name) override;
  Result<std::vector<Account>> Accounts() override;
  Result<std::optional<Session>> FindSession(const Digest& token) override;
  Result<std::vector<Session>> Sessions() override;
  Result<std::vector<Channel>> Channels() override;
  Result<std::vector<RuleProposal>> Proposals() override;

 private:
  virtual Result<std::optional<std::string>> Read(char kind, std::string_view key) = 0;
  virtual Result<std::vector<std::string>> ReadAll(char kind) = 0;  // by key
  template <class T>
  Result<std::optional<T>> Find(std::string_view key);
  template <class T>
  Result<std::vector<T>> All();
};

}  // namespace cluehound::store
