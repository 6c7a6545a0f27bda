#include "extractors/sitemap.h"

#include "base/content_coding.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::vector<std::string> Urls(const std::optional<Sitemap>& sitemap) {
  std::vector<std::string> urls;
  if (sitemap) {
    for (const SitemapEntry& entry : sitemap->entries) urls.push_back(entry.url);
  }
  return urls;
}

std::optional<Sitemap> Xml(std::string_view text) {
  return ReadSitemap(text, "application/xml", "/sitemap.xml");
}

using Strings = std::vector<std::string>;

TEST_CASE("sitemaps.org: a list of pages with dates") {
  const auto sitemap = Xml(
      "<?xml version='1.0' encoding='UTF-8'?><urlset "
      "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
      "<url><loc> http://a/1?x=1&amp;y=2\n</loc><lastmod>2026-11-01</lastmod></url>"
      "<url><loc><![CDATA[http://a/2]]></loc><lastmod>2026-11-02T08:30:00+08:00</lastmod></url>"
      "<url><loc>http://a/3</loc><lastmod>soon</lastmod></url><url><lastmod>2026</lastmod></url>"
      "</urlset>");
  REQUIRE(sitemap);
  CHECK(sitemap->kind == Sitemap::Kind::kPages);
  CHECK(sitemap->fault.empty());
  CHECK(Urls(sitemap) == Strings{"http://a/1?x=1&y=2", "http://a/2", "http://a/3"});
  CHECK(sitemap->entries[0].changed == ParseTime("2026-11-01T00:00:00Z"));
  CHECK(sitemap->entries[1].changed == ParseTime("2026-11-02T00:30:00Z"));
  CHECK_FALSE(sitemap->entries[2].changed);
}

TEST_CASE("sitemaps.org: an index of sitemaps") {
  const auto sitemap =
      Xml("<sitemapindex><sitemap><loc>http://a/1.xml.gz</loc></sitemap>"
          "<sitemap>\n http://a/2.xml \n</sitemap></sitemapindex>");
  REQUIRE(sitemap);
  CHECK(sitemap->kind == Sitemap::Kind::kIndex);
  CHECK(Urls(sitemap) == Strings{"http://a/1.xml.gz", "http://a/2.xml"});
}

TEST_CASE("google: the loc of an image or video is no page") {
  CHECK(Urls(Xml("<u:urlset xmlns:u='x' xmlns:image='y'><u:url><u:loc>http://a/1</u:loc>"
                 "<image:image><image:loc>http://a/1.jpg</image:loc></image:image></u:url>"
                 "</u:urlset>")) == Strings{"http://a/1"});
}

TEST_CASE("ours: dates as W3C-DTF and HTTP write them") {
  const auto at = [](const char* text) { return ParseTime(text); };
  CHECK(ParseChanged("2026") == at("2026-01-01T00:00:00Z"));
  CHECK(ParseChanged("2026-11") == at("2026-11-01T00:00:00Z"));
  CHECK(ParseChanged(" 2026-11-28 ") == at("2026-11-28T00:00:00Z"));
  CHECK(ParseChanged("2026-11-28T08:30+08:00") == at("2026-11-28T00:30:00Z"));
  CHECK(ParseChanged("2026-11-28T00:30:00.5Z") == at("2026-11-28T00:30:00.5Z"));
  CHECK(ParseChanged("Sat, 28 Nov 2026 00:30:00 GMT") == at("2026-11-28T00:30:00Z"));
  for (const char* bad : {"", "2026-13", "yesterday", "20261128", "2026-11-28T08:30"}) {
    INFO(bad);
    CHECK_FALSE(ParseChanged(bad));
  }
}

