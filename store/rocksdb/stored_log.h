#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/signature.h"
#include "store/audit_log.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/writer.h"

namespace cluehound::store {

// The audit log on disk. It signs with the key in FOLDER/log.key, and writes each signed checkpoint
// to FOLDER/checkpoint too: beside the database, so that a database that lost its end is told from
// one that never had more.
class StoredLog final : public AuditLog {
 public:
  StoredLog(const Database& database, std::filesystem::path folder, const Clock& clock)
      : database_(database), folder_(std::move(folder)), clock_(clock) {}

  // For a store that is written: takes the key, and signs what a crash left unsigned. `writer` must
  // outlive the log.
  Status Start(Writer& writer);

  Status Append(const AuditEntry& entry) override;
  Result<evidence::LogHead> Head() override;
  Result<std::vector<LogRecord>> Records(uint64_t from_index, size_t max) override;
  Result<std::vector<Digest>> Inclusion(uint64_t index, uint64_t size) override;
  Result<std::vector<Digest>> Consistency(uint64_t old_size, uint64_t size) override;
  Result<std::string> Sign() override;
  Result<std::vector<std::string>> Checkpoints() override;
  Result<std::vector<evidence::NamedKey>> Keys() override;

 private:
  Result<Counters> ReadCounters() const;
  Status TakeKey();
  Status CheckSize(uint64_t part, uint64_t size);

  const Database& database_;
  const std::filesystem::path folder_;
  const Clock& clock_;
  Writer* writer_ = nullptr;  // null: for reading only
  std::optional<SigningKey> key_;
  std::string origin_;
};

// Brings a store of format 1 up: leaves for the entries that are there, and seals for the leads. In
// slices, each durable, so that it goes on where it was interrupted. Changes `counters` with them.
Status AdoptLog(Database& database, Counters& counters);

}  // namespace cluehound::store
