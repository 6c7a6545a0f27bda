#include "store/key_change.h"

#include <algorithm>

namespace cluehound::store {
namespace {

bool Share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& address) {
    return std::find(b.begin(), b.end(), address) != b.end();
  });
}

// The first of a chain of joined things; chains are shortened on the way.
size_t Root(std::vector<size_t>& parents, size_t i) {
  while (parents[i] != i) i = parents[i] = parents[parents[i]];
  return i;
}

}  // namespace

void KeyChange::Add(const Lead& lead) {
  Seen seen{lead.id, lead.name_space, lead.listing.id, {}};
  if (!lead.listing.url.empty()) seen.addresses.push_back(AddressAlias(lead.listing.url, reading_));
  if (lead.own_page) seen.addresses.push_back(AddressAlias(lead.page_url, reading_));
  listings_[lead.listing_identity].push_back(std::move(seen));
}

KeyChange::Plan KeyChange::Make() const {
  Plan plan;
  std::vector<const std::vector<Seen>*> listings;
  std::map<std::string, size_t> known;  // namespace and address -> the first listing there
  std::vector<size_t> parents;
  for (const auto& [identity, leads] : listings_) {
    const size_t own = listings.size();
    listings.push_back(&leads);
    parents.push_back(own);
    plan.leads += leads.size();
    for (const Seen& seen : leads) {
      for (const std::string& address : seen.addresses) {
        const auto [place, is_new] = known.emplace(seen.name_space + '\n' + address, own);
        const size_t other = Root(parents, place->second);
        const std::string& number = listings[place->second]->front().platform_id;
        // A platform's own number wins over an address: two numbers are two listings.
        const bool contradict =
            !number.empty() && !seen.platform_id.empty() && number != seen.platform_id;
        if (!is_new && !contradict) parents[Root(parents, own)] = other;
      }
    }
  }
  std::map<size_t, std::vector<LeadId>> groups;
  std::map<size_t, size_t> sizes;
  for (size_t i = 0; i < listings.size(); ++i) {
    const size_t root = Root(parents, i);
    ++sizes[root];
    for (const Seen& seen : *listings[i]) groups[root].push_back(seen.lead);
  }
  std::set<LeadId> moved;
  for (const auto& [root, leads] : groups) {
    if (sizes[root] < 2) continue;
    plan.merge.push_back(leads);
    moved.insert(leads.begin(), leads.end());
  }
  for (const auto* leads : listings) {
    const Seen& first = leads->front();
    const bool apart = std::any_of(leads->begin(), leads->end(), [&](const Seen& seen) {
      const bool same_number = !seen.platform_id.empty() && seen.platform_id == first.platform_id;
      return !same_number && !seen.addresses.empty() && !first.addresses.empty() &&
             !Share(seen.addresses, first.addresses);
    });
    if (!apart) continue;
    plan.split.emplace_back();
    for (const Seen& seen : *leads) plan.split.back().push_back(seen.lead);
    moved.insert(plan.split.back().begin(), plan.split.back().end());
  }
  plan.stay = plan.leads - moved.size();
  return plan;
}

}  // namespace cluehound::store
