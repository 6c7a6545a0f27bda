#include "store/listing_blob.h"

#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

TEST_CASE("listings: a page's worth is packed small and comes back whole") {
  std::vector<extractors::Listing> listings;
  for (int i = 0; i < 48; ++i) {
    auto listing = Goods("新款 包邮 运动鞋 " + std::to_string(i), std::to_string(1000 + i));
    listing.url = Shop("a", "item-" + std::to_string(i));
    listing.images = {"http://a.example/img/" + std::to_string(i) + ".jpg"};
    listings.push_back(listing);
  }
  const auto packed = PackListings(listings);
  REQUIRE_OK(packed);
  CHECK(packed->size() < 48 * 60);
  CHECK(UnpackListings(*packed).value() == listings);
  CHECK(UnpackListings(PackListings({}).value())->empty());
}

TEST_CASE("listings: damage is corruption") {
  const std::string packed = PackListings({Goods("鸿雁", "1")}).value();
  CHECK(UnpackListings("").status().code() == Code::kCorruption);
  CHECK(UnpackListings("\x02" + packed.substr(1)).status().code() == Code::kCorruption);
  for (size_t cut = 1; cut < packed.size(); ++cut) {
    CHECK(UnpackListings(packed.substr(0, cut)).status().code() == Code::kCorruption);
  }
}

}  // namespace
}  // namespace cluehound::store::testing
