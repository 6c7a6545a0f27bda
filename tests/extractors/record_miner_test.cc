#include "extractors/record_miner.h"

#include "base/text_encoding.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::vector<Listing> Mine(std::string_view html, size_t limit = 100) {
  HtmlDocument::Refusal refusal;
  const auto document = HtmlDocument::Parse(html, {}, refusal);
  REQUIRE(document != nullptr);
  AddressResolver addresses(*Url::Parse("http://shop.example/list"), "utf-8");
  return MineListings(*document, addresses, limit);
}

// `card` repeated with # replaced by a number.
std::string Cards(std::string_view card, int count) {
  std::string all;
  for (int i = 1; i <= count; ++i) {
    for (const char c : card) {
      if (c == '#') {
        all += std::to_string(i);
      } else {
        all += c;
      }
    }
  }
  return all;
}

TEST_CASE("cards of one build are listings, whatever the shop calls its parts") {
  for (const std::string_view card :
       {"<li class=goods><a href=/g/#><img src=/#.jpg></a><p class=name>昌乐西瓜 "
        "#号</p><em>¥1#.50</em></li>",
        "<div class=box><div class=p><a href='/g/#'><img data-src=/#.jpg "
        "src=x.gif></a></div><h3><a href=/g/#>昌乐西瓜 "
        "#号</a></h3><div><b>￥</b><i>1#.50</i></div><a href=#cart>加入购物车</a></div>",
        "<td><a href=/g/#><img src=/#.jpg alt='图'></a><br><a href=/g/#>昌乐西瓜 #号</a><br><span "
        "class=Price>1#.50</span>"
        "<del>¥99</del></td>"}) {
    INFO(card);
    const std::string cells = Cards(card, 9);
    const auto listings =
        Mine("<div>导航</div><table><tr>" + cells + "</table><ul>" + cells + "</ul>");
    const auto plain = Mine("<div class=list>" + cells + "</div>");
    CHECK((plain.size() == 9 || listings.size() == 9));
    for (const Listing& listing : plain) {
      CHECK(listing.title.find("昌乐西瓜") == 0);
      CHECK(listing.price.find(".50") != std::string::npos);
      CHECK(listing.url.find("http://shop.example/g/") == 0);
      CHECK(listing.images.size() == 1);
      CHECK(listing.found_by == FoundBy::kMined);
    }
  }
}

TEST_CASE("cards that are odd or even, first or last, or numbered are of one build") {
  std::string cards;
  for (int i = 1; i <= 10; ++i) {
    const std::string n = std::to_string(i);
    cards += "<li class='" + std::string(i % 2 == 0 ? "even" : "odd") + " item item-" + n +
             (i == 10 ? " last" : "") + "'><a href=/g/" + n + "><img src=/a.jpg></a><h3>西瓜西瓜 " +
             n + "</h3><b>¥5</b></li>";
  }
  REQUIRE(Mine(cards).size() == 10);
}

TEST_CASE("seller, place, number sold and number are taken where cards name them") {
  const auto listings = Mine(
      Cards("<li class=card data-id=7#><a href=/g/#><img src=/#.jpg></a><h4>纪念徽章 #</h4><p "
            "class=price>¥#9.00"
            "</p><span class=sold>1.2万+人付款</span><a class=shop-name href=/s>某店 #</a><span "
            "class=city>山东 潍坊</span></li>",
            6));
  REQUIRE(listings.size() == 6);
  REQUIRE(listings[1].id == "72");
  REQUIRE(listings[1].title == "纪念徽章 2");
  REQUIRE(listings[1].price == "29.00");
  REQUIRE(listings[1].currency == "CNY");
  REQUIRE(listings[1].sold == 12000);
  REQUIRE(listings[1].seller == "某店 2");
  REQUIRE(listings[1].location == "山东 潍坊");
}

TEST_CASE("news, price tables, menus, few cards and repeated texts are none") {
  for (const std::string& page :
       {Cards("<li><a href=/n/#><img src=/#.jpg></a><h3>苹果公司新闻 #</h3><p>2013-06-0#</p></li>",
              9),
        Cards("<tr><td><a href=/s/#>某某公司 #</a></td><td class=price>$4#.50</td></tr>", 9),
        Cards("<li><a href=/c/#>分类名称 #</a></li>", 30),
        Cards("<li><a href=/g/#><img src=/#.jpg></a><h3>西瓜西瓜 #</h3><b>¥5</b></li>", 3),
        Cards("<li><a href=/g/#><img src=/#.jpg></a><h3>一样的标题</h3><b>¥5</b></li>", 9),
        Cards("<li><a href='javascript:;'><img src=/#.jpg></a><h3>没有地址的 #</h3><b>¥5</b></li>",
              9),
        Cards("<li><img src=/a.jpg><p>共 # 件商品</p><a href=/#>第 # 页</a></li>", 9)}) {
    INFO(page.substr(0, 100));
    CHECK(Mine(page).empty());
  }
}

TEST_CASE("no more than asked for, and hostile pages stay cheap") {
  const std::string card = "<li><a href=/g/#><img src=/#.jpg></a><h3>西瓜西瓜 #</h3><b>¥#</b></li>";
  REQUIRE(Mine(Cards(card, 50), 7).size() == 7);
  std::string deep = "<div>";
  for (int i = 0; i < 300; ++i) deep += "<div class=price>";
  for (int i = 0; i < 20000; ++i) deep += "<b>¥5</b><i></i>";
  Mine(deep);
  SUCCEED();
}

TEST_CASE("saved lists of unknown shops give goods, saved news none") {
  const auto data = testing::SharedData("");
  if (!data) return;
  const auto count = [&](const std::string& file) {
    const DecodedText decoded = DecodeHtml(testing::Slurp(*data / file), "");
    return Mine(decoded.utf8, 1000).size();
  };
  CHECK(count("pages_world/autopager_006.html") == 24);
  CHECK(count("pages_world/autopager_199.html") == 32);
  for (const auto& entry : std::filesystem::directory_iterator(*data / "negatives_news")) {
    INFO(entry.path());
    CHECK(count("negatives_news/" + entry.path().filename().string()) == 0);
  }
}

TEST_CASE("cards of a saved page that does not say where it is from keep title and price") {
  HtmlDocument::Refusal refusal;
  const std::string html =
      "<ul>" +
      Cards(
          "<li class=card><a href=/g/#><img srcset='/#.jpg 1x, /#b.jpg 2x'></a>"
          "<p class=title>昌乐西瓜 #号</p><em>¥1#.50</em></li>",
          5) +
      "</ul>";
  const auto document = HtmlDocument::Parse(html, {}, refusal);
  AddressResolver nowhere(std::nullopt, "utf-8");
  const auto listings = MineListings(*document, nowhere, 100);
  REQUIRE(listings.size() == 5);
  REQUIRE(listings[0].title == "昌乐西瓜 1号");
  REQUIRE(listings[0].url.empty());
  REQUIRE(Mine(html).at(0).images.at(0) == "http://shop.example/1.jpg");
}

}  // namespace
}  // namespace cluehound::extractors
