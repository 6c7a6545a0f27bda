#include "store/lead_update.h"

#include <algorithm>
#include <optional>
#include <tuple>

#include "base/digest.h"
#include "base/join.h"
#include "base/text.h"

namespace cluehound::store {
namespace {

constexpr int kMaxScore = 100;
constexpr size_t kMaxSummaryField = 400;  // bytes; a title is seldom longer

auto Strength(const extractors::Listing& listing, const rules::Suspicion& suspicion,
              const std::string& page_url) {
  // The last parts only break ties, the same way every time; page and wording are smaller-first.
  return std::make_tuple(-suspicion.score, -static_cast<int64_t>(suspicion.hits.size()),
                         -static_cast<int64_t>(listing.title.size() + listing.text.size()),
                         std::string_view(page_url), std::string_view(listing.title));
}

bool SameWording(const extractors::Listing& a, const extractors::Listing& b) {
  return a.kind == b.kind && a.id == b.id && a.title == b.title && a.price == b.price &&
         a.price_max == b.price_max && a.currency == b.currency && a.seller == b.seller &&
         a.seller_id == b.seller_id && a.location == b.location && a.origin == b.origin &&
         a.text == b.text && a.platform == b.platform && a.room_operator == b.room_operator &&
         a.marketing_person == b.marketing_person && a.merchants == b.merchants;
}

bool Met(const Lead& lead, uint64_t wording) {
  return std::find(lead.wordings.begin(), lead.wordings.end(), wording) != lead.wordings.end();
}

void Keep(Lead& lead, uint64_t wording) {
  if (Met(lead, wording)) return;
  if (lead.wordings.size() == kMaxWordings) lead.wordings.erase(lead.wordings.begin());
  lead.wordings.push_back(wording);
}

bool TakesOver(const Lead& lead, const Finding& finding, const rules::Suspicion& suspicion,
               bool met) {
  if (Strength(*finding.listing, suspicion, finding.page_url) <
      Strength(lead.listing, lead.suspicion, lead.page_url)) {
    return true;
  }
  return !met && lead.own_page == finding.own_page && lead.source == finding.source;
}

// Who offers it and where, if `listing` does not say so itself: a list often tells the number and the
// shop, the listing's own page the wording. Never wording or price, which may be of another time.
// True if something was filled in.
bool FillGaps(extractors::Listing& listing, const extractors::Listing& other) {
  bool filled = false;
  for (std::string extractors::Listing::*field :
       {&extractors::Listing::id, &extractors::Listing::url, &extractors::Listing::seller,
        &extractors::Listing::seller_id, &extractors::Listing::location,
        &extractors::Listing::origin, &extractors::Listing::platform}) {
    if (!(listing.*field).empty() || (other.*field).empty()) continue;
    listing.*field = other.*field;
    filled = true;
  }
  return filled;
}

bool Placed(const Lead& lead, const Jurisdiction& jurisdiction) {
  return lead.jurisdiction == jurisdiction ||
         lead.jurisdiction.basis == Jurisdiction::Basis::kOfficer;
}

// What a person said of the place wins over the machine, and so does an assignment.
void Place(Lead& lead, const Jurisdiction& jurisdiction) {
  if (lead.jurisdiction.basis == Jurisdiction::Basis::kOfficer) return;
  lead.jurisdiction = jurisdiction;
  if (!lead.dispatch) lead.county = jurisdiction.county;
}

void Take(Lead& lead, const Finding& finding, const rules::Suspicion& suspicion,
          extractors::Listing listing) {
  // A clue's lead may be known under another name than its platform's.
  lead.listing_identity = finding.identity;
  lead.name_space = finding.name_space;
  lead.page_url = finding.page_url;
  lead.source = finding.source;
  lead.own_page = finding.own_page;
  lead.listing = std::move(listing);
  lead.suspicion = suspicion;
  lead.rule_set = finding.rule_set;
  Place(lead, finding.jurisdiction);
}

}  // namespace

bool Stronger(const Finding& a, const Finding& b) {
  return Strength(*a.listing, *a.suspicion, a.page_url) <
         Strength(*b.listing, *b.suspicion, b.page_url);
}

rules::Suspicion Weighted(rules::Suspicion suspicion, const std::string& campaign, int points) {
  const int added = std::min(points, kMaxScore - suspicion.score);
  if (added <= 0) return suspicion;
  suspicion.score += added;
  suspicion.score_parts.push_back({"专项行动“" + campaign + "”", added});
  return suspicion;
}

Lead NewLead(const Finding& finding, Instant first_seen) {
  Lead lead;
  lead.id = finding.lead;
  lead.first_seen = first_seen;
  lead.last_seen = first_seen;
  lead.campaign = finding.campaign;
  lead.campaign_points = finding.campaign_points;
  Take(lead, finding, Weighted(*finding.suspicion, lead.campaign, lead.campaign_points),
       *finding.listing);
  lead.wordings = {WordingDigest(lead.listing)};
  Observe(lead.sales, lead.listing, finding.page_url, first_seen);
  return lead;
}

LeadChange UpdateLead(Lead& lead, const Finding& finding) {
  const uint64_t wording = WordingDigest(*finding.listing);
  const bool met = Met(lead, wording);
  const bool same_page = lead.page_url == finding.page_url;
  std::optional<rules::Suspicion> weighted;  // most leads are of no campaign: no copy for them
  if (lead.campaign_points > 0)
    weighted = Weighted(*finding.suspicion, lead.campaign, lead.campaign_points);
  const rules::Suspicion& suspicion = weighted ? *weighted : *finding.suspicion;
  const bool take =
      same_page || lead.suspicion.family == kClueFamily || TakesOver(lead, finding, suspicion, met);
  Keep(lead, wording);
  if (!take) {
    const bool filled = FillGaps(lead.listing, *finding.listing);
    return met && !filled ? LeadChange::kNone : LeadChange::kRefreshed;
  }
  extractors::Listing listing = *finding.listing;
  FillGaps(listing, lead.listing);
  const bool changed = !SameWording(lead.listing, listing) || !(lead.suspicion == suspicion);
  if (!changed && met && same_page && lead.listing == listing &&
      lead.rule_set == finding.rule_set && Placed(lead, finding.jurisdiction) &&
      lead.own_page == finding.own_page && lead.source == finding.source) {
    return LeadChange::kNone;
  }
  Take(lead, finding, suspicion, std::move(listing));
  if (!changed) return LeadChange::kRefreshed;
  ++lead.revision;
  return LeadChange::kChanged;
}

uint64_t WordingDigest(const extractors::Listing& listing) {
  FieldDigest digest;
  digest.Add(std::to_string(static_cast<int>(listing.kind))).Add(listing.id).Add(listing.title);
  digest.Add(listing.price).Add(listing.price_max).Add(listing.currency).Add(listing.seller);
  digest.Add(listing.seller_id).Add(listing.location).Add(listing.origin).Add(listing.text);
  digest.Add(listing.platform).Add(listing.room_operator).Add(listing.marketing_person);
  for (const std::string& merchant : listing.merchants) digest.Add(merchant);
  const Digest bytes = digest.Finish();
  uint64_t first = 0;
  for (size_t i = 0; i < 8; ++i) first = (first << 8) | bytes[i];
  return first;
}

bool MetWording(const Lead& lead, const extractors::Listing& listing) {
  return Met(lead, WordingDigest(listing));
}

void RememberWording(Lead& lead, const extractors::Listing& listing) {
  Keep(lead, WordingDigest(listing));
}

std::string Summary(const Lead& lead) {
  const rules::Suspicion& suspicion = lead.suspicion;
  std::string out = "status: " + std::string(Name(lead.status));
  const auto add = [&out](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out += '\n';
    out += name;
    out += ": ";
    out += TruncateUtf8(value, kMaxSummaryField);
  };
  add("reason", lead.reason);
  add("note", lead.note);
  add("target", lead.target);
  add("case", lead.case_number);
  if (lead.until) add("until", FormatDay(*lead.until));
  add("original", lead.original);
  add("number", lead.number);
  if (lead.clock) {
    add("due", FormatDay(lead.clock->due));
    add("approver", lead.clock->approver);
  }
  if (lead.silenced != 0) add("silence", std::to_string(lead.silenced));
  add("county", lead.county);
  if (lead.dispatch) add("dispatch", Name(lead.dispatch->state));
  add("tags", Join(lead.tags, ", "));
  if (lead.notice) add("notice", Name(*lead.notice));
  add("score", std::to_string(suspicion.score));
  add("rule", suspicion.rule + " " + std::to_string(suspicion.rev));
  add("mark", suspicion.mark);
  add("price", lead.listing.price_max.empty() ? lead.listing.price
                                              : lead.listing.price + "-" + lead.listing.price_max);
  add("seller", lead.listing.seller);
  add("title", lead.listing.title);
  add("text", lead.listing.text);
  add("hits", Join(suspicion.hits, ", ", &rules::Hit::text));
  add("page", lead.page_url);
  return out;
}

}  // namespace cluehound::store
