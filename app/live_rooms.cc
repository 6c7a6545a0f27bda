#include "app/live_rooms.h"

#include <set>

#include "base/url.h"

namespace cluehound::app {

std::vector<store::Discovery> LiveRooms(const store::PageCommit& commit,
                                        const crawler::SourceSettings& source) {
  std::vector<store::Discovery> rooms;
  const store::Discovery& page = commit.lease.address;
  std::set<std::string> known = {page.url};
  for (const store::LeadDraft& lead : commit.leads) {
    const extractors::Listing& listing = commit.listings.at(lead.listing);
    if (listing.kind != extractors::ListingKind::kLive) continue;
    const Result<Url> url = Url::Parse(listing.url);
    if (!url.ok() || !source.InScope(url->authority())) continue;
    std::string address = url->Canonical().href();
    if (!known.insert(address).second) continue;
    rooms.push_back({std::move(address), url->authority(), source.id,
                     static_cast<uint16_t>(page.depth + 1), 0});
  }
  return rooms;
}

}  // namespace cluehound::app