TEST_CASE(
    "hostile: what would be a bomb, or reach out, is refused, and what came before it counts") {
  const std::string lol =
      "<!DOCTYPE lolz [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
      "<urlset><url><loc>http://a/&b;</loc></url></urlset>";
  const auto bomb = Xml(lol);
  REQUIRE(bomb);
  CHECK(bomb->entries.empty());
  CHECK(bomb->fault.find("document type") != std::string::npos);
  const auto external = Xml(
      "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>http://a/&f;</loc>"
      "</url></urlset>");
  REQUIRE(external);
  CHECK(external->entries.empty());
  const auto cut = Xml("<urlset><url><loc>http://a/1</loc></url><url><loc>http://a/2");
  CHECK(Urls(cut) == Strings{"http://a/1"});
  CHECK_FALSE(cut->fault.empty());
  const auto bare = Xml("<urlset><url><loc>http://a/1</loc></url><url><loc>/?a&b</loc></url>");
  CHECK(Urls(bare) == Strings{"http://a/1"});
  std::string deep = "<urlset>";
  for (int i = 0; i < 100'000; ++i) deep += "<x>";
  CHECK(Xml(deep)->fault.find("too deep") != std::string::npos);
  CHECK(Xml("<urlset><url><loc>" + std::string(10u << 20, 'x') + "</loc></url></urlset>")
            ->entries.size() <= 1);
}

TEST_CASE("sitemaps.org: no more than 50,000 addresses and 50 MB count") {
  std::string many = "<urlset>";
  for (int i = 0; i < 50'010; ++i)
    many += "<url><loc>http://a/" + std::to_string(i) + "</loc></url>";
  const auto sitemap = Xml(many + "</urlset>");
  REQUIRE(sitemap);
  CHECK(sitemap->entries.size() == Sitemap::kMaxEntries);
  CHECK_FALSE(sitemap->fault.empty());
  const std::string bomb = GzipCompress(
      "<urlset><url><loc>http://a/1</loc></url>" + std::string(Sitemap::kMaxBytes, ' '), 1);
  const auto unpacked = ReadSitemap(bomb, "", "/sitemap.xml.gz");
  CHECK(Urls(unpacked) == Strings{"http://a/1"});
  CHECK(unpacked->fault.find("when unpacked") != std::string::npos);
}

TEST_CASE("ours: what is no sitemap is not taken for one") {
  CHECK_FALSE(ReadSitemap("<!DOCTYPE html><html><p>http://a/1</p>", "text/html", "/sitemap.xml"));
  CHECK_FALSE(ReadSitemap("http://a/1\n", "text/html", "/list"));
  CHECK_FALSE(ReadSitemap("hello", "text/plain", "/sitemap.txt"));
  CHECK_FALSE(ReadSitemap("", "", "/sitemap.xml"));
  CHECK_FALSE(ReadSitemap("<!-- <urlset>", "", "/sitemap.xml"));
  CHECK(ReadSitemap("<!-- a -->\n<?pi?><urlset/>", "", "/x"));
}

TEST_CASE("ours: a sitemap in a Chinese charset or UTF-16") {
  CHECK(Urls(Xml("<?xml version='1.0' encoding='gb2312'?><urlset><url><loc>http://a/\xba\xec</loc>"
                 "</url></urlset>")) == Strings{"http://a/红"});
  std::string wide = "\xFF\xFE";
  for (const char c : std::string_view("<urlset><url><loc>http://a/1</loc></url></urlset>")) {
    wide += c;
    wide += '\0';
  }
  CHECK(Urls(Xml(wide)) == Strings{"http://a/1"});
}

TEST_CASE("crawler-commons: its sitemaps and feeds") {
  const auto folder = testing::SharedData("sitemaps");
  if (!folder) return;
  const auto read = [&](const std::string& name, const std::string& type = "") {
    return ReadSitemap(testing::Slurp(*folder / name), type, "/" + name);
  };
  CHECK(Urls(read("sitemap.ns.xml")) ==
        Strings{"http://www.example.com/1", "http://www.example.com/2"});
  CHECK(Urls(read("sitemap.badns.xml")) ==
        Strings{"http://www.example.com/1", "http://www.example.com/2"});
  const auto index = read("sitemap.index.xml");
  REQUIRE(index);
  CHECK(index->kind == Sitemap::Kind::kIndex);
  REQUIRE(index->entries.size() == 15);
  CHECK(index->entries[0].url == "https://example.com/sitemap.jss?portalCode=10260&lang=en");
  const auto packed = read("xmlSitemap.gz", "application/x-gzip");
  REQUIRE(packed);
  REQUIRE(packed->entries.size() == 5);
  CHECK(packed->entries[3].changed == ParseTime("2004-12-23T18:00:15Z"));
  CHECK(Urls(read("sitemap.txt")) ==
        Strings{"http://www.domain.com/page1.html", "http://www.domain.com/page2.html"});
  CHECK(Urls(read("sitemap-with-bom.txt")) ==
        Strings{"http://www.domain.com/page1.html", "http://www.domain.com/page2.html"});
  CHECK(read("sitemap.txt.gz")->entries.size() == 5);
  CHECK(Urls(read("feed.rss")) ==
        Strings{"https://www.example.com/blog/post/1", "https://www.example.com/guid.html",
                "https://www.example.com/foo?q=a&l=en", "https://www.example.com/foo?q=a&l=fr"});
  CHECK(Urls(read("atom.xml")) == Strings{"http://example.org/2003/12/13/atom03.html"});
  CHECK(read("xmlRss_pubDate.xml")->entries.size() == 7);
}

}  // namespace
}  // namespace cluehound::extractors
