#include "store/sales.h"

#include <algorithm>

#include "base/digest.h"
#include "base/text.h"

namespace cluehound::store {
namespace {

constexpr int64_t kMaxUnits = 1'000'000'000'000;

uint64_t PageDigest(std::string_view page_url) {
  const Digest digest = Sha256(page_url);
  uint64_t first = 0;
  for (size_t i = 0; i < 8; ++i) first = (first << 8) | digest[i];
  return first;
}

int64_t Times(int64_t units, int64_t cents) {
  if (units <= 0 || cents <= 0) return 0;
  return units > kMaxCents / cents ? kMaxCents : units * cents;
}

void Begin(Sales& sales, const extractors::Listing& listing, int64_t sold, Instant seen) {
  sales.first = sold;
  sales.first_at_least = listing.sold_at_least;
  sales.first_cents = Times(sold, PriceCents(listing).value_or(0));
  sales.first_at = seen;
}

void Count(Sales& sales, const extractors::Listing& listing, int64_t units) {
  sales.units += units;
  if (const auto price = PriceCents(listing)) {
    sales.cents = AddCents(sales.cents, Times(units, *price));
  } else {
    sales.unpriced += units;
  }
}

}  // namespace

int64_t AddCents(int64_t a, int64_t b) { return std::min(a + b, kMaxCents); }

std::optional<int64_t> PriceCents(const extractors::Listing& listing) {
  if (!listing.currency.empty() && listing.currency != "CNY") return std::nullopt;
  const std::string_view price = listing.price;
  const size_t point = std::min(price.find('.'), price.size());
  const auto yuan = ParseInt(price.substr(0, point));
  if (!yuan || *yuan < 0 || *yuan > kMaxCents / 100) return std::nullopt;
  int64_t cents = 0;
  for (size_t i = 0; i < 2; ++i) {
    const size_t at = point + 1 + i;
    if (at < price.size() && !IsAsciiDigit(price[at])) return std::nullopt;
    cents = cents * 10 + (at < price.size() ? price[at] - '0' : 0);
  }
  return std::min(*yuan * 100 + cents, kMaxCents);
}

bool Observe(Sales& sales, const extractors::Listing& listing, std::string_view page_url,
             Instant seen) {
  if (!listing.sold || *listing.sold < 0 || seen < sales.last_at) return false;
  const Sales before = sales;
  const int64_t sold = std::min(*listing.sold, kMaxUnits);
  const uint64_t page = PageDigest(page_url);
  if (!sales.first) {
    Begin(sales, listing, sold, seen);
  } else if (page != sales.page) {
    if (sold <= sales.last) return false;
    const bool untouched = sales.units == 0 && sales.falls == 0 && sales.last == *sales.first;
    if (untouched && FormatDay(seen) == FormatDay(sales.first_at)) {
      Begin(sales, listing, sold, sales.first_at);
    } else {
      Count(sales, listing, sold - sales.last);
    }
  } else if (sold > sales.last) {
    Count(sales, listing, sold - sales.last);
  } else if (sold < sales.last) {
    ++sales.falls;
  } else {
    return false;
  }
  sales.page = page;
  sales.last = sold;
  sales.last_at = seen;
  sales.at_least |= listing.sold_at_least && sales.units > 0 && !(sales == before);
  return true;
}

}  // namespace cluehound::store
