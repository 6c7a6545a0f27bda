#pragma once

#include <functional>
#include <mutex>

#include "store/office_book.h"
#include "store/rocksdb/ledger.h"
#include "store/rocksdb/staging.h"

namespace cluehound::store {

// The office's book on disk. Must not outlive the database; `write` stages with the others and waits.
class RocksDbOfficeBook final : public StoredOfficeBook {
 public:
  using StageAndWait = std::function<Status(std::function<Status(Ledger&, Staging&)>)>;
  RocksDbOfficeBook(const Database& database, StageAndWait write)
      : database_(database), write_(std::move(write)) {}

  Status Write(const std::vector<BookChange>& changes,
               const std::vector<AuditEntry>& entries) override;

 private:
  Result<std::optional<std::string>> Read(char kind, std::string_view key) override;
  Result<std::vector<std::string>> ReadAll(char kind) override;

  const Database& database_;
  const StageAndWait write_;
  std::mutex mutex_;  // one write at a time: each compares with what the one before left
};

}  // namespace cluehound::store
