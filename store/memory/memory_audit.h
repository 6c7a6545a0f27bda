#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "store/audit_log.h"
#include "store/records.h"

namespace cluehound::store {

// The audit log of the MemoryStore. Not thread-safe.
class MemoryAudit {
 public:
  // Gives the entry its number.
  void Append(AuditEntry entry);
  std::vector<AuditEntry> Read(uint64_t after_number, size_t max) const;
  const std::vector<LogRecord>& records() const { return records_; }
  const std::vector<AuditEntry>& entries() const { return entries_; }
  void Erase(uint64_t number);
  size_t size() const { return entries_.size(); }
  // Forgets what came behind the first `size`.
  void CutTo(size_t size);

 private:
  std::vector<AuditEntry> entries_;
  std::vector<LogRecord> records_;
};

// The same as something that can be proven: the tree is made anew each time. It has no key and signs
// nothing.
class MemoryLog final : public AuditLog {
 public:
  // Both must outlive it; `mutex` guards `audit`.
  MemoryLog(MemoryAudit& audit, std::mutex& mutex) : audit_(audit), mutex_(mutex) {}

  Status Append(const AuditEntry& entry) override;
  Result<evidence::LogHead> Head() override;
  Result<std::vector<LogRecord>> Records(uint64_t from_index, size_t max) override;
  Result<std::vector<Digest>> Inclusion(uint64_t index, uint64_t size) override;
  Result<std::vector<Digest>> Consistency(uint64_t old_size, uint64_t size) override;
  Result<std::string> Sign() override;
  Result<std::vector<std::string>> Checkpoints() override;
  Result<std::vector<evidence::NamedKey>> Keys() override;

 private:
  MemoryAudit& audit_;
  std::mutex& mutex_;
};

}  // namespace cluehound::store
