#include "store/memory/memory_audit.h"

#include "evidence/merkle_log.h"
#include "store/record_fields.h"

namespace cluehound::store {
namespace {

// A subtree by its definition.
Digest NodeOf(const std::vector<LogRecord>& records, uint64_t begin, uint8_t level) {
  if (level == 0) return evidence::LeafHash(Bytes(records[begin].digest));
  const uint64_t half = uint64_t{1} << (level - 1);
  return evidence::NodeHash(NodeOf(records, begin, static_cast<uint8_t>(level - 1)),
                            NodeOf(records, begin + half, static_cast<uint8_t>(level - 1)));
}

evidence::NodeReader Nodes(const std::vector<LogRecord>& records) {
  return [&records](const evidence::TreeNode& node) -> Result<Digest> {
    return NodeOf(records, node.position << node.level, node.level);
  };
}

Status CheckSize(uint64_t part, uint64_t size, uint64_t all) {
  if (part <= size && size <= all) return Status::Ok();
  return Status::InvalidArgument("the log has " + std::to_string(all) + " entries");
}

Status NoKey() { return Status::Unavailable("a store in memory has no key"); }

}  // namespace

void MemoryAudit::Append(AuditEntry entry) {
  entry.number = entries_.size() + 1;
  LogRecord record;
  record.index = entries_.size();
  record.salt = RandomBytes(16);
  record.bytes = EncodeRecord(AuditRecord{entry, {}});
  record.digest = Sha256(record.salt + record.bytes);
  records_.push_back(std::move(record));
  entries_.push_back(std::move(entry));
}

std::vector<AuditEntry> MemoryAudit::Read(uint64_t after_number, size_t max) const {
  std::vector<AuditEntry> entries;
  for (size_t i = after_number; i < entries_.size() && entries.size() < max; ++i) {
    if (!records_[i].bytes.empty()) entries.push_back(entries_[i]);
  }
  return entries;
}

void MemoryAudit::CutTo(size_t size) {
  entries_.resize(size);
  records_.resize(size);
}

void MemoryAudit::Erase(uint64_t number) {
  LogRecord& record = records_[number - 1];
  record.salt.clear();
  record.bytes.clear();
}

Status MemoryLog::Append(const AuditEntry& entry) {
  const std::lock_guard lock(mutex_);
  audit_.Append(entry);
  return Status::Ok();
}

Result<evidence::LogHead> MemoryLog::Head() {
  const std::lock_guard lock(mutex_);
  const auto& records = audit_.records();
  ASSIGN_OR_RETURN(const Digest root, evidence::RootAt(records.size(), Nodes(records)));
  return evidence::LogHead{"1", records.size(), root};
}

Result<std::vector<LogRecord>> MemoryLog::Records(uint64_t from_index, size_t max) {
  const std::lock_guard lock(mutex_);
  std::vector<LogRecord> some;
  for (size_t i = from_index; i < audit_.records().size() && some.size() < max; ++i)
    some.push_back(audit_.records()[i]);
  return some;
}

Result<std::vector<Digest>> MemoryLog::Inclusion(uint64_t index, uint64_t size) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckSize(index + 1, size, audit_.records().size()));
  return evidence::InclusionProof(index, size, Nodes(audit_.records()));
}

Result<std::vector<Digest>> MemoryLog::Consistency(uint64_t old_size, uint64_t size) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckSize(old_size, size, audit_.records().size()));
  return evidence::ConsistencyProof(old_size, size, Nodes(audit_.records()));
}

Result<std::string> MemoryLog::Sign() { return NoKey(); }
Result<std::vector<std::string>> MemoryLog::Checkpoints() { return std::vector<std::string>(); }
Result<std::vector<evidence::NamedKey>> MemoryLog::Keys() {
  return std::vector<evidence::NamedKey>();
}

}  // namespace cluehound::store
