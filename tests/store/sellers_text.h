#pragma once

#include <string>

#include "store/sellers.h"
#include "tests/testing/testing.h"

namespace cluehound::store::testing {

// Everything that a ledger of sellers says of sellers, proposals and clusters, so that two can be compared.
inline std::string SellersText(SellerLedger& ledger, Instant now) {
  std::string text;
  const auto counted = [&](const char* what, const std::vector<Counted>& values) {
    text += std::string("  ") + what;
    for (const Counted& c : values) text += " " + c.value + "=" + std::to_string(c.leads);
    text += "\n";
  };
  const auto sellers = ledger.QuerySellers({}, now, "", 10000);
  REQUIRE_OK(sellers);
  for (const Seller& s : sellers->sellers) {
    text += s.id + " risk " + std::to_string(s.risk) + " code " + s.code + " shops";
    for (const SellerId& shop : s.shops) text += " " + shop;
    text += " leads " + std::to_string(s.totals.leads) + "/" + std::to_string(s.totals.active) +
            " marks " + std::to_string(s.totals.marks) + " after " +
            std::to_string(s.totals.after) + " sales " + std::to_string(s.totals.sales_cents) +
            "+" + std::to_string(s.totals.first_cents) + " " + std::to_string(s.totals.at_least) +
            " " + s.first_day + " " + s.last_day + "\n ";
    for (const uint64_t n : s.totals.by_status) text += " " + std::to_string(n);
    for (const uint64_t n : s.totals.by_strength) text += " " + std::to_string(n);
    for (const auto& part : s.risk_parts)
      text += "\n  " + part.label + " " + std::to_string(part.points);
    text += "\n";
    counted("names", s.names);
    counted("ids", s.shop_ids);
    counted("places", s.name_spaces);
    counted("platforms", s.platforms);
    counted("roles", s.roles);
    counted("counties", s.counties);
    counted("marks", s.marks);
    counted("codes", s.codes);
  }
  const auto proposals = ledger.Proposals(1000);
  REQUIRE_OK(proposals);
  for (const Proposal& p : *proposals)
    text += "proposal " + p.id() + " " + std::to_string(p.leads) + "\n";
  const auto clusters = ledger.QueryClusters(std::nullopt, "", 10000);
  REQUIRE_OK(clusters);
  for (const Cluster& c : clusters->clusters) {
    text += "cluster " + c.id + " " + c.title;
    for (const std::string& why : c.why) text += " | " + why;
    const auto whole = ledger.FindCluster(c.id);
    REQUIRE_OK(whole);
    for (const LeadId& lead : whole->leads) text += " " + lead;
    text += "\n";
  }
  return text;
}

}  // namespace cluehound::store::testing
