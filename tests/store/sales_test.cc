#include "store/sales.h"

#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

extractors::Listing Sold(int64_t sold, const std::string& price = "10.00", bool at_least = false) {
  extractors::Listing listing = Goods("鸿雁 高仿");
  listing.price = price;
  listing.sold = sold;
  listing.sold_at_least = at_least;
  return listing;
}

Sales After(const std::vector<extractors::Listing>& readings) {
  Sales sales;
  int hour = 0;
  for (const auto& listing : readings)
    Observe(sales, listing, "http://a.example/1", At(3600 * hour++));
  return sales;
}

}  // namespace

TEST_CASE("ours: sales are the increases at the price of their time, the first value apart") {
  const Sales sales = After({Sold(100), Sold(150, "10.00"), Sold(160, "8.50")});
  CHECK(sales.first == 100);
  CHECK(sales.first_cents == 100'000);
  CHECK(sales.units == 60);
  CHECK(sales.cents == 50 * 1000 + 10 * 850);
  CHECK_FALSE(sales.at_least);
}

TEST_CASE("ours: a fall of the number sold counts nothing, and what follows counts from there") {
  const Sales sales = After({Sold(100), Sold(150), Sold(120), Sold(170)});
  CHECK(sales.units == 100);
  CHECK(sales.falls == 1);
}

TEST_CASE("ours: a number such as 1万+ makes the estimate a lower bound") {
  CHECK(After({Sold(9000), Sold(10000, "1.00", true)}).at_least);
  const Sales first = After({Sold(10000, "1.00", true), Sold(10000, "1.00", true)});
  CHECK(first.first_at_least);
  CHECK_FALSE(first.at_least);
  CHECK(first.units == 0);
}

TEST_CASE("ours: units without a price in yuan are counted apart and cost nothing") {
  auto dollars = Sold(130, "5.00");
  dollars.currency = "USD";
  const Sales sales = After({Sold(100), Sold(120, ""), dollars});
  CHECK(sales.units == 30);
  CHECK(sales.unpriced == 30);
  CHECK(sales.cents == 0);
}

TEST_CASE("ours: a page that lags behind another neither counts nor starts anew") {
  Sales sales;
  const std::string list = "http://a.example/list", own = "http://a.example/item";
  Observe(sales, Sold(1000), list, At(0));
  Observe(sales, Sold(1200), own, At(1));  // the same day: a better first value
  CHECK(sales.first == 1200);
  for (int day = 1; day <= 3; ++day) {
    CHECK_FALSE(Observe(sales, Sold(1000), list, At(86400 * day)));
    CHECK(Observe(sales, Sold(1200 + 10 * day), own, At(86400 * day + 1)));
  }
  CHECK(sales.units == 30);
  CHECK(sales.falls == 0);
  // On a later day another page that shows more is news.
  CHECK(Observe(sales, Sold(1300), list, At(86400 * 5)));
  CHECK(sales.units == 100);
}

TEST_CASE("ours: what is read late changes nothing, and absurd numbers stay bounded") {
  Sales sales = After({Sold(100), Sold(150)});
  CHECK_FALSE(Observe(sales, Sold(500), "http://a.example/1", At(0)));
  CHECK_FALSE(Observe(sales, Sold(-5), "http://a.example/1", At(90000)));
  Observe(sales, Sold(INT64_MAX, "9999999999999999"), "http://a.example/1", At(90000));
  CHECK(sales.cents <= kMaxCents);
  CHECK(PriceCents(Sold(1, "12.345")) == 1234);
  CHECK(PriceCents(Sold(1, "12.5")) == 1250);
  CHECK(PriceCents(Sold(1, "12")) == 1200);
  CHECK_FALSE(PriceCents(Sold(1, "面议")));
  CHECK_FALSE(PriceCents(Sold(1, "1.x")));
}

}  // namespace cluehound::store::testing
