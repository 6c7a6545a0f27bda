#include "extractors/listing_set.h"

#include <utility>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// Listings of one title that are compared; pages with more of them give some twice rather than cost
// the square.
constexpr int kMaxSameTitle = 32;

std::string IdKey(const Listing& listing) {
  return std::string(1, static_cast<char>(listing.kind)) + listing.platform + '\n' + listing.id;
}

bool AgreeOrUnknown(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() || a == b;
}

void Cut(std::string& text, size_t max) { text.resize(TruncateUtf8(text, max).size()); }

// Whatever reader it comes from: keys of the ledger are made of these fields.
void Bound(Listing& listing) {
  // Cut, two numbers could become one.
  for (std::string* number : {&listing.id, &listing.seller_id})
    if (number->size() > ListingSet::kMaxName) number->clear();
  Cut(listing.title, Listing::kMaxTitle);
  Cut(listing.text, Listing::kMaxText);
  for (std::string* name : {&listing.seller, &listing.location, &listing.origin, &listing.platform,
                            &listing.room_operator, &listing.marketing_person})
    Cut(*name, ListingSet::kMaxName);
  if (listing.images.size() > Listing::kMaxImages) listing.images.resize(Listing::kMaxImages);
  for (std::string& merchant : listing.merchants) Cut(merchant, ListingSet::kMaxName);
}

void FillGap(std::string& to, std::string&& from) {
  if (to.empty()) to = std::move(from);
}

void Merge(Listing& to, Listing&& from) {
  FillGap(to.id, std::move(from.id));
  FillGap(to.url, std::move(from.url));
  // A range belongs to its lower end.
  if (to.price.empty()) {
    to.price = std::move(from.price);
    to.price_max = std::move(from.price_max);
    to.currency = std::move(from.currency);
  }
  FillGap(to.currency, std::move(from.currency));
  if (!to.sold) {
    to.sold = from.sold;
    to.sold_at_least = from.sold_at_least;
  }
  FillGap(to.seller, std::move(from.seller));
  FillGap(to.seller_id, std::move(from.seller_id));
  FillGap(to.location, std::move(from.location));
  FillGap(to.origin, std::move(from.origin));
  if (to.images.empty()) to.images = std::move(from.images);
  // Another wording of the title is further wording, and never lost: an advertisement may say what
  // the result does not.
  if (from.title != to.title && to.text.find(from.title) == std::string::npos &&
      to.text.size() + from.title.size() < Listing::kMaxText) {
    to.text += (to.text.empty() ? "" : " ") + from.title;
  }
  FillGap(to.text, std::move(from.text));
  FillGap(to.state, std::move(from.state));
  if (!to.viewers) to.viewers = from.viewers;
  FillGap(to.room_operator, std::move(from.room_operator));
  FillGap(to.marketing_person, std::move(from.marketing_person));
  if (to.merchants.empty()) to.merchants = std::move(from.merchants);
}

}  // namespace

bool ListingSet::SameByWords(const Listing& a, const Listing& b) {
  return a.kind == b.kind && a.title == b.title && AgreeOrUnknown(a.price, b.price) &&
         AgreeOrUnknown(a.seller, b.seller);
}

size_t ListingSet::FindSame(const Listing& listing) const {
  if (!listing.id.empty()) {
    if (const auto found = by_id_.find(IdKey(listing)); found != by_id_.end()) return found->second;
  }
  if (!listing.url.empty()) {
    if (const auto found = by_url_.find(listing.url); found != by_url_.end()) {
      const Listing& other = listings_[found->second];
      const bool other_id = !listing.id.empty() && !other.id.empty();
      if (other.kind == listing.kind && !other_id) return found->second;
    }
  }
  auto [at, end] = by_title_.equal_range(listing.title);
  for (int i = 0; at != end && i < kMaxSameTitle; ++at, ++i) {
    const Listing& other = listings_[at->second];
    if (!SameByWords(listing, other)) continue;
    const bool ids = !listing.id.empty() && !other.id.empty();
    const bool urls = !listing.url.empty() && !other.url.empty();
    // Within one reading, differing ids or addresses are differing items; between two, only an id
    // is sure of that.
    if (!ids && (!urls || listing.found_by != other.found_by)) return at->second;
  }
  return kNone;
}

void ListingSet::Index(size_t place) {
  const Listing& listing = listings_[place];
  if (!listing.id.empty()) by_id_.try_emplace(IdKey(listing), place);
  if (!listing.url.empty()) by_url_.try_emplace(listing.url, place);
}

void ListingSet::Add(Listing listing) {
  Bound(listing);
  const size_t same = FindSame(listing);
  if (same != kNone) {
    Merge(listings_[same], std::move(listing));
    return Index(same);
  }
  if (full()) return;
  listings_.push_back(std::move(listing));
  by_title_.emplace(listings_.back().title, listings_.size() - 1);
  Index(listings_.size() - 1);
}

void ListingSet::FillIn(Listing listing) {
  Bound(listing);
  const size_t same = FindSame(listing);
  if (same == kNone) return;
  Merge(listings_[same], std::move(listing));
  Index(same);
}

void ListingSet::FillInOnly(Listing listing) {
  Bound(listing);
  Merge(listings_.front(), std::move(listing));
  Index(0);
}

}  // namespace cluehound::extractors
