#pragma once

#include <string>

#include "store/records.h"
#include "store/sellers.h"
#include "triage/statutory_line.h"

// Sellers and clusters as people's tools see them: one JSON object on one line, as docs/commands.md has
// them.
namespace cluehound::triage {

// Estimates are never without this label.
inline constexpr char kSalesLabel[] = "销售额估算（非违法经营额）";

// "2950.00"
std::string Yuan(int64_t cents);

std::string SellerJson(const store::Seller& seller);
std::string WatchJson(const store::Watch& watch, Instant now);
std::string ProposalJson(const store::Proposal& proposal);
std::string ClusterJson(const store::Cluster& cluster);

// What a county sees of a seller that has leads of its own: who it is, how many of these leads, our figure of its risk and
// the official lists; nothing that speaks of leads elsewhere. Empty when none of its leads is of the county.
std::string CountySellerJson(const store::Seller& seller, const std::string& county);
// Likewise of a cluster with `leads` of its own; `members` of cluster.leads must be the county's.
std::string CountyClusterJson(const store::Cluster& cluster, const store::LeadCount& leads);

}  // namespace cluehound::triage
