#pragma once

#include <optional>
#include <vector>

#include "base/status.h"
#include "store/lead_step.h"
#include "store/records.h"

// 屏蔽: a recorded exception. A lead that one in force covers is stored and counted as ever, and left
// out of the lists that do not ask for it.
namespace cluehound::store {

// Exactly one of seller, phrase and listing; at least one of mark, rule and family; a reason.
Status CheckSilence(const Silence& silence);

bool InForce(const Silence& silence, Instant now);

// Whether it speaks of this lead as it is worded now. Another rule family, mark or rule than it
// names is not covered, and neither is a wording of its listing that was not known when it was made.
bool Covers(const Silence& silence, const Lead& lead);

// What becomes of a lead that is new or was changed: silenced by the first in force that covers it,
// or let go because none does any more. Decided leads are left alone. Nothing: it stays as it is.
std::optional<LeadStep> Hush(const Lead& lead, const std::vector<Silence>& silences, Instant now);

// A silenced lead that is shown again, and why.
LeadStep LetGo(const Lead& lead, Instant now, const std::string& why);

// The audit entry of a silence that was made (`ended` false) or ended; without number.
AuditEntry AuditOfSilence(const Silence& silence, bool ended);

}  // namespace cluehound::store
