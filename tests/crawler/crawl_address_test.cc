#include "crawler/crawl_address.h"

#include <nlohmann/json.hpp>

#include "base/url.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

TEST_CASE("ours: what says how somebody came goes, what selects the item stays as it is") {
  const auto crawled = [](std::string_view rest) {
    return CrawlAddress("https://item.shop.example" + std::string(rest));
  };
  const std::string host = "https://item.shop.example";
  CHECK(crawled("/item.htm?id=1&spm=a230r.1.14.1&ns=1&abbucket=3#detail")
            .starts_with(host + "/item.htm?id=1&ns=1"));
  CHECK(crawled("/item.htm?spm=a230r.1.14.1") == host + "/item.htm");
  CHECK(crawled("/?utm_source=x&UTM_Medium=y&utm_id=z") == host + "/");
  CHECK(crawled("/search?keyword=%e5%8c%85&enc=utf-8&pvid=abc") ==
        host + "/search?keyword=%E5%8C%85&enc=utf-8");
  CHECK(crawled("/list;jsessionid=8A7B6C5D4E?page=2") == host + "/list?page=2");
  CHECK(crawled("/list;v=2;jsessionid=8A7B6C5D4E") == host + "/list;v=2");
  CHECK(crawled("/mm5/merchant.mvc?Session_ID=56e7cf6116038eec3b953a976519a103&Screen=CTGY") ==
        host + "/mm5/merchant.mvc?Screen=CTGY");
  CHECK(crawled("/x.asp?ASPSESSIONIDQQCRBTSC=KDJFIEHDKAJE&b=1&a=2") == host + "/x.asp?b=1&a=2");
  for (const char* same :
       {"/item.htm?id=1&from=list&ref=nav&source=search&sid=8a7b6c5d4e8a7b6c5d4e&s=2",
        "/fair?sessionid=2", "/goods?spmid=3&scmx=4&utm=5", "/a/%E5%8C%85?B=1&a=2&A=3",
        "/offer/1.html?offerId=1&skuId=2&sku=3&pid=4&itemId=5&goods_id=6", "/a;b/c;d", "/?=&x"}) {
    CHECK(crawled(same) == host + same);
  }
}

TEST_CASE("ours: a session id is not taken off where a dot segment would remain") {
  const std::string odd = "http://shop.example/a/..;jsessionid=8A7B6C5D4E";
  CHECK(CrawlAddress(odd) == odd);
  CHECK(CrawlAddress("http://shop.example/a/%2e;jsessionid=8A7B6C5D4E") ==
        "http://shop.example/a/%2E;jsessionid=8A7B6C5D4E");
}

TEST_CASE("whatwg: the addresses of the web platform tests keep their meaning, and twice is once") {
  const auto data = testing::SharedData("url");
  if (!data) return;
  const auto suite = nlohmann::json::parse(testing::Slurp(*data / "wpt" / "urltestdata.json"));
  size_t checked = 0;
  for (const auto& c : suite) {
    if (!c.is_object() || !c.contains("href")) continue;
    const auto url = Url::Parse(std::string(c["href"]));
    if (!url.ok()) continue;
    const std::string canonical = url->Canonical().href();
    const std::string address = CrawlAddress(canonical);
    INFO(canonical << " -> " << address);
    CHECK(CrawlAddress(address) == address);
    const auto again = Url::Parse(address);
    REQUIRE_OK(again);
    CHECK(again->Canonical().href() == address);
    CHECK(again->authority() == url->authority());
    // None of these carries what is taken off; escapes apart they are the same.
    CHECK(PercentDecode(again->path()) == PercentDecode(url->path()));
    ++checked;
  }
  CHECK(checked > 240);
}

}  // namespace
}  // namespace cluehound::crawler
