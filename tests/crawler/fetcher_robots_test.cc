#include "tests/crawler/crawl.h"

namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::HttpAnswer;
using testing::TestConnection;
using testing::TestRequest;
using testing::TestServer;

TEST_CASE("rfc9309 2.3.1.1: what robots.txt refuses is not fetched") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "User-agent: cluehound\nDisallow: /private\n");
  Crawl crawl;
  crawl.AddSource("shop", {server.Url("/ok"), server.Url("/private/x"), server.Url("/ok?b")});
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(server.Url("/ok")).outcome == Outcome::kOk);
  const FetchResult& refused = crawl.ResultOf(server.Url("/private/x"));
  CHECK(refused.outcome == Outcome::kRobotsRefused);
  CHECK(refused.page == nullptr);
  CHECK(server.requests("/private/x").empty());
  CHECK(server.requests("/robots.txt").size() == 1);
}

TEST_CASE("rfc9309 2.3.1.1: a redirect is judged by the robots.txt of where it leads") {
  TestServer server;
  TestServer other;
  other.Serve("/robots.txt", 200, "", "User-agent: *\nDisallow: /\n");
  Crawl crawl;
  server.Serve("/go", 302, "Location: " + other.Url("/x") + "\r\n", "");
  crawl.AddSource("shop", {server.Url("/go")}).hosts.insert(other.authority());
  REQUIRE_OK(crawl.Run());
  const FetchResult& result = crawl.ResultOf(server.Url("/go"));
  CHECK(result.outcome == Outcome::kRobotsRefused);
  CHECK(result.page->exchanges.size() == 1);
  CHECK(other.requests("/x").empty());
  CHECK(other.requests("/robots.txt").size() == 1);
}

TEST_CASE("rfc9309 2.3.1.3: 4xx allows everything") {
  for (const int status : {400, 401, 403, 404, 410, 451}) {
    TestServer server;
    server.Serve("/robots.txt", status, "", "User-agent: *\nDisallow: /\n");
    INFO(status);
    CHECK(Crawl().One(server.Url("/ok")).outcome == Outcome::kOk);
  }
}

TEST_CASE(
    "rfc9309 2.3.1.4: 5xx, 429 and no answer refuse everything for now, and suspend the host") {
  for (const char* behaviour : {"500", "503", "429", "drop", "silent"}) {
    INFO(behaviour);
    TestServer server;
    server.On("/robots.txt", [&](TestConnection& c, const TestRequest&) {
      if (behaviour == std::string_view("drop")) return false;
      if (behaviour == std::string_view("silent")) {
        c.WaitForEnd();
        return false;
      }
      return c.Send(HttpAnswer(std::atoi(behaviour), "", "User-agent: *\nAllow: /\n"));
    });
    Crawl crawl;
    crawl.options.transfer.limits.total = milliseconds(100);
    std::vector<std::string> seeds;
    for (int i = 0; i < 30; ++i) seeds.push_back(server.Url("/p" + std::to_string(i)));
    crawl.AddSource("shop", seeds);
    REQUIRE_OK(crawl.Run());
    CHECK(server.requests().size() == 3);  // the first try and two more, all of robots.txt
    CHECK(crawl.order.size() ==
          16);  // those that were leased; the others stay due, behind the block
    for (const auto& [url, result] : crawl.results) {
      CHECK(result.outcome == Outcome::kRobotsUnreachable);
      CHECK(result.retry_at > SystemClock().Now() + std::chrono::minutes(4));
    }
    CHECK(crawl.frontier.untouched().size() == 14);
    const auto blocked = crawl.frontier.blocked();
    REQUIRE(blocked.count(server.authority()) == 1);
    CHECK(blocked.at(server.authority()) > SystemClock().Now() + std::chrono::minutes(4));
    CHECK(crawl.log.size() == 1);
  }
}

TEST_CASE("ours: robots.txt that fails once is asked again, after a back-off") {
  TestServer server;
  std::atomic<int> asked{0};
  server.On("/robots.txt", [&](TestConnection& c, const TestRequest&) {
    return c.Send(HttpAnswer(++asked == 1 ? 503 : 200, "", "User-agent: *\nDisallow: /no\n"));
  });
  Crawl crawl;
  CHECK(crawl.One(server.Url("/ok")).outcome == Outcome::kOk);
  CHECK(asked == 2);
}

