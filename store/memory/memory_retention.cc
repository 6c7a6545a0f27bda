#include "store/memory/memory_retention.h"

namespace cluehound::store {

bool MemoryRetention::IsHeld(const LeadId& id) const {
  const auto lead = leads_.all().find(id);
  return lead != leads_.all().end() && (IsKept(lead->second) || holds_.contains(id));
}

Status MemoryRetention::AddHold(const Hold& hold) {
  const std::lock_guard lock(mutex_);
  if (!holds_.emplace(hold.lead, hold).second) return Status::Ok();
  audit_.Append({0, hold.at, hold.by, "hold.add", hold.lead, "", "", hold.reason});
  return Status::Ok();
}

Status MemoryRetention::EndHold(const Hold& hold) {
  const std::lock_guard lock(mutex_);
  if (holds_.erase(hold.lead) == 0) return Status::NotFound("lead " + hold.lead + " is not held");
  audit_.Append({0, hold.at, hold.by, "hold.end", hold.lead, "", "", hold.reason});
  return Status::Ok();
}

Result<std::vector<Hold>> MemoryRetention::Holds() {
  const std::lock_guard lock(mutex_);
  std::vector<Hold> holds;
  for (const auto& [lead, hold] : holds_) holds.push_back(hold);
  return holds;
}

Result<Erased> MemoryRetention::EraseEntries(const Erasure& erasure) {
  const std::lock_guard lock(mutex_);
  Erased erased;
  for (const AuditEntry& entry : audit_.Read(0, SIZE_MAX)) {
    if (entry.at >= erasure.before) continue;
    const bool held = IsHeld(entry.object);
    ++(held ? erased.held : erased.erased);
    if (!held && !erasure.dry_run) audit_.Erase(entry.number);
  }
  if (erased.erased > 0 && !erasure.dry_run) {
    audit_.Append({0, erasure.at, erasure.actor, "retention.log", "", "",
                   "log texts: " + std::to_string(erased.erased) + " older than " +
                       FormatTime(erasure.before),
                   erasure.reason});
  }
  return erased;
}

Result<Erased> MemoryRetention::EraseLeads(const Erasure& erasure) {
  const std::lock_guard lock(mutex_);
  Erased erased;
  for (const auto& [id, lead] : std::map<LeadId, Lead>(leads_.all())) {
    if (!HasPersons(lead) || std::max(lead.decided_at, lead.last_seen) >= erasure.before) continue;
    const bool held = IsHeld(id);
    ++(held ? erased.held : erased.erased);
    if (held || erasure.dry_run) continue;
    audit_.Append({0, erasure.at, erasure.actor, "retention.lead", id, "", "", erasure.reason});
    leads_.Replace(WithoutPersons(lead));
  }
  return erased;
}

}  // namespace cluehound::store
