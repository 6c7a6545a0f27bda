#pragma once

#include <string>

#include "store/records.h"

namespace cluehound::store {

// One step in the life of a lead: the lead behind it, its entry, and the word for the audit log.
struct LeadStep {
  Lead lead;
  LeadEntry entry;
  std::string action;  // "lead.decide"
};

// Raises the revision of `after` and numbers the entry. The texts of the entry are empty.
LeadStep MakeStep(Lead after, EntryKind kind, const Actor& by, Instant at, std::string action);

// What the audit log says of it; without number.
AuditEntry AuditOfStep(const Lead& before, const LeadStep& step);

}  // namespace cluehound::store
