#pragma once

#include <vector>

#include "base/status.h"
#include "store/identity.h"
#include "store/lead_update.h"
#include "store/records.h"

namespace cluehound::store {

// Whether the store can take the page at all; kInvalidArgument says why not.
Status CheckCommit(const PageCommit& commit);

// What a page says, one finding per lead, in the order of its listings; the strongest where a lead
// is met twice on one page. Drafts in mode observe are left out. Makes the listings behind them
// known. The findings point into `commit`.
Result<std::vector<Finding>> FindingsOf(const PageCommit& commit, AliasTable& aliases);

// The listings and leads of the findings, each once, for PageState.
void Remember(const std::vector<Finding>& findings, PageState& state);

// The audit entry of a lead that the machine made (`before` null) or changed; without number.
AuditEntry AuditOfLead(const Lead* before, const Lead& after, Instant at);

}  // namespace cluehound::store
