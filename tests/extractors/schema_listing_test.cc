#include "extractors/schema_listing.h"

#include "extractors/json_ld.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::vector<Listing> Read(std::string_view json_ld, size_t limit = 100) {
  AddressResolver addresses(*Url::Parse("http://shop.example/list"), "utf-8");
  return ListingsOf(ReadJsonLd({json_ld}), FoundBy::kJsonLd, addresses, limit);
}

TEST_CASE("a product with its offer is a listing") {
  const auto listings = Read(
      R"({"@context":"http://schema.org","@type":"Product","name":"护眼台灯 &amp; 灯泡","sku":"A-7",
      "brand":{"@type":"Brand","name":"某牌"},"description":"三档<b>调光</b>","image":["/1.jpg",{"@type":"ImageObject","url":"/2.jpg"}],
      "countryOfOrigin":{"@type":"Country","name":"中国"},"url":"/p/7",
      "offers":{"@type":"Offer","price":1299.5,"priceCurrency":"CNY","seller":{"@type":"Organization","name":"某旗舰店"}}})");
  REQUIRE(listings.size() == 1);
  const Listing& listing = listings[0];
  REQUIRE(listing.title == "护眼台灯 & 灯泡");
  REQUIRE(listing.id == "A-7");
  REQUIRE(listing.price == "1299.50");
  REQUIRE(listing.currency == "CNY");
  REQUIRE(listing.seller == "某旗舰店");
  REQUIRE(listing.url == "http://shop.example/p/7");
  REQUIRE(listing.origin == "中国");
  REQUIRE(listing.images ==
          std::vector<std::string>{"http://shop.example/1.jpg", "http://shop.example/2.jpg"});
  REQUIRE(listing.text == "某牌 三档调光");
  REQUIRE(listing.found_by == FoundBy::kJsonLd);
}

TEST_CASE("several offers and aggregates make a range") {
  const auto range = [](std::string_view offers) {
    const auto listings =
        Read(R"({"@type":"Product","name":"x","offers":)" + std::string(offers) + "}");
    return listings.at(0).price + "-" + listings.at(0).price_max;
  };
  REQUIRE(
      range(
          R"([{"@type":"Offer","price":"9.5"},{"@type":"Offer","price":"5"},{"@type":"Offer","price":"12"}])") ==
      "5.00-12.00");
  REQUIRE(range(R"({"@type":"AggregateOffer","lowPrice":"5","highPrice":"9"})") == "5.00-9.00");
  REQUIRE(range(R"({"@type":"AggregateOffer","lowPrice":"5","highPrice":"5"})") == "5.00-");
  REQUIRE(range(R"({"@type":"Offer","priceSpecification":{"price":"7"}})") == "7.00-");
}

TEST_CASE("offers with an item and lists of products are listings") {
  REQUIRE(Read(R"({"@type":"Offer","price":"5","itemOffered":{"@type":"Product","name":"西瓜"}})")
              .at(0)
              .title == "西瓜");
  REQUIRE(Read(R"({"@type":"Offer","name":"西瓜","price":"5"})").at(0).price == "5.00");
  const auto list = Read(R"({"@type":"ItemList","itemListElement":[
      {"@type":"ListItem","position":1,"item":{"@type":"Product","name":"甲","url":"/1","offers":{"price":"1"}}},
      {"@type":"ListItem","position":2,"item":{"@type":"Product","name":"乙","url":"/2"}},
      {"@type":"ListItem","position":3,"url":"/3"},{"@type":"Product","name":"丙"}]})");
  REQUIRE(list.size() == 3);
  REQUIRE(list[1].title == "乙");
  REQUIRE(
      Read(
          R"({"@type":"WebPage","mainEntity":{"@type":"Product","name":"x","offers":{"price":"1"}}})")
          .size() == 1);
}

TEST_CASE("what offers no goods is no listing") {
  for (const std::string_view json :
       {R"({"@type":"NewsArticle","headline":"苹果降价","offers":{"price":"1"}})",
        R"({"@type":"Review","name":"好"})", R"({"@type":"Product","name":"没有报价"})",
        R"({"@type":"Product","offers":{"price":"1"}})",
        R"({"@type":"Organization","name":"某公司"})",
        R"({"@type":"BreadcrumbList","itemListElement":[{"item":{"name":"x"}}]})",
        R"({"@type":"Event","name":"展会","offers":{"price":"50"}})",
        R"({"@type":"Offer","price":"5"})", "null"}) {
    INFO(json);
    CHECK(Read(json).empty());
  }
}

TEST_CASE("no more listings than asked for") {
  std::string list = R"({"@type":"ItemList","itemListElement":[)";
  for (int i = 0; i < 200; ++i) list += R"({"@type":"Product","name":"x"},)";
  REQUIRE(Read(list + "]}", 7).size() == 7);
}