TEST_CASE(
    "rfc9309 2.3.1.2: redirects of robots.txt are followed, and count for the host that was "
    "asked") {
  TestServer shop;
  TestServer central;
  central.Serve("/shared", 200, "", "User-agent: *\nDisallow: /secret\n");
  shop.Serve("/robots.txt", 301, "Location: /r1\r\n", "");
  for (int i = 1; i <= 3; ++i) {
    shop.Serve("/r" + std::to_string(i), 302, "Location: /r" + std::to_string(i + 1) + "\r\n", "");
  }
  shop.Serve("/r4", 302, "Location: " + central.Url("/shared") + "\r\n", "");
  Crawl crawl;
  crawl.AddSource("shop", {shop.Url("/secret"), shop.Url("/ok")});
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(shop.Url("/secret")).outcome == Outcome::kRobotsRefused);
  CHECK(crawl.ResultOf(shop.Url("/ok")).outcome == Outcome::kOk);
  CHECK(central.requests("/robots.txt").empty());
}

TEST_CASE("rfc9309 2.3.1.2: a robots.txt that redirects for ever counts as absent") {
  TestServer server;
  server.Serve("/robots.txt", 302, "Location: /robots.txt?again\r\n", "");
  server.Serve("/robots.txt?again", 302, "Location: /robots.txt?again\r\n", "");
  CHECK(Crawl().One(server.Url("/ok")).outcome == Outcome::kOk);
  CHECK(server.requests("/robots.txt?again").size() == 5);
}

TEST_CASE(
    "hostile: robots.txt that redirects to a private address is unreachable, and nobody is asked") {
  TestServer server;
  TestServer inner("127.0.0.2");
  server.Serve("/robots.txt", 302, "Location: " + inner.Url("/robots.txt") + "\r\n", "");
  const FetchResult result = Crawl().One(server.Url("/ok"));
  CHECK(result.outcome == Outcome::kRobotsUnreachable);
  CHECK(result.reason.find("127.0.0.2") != std::string::npos);
  CHECK(inner.requests().empty());
}

TEST_CASE("bug: hosts whose robots.txt lead to each other do not wait for each other") {
  // Both lead to a third, which sends them on when both hosts already hold their pages back.
  TestServer one;
  TestServer two;
  TestServer third;
  std::atomic<int> at_third{0};
  const auto lead = [&](const std::string& target) {
    return [&, target](TestConnection& c, const TestRequest&) {
      ++at_third;
      while (at_third < 2 && c.Pause(milliseconds(1))) {
      }
      c.Pause(milliseconds(30));
      return c.Send(HttpAnswer(302, "Location: " + target + "\r\n", ""));
    };
  };
  third.On("/1", lead(two.Url("/shared")));
  third.On("/2", lead(one.Url("/shared")));
  one.Serve("/robots.txt", 302, "Location: " + third.Url("/1") + "\r\n", "");
  two.Serve("/robots.txt", 302, "Location: " + third.Url("/2") + "\r\n", "");
  Crawl crawl;
  for (TestServer* server : {&one, &two}) {
    server->Serve("/shared", 200, "", "User-agent: *\nDisallow: /no\n");
    crawl.AddSource(server == &one ? "a" : "b", {server->Url("/ok"), server->Url("/no")})
        .access.connections = 2;
  }
  REQUIRE_OK(crawl.Run());
  for (const TestServer* server : {&one, &two}) {
    CHECK(crawl.ResultOf(server->Url("/ok")).outcome == Outcome::kOk);
    CHECK(crawl.ResultOf(server->Url("/no")).outcome == Outcome::kRobotsRefused);
  }
}

TEST_CASE("hostile: robots.txt in a content coding that does not decode refuses everything") {
  TestServer server;
  server.Serve("/robots.txt", 200, "Content-Encoding: gzip\r\n", "this is not gzip");
  CHECK(Crawl().One(server.Url("/ok")).outcome == Outcome::kRobotsUnreachable);
}

