#include "crawler/trap_guard.h"

#include <filesystem>
#include <set>

#include "base/text.h"
#include "crawler/crawl_address.h"
#include "crawler/discoveries.h"
#include "extractors/page_reader.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

const Instant kNow = *ParseTime("2026-11-28T10:00:00+08:00");

std::string SignOf(std::string_view rest) {
  const auto sign = TrapSign("http://shop.example" + std::string(rest), kNow);
  return sign ? std::string(NameOf(*sign)) : "";
}

TEST_CASE("ours: addresses that repeat themselves are told") {
  CHECK(SignOf("/a1/b2x/a1/b2x/a1/b2x") == "repeats");
  CHECK(SignOf("/shop/shop/shop/") == "repeats");
  CHECK(SignOf("/news/x/news/y/news/z/news") == "repeats");
  CHECK(SignOf("/list?color=red&color=red&color=red") == "repeats");
  CHECK(SignOf("/list/0/0/0/0/1.html").empty());
  CHECK(SignOf("/list/all/all/all/all").empty());
  CHECK(SignOf("/rosen/rosen/detail.html").empty());
  CHECK(SignOf("/list?brand[]=1&brand[]=2&brand[]=3").empty());
}

TEST_CASE("ours: ever longer addresses are told") {
  std::string query = "/s?q=1";
  for (int i = 0; i < 40; ++i) query += "&f" + std::to_string(i) + "=1";
  CHECK(SignOf(query) == "too-long");
  CHECK(SignOf("/s?q=" + std::string(2100, 'x')) == "too-long");
  std::string path;
  for (int i = 0; i < 21; ++i) path += "/d" + std::to_string(i);
  CHECK(SignOf(path) == "too-long");
}

TEST_CASE("ours: calendars are told where a date is out of all time, and numbers are let be") {
  CHECK(SignOf("/calendar/2031/05") == "calendar");
  CHECK(SignOf("/events/2029-02-01") == "calendar");
  CHECK(SignOf("/index.php?year=2044&month=3") == "calendar");
  CHECK(SignOf("/rili/1990/1") == "calendar");
  CHECK(SignOf("/plan?date=2030-01-01") == "calendar");
  CHECK(SignOf("/plan?day=20300101") == "calendar");
  CHECK(SignOf("/calendar/2027/12").empty());
  CHECK(SignOf("/event/1890").empty());
  CHECK(SignOf("/events/203105").empty());
  CHECK(SignOf("/category/2050/5").empty());
  CHECK(SignOf("/item/2031/05/01.html").empty());
  CHECK(SignOf("/list?year=1987").empty());  // a vintage
  CHECK(SignOf("/list?date=3&m=2").empty());
}

TEST_CASE("ours: a shape has no numbers, ids and values") {
  const auto shape = [](std::string_view rest) {
    return ShapeOf("http://shop.example" + std::string(rest));
  };
  CHECK(shape("/item-12.htm?id=1&skuId=2") == shape("/item-9077.htm?skuId=3&id=88"));
  CHECK(shape("/p/56e7cf6116038eec3b953a976519a103") ==
        shape("/p/aa00cf6116038eec3b953a9765191111"));
  CHECK(shape("/list?cat=1") != shape("/list?cat=1&page=2"));
  CHECK(shape("/list?f[1]=a") == shape("/list?f[7]=b&f[9]=c"));
  CHECK(shape("/" + std::string(2000, 'x')).size() <= 300);
}

// A shop whose lists can be asked for with any filters, each showing ten of its goods.
class Shop {
 public:
  Shop() : clock_(kNow), guard_(clock_) {}
  TrapGuard& guard() { return guard_; }

  // Reads one page with these goods, and gives how many of its links are followed.
  size_t Read(const std::string& url, const std::vector<int>& goods,
              const std::vector<std::string>& links, uint8_t priority = 1) {
    store::PageCommit commit;
    commit.lease.address.url = url;
    commit.change = store::PageChange::kRead;
    for (const int item : goods) {
      extractors::Listing listing;
      listing.id = std::to_string(item);
      commit.listings.push_back(listing);
    }
    for (const std::string& link : links)
      commit.links.push_back({link, "shop.example", "shop", 1, priority});
    guard_.Pass(commit);
    return commit.links.size();
  }
  static std::string Facet(int n) {
    return "http://shop.example/list?color=" + std::to_string(n % 50) +
           "&size=" + std::to_string(n / 50);
  }
  // Filters that show the same 500 goods over and over.
  size_t ReadFacets(int from, int to) {
    size_t followed = 0;
    for (int n = from; n < to; ++n) {
      std::vector<int> goods;
      for (int i = 0; i < 10; ++i) goods.push_back((n * 7 + i * 13) % 500);
      followed += Read(Facet(n), goods, {Facet(100000 + n)});
    }
    return followed;
  }

 private:
  testing::FakeClock clock_;
  TrapGuard guard_;
};

