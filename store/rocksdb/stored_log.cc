#include "store/rocksdb/stored_log.h"

#include "base/file.h"
#include "store/record_fields.h"
#include "store/rocksdb/log_tree.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr size_t kAdoptSlice = 5000;  // records in one write

Status Note(Database& database, Batch& batch, const Counters& counters) {
  batch.Put(Table::kMeta, CountersKey(), EncodeRecord(counters));
  return database.Write(batch, true);
}

Status AdoptEntries(Database& database, Counters& counters) {
  ASSIGN_OR_RETURN(evidence::MerkleLog log, ResumeLog(counters));
  const auto cursor =
      database.Walk(Table::kAudit, NumberKey(log.size() + 1), PrefixEnd(PlainKey("")));
  while (cursor->Valid()) {
    Batch batch;
    for (size_t i = 0; i < kAdoptSlice && cursor->Valid(); ++i, cursor->Next()) {
      if (cursor->key() != NumberKey(log.size() + 1))
        return Status::Corruption("audit entry " + std::to_string(log.size() + 1) + " is missing");
      AppendLeaf(log, cursor->value(), batch);
    }
    RETURN_IF_ERROR(cursor->status());
    NoteLog(log, counters);
    RETURN_IF_ERROR(Note(database, batch, counters));
  }
  return cursor->status();
}

Status SealLeads(Database& database, Counters& counters) {
  const auto cursor = database.Walk(Table::kLeads, PlainKey(""), PrefixEnd(PlainKey("")));
  while (cursor->Valid()) {
    Batch batch;
    for (size_t i = 0; i < kAdoptSlice && cursor->Valid(); ++i, cursor->Next()) {
      const Seal seal{Sha256(cursor->value()), 0};
      batch.Put(Table::kSeals, cursor->key(), EncodeRecord(seal));
    }
    RETURN_IF_ERROR(cursor->status());
    RETURN_IF_ERROR(database.Write(batch, true));
  }
  RETURN_IF_ERROR(cursor->status());
  counters.sealed = true;
  Batch batch;
  return Note(database, batch, counters);
}

}  // namespace

Status AdoptLog(Database& database, Counters& counters) {
  if (counters.logged < counters.last_audit) RETURN_IF_ERROR(AdoptEntries(database, counters));
  return counters.sealed ? Status::Ok() : SealLeads(database, counters);
}

Status StoredLog::Start(Writer& writer) {
  writer_ = &writer;
  RETURN_IF_ERROR(TakeKey());
  return Sign().status();
}

Status StoredLog::TakeKey() {
  ASSIGN_OR_RETURN(auto origin, database_.Get(Table::kLog, OriginKey()));
  const bool is_new = !origin;
  origin_ = origin ? *origin : "cluehound-" + Hex(RandomBytes(8));
  ASSIGN_OR_RETURN(SigningKey key, SigningKey::Load(folder_ / "log.key"));
  ASSIGN_OR_RETURN(const auto known, Keys());
  key_.emplace(std::move(key));
  const evidence::NamedKey named{origin_, key_->public_key()};
  if (!known.empty() && known.back().public_key == named.public_key) return Status::Ok();
  return writer_->Run([&](Ledger&, Staging& staging) {
    if (is_new) staging.Put(Table::kLog, OriginKey(), origin_);
    staging.Put(Table::kLog, LogKeyKey(known.size() + 1), named.Text());
    if (!known.empty()) {  // a store that was restored, or whose key was taken away
      staging.Audit({0,
                     clock_.Now(),
                     {"store", ""},
                     "log.key",
                     named.name,
                     known.back().Text(),
                     named.Text(),
                     ""});
    }
    return Status::Ok();
  });
}

Result<Counters> StoredLog::ReadCounters() const {
  if (writer_ != nullptr) return writer_->counters();
  ASSIGN_OR_RETURN(const auto counters,
                   FindRecord<Counters>(database_, Table::kMeta, CountersKey(), "counters"));
  return counters.value_or(Counters());
}

Status StoredLog::Append(const AuditEntry& entry) {
  if (writer_ == nullptr) return Status::Denied("the store is open for reading only");
  return writer_->Run([&](Ledger&, Staging& staging) {
    staging.Audit(entry);
    return Status::Ok();
  });
}

