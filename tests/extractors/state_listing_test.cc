#include "extractors/state_listing.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::vector<Listing> Read(std::string_view json) {
  const auto document = JsonDocument::Parse(json);
  REQUIRE(document != nullptr);
  AddressResolver addresses(*Url::Parse("http://shop.example/list"), "utf-8");
  return ListingsOfState(document->root(), addresses, 100);
}

TEST_CASE("a list of goods is found by what its entries have") {
  const auto listings =
      Read(R"({"data":{"x":[{"goodsName":"<em>苹果</em> 手机壳","price":"12.50","goodsId":7,
      "shopName":"某店","imgUrl":"/a.jpg","skus":[{"name":"红色款","price":"1","id":"a"},{"name":"蓝色款","price":"1","id":"b"}]},
      {"goodsName":"数据线 两米","price":{"amount":3,"currency":"CNY"},"link":"/g/8"}]}})");
  REQUIRE(listings.size() == 2);
  REQUIRE(listings[0].title == "苹果 手机壳");
  REQUIRE(listings[0].price == "12.50");
  REQUIRE(listings[0].id == "7");
  REQUIRE(listings[0].seller == "某店");
  REQUIRE(listings[0].images.at(0) == "http://shop.example/a.jpg");
  REQUIRE(listings[0].found_by == FoundBy::kStateJson);
  REQUIRE(listings[1].price == "3.00");
  REQUIRE(listings[1].currency == "CNY");
  REQUIRE(listings[1].url == "http://shop.example/g/8");
}

TEST_CASE("offers kept by number in an object are a list, too") {
  const auto listings = Read(R"({"entities":{"1":{"id":1,"title":"水杯甲","price":{"current":3}},
                                             "2":{"id":2,"title":"水杯乙","price":4}}})");
  REQUIRE(listings.size() == 2);
  REQUIRE(listings[0].price == "3.00");
}

TEST_CASE("the one thing of a detail page's state is known by its key") {
  AddressResolver addresses(std::nullopt, "utf-8");
  const auto single = [&](std::string_view json) {
    const auto document = JsonDocument::Parse(json);
    return SingleOfState(document->root(), addresses).size();
  };
  REQUIRE(single(R"({"page":{"goodsInfo":{"goodsId":7,"title":"水杯甲","price":"3.00"}}})") == 1);
  REQUIRE(single(R"({"subscription":{"id":7,"title":"数字订阅","price":"3.00"}})") == 0);
  REQUIRE(single(R"({"product":{"id":7,"title":"水杯甲"}})") == 0);
}

TEST_CASE("news, menus, prices without goods and single entries are no goods") {
  for (
      const std::string_view json :
      {R"([{"title":"苹果发布新手机","url":"/news/1"},{"title":"手机降价","url":"/news/2"}])",
       R"([{"name":"女装","id":1},{"name":"男装","id":2}])",
       R"([{"title":"运费说明","price":"满99包邮","id":1},{"title":"退换货","price":"七天","id":2}])",
       R"([{"title":"某商品","price":"1","id":1}])",
       R"([{"price":"1","id":1},{"price":"2","id":2}])",
       R"([{"title":"某商品","price":"1"},{"title":"某商品二","price":"2"}])", R"({"a":1})",
       R"([1,2,3])"}) {
    INFO(json);
    CHECK(Read(json).empty());
  }
}

}  // namespace
}  // namespace cluehound::extractors