TEST_CASE("open graph describes a product only under that type and with a title") {
  AddressResolver addresses(std::nullopt, "utf-8");
  const std::vector<OpenGraphProperty> product = {
      {"og:type", "product.item"},           {"og:title", "蓝光碟"},
      {"og:url", "http://shop.example/7#x"}, {"product:price:amount", "17.99"},
      {"product:price:currency", "USD"},     {"product:retailer_item_id", "7"}};
  const auto listings = ListingsOf(product, addresses);
  REQUIRE(listings.size() == 1);
  REQUIRE(listings[0].title == "蓝光碟");
  REQUIRE(listings[0].url == "http://shop.example/7");
  REQUIRE(listings[0].price == "17.99");
  REQUIRE(listings[0].currency == "USD");
  REQUIRE(listings[0].id == "7");
  REQUIRE(ListingsOf({{"og:type", "product"}, {"og:url", "http://a/"}}, addresses).empty());
  REQUIRE(ListingsOf({{"og:type", "article"}, {"og:title", "x"}}, addresses).empty());
  REQUIRE(ListingsOf({{"og:type", "article"}, {"og:title", "x"}, {"product:price:amount", "1"}},
                     addresses)
              .empty());
}

TEST_CASE("schema.org ProductGroup: the variants of a group are one listing with a range") {
  const auto group = Read(R"({"@type":"ProductGroup","name":"冲锋外套","productGroupID":"G1",
      "hasVariant":[{"@type":"Product","name":"冲锋外套 红","sku":"r","offers":{"price":"99","priceCurrency":"CNY"}},
                    {"@type":"Product","name":"冲锋外套 蓝","sku":"b","offers":{"price":"89"}}]})");
  REQUIRE(group.size() == 1);
  REQUIRE(group[0].title == "冲锋外套");
  REQUIRE(group[0].id == "G1");
  REQUIRE(group[0].price + "-" + group[0].price_max == "89.00-99.00");
  REQUIRE(group[0].currency == "CNY");
}

TEST_CASE("an aggregate without bounds takes those of the offers that it gathers") {
  const auto listings = Read(R"({"@type":"Product","name":"水杯","offers":{"@type":"AggregateOffer",
      "offers":[{"@type":"Offer","price":20,"priceCurrency":"CNY"},{"@type":"Offer","price":10}]}})");
  REQUIRE(listings.at(0).price + "-" + listings.at(0).price_max == "10.00-20.00");
  REQUIRE(listings.at(0).currency == "CNY");
}

TEST_CASE("a list price that is struck through is not the price") {
  REQUIRE(Read(R"({"@type":"Product","name":"水杯","offers":{"priceSpecification":[
      {"priceType":"https://schema.org/ListPrice","price":99},{"price":59}]}})")
              .at(0)
              .price == "59.00");
}

TEST_CASE("pages and shops offer what they are about, catalogues included") {
  const auto titles = [](std::string_view json_ld) {
    std::string all;
    for (const Listing& listing : Read(json_ld)) all += listing.title + ",";
    return all;
  };
  REQUIRE(titles(R"({"@type":"SearchResultsPage","mainEntity":[
      {"@type":"Product","name":"甲","offers":{"price":1}},{"@type":"Product","name":"乙","offers":{"price":2}}]})") ==
          "甲,乙,");
  REQUIRE(
      titles(
          R"({"@type":"Store","name":"某店","hasOfferCatalog":{"@type":"OfferCatalog","itemListElement":[
      {"@type":"Offer","price":5,"itemOffered":{"@type":"Product","name":"甲"}}]}})") == "甲,");
  REQUIRE(titles(R"({"@type":"Car","name":"二手车","offers":{"price":50000}})") == "二手车,");
  REQUIRE(
      titles(
          R"({"@type":"Review","itemReviewed":{"@type":"Product","name":"甲","offers":{"price":1}}})")
          .empty());
}

TEST_CASE("ours: scripts of JSON-LD wrapped for XHTML are read") {
  constexpr std::string_view kProduct =
      R"({"@type":"Product","name":"水杯","offers":{"price":"￥1,299.00"}})";
  for (const std::string& script :
       {"//<![CDATA[\n" + std::string(kProduct) + "\n//]]>",
        "/*<![CDATA[*/" + std::string(kProduct) + "/*]]>*/",
        "<!--\n" + std::string(kProduct) + "\n-->",
        std::string("{&quot;@type&quot;:&quot;Product&quot;,&quot;name&quot;:&quot;水杯&quot;,"
                    "&quot;offers&quot;:{&quot;price&quot;:&quot;￥1299&quot;}}")}) {
    INFO(script);
    const auto listings = Read(script);
    REQUIRE(listings.size() == 1);
    CHECK(listings[0].price == "1299.00");
    CHECK(listings[0].currency == "CNY");
  }
}

TEST_CASE("ours: a page of no type with a product's price is a product's") {
  AddressResolver addresses(std::nullopt, "utf-8");
  for (const std::string_view type : {"", "website"}) {
    REQUIRE(ListingsOf({{"og:type", type}, {"og:title", "x"}, {"product:price:amount", "￥1"}},
                       addresses)
                .at(0)
                .currency == "CNY");
    REQUIRE(ListingsOf({{"og:type", type}, {"og:title", "x"}}, addresses).empty());
  }
}

}  // namespace
}  // namespace cluehound::extractors
