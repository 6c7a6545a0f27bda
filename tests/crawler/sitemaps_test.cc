#include "crawler/sitemaps.h"

#include "crawler/discoveries.h"
#include "crawler/robots_tag.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

SourceSettings Source(const std::string& keys) {
  Diagnostics diagnostics;
  const auto parsed =
      ParseSources("sources: [{id: shop, seeds: [http://shop.example/list], " + keys + "}]",
                   "t.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(parsed.size() == 1);
  return parsed[0];
}

const Instant kNow = *ParseTime("2026-11-28T08:00:00Z");
const store::Discovery kMap{"http://shop.example/sitemap.xml", "shop.example", "shop", 0, 0};

extractors::SitemapEntry Entry(const std::string& url, const char* changed = nullptr) {
  return {url, changed == nullptr ? std::nullopt : ParseTime(changed)};
}

std::vector<std::string> Urls(const std::vector<store::Discovery>& links) {
  std::vector<std::string> urls;
  for (const store::Discovery& link : links) urls.push_back(link.url);
  return urls;
}
using Strings = std::vector<std::string>;

TEST_CASE("ours: sitemaps that a source names are seeds, and those alone are looked for") {
  const SourceSettings source = Source("sitemaps: ['http://shop.example/maps?all=1']");
  CHECK(Urls(SeedsOf(source)) ==
        Strings{"http://shop.example/list", "http://shop.example/maps?all=1"});
  CHECK(MayBeSitemap(*Url::Parse("http://shop.example/maps?all=1"), source));
  CHECK(MayBeSitemap(*Url::Parse("http://shop.example/a/Map-2.XML.gz"), source));
  CHECK_FALSE(MayBeSitemap(*Url::Parse("http://shop.example/list"), source));
  CHECK_FALSE(MayBeSitemap(*Url::Parse("http://shop.example/sitemap.xml"), Source("depth: 3")));
  CHECK(MayBeSitemap(*Url::Parse("http://shop.example/sitemap.xml"), Source("sitemaps: robots")));
}

TEST_CASE("sitemaps.org: pages in scope are found, the ones that changed last first") {
  extractors::Sitemap sitemap;
  sitemap.entries = {Entry("http://shop.example/old", "2020-01-01T00:00:00Z"),
                     Entry("http://elsewhere.example/x"),
                     Entry("http://shop.example/new", "2026-11-27T00:00:00Z"),
                     Entry("http://shop.example/new?utm_source=map#again"),
                     Entry("/relative"),
                     Entry("http://shop.example/photo.jpg"),
                     Entry("file:///etc/passwd"),
                     Entry("http://shop.example/sitemap.xml")};
  const SitemapLinks found = LinksOf(sitemap, kMap, Source("depth: 1"), Instant(), kNow);
  CHECK(Urls(found.links) == Strings{"http://shop.example/new", "http://shop.example/old",
                                     "http://shop.example/relative"});
  for (const store::Discovery& link : found.links) CHECK(link.depth == 1);
  CHECK(found.changed.empty());  // never read before: everything is new
  CHECK(LinksOf(sitemap, kMap, Source("depth: 0"), Instant(), kNow).links.empty());
}

TEST_CASE("sitemaps.org: lastmod since the last reading makes a known page due, no other does") {
  extractors::Sitemap sitemap;
  sitemap.entries = {Entry("http://shop.example/since", "2026-11-27T12:00:00Z"),
                     Entry("http://shop.example/before", "2026-11-26T12:00:00Z"),
                     Entry("http://shop.example/undated"),
                     Entry("http://shop.example/future", "2030-01-01T00:00:00Z")};
  const Instant last_read = *ParseTime("2026-11-27T00:00:00Z");
  CHECK(LinksOf(sitemap, kMap, Source("depth: 1"), last_read, kNow).changed ==
        Strings{"http://shop.example/since"});
}

TEST_CASE(
    "hostile: an index that leads to indexes without end stops, and holds a thousand at most") {
  extractors::Sitemap index;
  index.kind = extractors::Sitemap::Kind::kIndex;
  for (int i = 0; i < 3000; ++i)
    index.entries.push_back(Entry("http://shop.example/map" + std::to_string(i) + ".xml"));
  store::Discovery page = kMap;
  const SourceSettings source = Source("sitemaps: robots, depth: 0");
  for (uint16_t depth = 0; depth < 5; ++depth) {
    page.depth = depth;
    const SitemapLinks found = LinksOf(index, page, source, Instant(), kNow);
    CHECK(found.links.size() == (depth < 3 ? SitemapLinks::kMaxSitemaps : 0));
    if (!found.links.empty()) CHECK(found.links[0].depth == depth + 1);
  }
}

TEST_CASE("google: X-Robots-Tag for all, for us, and for others") {
  const auto read = [](const std::string& lines) {
    const RobotsMarks marks = ReadRobotsTag("HTTP/1.1 200 OK\r\n" + lines, "Cluehound");
    return std::string(marks.noindex ? "noindex " : "") + (marks.nofollow ? "nofollow" : "");
  };
  CHECK(read("") == "");
  CHECK(read("X-Robots-Tag: noindex\r\n") == "noindex ");
  CHECK(read("x-robots-tag: NoArchive, NOFOLLOW\r\n") == "nofollow");
  CHECK(read("X-Robots-Tag: none\r\n") == "noindex nofollow");
  CHECK(read("X-Robots-Tag: otherbot: noindex, nofollow\r\n") == "");
  CHECK(read("X-Robots-Tag: cluehound: noindex\r\n") == "noindex ");
  CHECK(read("X-Robots-Tag: otherbot: noindex\r\nX-Robots-Tag: nofollow\r\n") == "nofollow");
  CHECK(read("X-Robots-Tag: otherbot: noindex, cluehound: nofollow\r\n") == "nofollow");
  CHECK(read("X-Robots-Tag: unavailable_after: 25 Jun 2030 15:00:00 GMT, nofollow\r\n") ==
        "nofollow");
  CHECK(read("X-Robots-Tag: max-snippet: 20, index, follow, all\r\n") == "");
}

}  // namespace
}  // namespace cluehound::crawler
