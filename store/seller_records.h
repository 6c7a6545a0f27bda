#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/sellers.h"
#include "store/stored_records.h"

// What every keeper of sellers does in the same way with what people record of them.
namespace cluehound::store {

// Raised when LeadFact grows, so that a store sends the facts of all its leads again.
inline constexpr uint64_t kFactsVersion = 1;

std::string ToAsciiUpper(std::string_view text);
// 16 hex digits at most.
bool IsSellerPrefix(std::string_view text);
// kInvalidArgument that names them.
Status SeveralSellers(std::string_view name, const std::vector<SellerId>& ids);
// Higher risk first, then by id.
bool HigherRisk(const SellerState& a, const SellerState& b);
bool Matches(const Seller& seller, const SellerFilter& filter);

// Those in force that speak of it.
void TakeWatches(Seller& seller, const std::vector<Watch>& watches, Instant now);
// Under which keys official entries may speak of it.
std::vector<std::string> OfficialKeysOf(const Seller& seller);
// Of a seller with that licence it is an entry, of one with that name only a namesake. Those that are
// over are left out.
void TakeOfficial(Seller& seller, const OfficialEntry& entry, Instant now);

Result<Watch> Ended(const std::optional<Watch>& watch, uint64_t number, const Actor& actor,
                    Instant at);
Status CheckDocument(const RepeatDocument& document);

// Audit entries; without number.
AuditEntry AuditOfWatch(const Watch& watch, bool ended);
AuditEntry AuditOfOfficial(const std::optional<OfficialEntry>& before, const OfficialEntry& after);
AuditEntry AuditOfProposal(const Proposal& proposal, const std::optional<ProposalDecision>& before,
                           const ProposalDecision& decision);
AuditEntry AuditOfDocument(const SellerId& seller, const RepeatDocument& document);
AuditEntry AuditOfUndo(const std::string& cluster, const std::vector<LeadId>& leads,
                       const ClusterUndo& undo);

// What becomes of the correlations that leads were correlated with.
struct CorrelationChange {
  std::vector<rules::Correlation> changed;  // new, or other than known
  std::vector<std::string> dropped;

  bool nothing() const { return changed.empty() && dropped.empty(); }
};
CorrelationChange ChangeOf(const std::vector<CorrelationRecord>& known,
                           std::span<const rules::Correlation> wanted);

}  // namespace cluehound::store