TEST_CASE("ours: robots.txt is remembered by the store, so that a restart does not ask again") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "User-agent: *\nDisallow: /no\n");
  Crawl crawl;
  crawl.AddSource("shop", {server.Url("/ok")});
  REQUIRE_OK(crawl.Run());
  REQUIRE_OK(crawl.frontier.AddSeeds({{server.Url("/no"), server.authority(), "shop", 0, 0}}));
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(server.Url("/no")).outcome == Outcome::kRobotsRefused);
  CHECK(server.requests("/robots.txt").size() == 1);
  // A day later it does.
  store::RobotsRecord old = crawl.frontier.robots().begin()->second;
  old.fetched -= std::chrono::hours(24);
  REQUIRE_OK(crawl.frontier.PutRobots(crawl.frontier.robots().begin()->first, old));
  REQUIRE_OK(crawl.frontier.AddSeeds({{server.Url("/no2"), server.authority(), "shop", 0, 0}}));
  REQUIRE_OK(crawl.Run());
  CHECK(server.requests("/robots.txt").size() == 2);
}

TEST_CASE("ours: robots.txt is overridden only in force, and not before that is noted") {
  for (const char* what : {"in force", "ended", "of another source", "not to be noted"}) {
    INFO(what);
    TestServer server;
    server.Serve("/robots.txt", 200, "", "User-agent: *\nDisallow: /\nCrawl-delay: 0.001\n");
    Crawl crawl;
    SourceSettings& source = crawl.AddSource("shop", {server.Url("/ok"), server.Url("/ok?2")});
    const std::string_view kind = what;
    if (kind != "of another source") {
      const Instant now = SystemClock().Now();
      const auto hour = std::chrono::hours(kind == "ended" ? -1 : 1);
      source.access.robots_override = RobotsOverride{"示例〔2026〕1号", "张三", now + hour};
    }
    std::vector<std::string> noted;
    crawl.options.on_override = [&](const SourceSettings& of, const std::string& authority) {
      CHECK(server.requests().size() == 1);  // robots.txt alone
      noted.push_back(of.id + " " + authority);
      return kind == "not to be noted" ? Status::Unavailable("disk full") : Status::Ok();
    };
    const Status status = crawl.Run();
    if (kind == "not to be noted") {
      CHECK(status.message().find("disk full") != std::string::npos);
      CHECK(crawl.order.empty());
    } else {
      REQUIRE_OK(status);
      const Outcome expected = kind == "in force" ? Outcome::kOk : Outcome::kRobotsRefused;
      CHECK(Name(crawl.ResultOf(server.Url("/ok")).outcome) == Name(expected));
    }
    const bool used = kind == "in force" || kind == "not to be noted";
    CHECK(noted == (used ? std::vector<std::string>{"shop " + server.authority()}
                         : std::vector<std::string>{}));
    CHECK(server.requests("/robots.txt").size() == 1);
  }
}

TEST_CASE("ours: an override says nothing about a robots.txt that cannot be had") {
  TestServer server;
  server.Serve("/robots.txt", 503, "", "");
  Crawl crawl;
  crawl.AddSource("shop", {server.Url("/ok")}).access.robots_override =
      RobotsOverride{"示例〔2026〕1号", "张三", SystemClock().Now() + std::chrono::hours(1)};
  crawl.options.on_override = [](const SourceSettings&, const std::string&) {
    return Status::Ok();
  };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(server.Url("/ok")).outcome == Outcome::kRobotsUnreachable);
}

TEST_CASE("ours: the sitemaps of robots.txt are handed over once, to sources that read them") {
  TestServer server;
  server.Serve("/robots.txt", 200, "",
               "Sitemap: " + server.Url("/map.xml") +
                   "\nSitemap: http://elsewhere.example/map.xml\nSitemap: /relative.xml\n");
  Crawl crawl;
  crawl.AddSource("with", {server.Url("/ok"), server.Url("/ok?2")}).access.sitemaps_of_robots =
      true;
  crawl.AddSource("without", {server.Url("/ok?3")});
  REQUIRE_OK(crawl.Run());
  std::vector<std::string> given;
  for (const auto& [url, result] : crawl.results) {
    if (!result.sitemaps.empty()) CHECK(result.lease.address.source == "with");
    given.insert(given.end(), result.sitemaps.begin(), result.sitemaps.end());
  }
  CHECK(given == std::vector<std::string>{server.Url("/map.xml"), server.Url("/relative.xml")});
}

}  // namespace
}  // namespace cluehound::crawler
