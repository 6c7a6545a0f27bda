#include "store/lead_step.h"

#include "store/lead_update.h"

namespace cluehound::store {

LeadStep MakeStep(Lead after, EntryKind kind, const Actor& by, Instant at, std::string action) {
  ++after.revision;
  ++after.entries;
  LeadStep step;
  step.entry.number = after.entries;
  step.entry.kind = kind;
  step.entry.at = at;
  step.entry.by = by;
  step.lead = std::move(after);
  step.action = std::move(action);
  return step;
}

AuditEntry AuditOfStep(const Lead& before, const LeadStep& step) {
  return {0,
          step.entry.at,
          step.entry.by,
          step.action,
          step.lead.id,
          Summary(before),
          Summary(step.lead),
          step.entry.reason};
}

}  // namespace cluehound::store
