// The sample marketplace, read with the profiles that stand beside it.

#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "extractors/page_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

const std::filesystem::path kMarket = testing::SourceDir() / "tests" / "market";

PageReading Read(const std::string& page) {
  static const auto reader = [] {
    Diagnostics diagnostics;
    auto created = PageReader::Create((kMarket / "profiles").string(), {}, diagnostics);
    REQUIRE_OK(created);
    INFO(diagnostics.Render());
    REQUIRE(diagnostics.all().empty());
    return std::move(created).value();
  }();
  const std::string bytes = testing::Slurp(kMarket / page);
  const std::string url = "http://127.0.0.1:8090/" + page.substr(page.find('/') + 1);
  PageInput input;
  input.bytes = bytes;
  input.url = url;
  input.content_type = "text/html";
  return reader->Read(input);
}

TEST_CASE("every line of the marketplace's truth is read from its page with its title") {
  std::map<std::string, PageReading> pages;
  std::string truth = testing::Slurp(kMarket / "truth.jsonl");
  int lines = 0;
  for (const std::string_view line : SplitAscii(truth, "\n")) {
    const auto entry = nlohmann::json::parse(line);
    const std::string page =
        entry["site"].get<std::string>() + "/" + entry["page"].get<std::string>();
    INFO(line);
    if (pages.find(page) == pages.end()) pages[page] = Read(page);
    const Listing* found = nullptr;
    for (const Listing& listing : pages[page].listings) {
      if (listing.id == entry["id"].get<std::string>()) found = &listing;
    }
    REQUIRE(found != nullptr);
    CHECK(found->title == CollapseSpace(entry["title"].get<std::string>()));
    CHECK(found->platform.empty());
    ++lines;
  }
  REQUIRE(lines > 30);
}

TEST_CASE(
    "an item of the marketplace has the same number and address on list, shop and detail page") {
  const auto of = [](const PageReading& reading, const std::string& id) {
    for (const Listing& listing : reading.listings) {
      if (listing.id == id) return listing;
    }
    FAIL("no listing " << id);
    return Listing();
  };
  const Listing on_list = of(Read("mall/list-1.html"), "610001");
  const Listing on_shop = of(Read("mall/shop/5001.html"), "610001");
  const Listing on_detail = of(Read("mall/item/610001.html"), "610001");
  for (const Listing* listing : {&on_list, &on_shop, &on_detail}) {
    CHECK(listing->url == "http://127.0.0.1:8090/item/610001.html");
    CHECK(listing->title == "高仿LV老花水桶包 一比一原版开模 专柜品质 女士斜挎");
    CHECK(listing->price == "268.00");
    CHECK(listing->seller == "示例潮流鞋服工厂店");
    CHECK(listing->seller_id == "5001");
    CHECK(listing->sold == 1200);
    CHECK(listing->sold_at_least);
  }
  CHECK(on_list.location == "广东 广州");
}

TEST_CASE("every kind of page of the marketplace is read") {
  CHECK(Read("mall/list-1.html").listings.size() == 12);
  CHECK(Read("mall/hot.html").listings.size() == 8);
  CHECK(Read("mall/new.html").listings.size() == 6);
  CHECK(Read("mall/index.html").listings.empty());
  CHECK(Read("agency/index.html").listings.empty());
  CHECK(Read("agency/ad/940001.html").listings.at(0).kind == ListingKind::kAgency);
  const auto next = Read("mall/list-1.html").links;
  CHECK(std::count_if(next.begin(), next.end(), [](const Link& link) { return link.next_page; }) ==
        1);

  const auto farm = Read("farm/specials.html");
  CHECK(farm.encoding == "gb18030");
  for (const Listing& listing : farm.listings) {
    CHECK_FALSE(listing.origin.empty());
    CHECK_FALSE(listing.location.empty());
  }
  const auto rooms = Read("live/index.html");
  CHECK(rooms.listings.size() == 8);
  const Listing room = Read("live/room/830001.html").listings.at(0);
  CHECK(room.kind == ListingKind::kLive);
  CHECK(room.state == "live");
  CHECK(room.viewers == 12000);
  CHECK(room.room_operator == "示例鞋业直播间");
  CHECK(room.marketing_person == "主播示例小林");
  CHECK(room.merchants == std::vector<std::string>{"示例潮流鞋服工厂店"});
}

}  // namespace
}  // namespace cluehound::extractors
