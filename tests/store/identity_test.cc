#include "store/identity.h"

#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

std::vector<std::string> Texts(const ListingNames& names) {
  std::vector<std::string> texts;
  for (const Alias& alias : names.aliases) texts.push_back(alias.text);
  return texts;
}

TEST_CASE(
    "identity: an address counts without scheme, fragment and the parameters of a visitor's way") {
  CHECK(AddressAlias("https://A.example/item?id=5&spm=a2.1&UTM_source=x#top") ==
        "u://a.example/item?id=5");
  CHECK(AddressAlias("http://a.example/item?spm=1") == "u://a.example/item");
  CHECK(AddressAlias("http://a.example/item?spm=1&id=5&gclid=2&skuId=7") ==
        "u://a.example/item?id=5&skuId=7");
  CHECK(AddressAlias("http://a.example:8080/item?id=5") == "u://a.example:8080/item?id=5");
  // What picks the goods stays, however it is called.
  for (const std::string query :
       {"id=1", "itemId=1", "goods_id=1", "sku=1", "spmx=1", "t=1", "from=1"}) {
    CHECK(AddressAlias("http://a.example/x?" + query) == "u://a.example/x?" + query);
  }
  CHECK(AddressAlias("not an address") == "u:not an address");
}

TEST_CASE("identity: names come surest first, in the platform's or the host's space") {
  auto listing = Goods("鸿雁", "5");
  listing.url = "http://item.a.example/5.html";
  listing.platform = "plat";
  const auto on_platform = NamesOf(listing, "http://list.a.example/", false);
  CHECK(on_platform.name_space == "plat");
  CHECK(on_platform.platform_id == "5");
  CHECK(Texts(on_platform) == std::vector<std::string>{"i:5", "u://item.a.example/5.html"});
  CHECK_FALSE(on_platform.aliases[0].is_address);
  CHECK(on_platform.aliases[1].is_address);
  listing.platform = "";
  CHECK(NamesOf(listing, "http://list.a.example/", false).name_space == "item.a.example");
  listing.url = "";
  CHECK(NamesOf(listing, "http://list.a.example/", false).name_space == "list.a.example");
  listing.id = "";
  CHECK(Texts(NamesOf(listing, "http://a.example/5", true)) ==
        std::vector<std::string>{"u://a.example/5"});
  const auto weak = Texts(NamesOf(listing, "http://a.example/list", false));
  REQUIRE(weak.size() == 1);
  CHECK(weak[0].starts_with("w:"));
}

TEST_CASE(
    "identity: a page is a listing's own when it holds that one and no other address for it") {
  auto listing = Goods("鸿雁");
  CHECK(OwnPage({listing}, "http://a.example/5"));
  listing.url = "http://a.example/5?spm=2";
  CHECK(OwnPage({listing}, "https://a.example/5"));
  CHECK_FALSE(
      OwnPage({listing}, "http://a.example/search?q=x"));  // a list that happens to hold one
  listing.found_by = extractors::FoundBy::kOpenGraph;      // those describe the page itself
  CHECK(OwnPage({listing}, "http://a.example/s/5"));
  CHECK_FALSE(OwnPage({listing, listing}, "http://a.example/5"));
  CHECK_FALSE(OwnPage({}, "http://a.example/5"));
}

TEST_CASE("identity: numbers are digests of their parts, and of all of them") {
  const auto identity = DeriveIdentity("plat", "i:5");
  CHECK(identity.size() == 32);
  CHECK(identity == DeriveIdentity("plat", "i:5"));
  CHECK(identity != DeriveIdentity("plat", "i:6"));
  CHECK(identity != DeriveIdentity("pla", "ti:5"));
  CHECK(DeriveLeadId(identity, "brand") != DeriveLeadId(identity, "gi"));
  CHECK(DeriveLeadId(identity, "brand") != identity);
  // Stored for ever: another value here is another format.
  CHECK(identity == "8fb007f9999ed5beeafaa6829b49e1cd");
}

}  // namespace
}  // namespace cluehound::store::testing
