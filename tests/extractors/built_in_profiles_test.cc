// The built-in profiles on the saved pages of their sites, against the expected items.

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "extractors/page_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

using nlohmann::json;

PageReading ReadFile(const std::filesystem::path& path) {
  static const auto reader = [] {
    Diagnostics diagnostics;
    auto created = PageReader::Create("", {}, diagnostics);
    REQUIRE_OK(created);
    return std::move(created).value();
  }();
  const std::string bytes = testing::Slurp(path);
  PageInput input;
  input.bytes = bytes;
  return reader->Read(input);
}

std::string Squeezed(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  return ToAsciiLower(text);
}

TEST_CASE("saved pages of Chinese shops give the expected items") {
  const auto data = testing::SharedData("expected");
  if (!data) return;
  int pages = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    const json expected = json::parse(testing::Slurp(entry.path()));
    const auto reading = ReadFile(data->parent_path() / expected["page"].get<std::string>());
    INFO(entry.path());
    INFO(reading.reason);
    std::map<std::string, const Listing*> by_id;
    for (const Listing& listing : reading.listings) by_id[listing.id] = &listing;
    CHECK(by_id.size() == reading.listings.size());
    for (const json& item : expected["items"]) {
      INFO(item.dump());
      const auto found = by_id.find(item["id"].get<std::string>());
      REQUIRE(found != by_id.end());
      const Listing& listing = *found->second;
      // The expected title may be the short form of ours or the other way round.
      const std::string title = Squeezed(listing.title);
      const std::string wanted =
          Squeezed(item.value("title_highlight_stripped", item["title"].get<std::string>()));
      CHECK((title.find(wanted) != std::string::npos || wanted.find(title) != std::string::npos));
      CHECK(listing.title.find('<') == std::string::npos);
      if (item["price"].is_string()) {
        std::string price = item["price"].get<std::string>();
        price.erase(std::remove(price.begin(), price.end(), ','), price.end());
        CHECK(std::stod(listing.price) == std::stod(price));
      }
      if (item.contains("shop") && item["shop"].is_string())
        CHECK(listing.seller == item["shop"].get<std::string>());
      CHECK(listing.url.find(listing.id) != std::string::npos);
      CHECK((listing.currency == "CNY" || listing.price.empty()));
      CHECK_FALSE(listing.images.empty());
    }
    // Beyond the expected items only the advertisements of the Taobao page, which the expectation
    // leaves out.
    const size_t others = reading.listings.size() - expected["items"].size();
    CHECK(others == (reading.profile == "taobao" ? 11 : 0));
    ++pages;
  }
  REQUIRE(pages == 10);
}

TEST_CASE("a list of 2011 in UTF-8 that calls itself GBK is read without mojibake") {
  const auto data = testing::SharedData("pages_cn");
  if (!data) return;
  const auto reading = ReadFile(*data / "taobao_search_dress_2011_utf8_declared_gbk.html");
  REQUIRE(reading.encoding == "utf-8");
  REQUIRE(reading.listings.size() == 44);
  for (const Listing& listing : reading.listings) {
    INFO(listing.title);
    CHECK_FALSE(listing.id.empty());
    CHECK_FALSE(listing.price.empty());
    CHECK_FALSE(listing.seller.empty());
    CHECK_FALSE(listing.location.empty());
    CHECK(listing.title.find("\xEF\xBF\xBD") == std::string::npos);
  }
  REQUIRE(reading.listings[0].title ==
          "薏莎 6折淑女装2011新款秋冬大码甜美撞色女装复古冬季连衣裙子");
  REQUIRE(reading.listings[0].sold == 536);
}

TEST_CASE("a GBK item page gives its one item") {
  const auto data = testing::SharedData("pages_cn");
  if (!data) return;
  const auto reading = ReadFile(*data / "jd_item_honor_v20_gbk_2019.html");
  REQUIRE(reading.encoding == "gb18030");
  REQUIRE(reading.listings.size() == 1);
  const Listing& listing = reading.listings[0];
  REQUIRE(listing.id == "100002544828");
  REQUIRE(listing.title.find("荣耀V20 胡歌同款") != std::string::npos);
  REQUIRE(listing.seller == "荣耀京东自营旗舰店");
  REQUIRE(listing.origin == "中国大陆");
  REQUIRE(listing.url == "https://item.jd.com/100002544828.html");
  REQUIRE(listing.price.empty());  // a script fetches it
}

TEST_CASE("an amazon.cn page whose bytes are GBK and whose meta says UTF-8 is read as GBK") {
  const auto data = testing::SharedData("pages_cn");
  if (!data) return;
  const auto reading = ReadFile(*data / "amazon_cn_list_gbk_2017.html");
  REQUIRE(reading.encoding == "gb18030");
  REQUIRE(reading.listings.size() == 39);  // 12 of them inside a comment
}

