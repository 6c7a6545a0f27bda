#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "extractors/listing.h"

namespace cluehound::store {

// 销售额估算（非违法经营额）: what the pages of one listing said of its sales, as they were read. An
// estimate for people who plan a check, never a turnover that was found.
//
// Increases of `sold` count at the price of the page that showed them (of a range the lower end). The
// first value says nothing of when it was sold and stands apart. A fall is a shop's new count: it
// counts nothing, and later increases count from there. Two pages of one listing often lag behind each
// other: the page that spoke last is believed, another one only when it shows more; on the day of the
// first value the higher of the two is the first value.
struct Sales {
  std::optional<int64_t> first;  // units on the first page that told; absent: no page tells
  bool first_at_least = false;   // "1万+"
  int64_t first_cents = 0;       // at the price then
  Instant first_at{};
  uint64_t page = 0;  // digest of the page that spoke last
  int64_t last = 0;
  Instant last_at{};
  int64_t units = 0;      // the increases
  int64_t cents = 0;      // at their prices; yuan only
  int64_t unpriced = 0;   // units among them whose price nobody said in yuan
  bool at_least = false;  // a figure behind it is a lower bound ("1万+")
  uint32_t falls = 0;

  friend bool operator==(const Sales&, const Sales&) = default;
};

// The largest amount ever given, in cents; sums stop there.
inline constexpr int64_t kMaxCents = 1'000'000'000'000'000;
int64_t AddCents(int64_t a, int64_t b);

// Price of the listing in cents; nothing when it has none in yuan.
std::optional<int64_t> PriceCents(const extractors::Listing& listing);

// Takes in what the page says at `seen`. Whether something changed. What is older than the last
// observation changes nothing.
bool Observe(Sales& sales, const extractors::Listing& listing, std::string_view page_url,
             Instant seen);

}  // namespace cluehound::store
