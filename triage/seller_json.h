#pragma once

#include <string>

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

}  // namespace cluehound::triage
