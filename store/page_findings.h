#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/status.h"
#include "store/identity.h"
#include "store/lead_step.h"
#include "store/lead_update.h"
#include "store/records.h"

namespace cluehound::store {

// Whether the store can take the page at all; kInvalidArgument says why not.
Status CheckCommit(const PageCommit& commit);

// What a page says, one finding per lead, in the order of its listings; the strongest where a lead
// is met twice on one page. Drafts in mode observe are left out. Makes the listings behind them
// known. The findings point into `commit`.
Result<std::vector<Finding>> FindingsOf(const PageCommit& commit, AliasTable& aliases);

// `find_lead` gives a lead that is stored.
using FindLead = std::function<Result<std::optional<Lead>>(const LeadId&)>;
// The lead that speaks for a merged one; itself when it is none.
Result<Lead> SpokenFor(Lead lead, const FindLead& find_lead);
// Lets findings of merged leads be findings of those that they were merged into.
Status FollowMerges(std::vector<Finding>& findings, const FindLead& find_lead);

// The listings and leads of the findings, each once, for PageState.
void Remember(const std::vector<Finding>& findings, PageState& state);

// The leads that the page held when it was read before and does not say any more, each with what
// is noted of it; merged leads are left out.
Result<std::vector<LeadStep>> AbsencesOf(const PageCommit& commit, const PageState& before,
                                         const std::vector<Finding>& findings,
                                         const FindLead& find_lead, AliasTable& aliases);
// The same of a page that answers that it is gone.
Result<std::vector<LeadStep>> AbsencesOfGone(const PageCommit& commit, const PageState& before,
                                             const FindLead& find_lead);

// The audit entry of a lead that the machine made (`before` null) or changed; without number.
AuditEntry AuditOfLead(const Lead* before, const Lead& after, Instant at);

}  // namespace cluehound::store
