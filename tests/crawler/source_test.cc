#include "crawler/source.h"

#include <fstream>

#include "crawler/discoveries.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

std::vector<SourceSettings> MustParse(std::string_view text) {
  Diagnostics diagnostics;
  auto sources = ParseSources(text, "s.yaml", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.ok());
  return sources;
}

TEST_CASE("design: the smallest source file") {
  const auto sources = MustParse(
      "sources: [{id: shop, seeds: [http://127.0.0.1:8090/index.html], every: 6h, pace: 1s}]\n");
  REQUIRE(sources.size() == 1);
  const SourceSettings& shop = sources[0];
  CHECK(shop.id == "shop");
  CHECK(shop.seeds == std::vector<std::string>{"http://127.0.0.1:8090/index.html"});
  CHECK(shop.schedule.every == std::chrono::hours(6));
  CHECK(shop.pace == std::chrono::seconds(1));
  CHECK(shop.needs == Needs::kListings);
  CHECK(shop.InScope("127.0.0.1:8090"));
  CHECK_FALSE(shop.InScope("127.0.0.1"));
  CHECK(shop.allow_addresses == std::vector<Cidr>{*Cidr::Parse("127.0.0.1/32")});
}

TEST_CASE("ours: every key of a source") {
  const auto sources = MustParse(R"(
sources:
  - id: mall
    seeds: [https://Mall.example.com, "https://8.8.8.8/list#top"]
    hosts: [item.example.com, "*.shop.example.com", "[::1]:8080"]
    every: 30m
    pace: 250ms
    max_pages: 500
    max_addresses: 2000000
    depth: 3
    allow_addresses: [10.1.0.0/16, ::1]
    needs: hits
    render: http
    profile: mall-list
)");
  REQUIRE(sources.size() == 1);
  const SourceSettings& mall = sources[0];
  CHECK(mall.seeds ==
        std::vector<std::string>{"https://mall.example.com/", "https://8.8.8.8/list"});
  CHECK(mall.InScope("mall.example.com"));
  CHECK(mall.InScope("item.example.com"));
  CHECK(mall.InScope("a.b.shop.example.com"));
  CHECK(mall.InScope("[::1]:8080"));
  CHECK_FALSE(mall.InScope("shop.example.com"));
  CHECK_FALSE(mall.InScope("evilshop.example.com"));
  CHECK_FALSE(mall.InScope("example.com"));
  CHECK(mall.pace == Duration(250));
  CHECK(mall.max_pages == 500);
  CHECK(mall.max_addresses == 2'000'000);
  CHECK(mall.depth == 3);
  CHECK(mall.needs == Needs::kHits);
  CHECK(mall.profile == "mall-list");
  // A public literal names nothing.
  CHECK(mall.allow_addresses ==
        std::vector<Cidr>{*Cidr::Parse("10.1.0.0/16"), *Cidr::Parse("::1")});
}

TEST_CASE("promise 6: each mistake has its code, its place and a remedy") {
  struct Row {
    const char* text;
    const char* code;
    int line;
    int column;
  };
  const Row rows[] = {
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    pase: 1s\n", "unknown-key", 4, 5},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    id: b\n", "duplicate-key", 4, 5},
      {"sources:\n  - seeds: [http://a.cn/]\n", "missing-key", 2, 5},
      {"sources:\n  - id: a\n", "missing-key", 2, 5},
      {"sources:\n  - id: a b\n    seeds: [http://a.cn/]\n", "bad-id", 2, 9},
      {"sources:\n  - id: a\n    seeds: [ftp://a.cn/]\n", "bad-address", 3, 13},
      {"sources:\n  - id: a\n    seeds: [a.cn]\n", "bad-address", 3, 13},
      {"sources:\n  - id: a\n    seeds: [\"http://u:p@a.cn/\"]\n", "bad-address", 3, 13},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    hosts: [a.cn/x]\n", "bad-host", 4, 13},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    hosts: [\"*.\"]\n", "bad-host", 4, 13},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    allow_addresses: 10.0.0.0/40\n",
       "bad-range", 4, 22},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    every: 6\n", "bad-duration", 4, 12},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    every: 0s\n", "out-of-range", 4, 12},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    max_pages: 0\n", "out-of-range", 4, 16},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    needs: hit\n", "unknown-value", 4, 12},
      {"sources:\n  - id: a\n    seeds: [http://a.cn/]\n    render: browser\n", "unknown-value", 4,
       13},
      {"sources:\n  - just text\n", "wrong-type", 2, 5},
      {"sources: 7\n", "wrong-type", 1, 10},
      {"source:\n", "missing-key", 1, 1},
  };
  for (const Row& row : rows) {
    Diagnostics diagnostics;
    CHECK(ParseSources(row.text, "s.yaml", diagnostics).empty());
    INFO(row.text);
    INFO(diagnostics.Render());
    const auto& all = diagnostics.all();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Diagnostic& d) { return d.code == row.code; });
    REQUIRE(found != all.end());
    CHECK(found->where.file == "s.yaml");
    CHECK(found->where.line == row.line);
    CHECK(found->where.column == row.column);
  }
}

