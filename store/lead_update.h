#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/records.h"

// How a lead takes in what a page says. The same lead is met on lists and on its own page, in
// different wordings; it must not flip between them with every crawl, must not miss that a shop
// rewrote its offer, and must come out the same whatever page was read first. So it holds one
// page's wording whole (offsets of hits point into it), and takes over another's when that is
// stronger, or is news: a wording not met lately, from a page of the same kind and source. What
// people decided is never touched here.
namespace cluehound::store {

inline constexpr std::string_view kClueFamily = "clue";  // of a lead for which no rule speaks

// What a page says of one listing and one family.
struct Finding {
  LeadId lead;
  ListingIdentity identity;
  std::string name_space;
  const extractors::Listing* listing = nullptr;  // not owned
  const rules::Suspicion* suspicion = nullptr;   // not owned
  std::string page_url;
  std::string source;
  std::string rule_set;
  bool own_page = false;
  Jurisdiction jurisdiction{};
  std::string campaign{};
  int campaign_points = 0;
};

// A total order, so that the outcome does not depend on which page came first.
bool Stronger(const Finding& a, const Finding& b);

// The suspicion with the part that a campaign adds to its score, which stays within 100. A lead keeps
// what it was first seen with: a campaign that begins or ends later changes nothing of it.
rules::Suspicion Weighted(rules::Suspicion suspicion, const std::string& campaign, int points);

// A lead that was not known. No sighting yet.
Lead NewLead(const Finding& finding, Instant first_seen);

enum class LeadChange {
  kNone,       // nothing to write
  kRefreshed,  // facts that are no change to an officer: number sold, viewers, pictures, hash of
               // the rule set
  kChanged,    // wording, price, hits, rule or score; the revision is raised
};
LeadChange UpdateLead(Lead& lead, const Finding& finding);

// Over the fields that an officer would call the offer: not over number sold, viewers, pictures,
// address.
uint64_t WordingDigest(const extractors::Listing& listing);

// Whether this wording is among the last that the lead remembers.
bool MetWording(const Lead& lead, const extractors::Listing& listing);
void RememberWording(Lead& lead, const extractors::Listing& listing);

// How many wordings a lead remembers.
inline constexpr size_t kMaxWordings = 8;

// A lead in a few lines, for the audit log: status, score, rule, price, wording; bounded.
std::string Summary(const Lead& lead);

}  // namespace cluehound::store