TEST_CASE(
    "advertisements beside the results are listings of their own, merged where they repeat one") {
  const auto data = testing::SharedData("pages_cn");
  if (!data) return;
  const auto reading = ReadFile(*data / "taobao_search_huili_2016.htm");
  std::set<std::string> ids;
  for (const Listing& listing : reading.listings) {
    CHECK(ids.insert(listing.id).second);
    CHECK(listing.url.find("click.simba") == std::string::npos);
  }
  REQUIRE(reading.listings.size() == 36 + 11);
}

TEST_CASE("shops of Taiwan: traditional Chinese, new Taiwan dollars") {
  const auto data = testing::SharedData("pages_world");
  if (!data) return;
  const auto momo = ReadFile(*data / "momo_search_iphone_next_f_2026.html");
  REQUIRE(momo.listings.size() == 30);
  REQUIRE(momo.listings[0].title == "【Apple】iPhone 16(128G/6.1吋)(45W雙孔閃充組)");
  REQUIRE(momo.listings[0].price == "22300.00");
  REQUIRE(momo.listings[0].sold == 30000);
  REQUIRE(momo.listings[0].sold_at_least);
  const auto yahoo = ReadFile(*data / "yahoo_tw_search_iphone_redux_2026.html");
  REQUIRE(yahoo.listings.size() == 60);
  for (const auto* reading : {&momo, &yahoo}) {
    for (const Listing& listing : reading->listings) {
      INFO(listing.title);
      CHECK(listing.currency == "TWD");
      CHECK_FALSE(listing.id.empty());
      CHECK_FALSE(listing.price.empty());
      CHECK(listing.url.find("http") == 0);
    }
  }
}

TEST_CASE(
    "live lists and rooms: every room with title, number and state, the roles apart, the goods "
    "beside") {
  const auto data = testing::SharedData("livestream");
  if (!data) return;
  const std::tuple<const char*, int, int> cases[] = {{"jd_live_list_odd.json", 15, 33},
                                                     {"mogujie_live_list_2019.json", 10, 30},
                                                     {"zhanqi_room_2020.html", 1, 0}};
  for (const auto& [file, rooms_wanted, goods_wanted] : cases) {
    INFO(file);
    const auto reading = ReadFile(*data / file);
    int rooms = 0;
    int goods = 0;
    for (const Listing& listing : reading.listings) {
      INFO(listing.title);
      CHECK_FALSE(listing.id.empty());
      CHECK_FALSE(listing.title.empty());
      CHECK_FALSE(listing.room_operator.empty());
      if (listing.kind == ListingKind::kLive) {
        ++rooms;
        CHECK(listing.state == "live");
        CHECK(listing.viewers);
        CHECK(listing.seller.empty());
      } else {
        ++goods;
        CHECK_FALSE(listing.price.empty());
      }
    }
    CHECK(rooms == rooms_wanted);
    CHECK(goods == goods_wanted);
  }
}

TEST_CASE("rendered cards of a marketplace: every field") {
  testing::TempDir folder;
  std::ofstream(folder.path() / "list.html")
      << "<div class=items><div class='item J_MouserOnverReq'><div class=pic-box><div class=pic><a "
         "class=pic-link href=/i/7 "
         "data-nid=7><img class='J_ItemPic img' data-src=/img/7.jpg alt=x></a></div></div><div "
         "class=ctx-box><div class=row>"
         "<div class='price g_price'><span>¥</span><strong>1,058.00</strong></div><div "
         "class=deal-cnt>1.2万+人付款</div></div>"
         "<div class='row row-2 title'><a class=J_ClickStat href=/i/7>新款<span "
         "class=H>帆布</span>鞋</a></div><div class=row>"
         "<div class=shop><a class='shopname' data-userid=99 href='#'><span "
         "class=dsrs><i></i></span><span>某某小店</span></a></div>"
         "<div class=location>山东 潍坊</div></div></div></div></div><link rel=canonical "
         "href=http://m.example/list>";
  const auto reading = ReadFile(folder.path() / "list.html");
  REQUIRE(reading.listings.size() == 1);
  const Listing& listing = reading.listings[0];
  REQUIRE(listing.id == "7");
  REQUIRE(listing.title == "新款帆布鞋");
  REQUIRE(listing.price == "1058.00");
  REQUIRE(listing.sold == 12000);
  REQUIRE(listing.sold_at_least);
  REQUIRE(listing.seller == "某某小店");
  REQUIRE(listing.seller_id == "99");
  REQUIRE(listing.location == "山东 潍坊");
  REQUIRE(listing.url == "http://m.example/i/7");
  REQUIRE(listing.images.at(0) == "http://m.example/img/7.jpg");
}

}  // namespace
}  // namespace cluehound::extractors
