#include "extractors/content_signature.h"

#include <algorithm>
#include <random>

#include "extractors/page_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

Listing Goods(const std::string& id, const std::string& title) {
  Listing listing;
  listing.id = id;
  listing.title = title;
  listing.url = "https://shop.example/i/" + id + ".html?from=list";
  listing.price = "59.00";
  listing.seller = "甲店";
  listing.text = "月销 1.2万+ 3分钟前有人购买";
  return listing;
}

uint64_t Sign(const std::vector<Listing>& listings, const std::string& findings = "") {
  ContentSignature signature;
  for (const Listing& listing : listings) signature.Add(listing, findings);
  return std::move(signature).Finish();
}

// The signature of one listing after a change.
template <class F>
uint64_t With(const F& change) {
  Listing listing = Goods("1", "鸿雁 女士单鞋");
  change(listing);
  return Sign({listing});
}
template <class F>
uint64_t VersionWith(const F& change) {
  Listing listing = Goods("1", "鸿雁 女士单鞋");
  change(listing);
  return ListingVersion(listing);
}

TEST_CASE("ours: price, numbers sold, viewers, pictures and query of the address are no content") {
  const uint64_t before = With([](Listing&) {});
  CHECK(With([](Listing& l) { l.price = "49.00"; }) == before);
  CHECK(With([](Listing& l) { l.sold = 7; }) == before);
  CHECK(With([](Listing& l) { l.viewers = 123; }) == before);
  CHECK(With([](Listing& l) { l.images = {"https://img2.example/a.webp"}; }) == before);
  CHECK(With([](Listing& l) { l.url = "https://shop.example/i/1.html?spm=a1.b2"; }) == before);
  CHECK(With([](Listing& l) { l.text = "月销 9800 1 小时前有人购买"; }) == before);
  CHECK(With([](Listing& l) { l.found_by = FoundBy::kMined; }) == before);
}

TEST_CASE("ours: number, wording, seller, place, state and what rules find are content") {
  const uint64_t before = With([](Listing&) {});
  CHECK(With([](Listing& l) { l.id = "2"; }) != before);
  CHECK(With([](Listing& l) { l.title = "鸿雁 高仿 女士单鞋"; }) != before);
  CHECK(With([](Listing& l) { l.seller = "乙店"; }) != before);
  CHECK(With([](Listing& l) { l.origin = "福建莆田"; }) != before);
  CHECK(With([](Listing& l) { l.state = "ended"; }) != before);
  CHECK(With([](Listing& l) { l.text = "支持专柜验货"; }) != before);
  CHECK(Sign({Goods("1", "a")}, "brand") != Sign({Goods("1", "a")}));
  CHECK(Sign({}) != 0);
}

TEST_CASE("ours: without a number the address tells listings apart, without its session") {
  const auto at = [](const std::string& url) {
    return With([&](Listing& l) { l.id.clear(), l.url = url; });
  };
  CHECK(at("http://a.example/x.html;jsessionid=1?t=2") == at("https://a.example/x.html?t=9#c"));
  CHECK(at("http://a.example/x.html") != at("http://a.example/y.html"));
}

TEST_CASE("ours: the order of a list and what stands in it twice do not count") {
  std::vector<Listing> listings;
  for (int i = 0; i < 60; ++i)
    listings.push_back(
        Goods(std::to_string(i), "商品 " + std::string(1, static_cast<char>(65 + i % 26))));
  const uint64_t before = Sign(listings);
  std::shuffle(listings.begin(), listings.end(), std::mt19937(1));
  listings.push_back(listings[3]);
  CHECK(Sign(listings) == before);
  listings.pop_back();
  listings.pop_back();
  CHECK(Sign(listings) != before);
}

TEST_CASE("ours: links are the content of a page without listings, as a set of places") {
  const auto sign = [](std::initializer_list<const char*> urls) {
    ContentSignature signature;
    for (const char* url : urls) signature.AddLink(url);
    return std::move(signature).Finish();
  };
  CHECK(sign({"http://a.example/1?s=1", "http://a.example/2"}) ==
        sign({"http://a.example/2?s=4", "http://a.example/1"}));
  CHECK(sign({"http://a.example/1"}) != sign({"http://a.example/1", "http://a.example/3"}));
}

TEST_CASE("ours: a text is stable without numbers, their units and words for the day") {
  CHECK(StableText("已售1.2万+件") == StableText("已售 9999 件"));
  CHECK(StableText("3分钟前 更新") == StableText("2 小时前 更新"));
  CHECK(StableText("刚刚 更新") == StableText("昨天 更新"));
  CHECK(StableText("sold 2 hours ago") == StableText("sold 1 minute ago"));
  CHECK(StableText("距结束 02:13:44") == StableText("距结束 1:02"));
  CHECK(StableText("更新于 2026年11月28日 10:00") == StableText("更新于 2026-11-27"));
  CHECK(StableText("１２３人付款") == StableText("45人付款"));
  CHECK(StableText("5 mens shoes") == "mens shoes");  // "m" is no unit here
  CHECK(StableText("  a \xE3\x80\x80 b ") == "a b");
  CHECK(StableText("") == "");
  CHECK(StableText("2026") == "");
  CHECK(StableText("1.") == ".");
  CHECK(StableText("\xFF"
                   "1\xE4") == "\xFF \xE4");
}

TEST_CASE("ours: a version is another one with its price or any word of its title") {
  const uint64_t before = VersionWith([](Listing&) {});
  CHECK(VersionWith([](Listing& l) { l.price = "49.00"; }) != before);
  CHECK(VersionWith([](Listing& l) { l.title = "鸿雁 女士单鞋 2026"; }) != before);
  CHECK(VersionWith([](Listing& l) { l.sold = 7; }) == before);
  CHECK(VersionWith([](Listing& l) { l.text = "月销 3 刚刚有人购买"; }) == before);
  CHECK(ListingName(Goods("1", "a")) == ListingName(Goods("1", "b")));
  CHECK(ListingName(Goods("1", "a")) != ListingName(Goods("2", "a")));
}

TEST_CASE(
    "ours: saved pages of shops have the same signature with other counters and order of text") {
  Diagnostics diagnostics;
  const auto reader = PageReader::Create("", {}, diagnostics);
  REQUIRE_OK(reader);
  for (const char* folder : {"pages_cn", "pages_world"}) {
    const auto data = testing::SharedData(folder);
    if (!data) return;
    std::vector<uint64_t> seen;
    size_t with_listings = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*data)) {
      INFO(entry.path());
      const std::string bytes = testing::Slurp(entry.path());
      PageInput input;
      input.bytes = bytes;
      PageReading reading = (*reader)->Read(input);
      CHECK(reading.outcome != Outcome::kBusy);
      if (reading.listings.empty()) continue;
      ++with_listings;
      const uint64_t before = Sign(reading.listings);
      std::reverse(reading.listings.begin(), reading.listings.end());
      for (Listing& listing : reading.listings) {
        listing.sold = listing.sold.value_or(0) + 17;
        if (!listing.price.empty()) listing.price = "1.00";
        listing.text += " 刚刚";
      }
      CHECK(Sign(reading.listings) == before);
      reading.listings[0].title += " 高仿";
      CHECK(Sign(reading.listings) != before);
      seen.push_back(before);
    }
    CHECK(with_listings > 3);
    std::sort(seen.begin(), seen.end());
    // Two saved pages of one shop (autopager) may hold the same offers; hardly any do.
    CHECK(std::unique(seen.begin(), seen.end()) - seen.begin() >= std::ssize(seen) - 2);
  }
}

}  // namespace
}  // namespace cluehound::extractors