TEST_CASE("ours: ids are unique over all files, and one bad source does not lose the others") {
  testing::TempDir dir;
  std::ofstream(dir.path() / "a.yaml") << "sources: [{id: one, seeds: [http://a.cn/]},\n"
                                          "  {id: bad, seeds: []}]\n";
  std::ofstream(dir.path() / "b.yaml") << "sources: [{id: two, seeds: [http://b.cn/]},\n"
                                          "  {id: one, seeds: [http://c.cn/]}]\n";
  std::ofstream(dir.path() / "notes.txt") << "not read";
  Diagnostics diagnostics;
  const auto sources = ReadSources(dir.path(), diagnostics);
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].id == "one");
  CHECK(sources[1].id == "two");
  REQUIRE(diagnostics.errors() == 2);
  CHECK(diagnostics.all()[1].code == "duplicate-id");
  CHECK(diagnostics.all()[1].message.find("a.yaml:1") != std::string::npos);

  Diagnostics missing;
  CHECK(ReadSources(dir.path() / "nowhere", missing).empty());
  CHECK_FALSE(missing.ok());
}

SourceSettings Shop() {
  SourceSettings source;
  source.id = "shop";
  source.seeds = {"http://shop.example/"};
  source.hosts = {"shop.example", "[::1]:8080"};
  source.depth = 2;
  return source;
}

extractors::Link Link(const char* url, bool nofollow = false, bool next_page = false) {
  return {url, nofollow, next_page};
}

TEST_CASE("ours: links are kept by scope, nofollow, ending and depth") {
  const extractors::Link links[] = {
      Link("http://shop.example/a"),       Link("http://shop.example/b", true),
      Link("http://other.example/c"),      Link("http://shop.example/d.JPG"),
      Link("http://shop.example/e.jpg/f"), Link("http://shop.example/g.php?file=x.zip"),
      Link("http://[::1]:8080/h.html"),    Link("http://shop.example/list?page=2", false, true),
      Link("http://shop.example:81/i"),
  };
  const store::Discovery page{"http://shop.example/", "shop.example", "shop", 1, 0};
  const auto found = Discoveries(links, page, Shop());
  std::vector<std::string> urls;
  for (const auto& d : found) urls.push_back(d.url);
  CHECK(urls == std::vector<std::string>{"http://shop.example/a", "http://shop.example/e.jpg/f",
                                         "http://shop.example/g.php?file=x.zip",
                                         "http://[::1]:8080/h.html",
                                         "http://shop.example/list?page=2"});
  CHECK(found[0] == store::Discovery{"http://shop.example/a", "shop.example", "shop", 2, 1});
  CHECK(found[3].authority == "[::1]:8080");
  CHECK(found[4].depth == 1);  // a next page is beside its page, not below
  CHECK(found[4].priority == 0);
}

TEST_CASE("ours: at the greatest depth only next pages go on") {
  const extractors::Link links[] = {Link("http://shop.example/a"),
                                    Link("http://shop.example/?p=2", false, true)};
  const store::Discovery page{"http://shop.example/x", "shop.example", "shop", 2, 0};
  const auto found = Discoveries(links, page, Shop());
  REQUIRE(found.size() == 1);
  CHECK(found[0].url == "http://shop.example/?p=2");
}

TEST_CASE("ours: seeds come first, at depth nothing") {
  CHECK(SeedsOf(Shop()) ==
        std::vector<store::Discovery>{{"http://shop.example/", "shop.example", "shop", 0, 0}});
}

}  // namespace
}  // namespace cluehound::crawler
