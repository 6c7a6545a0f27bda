#include "rules/seller_list.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

extractors::Listing Sold(const std::string& by, const std::string& platform = "") {
  extractors::Listing listing = Titled("商品");
  listing.seller = by;
  listing.platform = platform;
  return listing;
}

}  // namespace

TEST_CASE("seller list: by name, however it is written, on its platform only") {
  const SellerList list({{"mall", "", "示例鞋店"}, {"", "", "示例女包"}});
  CHECK(list.Has(Sold("示例鞋店", "mall")));
  CHECK(list.Has(Sold("示例　鞋店", "mall")) == list.Has(Sold("示例 鞋店", "mall")));
  CHECK_FALSE(list.Has(Sold("示例鞋店", "farm")));
  CHECK_FALSE(list.Has(Sold("示例鞋店")));
  CHECK(list.Has(Sold("示例女包", "farm")));
  CHECK(list.Has(Sold("示例女包")));
  CHECK_FALSE(list.Has(Sold("示例女包二店")));
  CHECK_FALSE(list.Has(Titled("示例女包")));
}

TEST_CASE("seller list: by the platform's number, room operator and merchants") {
  const SellerList list({{"mall", "8812", ""}, {"", "", "示例主播"}});
  extractors::Listing listing = Sold("改了名的店", "mall");
  listing.seller_id = "8812";
  CHECK(list.Has(listing));
  listing.seller_id = "88";
  CHECK_FALSE(list.Has(listing));
  listing.room_operator = "示例主播";
  CHECK(list.Has(listing));
  listing.room_operator = "";
  listing.merchants = {"别家", "示例主播"};
  CHECK(list.Has(listing));
}

TEST_CASE("seller list: what names nobody is on no list") {
  const SellerList empty(std::vector<SellerList::Entry>{{"mall", "", ""}});
  CHECK_FALSE(empty.Has(Titled("商品")));
  CHECK_FALSE(empty.Has(Sold("", "mall")));
  CHECK_FALSE(SellerList().Has(Sold("店")));
}

}  // namespace cluehound::rules
