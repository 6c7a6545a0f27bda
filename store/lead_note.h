#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/lead_step.h"
#include "store/lead_update.h"

// What the machine notes beside the status of a lead; it never changes a status. A lead that was
// gone and is met again: 再次发现. One whose wording is another than people decided: 处置后变化, once
// for each wording. One that its page no longer offers: 已下架. One that is still met after a check, a
// case, a referral or a notice to the platform: 仍在售, once for each decision. One that is there
// unchanged while newer rules do not speak of it: 规则已变, which must never look like 已下架.
namespace cluehound::store {

// Whether the next sighting gives a note.
bool IsWatched(const Lead& lead);

// A lead that a page says again, taken into `lead`.
struct Meeting {
  LeadChange change = LeadChange::kNone;
  std::vector<LeadEntry> entries;
  std::vector<AuditEntry> audit;  // without numbers

  bool writes() const { return change != LeadChange::kNone || !entries.empty(); }
};
// `sighted`: the page was fetched; else only its rules are newer. `at`: for the audit log.
Meeting MeetLead(Lead& lead, const Finding& finding, Instant at, bool sighted);

// The entry of a new lead that was first seen during a campaign (专项行动); counts it in the lead.
std::optional<LeadEntry> NoteCampaign(Lead& lead);

// Seen on an unchanged page.
std::optional<LeadStep> NoteSight(const Lead& lead, Instant seen);

// Its page is there no longer, or no longer offers it. `last_read`: when that page was read before;
// a lead that was met elsewhere since is not gone. `why`: for people.
std::optional<LeadStep> NoteGone(const Lead& lead, const std::string& page_url, Instant last_read,
                                 Instant seen, const std::string& why);

// The page still offers `listing`, but no rule finds anything in it. `new_rules`: the rules are
// others than those that found the lead.
std::optional<LeadStep> NoteUnmatched(const Lead& lead, const extractors::Listing& listing,
                                      bool new_rules, Instant seen);

}  // namespace cluehound::store
