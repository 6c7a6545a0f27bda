#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/lead_step.h"
#include "store/records.h"

// What people may do with a lead, in one place for every store. A status leads to some others and
// not to all: a case (立案) follows a check, what is closed must be opened again first.
namespace cluehound::store {

Standing StandingOf(const Lead& lead);

// The statuses that may follow, the same one (another reason, another day) included.
const std::vector<LeadStatus>& StatusesAfter(LeadStatus status);

// What deciding needs to know and to count beside the lead itself.
class DecisionTable {
 public:
  virtual ~DecisionTable() = default;
  virtual Result<std::optional<Lead>> FindLead(const LeadId& id) = 0;
  // The next of the prefix and the office's year, from 1.
  virtual Result<uint64_t> NextNumber(const std::string& prefix, int year) = 0;
  virtual Result<std::optional<Silence>> FindSilence(uint64_t number) = 0;
};

// The lead as the decision makes it. Fails with
//   kNotFound         no such lead, or no such original
//   kDenied           of another county than the scope
//   kConflict         at another revision
//   kInvalidArgument  not possible now; the message says what is
Result<LeadStep> Decide(const Decision& decision, const Scope& scope, DecisionTable& table);

// A merge, or its end: the entry that the original gets beside the lead's own.
Result<std::optional<LeadStep>> StepOfOriginal(const Lead& before, const LeadStep& step,
                                               DecisionTable& table);

// What a row remembers of a decision that covered it; nothing after an undo. `before`: what it remembered: of a decision
// at the same time these are a further part.
std::optional<RowStanding> RowStandingOf(const std::vector<Decision>& decisions,
                                         const std::optional<RowStanding>& before);

// A deferred lead whose day has come.
LeadStep CameBack(const Lead& lead, Instant now);

// "WF-2026-00123"
std::string FormatNumber(const std::string& prefix, int year, uint64_t number);

}  // namespace cluehound::store
