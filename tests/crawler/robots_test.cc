#include "crawler/robots.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/url.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::seconds;

bool Allowed(std::string_view robots, std::string_view agent, std::string_view path) {
  return RobotsRules::Parse(robots, agent).Allows(path);
}

// What a fetch of `url` would put into its request line.
std::string PathOf(const std::string& url) {
  if (url.empty()) return "";
  const Result<Url> parsed = Url::Parse(url);
  // Longer than any address that is fetched: cut by hand.
  if (!parsed.ok()) return url.substr(url.find('/', url.find("//") + 2));
  return std::string(parsed->path_and_query());
}

// Cases of google/robotstxt where the RFC says otherwise, by their place in the file.
struct Divergence {
  size_t index;
  bool rfc;
  const char* why;
};

const std::vector<Divergence> kDivergences = {
    {63, true,
     "2.2.2: octets outside ASCII are percent-encoded before comparison, in the address too"},
    {65, true, "2.2.2: the same, with the rule already encoded"},
    {66, true, "2.2.2: %62%61%7A is unreserved and compared as baz (its third example)"},
    {78, false, "only Google reads an Allow of /index.html as an Allow of its folder"},
    {141, true,
     "only Google cuts rules at 16,663 bytes; no address of that length is fetched at all"},
    {144, false, "the same cut, of an Allow"},
};

TEST_CASE("google/robotstxt: every case, by the RFC where the two differ") {
  const auto data = testing::SharedData("robots");
  if (!data) return;
  const auto cases = nlohmann::json::parse(testing::Slurp(*data / "google_robots_cases.json"));
  REQUIRE(cases.size() == 145);
  std::map<size_t, const Divergence*> divergences;
  for (const Divergence& divergence : kDivergences) divergences[divergence.index] = &divergence;
  for (size_t i = 0; i < cases.size(); ++i) {
    const auto& c = cases[i];
    const bool google = c.at("allowed");
    const auto divergence = divergences.find(i);
    const bool expected = divergence == divergences.end() ? google : divergence->second->rfc;
    if (divergence != divergences.end()) {
      CHECK(google != divergence->second->rfc);  // else the entry is stale
    }
    const std::string robots = c.at("robots_txt");
    const std::string url = c.at("url");
    INFO("case " << i << " " << c.at("test").get<std::string>());
    INFO(robots.substr(0, 300));
    INFO(url.substr(0, 100));
    CHECK(Allowed(robots, c.at("user_agent").get<std::string>(), PathOf(url)) == expected);
  }
}

TEST_CASE("rfc9309 2.2.2: longest match wins, whatever the order") {
  constexpr std::string_view kRobots =
      "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif";
  CHECK(Allowed(kRobots, "foobot", "/example/page/"));
  CHECK_FALSE(Allowed(kRobots, "foobot", "/example/page/disallowed.gif"));
}

TEST_CASE("rfc9309 2.2.2: allow wins a tie") {
  CHECK(Allowed("User-agent: *\nDisallow: /a\nAllow: /a\n", "x", "/a"));
}

TEST_CASE("rfc9309 2.2.2: both sides are compared in one spelling") {
  struct Row {
    const char* rule;
    const char* path;
    bool matches;
  };
  // The table of 2.2.2, then ours.
  const Row rows[] = {
      {"/foo/bar?baz=quz", "/foo/bar?baz=quz", true},
      {"/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", false},
      {"/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https%3a%2f%2ffoo.bar", true},
      {"/foo/bar/\xE3\x83\x84", "/foo/bar/%E3%83%84", true},
      {"/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", true},
      {"/foo/bar/%62%61%7A", "/foo/bar/baz", true},
      {"/a b", "/a%20b", true},
      {"/wiki/Talk%3Mediation/", "/wiki/Talk%3Mediation/x", true},  // a broken escape stays
      {"/wiki/Talk%3Mediation/", "/wiki/Talk:ediation/x", false},
      {"/end%", "/end%", true},
      {"/end%4", "/end%4", true},
  };
  for (const Row& row : rows) {
    INFO(row.rule << " against " << row.path);
    const std::string robots = std::string("User-agent: *\nDisallow: ") + row.rule + "\n";
    CHECK(Allowed(robots, "x", row.path) == !row.matches);
  }
}

