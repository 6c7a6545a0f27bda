#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/checkpoint.h"
#include "store/records.h"

namespace cluehound::store {

// An audit entry as the Merkle log has it. Its leaf is the RFC 6962 leaf over `digest`, and that is
// SHA-256 over salt and bytes: an entry whose text must go is erased with its salt, and the tree
// stays as it was.
struct LogRecord {
  uint64_t index = 0;  // from 0; the entry's number less one
  std::string salt;
  std::string bytes;  // the entry as stored, an AuditRecord; empty: erased
  Digest digest{};

  friend bool operator==(const LogRecord&, const LogRecord&) = default;
};

// The audit log as something that can be proven. Entries are named by log id and index; this store
// has one log, a store of several shards has one of each. Thread-safe.
class AuditLog {
 public:
  virtual ~AuditLog() = default;

  // What changes nothing and belongs there: a login, an export, a reading of evidence. The number is
  // given here. Durable when it returns.
  virtual Status Append(const AuditEntry& entry) = 0;

  virtual Result<evidence::LogHead> Head() = 0;
  virtual Result<std::vector<LogRecord>> Records(uint64_t from_index, size_t max) = 0;
  // evidence/merkle_log.h. kInvalidArgument when the sizes are not ones that the log has had.
  virtual Result<std::vector<Digest>> Inclusion(uint64_t index, uint64_t size) = 0;
  virtual Result<std::vector<Digest>> Consistency(uint64_t old_size, uint64_t size) = 0;

  // Signs how far the log has come, keeps that, and gives it (evidence/checkpoint.h). When nothing
  // was appended since the last one, that one.
  virtual Result<std::string> Sign() = 0;
  virtual Result<std::vector<std::string>> Checkpoints() = 0;  // oldest first
  // Every key that ever signed here, the present one last.
  virtual Result<std::vector<evidence::NamedKey>> Keys() = 0;
};

}  // namespace cluehound::store
