#include "store/rocksdb/stored_retention.h"

#include "base/text.h"
#include "store/record_fields.h"
#include "store/rocksdb/log_tree.h"
#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

constexpr size_t kSlice = 2000;  // records looked at in one call

std::string Summary(const Erasure& erasure, const char* what, const Erased& erased) {
  return std::string(what) + ": " + std::to_string(erased.erased) + " older than " +
         FormatTime(erasure.before);
}

}  // namespace

Status StoredRetention::Write(std::function<Status(Ledger&, Staging&)> stage) {
  if (writer_ == nullptr) return Status::Denied("the store is open for reading only");
  return writer_->Run(std::move(stage));
}

Status StoredRetention::AddHold(const Hold& hold) {
  return Write([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto known, database_.Get(Table::kHolds, LeadKey(hold.lead)));
    if (known) return Status::Ok();
    staging.Put(Table::kHolds, LeadKey(hold.lead), EncodeRecord(hold));
    staging.Audit({0, hold.at, hold.by, "hold.add", hold.lead, "", "", hold.reason});
    return Status::Ok();
  });
}

Status StoredRetention::EndHold(const Hold& hold) {
  return Write([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto known, database_.Get(Table::kHolds, LeadKey(hold.lead)));
    if (!known) return Status::NotFound("lead " + hold.lead + " is not held");
    staging.Delete(Table::kHolds, LeadKey(hold.lead));
    staging.Audit({0, hold.at, hold.by, "hold.end", hold.lead, "", "", hold.reason});
    return Status::Ok();
  });
}

Result<std::vector<Hold>> StoredRetention::Holds() {
  std::vector<Hold> holds;
  const auto cursor = database_.Walk(Table::kHolds, PlainKey(""), PrefixEnd(PlainKey("")));
  for (; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(Hold hold, DecodeRecord<Hold>(cursor->value(), "hold"));
    holds.push_back(std::move(hold));
  }
  RETURN_IF_ERROR(cursor->status());
  return holds;
}

Result<bool> StoredRetention::IsHeld(Staging& staging, const std::string& object) {
  if (IdBytes(object).empty()) return false;  // an entry that speaks of no lead
  ASSIGN_OR_RETURN(const auto lead, staging.FindLead(object));
  if (!lead) return false;
  if (IsKept(*lead)) return true;
  ASSIGN_OR_RETURN(const auto hold, database_.Get(Table::kHolds, LeadKey(object)));
  return hold.has_value();
}

Status StoredRetention::EraseSlice(Staging& staging, const Erasure& erasure, Erased& erased) {
  const auto from = ParseInt(erasure.after.empty() ? "0" : erasure.after);
  if (!from || *from < 0) return Status::InvalidArgument("after must be a number");
  const auto cursor = database_.Walk(Table::kAudit, NumberKey(static_cast<uint64_t>(*from) + 1),
                                     PrefixEnd(PlainKey("")));
  for (size_t seen = 0; cursor->Valid(); cursor->Next()) {
    ASSIGN_OR_RETURN(const AuditEntry entry,
                     DecodeRecord<AuditEntry>(cursor->value(), "audit entry"));
    if (++seen > kSlice) break;
    erased.next = std::to_string(entry.number);
    if (entry.at >= erasure.before) continue;
    ASSIGN_OR_RETURN(const bool held, IsHeld(staging, entry.object));
    if (held) {
      ++erased.held;
      continue;
    }
    ++erased.erased;
    if (erasure.dry_run) continue;
    const std::string key = LeafKey(kLogId, entry.number - 1);
    ASSIGN_OR_RETURN(auto leaf, FindRecord<LogLeaf>(database_, Table::kLog, key, "leaf"));
    if (!leaf) return Status::Corruption("the log has no leaf " + std::to_string(entry.number - 1));
    leaf->salt.clear();
    staging.Put(Table::kLog, key, EncodeRecord(*leaf));
    staging.Delete(Table::kAudit, NumberKey(entry.number));
  }
  if (!cursor->Valid()) erased.next.clear();
  return cursor->status();
}

Result<Erased> StoredRetention::EraseEntries(const Erasure& erasure) {
  Erased erased;
  RETURN_IF_ERROR(Write([&](Ledger&, Staging& staging) -> Status {
    Status done = EraseSlice(staging, erasure, erased);
    if (done.ok() && erased.erased > 0 && !erasure.dry_run) {
      staging.Audit({0, erasure.at, erasure.actor, "retention.log", "", "",
                     Summary(erasure, "log texts", erased), erasure.reason});
    }
    return done;
  }));
  return erased;
}

Status StoredRetention::EraseLeadSlice(Staging& staging, const Erasure& erasure, Erased& erased) {
  const std::string from = erasure.after.empty() ? PlainKey("") : LeadKey(erasure.after) + '\0';
  const auto cursor = database_.Walk(Table::kLeads, from, PrefixEnd(PlainKey("")));
  for (size_t seen = 0; cursor->Valid() && seen < kSlice; cursor->Next(), ++seen) {
    const LeadId id = Hex(cursor->key().substr(1));
    erased.next = id;
    ASSIGN_OR_RETURN(const auto lead, staging.FindLead(id));
    if (!lead || !HasPersons(*lead)) continue;
    if (std::max(lead->decided_at, lead->last_seen) >= erasure.before) continue;
    ASSIGN_OR_RETURN(const bool held, IsHeld(staging, id));
    if (held) {
      ++erased.held;
      continue;
    }
    ++erased.erased;
    if (erasure.dry_run) continue;
    staging.Audit({0, erasure.at, erasure.actor, "retention.lead", id, "", "", erasure.reason});
    RETURN_IF_ERROR(staging.PutLead(WithoutPersons(*lead)));
  }
  if (!cursor->Valid()) erased.next.clear();
  return cursor->status();
}

Result<Erased> StoredRetention::EraseLeads(const Erasure& erasure) {
  Erased erased;
  RETURN_IF_ERROR(
      Write([&](Ledger&, Staging& staging) { return EraseLeadSlice(staging, erasure, erased); }));
  return erased;
}

}  // namespace cluehound::store
