#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "store/memory/memory_audit.h"
#include "store/office_book.h"

namespace cluehound::store {

// The office's book of the MemoryStore. The mutex guards the audit log too.
class MemoryOfficeBook final : public StoredOfficeBook {
 public:
  MemoryOfficeBook(std::mutex& mutex, MemoryAudit& audit) : mutex_(mutex), audit_(audit) {}

  Status Write(const std::vector<BookChange>& changes,
               const std::vector<AuditEntry>& entries) override;

 private:
  Result<std::optional<std::string>> Read(char kind, std::string_view key) override;
  Result<std::vector<std::string>> ReadAll(char kind) override;

  std::mutex& mutex_;
  MemoryAudit& audit_;
  std::map<std::pair<char, std::string>, std::string> records_;
};

}  // namespace cluehound::store