TEST_CASE("ours: filters without end over the same goods are given up, all but a few") {
  Shop shop;
  CHECK(shop.ReadFacets(0, 190) == 190);
  shop.ReadFacets(190, 5000);
  CHECK(shop.guard().closed().size() == 1);
  const uint64_t refused = shop.guard().refused()[static_cast<size_t>(Trap::kNothingNew)];
  CHECK(refused > 3500);
  // Other lists of the shop are not met by that.
  CHECK(shop.Read("http://shop.example/new", {1, 2},
                  {"http://shop.example/list?page=2", "http://shop.example/item/7"}) == 2);
  // One link in 32 still goes through ...
  std::vector<std::string> links;
  for (int n = 0; n < 3200; ++n) links.push_back(Shop::Facet(200000 + n));
  const size_t followed = shop.Read("http://shop.example/", {}, links);
  CHECK(followed > 50);
  CHECK(followed < 200);
  CHECK(shop.Read("http://shop.example/", {}, links) == followed);  // always the same
  // ... and when they bring new goods, all do again.
  for (int n = 0; n < 400; ++n) shop.Read(Shop::Facet(300000 + n), {1000 + n, 2}, {});
  CHECK(shop.guard().closed().empty());
  CHECK(shop.Read("http://shop.example/", {}, links) == links.size());
}

TEST_CASE(
    "ours: lists that go on showing new goods are never given up, nor are pages of one item") {
  Shop shop;
  for (int page = 0; page < 20000; ++page) {
    std::vector<int> goods;
    for (int i = 0; i < 40; ++i)
      goods.push_back(page * 4 + i);  // nine of ten were on the page before
    REQUIRE(shop.Read("http://shop.example/list?page=" + std::to_string(page), goods,
                      {"http://shop.example/list?page=" + std::to_string(page + 1)}) == 1);
  }
  for (int item = 0; item < 60000; ++item) {
    REQUIRE(shop.Read("http://shop.example/item/" + std::to_string(item), {item},
                      {"http://shop.example/item/" + std::to_string(item + 1)}) == 1);
  }
  for (int page = 0; page < 1000; ++page)  // nothing is read from them: they say nothing
    REQUIRE(shop.Read("http://shop.example/about/" + std::to_string(page), {},
                      {"http://shop.example/about/1"}) == 1);
  CHECK(shop.guard().closed().empty());
}

TEST_CASE(
    "ours: the next page of a page that brought something passes though its like is given up") {
  Shop shop;
  shop.ReadFacets(0, 2000);
  REQUIRE(shop.guard().closed().size() == 1);
  CHECK(shop.Read("http://shop.example/list?color=900&size=900", {77777}, {Shop::Facet(400001)},
                  0) == 1);
}

TEST_CASE("ours: addresses of pages that are not there are given up, each page counts once") {
  Shop shop;
  const auto fail = [&](int n, bool before) {
    store::PageCommit commit;
    commit.lease.address.url = "http://shop.example/x/" + std::to_string(n);
    commit.outcome = Outcome::kGone;
    if (before) commit.lease.page.failures = 1;
    shop.guard().Pass(commit);
  };
  for (int n = 0; n < 1000; ++n) fail(n, true);
  CHECK(shop.guard().closed().empty());
  for (int n = 0; n < 1000; ++n) fail(n, false);
  CHECK(shop.guard().closed() == std::vector<std::string>{"shop.example/x/0"});
}

TEST_CASE("ours: memory is bounded, whatever shapes a site makes up") {
  Shop shop;
  for (int n = 0; n < 3000; ++n) {
    std::string name;
    for (int rest = n; rest > 0; rest /= 26) name += static_cast<char>('a' + rest % 26);
    shop.Read("http://shop.example/x" + name + "/1", {n}, {});
  }
  shop.ReadFacets(0, 2000);
  CHECK(shop.guard().closed().size() == 1);
}

// The links of a saved page, as the crawl takes them.
std::vector<std::string> LinksOf(const extractors::PageReader& reader,
                                 const std::filesystem::path& file) {
  const std::string bytes = testing::Slurp(file);
  extractors::PageInput input;
  input.bytes = bytes;
  input.url = "https://www.shop.example/list/index.html";
  std::vector<std::string> links;
  for (const extractors::Link& link : reader.Read(input).links)
    links.push_back(CrawlAddress(link.url));
  return links;
}

TEST_CASE("ours: no link of the saved pages of real shops is taken for a trap, but one that is") {
  const auto cn = testing::SharedData("pages_cn");
  const auto world = testing::SharedData("pages_world");
  if (!cn || !world) return;
  Diagnostics diagnostics;
  const auto reader = extractors::PageReader::Create("", {}, diagnostics);
  REQUIRE_OK(reader);
  std::set<std::string> links, traps;
  for (const auto& folder : {*cn, *world}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      for (const std::string& link : LinksOf(**reader, entry.path())) {
        links.insert(link);
        if (TrapSign(link, kNow)) traps.insert(link);
      }
    }
  }
  CHECK(links.size() > 4000);
  // "&amp;" encoded again by each program that touched it, until the address had 4,100 bytes.
  for (const std::string& trap : traps) CHECK(trap.starts_with("https://www.trustedshops."));
  CHECK(traps.size() <= 2);
}

}  // namespace
}  // namespace cluehound::crawler
