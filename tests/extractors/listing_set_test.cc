#include "extractors/listing_set.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

Listing Make(std::string id, std::string url, std::string title, std::string price = "",
             std::string seller = "", FoundBy found_by = FoundBy::kProfile) {
  Listing listing;
  listing.id = std::move(id);
  listing.url = std::move(url);
  listing.title = std::move(title);
  listing.price = std::move(price);
  listing.seller = std::move(seller);
  listing.found_by = found_by;
  return listing;
}

TEST_CASE("one id is one listing; the first wins, gaps are filled, no wording is lost") {
  ListingSet set(10);
  set.Add(Make("7", "", "回力帆布鞋", "59.00"));
  set.Add(Make("7", "http://a/7", "热卖 回力帆布鞋 莆田", "61.00", "某店"));
  const auto listings = set.Take();
  REQUIRE(listings.size() == 1);
  REQUIRE(listings[0].title == "回力帆布鞋");
  REQUIRE(listings[0].price == "59.00");
  REQUIRE(listings[0].url == "http://a/7");
  REQUIRE(listings[0].seller == "某店");
  REQUIRE(listings[0].text == "热卖 回力帆布鞋 莆田");
}

TEST_CASE("ours: fields without end are cut, and a number without end is none") {
  ListingSet set(10);
  std::string endless;
  while (endless.size() < 5u << 20) endless += "高仿";
  auto listing = Make(endless, "http://a/7", endless, "59.00", endless);
  listing.seller_id = endless;
  listing.location = endless;
  listing.text = endless;
  listing.merchants = {endless};
  set.Add(std::move(listing));
  const auto listings = set.Take();
  REQUIRE(listings.size() == 1);
  CHECK(listings[0].id.empty());
  CHECK(listings[0].seller_id.empty());
  CHECK(listings[0].title.size() <= Listing::kMaxTitle);
  CHECK(listings[0].text.size() <= Listing::kMaxText);
  for (const std::string& name :
       {listings[0].seller, listings[0].location, listings[0].merchants[0]}) {
    CHECK(name.size() <= ListingSet::kMaxName);
    CHECK(name.size() > ListingSet::kMaxName - 4);
  }
}

TEST_CASE("a page that gives every item the same id hides none of their titles") {
  ListingSet set(1000);
  for (int i = 0; i < 50; ++i) set.Add(Make("1", "", "标题" + std::to_string(i)));
  const auto listings = set.Take();
  REQUIRE(listings.size() == 1);
  REQUIRE(listings[0].text.find("标题49") != std::string::npos);
}

TEST_CASE("ids that differ are two listings, whatever else agrees") {
  ListingSet set(10);
  set.Add(Make("1", "http://a/", "同名", "5.00", "某店"));
  set.Add(Make("2", "http://a/", "同名", "5.00", "某店"));
  REQUIRE(set.size() == 2);
}

TEST_CASE("ids of different kinds and platforms are not compared") {
  ListingSet set(10);
  Listing room = Make("7", "", "直播间");
  room.kind = ListingKind::kLive;
  set.Add(room);
  set.Add(Make("7", "", "商品"));
  Listing other = Make("7", "", "别的平台");
  other.platform = "jd";
  set.Add(other);
  REQUIRE(set.size() == 3);
}

TEST_CASE("an address joins a listing with an id and one without") {
  ListingSet set(10);
  set.Add(Make("7", "http://a/7", "甲"));
  set.Add(Make("", "http://a/7", "甲（广告）"));
  set.Add(Make("", "http://a/8", "乙"));
  set.Add(Make("", "http://a/8", "乙"));
  REQUIRE(set.size() == 2);
}

TEST_CASE("title, price and seller join readings that say neither id nor address") {
  ListingSet set(10);
  set.Add(Make("", "", "甲", "5.00", "某店"));
  set.Add(Make("", "", "甲", "5.00", ""));
  set.Add(Make("", "", "甲", "6.00", "某店"));
  set.Add(Make("", "", "甲", "5.00", "另一店"));
  REQUIRE(set.size() == 3);
}

TEST_CASE("between two readings a differing address decides nothing, within one it does") {
  ListingSet set(10);
  set.Add(Make("", "http://a/7?spm=1", "甲", "5.00"));
  set.Add(Make("", "http://a/7", "甲", "5.00", "", FoundBy::kJsonLd));
  REQUIRE(set.size() == 1);
  set.Add(Make("", "http://a/8", "甲", "5.00"));
  REQUIRE(set.size() == 2);
}

TEST_CASE("filling in adds nothing new") {
  ListingSet set(10);
  set.Add(Make("7", "", "甲"));
  set.FillIn(Make("7", "http://a/7", "甲"));
  set.FillIn(Make("8", "http://a/8", "乙"));
  const auto listings = set.Take();
  REQUIRE(listings.size() == 1);
  REQUIRE(listings[0].url == "http://a/7");
}

TEST_CASE("a full set takes no more, but still merges") {
  ListingSet set(2);
  set.Add(Make("1", "", "甲"));
  set.Add(Make("2", "", "乙"));
  set.Add(Make("3", "", "丙"));
  set.Add(Make("1", "http://a/1", "甲"));
  REQUIRE(set.full());
  const auto listings = set.Take();
  REQUIRE(listings.size() == 2);
  REQUIRE(listings[0].url == "http://a/1");
}

TEST_CASE("very many listings of one title cost no square") {
  ListingSet set(100000);
  for (int i = 0; i < 20000; ++i) set.Add(Make(std::to_string(i), "", "同名"));
  REQUIRE(set.size() == 20000);
}

}  // namespace
}  // namespace cluehound::extractors