Result<evidence::LogHead> StoredLog::Head() {
  ASSIGN_OR_RETURN(const Counters counters, ReadCounters());
  ASSIGN_OR_RETURN(const evidence::MerkleLog log, ResumeLog(counters));
  return evidence::LogHead{std::to_string(kLogId), log.size(), log.Root()};
}

Result<std::vector<LogRecord>> StoredLog::Records(uint64_t from_index, size_t max) {
  std::vector<LogRecord> records;
  const auto snapshot = database_.TakeSnapshot();
  const std::string prefix = LeafPrefix(kLogId);
  const auto cursor =
      database_.Walk(Table::kLog, LeafKey(kLogId, from_index), PrefixEnd(prefix), snapshot.get());
  for (; cursor->Valid() && records.size() < max; cursor->Next()) {
    const uint64_t index = from_index + records.size();
    ASSIGN_OR_RETURN(LogLeaf leaf, DecodeRecord<LogLeaf>(cursor->value(), "leaf of the log"));
    ASSIGN_OR_RETURN(auto bytes,
                     database_.Get(Table::kAudit, NumberKey(index + 1), snapshot.get()));
    records.push_back({index, std::move(leaf.salt), bytes.value_or(""), leaf.digest});
  }
  RETURN_IF_ERROR(cursor->status());
  return records;
}

Status StoredLog::CheckSize(uint64_t part, uint64_t size) {
  ASSIGN_OR_RETURN(const Counters counters, ReadCounters());
  if (part <= size && size <= counters.logged) return Status::Ok();
  return Status::InvalidArgument("the log has " + std::to_string(counters.logged) + " entries");
}

Result<std::vector<Digest>> StoredLog::Inclusion(uint64_t index, uint64_t size) {
  RETURN_IF_ERROR(CheckSize(index + 1, size));
  return evidence::InclusionProof(index, size, StoredNodes(database_));
}

Result<std::vector<Digest>> StoredLog::Consistency(uint64_t old_size, uint64_t size) {
  RETURN_IF_ERROR(CheckSize(old_size, size));
  return evidence::ConsistencyProof(old_size, size, StoredNodes(database_));
}

Result<std::string> StoredLog::Sign() {
  if (writer_ == nullptr) return Status::Denied("the store is open for reading only");
  ASSIGN_OR_RETURN(const evidence::LogHead head, Head());
  const std::string at = CheckpointKey(head.size);
  ASSIGN_OR_RETURN(auto known, database_.Get(Table::kLog, at));
  if (known && evidence::OpenCheckpoint(*known, {{origin_, key_->public_key()}}).ok())
    return *std::move(known);
  if (head.size == 0) return evidence::SignCheckpoint({origin_, clock_.Now(), {head}}, *key_);
  const std::string note = evidence::SignCheckpoint({origin_, clock_.Now(), {head}}, *key_);
  RETURN_IF_ERROR(writer_->Run([&](Ledger&, Staging& staging) {
    staging.Put(Table::kLog, at, note);
    return Status::Ok();
  }));
  RETURN_IF_ERROR(WriteFileAtomically(folder_ / "checkpoint", note));
  return note;
}

Result<std::vector<std::string>> StoredLog::Checkpoints() {
  std::vector<std::string> notes;
  const auto cursor =
      database_.Walk(Table::kLog, CheckpointPrefix(), PrefixEnd(CheckpointPrefix()));
  for (; cursor->Valid(); cursor->Next()) notes.emplace_back(cursor->value());
  RETURN_IF_ERROR(cursor->status());
  return notes;
}

Result<std::vector<evidence::NamedKey>> StoredLog::Keys() {
  std::vector<evidence::NamedKey> keys;
  const auto cursor = database_.Walk(Table::kLog, LogKeyPrefix(), PrefixEnd(LogKeyPrefix()));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(evidence::NamedKey key, evidence::NamedKey::Parse(cursor->value()));
    keys.push_back(std::move(key));
  }
  RETURN_IF_ERROR(cursor->status());
  return keys;
}

}  // namespace cluehound::store