TEST_CASE("rfc9309 2.2.3: special characters") {
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /this/*/exactly\n", "x", "/this/a/b/exactly"));
  CHECK(Allowed("User-agent: *\nDisallow: *.gif$\n", "x", "/a.gif?1"));
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: *.gif$\n", "x", "/a.gif"));
  // A literal star or dollar is named by its escape.
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /a-%2A.html\n", "x", "/a-*.html"));
  CHECK(Allowed("User-agent: *\nDisallow: /a-%2A.html\n", "x", "/a-b.html"));
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /a-%24\n", "x", "/a-$"));
  CHECK(Allowed("User-agent: *\nDisallow: /a-%24\n", "x", "/a-"));
  // A dollar that is not last is itself.
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /a$b\n", "x", "/a$bc"));
  // The last piece must stand at the end, behind the others, without overlap.
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /*aba*ba$\n", "x", "/abaxba"));
  CHECK(Allowed("User-agent: *\nDisallow: /*aba*ba$\n", "x", "/aba"));
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /*$\n", "x", "/"));
}

TEST_CASE("rfc9309 2.2.2: robots.txt itself is always allowed") {
  CHECK(Allowed("User-agent: *\nDisallow: /\n", "x", "/robots.txt"));
  CHECK_FALSE(Allowed("User-agent: *\nDisallow: /\n", "x", "/robots.txt2"));
}

TEST_CASE("rfc9309 2.2.1: groups of one token are merged") {
  constexpr std::string_view kRobots =
      "user-agent: ExampleBot\ndisallow: /foo\ndisallow: /bar\n\n"
      "user-agent: ExampleBot\ndisallow: /baz\n\n"
      "user-agent: *\ndisallow: /foo\ndisallow: /bar\n\n"
      "user-agent: BazBot\ndisallow: /baz";
  for (const char* path : {"/foo", "/bar", "/baz"}) {
    CHECK_FALSE(Allowed(kRobots, "examplebot", path));
  }
  CHECK(Allowed(kRobots, "BazBot", "/foo"));
  CHECK_FALSE(Allowed(kRobots, "BazBot", "/baz"));
  CHECK(Allowed(kRobots, "OtherBot", "/baz"));
  CHECK_FALSE(Allowed(kRobots, "OtherBot", "/bar"));
}

TEST_CASE("rfc9309 2.2.1: a longer token is another crawler") {
  constexpr std::string_view kRobots = "User-agent: Cluehound-Images\nDisallow: /\n";
  CHECK(Allowed(kRobots, "Cluehound", "/"));
  CHECK_FALSE(Allowed("User-agent: Cluehound/2.0\nDisallow: /\n", "Cluehound", "/"));
}

TEST_CASE(
    "rfc9309 2.2.4: other records do not end a group, and the delay is for those named so far") {
  constexpr std::string_view kRobots =
      "User-agent: mybot\r\nCrawl-delay: 10\r\nUser-agent: yourbot\r\nDisallow: /private/ # "
      "both\r\n"
      "\r\nUser-agent: *\r\nAllow: /\r\n\r\nUser-agent: yourbot\r\nDisallow: /login/\r\n\r\n"
      "User-agent: *\r\nCrawl-delay: 30\r\n";
  const RobotsRules mine = RobotsRules::Parse(kRobots, "mybot");
  const RobotsRules yours = RobotsRules::Parse(kRobots, "yourbot");
  const RobotsRules other = RobotsRules::Parse(kRobots, "otherbot");
  CHECK_FALSE(mine.Allows("/private/"));
  CHECK_FALSE(yours.Allows("/private/"));
  CHECK(other.Allows("/private/"));
  CHECK(mine.Allows("/login/"));
  CHECK_FALSE(yours.Allows("/login/"));
  CHECK(mine.crawl_delay() == seconds(10));
  CHECK(yours.crawl_delay() == std::nullopt);
  CHECK(other.crawl_delay() == seconds(30));
}

TEST_CASE("ours: crawl delays in all spellings, the largest wins") {
  struct Row {
    const char* value;
    std::optional<Duration> delay;
  };
  const Row rows[] = {
      {"10", seconds(10)},        {"0.5", Duration(500)}, {"2s", seconds(2)},
      {"1.2345", Duration(1234)}, {"-1", std::nullopt},   {"", std::nullopt},
      {".", std::nullopt},        {"ten", std::nullopt},  {"1/2", std::nullopt},
  };
  for (const Row& row : rows) {
    INFO(row.value);
    const std::string robots = std::string("User-agent: *\nCrawl-delay: ") + row.value;
    CHECK(RobotsRules::Parse(robots, "x").crawl_delay() == row.delay);
  }
  const auto huge = RobotsRules::Parse("User-agent: *\nCrawl-delay: 99999999999999999999999", "x");
  CHECK(huge.crawl_delay() > seconds(1000000));
  const auto two = RobotsRules::Parse("User-agent: *\nCrawl-delay: 9\nCrawl-delay: 3", "x");
  CHECK(two.crawl_delay() == seconds(9));
}

RobotsRules Fixture(const std::filesystem::path& folder, const char* name, const char* agent) {
  return RobotsRules::Parse(testing::Slurp(folder / name), agent);
}

TEST_CASE("crawler-commons: UTF-16 files are read by their byte order mark") {
  const auto data = testing::SharedData("robots/crawlercommons");
  if (!data) return;
  for (const char* name : {"robots-with-utf16be-bom.txt", "robots-with-utf16le-bom.txt"}) {
    INFO(name);
    const RobotsRules rules = Fixture(*data, name, "anybot");
    CHECK_FALSE(rules.Allows("/profile"));
    CHECK_FALSE(rules.Allows("/x/output/print"));
    CHECK(rules.Allows("/forum"));
    CHECK(rules.sitemaps() ==
          std::vector<std::string>{"http://www.newsweek.com/sitemap_index.xml"});
    CHECK_FALSE(Fixture(*data, name, "googlebot").Allows("/search.aspx"));
  }
}

TEST_CASE("crawler-commons: misspelt keys and missing colons are understood") {
  const auto data = testing::SharedData("robots/crawlercommons");
  if (!data) return;
  constexpr const char* kTypos = "directive-typos-robots.txt";
  CHECK_FALSE(Fixture(*data, kTypos, "bot1").Allows("/desallow/"));
  CHECK_FALSE(Fixture(*data, kTypos, "bot1").Allows("/dissalow/"));
  CHECK_FALSE(Fixture(*data, kTypos, "bot2").Allows("/useragent/"));
  CHECK_FALSE(Fixture(*data, kTypos, "bot3").Allows("/useg-agent/"));
  CHECK_FALSE(Fixture(*data, kTypos, "bot4").Allows("/useragent-no-colon/"));
  CHECK(Fixture(*data, kTypos, "bot4").Allows("/desallow/"));
  constexpr const char* kErrors = "format-errors-robots.txt";
  CHECK_FALSE(Fixture(*data, kErrors, "bot1").Allows("/whitespace-before-colon/"));
  CHECK_FALSE(Fixture(*data, kErrors, "bot1").Allows("/no-colon/"));
  CHECK_FALSE(Fixture(*data, kErrors, "bot2").Allows("/no-colon-useragent/"));
  CHECK(Fixture(*data, kErrors, "bot3").Allows("/whitespace-before-colon"));
  CHECK_FALSE(Fixture(*data, kErrors, "bot3").Allows("/x"));
  CHECK(Fixture(*data, kErrors, "bot3").sitemaps() == std::vector<std::string>{"/sitemap.xml"});
}

TEST_CASE("crawler-commons: the other fixtures") {
  const auto data = testing::SharedData("robots/crawlercommons");
  if (!data) return;
  const RobotsRules merged = Fixture(*data, "merge-rules.txt", "wget");
  CHECK(merged.Allows("/foo/bar/x"));  // allowed by its own group, refused by the shared one: a tie
  CHECK_FALSE(merged.Allows("/tmp/bar"));
  CHECK_FALSE(Fixture(*data, "merge-rules.txt", "anybot").Allows("/foo/bar/x"));
  const RobotsRules testy = Fixture(*data, "precedence-of-rules.txt", "testy");
  CHECK_FALSE(testy.Allows("/foo"));
  CHECK(testy.Allows("/foo/bar"));
  CHECK_FALSE(testy.Allows("/foo/bzz"));
  CHECK(Fixture(*data, "precedence-of-rules.txt", "wget").Allows("/foo/x"));
  const RobotsRules amazon = Fixture(*data, "wildcards.txt", "anybot");
  CHECK_FALSE(amazon.Allows("/wishlist/bogus"));
  CHECK(amazon.Allows("/wishlist/universal-wishlist"));
  CHECK_FALSE(amazon.Allows("/gp/registry/wishlist/x/reserve"));
  CHECK(Fixture(*data, "extended-standard-robots.txt", "bot3").Allows("/x"));
  CHECK_FALSE(Fixture(*data, "extension-robots.txt", "mybot").Allows("/private/"));
  CHECK_FALSE(Fixture(*data, "malformed-path.txt", "x")
                  .Allows("/wiki/Wikipedia_talk:Mediation_Committee/"));
  CHECK_FALSE(Fixture(*data, "www.flot.com-robots.txt", "x").Allows("/img/a"));
  CHECK(Fixture(*data, "sitemap-robots-dedup.txt", "x").sitemaps().size() == 1);
  CHECK(Fixture(*data, "sitemap-robots.txt", "x").sitemaps() ==
        std::vector<std::string>{"http://domain.com/sitemap.xml",
                                 "http://domain.com/dir/MixedCased-sitemap.xml"});
}

TEST_CASE("ours: a byte order mark, whole or cut, does not hide the first line") {
  CHECK_FALSE(Allowed("\xEF\xBB\xBFUser-agent: *\nDisallow: /\n", "x", "/a"));
  CHECK_FALSE(Allowed("\xEF\xBBUser-agent: *\nDisallow: /\n", "x", "/a"));
}

TEST_CASE("protego: 250 files of real sites are read within bounds") {
  const auto data = testing::SharedData("robots/real_sites");
  if (!data) return;
  size_t files = 0;
  size_t restrictive = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    const std::string body = testing::Slurp(entry.path());
    const RobotsRules rules = RobotsRules::Parse(body, "Cluehound");
    CHECK(rules.bytes() < 64 * body.size() + 1024);
    restrictive += rules.bytes() > sizeof(RobotsRules) ? 1 : 0;
    rules.Allows("/search?q=%E5%9B%9E%E5%8A%9B&page=2");
    ++files;
  }
  CHECK(files == 250);
  CHECK(restrictive > 200);  // most have rules for everyone
}

TEST_CASE("hostile: wildcards that make backtracking matchers explode cost linear time") {
  std::string rule = "/";
  for (int i = 0; i < 2000; ++i) rule += "*a";
  const RobotsRules rules = RobotsRules::Parse("User-agent: *\nDisallow: " + rule + "b$\n", "x");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(rules.Allows("/" + std::string(8000, 'a')));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(100));
}

TEST_CASE(
    "hostile: very many wildcard rules against a very long path are refused in bounded time") {
  std::string robots = "User-agent: *\n";
  while (robots.size() < RobotsRules::kMaxBytes) robots += "Allow: /*b\n";
  const RobotsRules rules = RobotsRules::Parse(robots, "x");
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(rules.Allows("/" + std::string(8000, 'a')));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(500));
  CHECK(rules.Allows("/short"));
}

TEST_CASE("rfc9309 2.5: half a megabyte is read, what lies beyond is not") {
  std::string robots = "User-agent: *\nDisallow: /first\n";
  robots.resize(500 * 1024, '#');
  robots += "\nDisallow: /second\n";
  robots.resize(RobotsRules::kMaxBytes, '\n');
  robots += "Disallow: /third\n";
  CHECK_FALSE(Allowed(robots, "x", "/first"));
  CHECK_FALSE(Allowed(robots, "x", "/second"));
  CHECK(Allowed(robots, "x", "/third"));
}

}  // namespace
}  // namespace cluehound::crawler
