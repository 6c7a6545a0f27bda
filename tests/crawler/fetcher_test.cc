#include <thread>

#include "tests/crawler/crawl.h"

namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::HttpAnswer;
using testing::TestConnection;
using testing::TestRequest;
using testing::TestServer;

TEST_CASE("evidence: every hop of a redirect is an exchange of its own") {
  TestServer server;
  Crawl crawl;
  const FetchResult result = crawl.One(server.Url("/redirect-chain-3"));
  REQUIRE(result.page->exchanges.size() == 4);
  for (int i = 0; i < 3; ++i) {
    const evidence::Exchange& hop = result.page->exchanges[static_cast<size_t>(i)];
    CHECK(hop.url == server.Url("/redirect-chain-" + std::to_string(3 - i)));
    CHECK(hop.status == 302);
  }
  CHECK(result.page->final_url() == server.Url("/redirect-chain-0"));
  CHECK(result.page->answer().status == 200);
}

TEST_CASE("evidence: a try that is repeated leaves only the last one") {
  TestServer server;
  std::atomic<int> asked{0};
  server.On("/flaky", [&](TestConnection& c, const TestRequest&) {
    return c.Send(HttpAnswer(++asked < 3 ? 503 : 200, "Content-Type: text/html\r\n", "x"));
  });
  Crawl crawl;
  const FetchResult result = crawl.One(server.Url("/flaky"));
  CHECK(result.outcome == Outcome::kOk);
  REQUIRE(result.page->exchanges.size() == 1);
  CHECK(result.page->answer().status == 200);
  CHECK(asked == 3);
}

// ---------------------------------------------------------------- links, leases, --once

TEST_CASE("ours: crawl --once: follows what is found until nothing is left, each address once") {
  TestServer server;
  Crawl crawl;
  for (int i = 0; i < 60; ++i) {
    const std::string path = "/p" + std::to_string(i);
    server.ServeHtml(path, "page");
    auto& links = crawl.links[server.Url(path)];
    for (int k : {2 * i + 1, 2 * i + 2, i / 2})
      links.push_back(server.Url("/p" + std::to_string(k)));
  }
  crawl.AddSource("tree", {server.Url("/p0")});
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.results.size() == 121);  // 60 pages and the 61 links that lead nowhere
  CHECK(crawl.order.size() == 121);
  CHECK(server.requests("/robots.txt").size() == 1);
  CHECK(server.requests().size() == 122);
  CHECK(crawl.frontier.leased() == 0);
  CHECK(Count(crawl.fetcher->progress(), Outcome::kGone) == 61);
  // A second run finds nothing due.
  crawl.order.clear();
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.empty());
}

TEST_CASE("promise 1: no more is begun and uncommitted than max_in_flight") {
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 40; ++i) seeds.push_back(server.Url("/p" + std::to_string(i)));
  crawl.options.max_in_flight = 5;
  crawl.AddSource("many", seeds);
  // A pipeline that commits only when it holds as much as it may.
  crawl.keep_uncommitted = true;
  crawl.on_result = [&] {
    const Progress now = crawl.fetcher->progress();
    CHECK(now.in_flight <= 5);
    if (crawl.results.size() < 5) return;
    CHECK(server.requests().size() <= crawl.order.size() + 1);
    for (auto& [url, result] : crawl.results) {
      crawl.frontier.Commit(result.lease, {}, std::nullopt);
      crawl.fetcher->Done(result.lease);
    }
    crawl.results.clear();
  };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.size() == 40);
  CHECK(crawl.most_uncommitted == 5);
}

TEST_CASE("ours: what was begun goes on though nothing new may begin") {
  // Every slot is taken by a redirect that must go to the back of a busy host.
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 8; ++i) seeds.push_back(server.Url("/redirect-chain-" + std::to_string(i)));
  crawl.options.max_in_flight = 1;
  crawl.AddSource("chains", seeds);
  REQUIRE_OK(crawl.Run());
  for (const std::string& seed : seeds) CHECK(crawl.ResultOf(seed).outcome == Outcome::kOk);
}

TEST_CASE("ours: at most max_leased addresses are held") {
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 50; ++i) seeds.push_back(server.Url("/p" + std::to_string(i)));
  crawl.options.max_leased = crawl.options.max_in_flight = 8;
  crawl.AddSource("many", seeds);
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.size() == 50);
  CHECK(crawl.frontier.most_leased() <= 8);
}

TEST_CASE("ours: max_pages ends a source's round, and what is left stays due") {
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 20; ++i) seeds.push_back(server.Url("/p" + std::to_string(i)));
  crawl.AddSource("small", seeds).max_pages = 7;
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.size() == 7);
  CHECK(crawl.frontier.untouched().size() == 13);
  CHECK(crawl.frontier.leased() == 0);
}

TEST_CASE("ours: only the sources that run are fetched") {
  TestServer server;
  Crawl crawl;
  crawl.AddSource("one", {server.Url("/p1")});
  REQUIRE_OK(crawl.frontier.AddSeeds({{server.Url("/p2"), server.authority(), "another", 0, 0}}));
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order == std::vector<std::string>{server.Url("/p1")});
}

// ---------------------------------------------------------------- conditional requests

store::PageState Read(const std::string& revision) {
  store::PageState state;
  state.extractor_revision = revision;
  state.etag = "\"v1\"";
  state.last_modified = "Sun, 06 Nov 1994 08:49:37 GMT";
  return state;
}

TEST_CASE(
    "ours: a page read before is asked for conditionally, if it was read as it would be now") {
  TestServer server;
  server.On("/page", [](TestConnection& c, const TestRequest& r) {
    const bool known = r.head.find("If-None-Match: \"v1\"\r\n") != std::string::npos;
    return c.Send(known ? "HTTP/1.1 304 Not Modified\r\n\r\n" : HttpAnswer(200, "", "x"));
  });
  const std::pair<std::string, Outcome> rows[] = {{"r2", Outcome::kNotModified},
                                                  {"r1", Outcome::kOk}};
  for (const auto& [revision, outcome] : rows) {
    Crawl crawl;
    crawl.options.extractor_revision = "r2";
    crawl.AddSource("one", {server.Url("/page")});
    crawl.frontier.SetPageState(server.Url("/page"), Read(revision));
    REQUIRE_OK(crawl.Run());
    CHECK(Name(crawl.ResultOf(server.Url("/page")).outcome) == Name(outcome));
  }
}

TEST_CASE("ours: what is remembered of a page is not sent to where it redirects") {
  TestServer server;
  Crawl crawl;
  crawl.AddSource("one", {server.Url("/redirect-ok")});
  crawl.frontier.SetPageState(server.Url("/redirect-ok"), Read("r1"));
  REQUIRE_OK(crawl.Run());
  CHECK(server.requests("/redirect-ok").at(0).head.find("If-None-Match") != std::string::npos);
  CHECK(server.requests("/ok").at(0).head.find("If-None-Match") == std::string::npos);
}

// ---------------------------------------------------------------- robots.txt

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

// ---------------------------------------------------------------- addresses

TEST_CASE("ours: a literal seed names its own address and no other") {
  TestServer server;
  TestServer neighbour("127.0.0.2");
  Crawl crawl;
  crawl.links[server.Url("/ok")] = {neighbour.Url("/ok")};
  crawl.AddSource("shop", {server.Url("/ok")}).hosts.insert(neighbour.authority());
  REQUIRE_OK(crawl.Run());
  const FetchResult& result = crawl.ResultOf(neighbour.Url("/ok"));
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.page == nullptr);
  CHECK(result.reason.find("allow_addresses: [127.0.0.2]") != std::string::npos);
  CHECK(neighbour.requests().empty());
}

TEST_CASE(
    "hostile: a name that resolves to a private address is refused, one that has a public one too "
    "goes there") {
  TestServer server;
  const std::string port = ":" + std::to_string(server.port());
  Crawl crawl;
  crawl.names["inner.example"] = {Ip("127.0.0.1"), Ip("10.0.0.1")};
  crawl.names["both.example"] = {Ip("10.0.0.1"), Ip("127.0.0.1")};
  crawl.AddSource("bad", {"http://inner.example" + port + "/ok"});
  crawl.AddSource("good", {"http://both.example" + port + "/ok"}).allow_addresses = {
      *Cidr::Parse("127.0.0.1")};
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf("http://inner.example" + port + "/ok").outcome == Outcome::kAddressRefused);
  const FetchResult& good = crawl.ResultOf("http://both.example" + port + "/ok");
  CHECK(good.outcome == Outcome::kOk);
  CHECK(good.page->answer().peer_address == "127.0.0.1");
}

TEST_CASE("hostile: a redirect to a name in scope that turns out private is refused") {
  TestServer server;
  const std::string port = ":" + std::to_string(server.port());
  Crawl crawl;
  crawl.names["shop.example"] = {Ip("10.9.9.9")};
  server.Serve("/go", 302, "Location: http://shop.example" + port + "/x\r\n", "");
  crawl.AddSource("shop", {server.Url("/go")}).hosts.insert("shop.example" + port);
  REQUIRE_OK(crawl.Run());
  const FetchResult& result = crawl.ResultOf(server.Url("/go"));
  CHECK(result.outcome == Outcome::kAddressRefused);
  CHECK(result.page->exchanges.size() == 1);
}

TEST_CASE("ours: a retry takes the next address of the name") {
  TestServer server;
  Crawl crawl;
  crawl.names["shop.example"] = {Ip("127.0.0.9"), Ip("127.0.0.1")};  // nobody listens on the first
  const std::string url = "http://shop.example:" + std::to_string(server.port()) + "/ok";
  crawl.AddSource("shop", {url}).allow_addresses = {*Cidr::Parse("127.0.0.0/8")};
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(url).outcome == Outcome::kOk);
}

TEST_CASE("ours: a name that does not exist is asked for once, and its host is left alone") {
  Crawl crawl;
  int asked = 0;
  std::mutex mutex;
  crawl.options.lookup = [&](const std::string&) -> Result<std::vector<IpAddress>> {
    const std::lock_guard lock(mutex);
    ++asked;
    return Status::NotFound("no such name");
  };
  crawl.AddSource(
      "shop", {"http://nowhere.example/1", "http://nowhere.example/2", "http://nowhere.example/3"});
  REQUIRE_OK(crawl.Run());
  CHECK(asked == 1);
  REQUIRE(crawl.order.size() == 1);
  const FetchResult& result = crawl.ResultOf("http://nowhere.example/1");
  CHECK(result.outcome == Outcome::kDnsFailed);
  CHECK(result.reason == "nowhere.example: no such name");
  CHECK(crawl.frontier.blocked().count("nowhere.example") == 1);
  CHECK(crawl.frontier.untouched().size() == 2);
}

TEST_CASE("ours: nobody listens") {
  std::string url;
  {
    TestServer gone;
    url = gone.Url("/ok");
  }
  const FetchResult result = Crawl().One(url);
  CHECK(result.outcome == Outcome::kRobotsUnreachable);
  INFO(result.reason);
  CHECK(result.reason.find("connect") != std::string::npos);
}

// ---------------------------------------------------------------- pace

// The server's own times shift with the load of the machine; the time of the whole run cannot be
// too short by chance.
milliseconds Timed(const std::function<void()>& run) {
  const auto begin = std::chrono::steady_clock::now();
  run();
  return std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - begin);
}

TEST_CASE(
    "promise 4: no request comes earlier than the pace allows, robots.txt and redirects included") {
  TestServer server;
  Crawl crawl;
  crawl
      .AddSource("shop", {server.Url("/ok"), server.Url("/redirect-chain-2"),
                          server.Url("/close-next"), server.Url("/status-404")})
      .pace = milliseconds(40);
  const milliseconds took = Timed([&] { REQUIRE_OK(crawl.Run()); });
  CHECK(crawl.order.size() == 4);
  const size_t requests = server.requests().size();
  CHECK(requests >= 7);
  CHECK(took >= milliseconds(40) * (requests - 1));
}

TEST_CASE("promise 4: the Crawl-delay of robots.txt holds where it is longer than the pace") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "User-agent: *\nCrawl-delay: 0.06\n");
  Crawl crawl;
  crawl.AddSource("shop", {server.Url("/ok"), server.Url("/ok?2"), server.Url("/ok?3")}).pace =
      milliseconds(1);
  const milliseconds took = Timed([&] { REQUIRE_OK(crawl.Run()); });
  CHECK(server.requests().size() == 4);
  CHECK(took >= milliseconds(60) * 3);
}

TEST_CASE("promise 4: an absurd Crawl-delay is capped, and the log says so") {
  TestServer server;
  server.Serve("/robots.txt", 200, "", "User-agent: *\nCrawl-delay: 86400\n");
  Crawl crawl;
  crawl.options.polite.max_crawl_delay = milliseconds(30);
  crawl.AddSource("shop", {server.Url("/ok"), server.Url("/ok?2")});
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.size() == 2);
  REQUIRE(crawl.log.size() == 1);
  CHECK(crawl.log[0].find("capped at 30ms") != std::string::npos);
}

TEST_CASE("bubing: hosts on one address share its pace, those on others do not wait for them") {
  TestServer server("0.0.0.0");
  Crawl crawl;
  const std::string port = ":" + std::to_string(server.port());
  // Twelve hosts on three addresses, two pages each.
  for (int i = 0; i < 12; ++i) {
    const std::string name = "h" + std::to_string(i) + ".example";
    const std::string base = "http://" + name + port;
    crawl.names[name] = {Ip(("127.0.0." + std::to_string(1 + i % 3)).c_str())};
    SourceSettings& source = crawl.AddSource("s" + std::to_string(i), {base + "/1", base + "/2"});
    source.pace = milliseconds(30);
    source.allow_addresses = {*Cidr::Parse("127.0.0.0/8")};
  }
  const milliseconds took = Timed([&] { REQUIRE_OK(crawl.Run()); });
  CHECK(crawl.order.size() == 24);
  CHECK(server.requests().size() == 36);
  CHECK(took >= milliseconds(30) * 11);  // twelve requests to each address
  CHECK(took < milliseconds(30) * 35);   // and not 36 in a row
}

TEST_CASE("ours: one connection at a time to a host, unless told otherwise") {
  for (const int connections : {1, 3}) {
    TestServer server;
    std::atomic<int> open{0};
    std::atomic<int> most{0};
    Crawl crawl;
    std::vector<std::string> seeds;
    for (int i = 0; i < 9; ++i) {
      const std::string path = "/p" + std::to_string(i);
      seeds.push_back(server.Url(path));
      server.On(path, [&](TestConnection& c, const TestRequest&) {
        most = std::max(most.load(), ++open);
        c.Pause(milliseconds(20));
        --open;
        return c.Send(HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
      });
    }
    crawl.AddSource("shop", seeds).access.connections = connections;
    REQUIRE_OK(crawl.Run());
    CHECK(most == connections);
  }
}

TEST_CASE("rfc9110 10.2.3: a long Retry-After suspends the host, a short one is waited for") {
  TestServer server;
  std::atomic<int> asked{0};
  server.On("/short", [&](TestConnection& c, const TestRequest&) {
    return c.Send(++asked == 1 ? HttpAnswer(429, "Retry-After: 1\r\n", "")
                               : HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
  });
  Crawl crawl;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(crawl.One(server.Url("/short")).outcome == Outcome::kOk);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(1));
  CHECK(asked == 2);

  Crawl other;
  other.AddSource("shop",
                  {server.Url("/status-429-retry-after"), server.Url("/x1"), server.Url("/x2")});
  REQUIRE_OK(other.Run());
  CHECK(other.order == std::vector<std::string>{server.Url("/status-429-retry-after")});
  const FetchResult& result = other.ResultOf(server.Url("/status-429-retry-after"));
  const Instant hour = SystemClock().Now() + std::chrono::hours(1);
  REQUIRE(result.retry_at.has_value());
  CHECK(*result.retry_at > hour - std::chrono::seconds(10));
  CHECK(*result.retry_at < hour + std::chrono::seconds(10));
  const Instant blocked = other.frontier.blocked().at(server.authority());
  CHECK(blocked > hour - std::chrono::seconds(10));
  CHECK(other.frontier.untouched().size() == 2);
  CHECK(other.fetcher->progress().suspended == 1);
}

TEST_CASE("ours: a host that fails again and again is left alone, others go on") {
  TestServer bad;
  TestServer good;
  Crawl crawl;
  std::vector<std::string> bad_seeds;
  std::vector<std::string> good_seeds;
  for (int i = 0; i < 10; ++i) {
    const std::string path = "/p" + std::to_string(i);
    bad.Serve(path, 500, "", "");
    good.ServeHtml(path, "x");
    bad_seeds.push_back(bad.Url(path));
    good_seeds.push_back(good.Url(path));
  }
  crawl.AddSource("bad", bad_seeds);
  crawl.AddSource("good", good_seeds);
  REQUIRE_OK(crawl.Run());
  CHECK(bad.requests().size() ==
        6);  // robots.txt, then three tries and two: five failures in a row
  CHECK(good.requests().size() == 11);
  CHECK(crawl.frontier.untouched().size() == 8);
  CHECK(crawl.frontier.blocked().count(bad.authority()) == 1);
}

TEST_CASE(
    "ours: one request tries a host that was left alone, then it has its full service again") {
  for (const int connections : {1, 4}) {
    INFO(connections);
    TestServer server;
    std::atomic<int> answered{0};
    std::atomic<int> open{0};
    std::atomic<int> most_while_tried{0};
    std::atomic<int> most_after{0};
    Crawl crawl;
    crawl.options.once = false;
    crawl.options.max_retries = 0;
    crawl.options.transfer.limits.total = std::chrono::seconds(20);
    std::vector<std::string> seeds;
    for (int i = 0; i < 20; ++i) {
      const std::string path = "/p" + std::to_string(i);
      seeds.push_back(server.Url(path));
      // Broken until it is left alone.
      server.On(path, [&](TestConnection& c, const TestRequest&) {
        if (crawl.frontier.blocked().empty()) return c.Send(HttpAnswer(500, "", ""));
        const bool first = ++answered == 1;
        ++open;
        c.Pause(milliseconds(first ? 40 : 10));
        auto& most = first ? most_while_tried : most_after;
        most = std::max(most.load(), open.load());
        --open;
        return c.Send(HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
      });
    }
    crawl.AddSource("shop", seeds).access.connections = connections;
    crawl.on_result = [&] {
      if (crawl.order.size() == seeds.size()) crawl.fetcher->Stop();
    };
    REQUIRE_OK(crawl.Run());
    CHECK(Count(crawl.fetcher->progress(), Outcome::kServerError) >= 5);
    CHECK(Count(crawl.fetcher->progress(), Outcome::kOk) >= 10);
    CHECK(most_while_tried == 1);
    CHECK(most_after <= connections);
    CHECK((connections == 1 || most_after > 1));
    CHECK(std::any_of(crawl.log.begin(), crawl.log.end(), [](const std::string& line) {
      return line.find("answers again") != std::string::npos;
    }));
  }
}

TEST_CASE("ours: after a 429 the host is asked more slowly than its pace") {
  TestServer server;
  std::atomic<int> asked{0};
  std::vector<std::string> seeds;
  for (int i = 0; i < 6; ++i) {
    const std::string path = "/p" + std::to_string(i);
    seeds.push_back(server.Url(path));
    server.On(path, [&](TestConnection& c, const TestRequest&) {
      return c.Send(HttpAnswer(++asked == 1 ? 429 : 200, "Content-Type: text/html\r\n", "x"));
    });
  }
  Crawl crawl;
  crawl.options.polite.first_slow_interval = milliseconds(30);
  crawl.AddSource("shop", seeds);
  const milliseconds took = Timed([&] { REQUIRE_OK(crawl.Run()); });
  CHECK(asked == 7);
  CHECK(took >= milliseconds(30) * 6);
}

TEST_CASE("ours: a host whose answers slow down is asked more slowly") {
  TestServer server;
  std::vector<std::string> seeds;
  for (int i = 0; i < 10; ++i) {
    const std::string path = "/p" + std::to_string(i);
    seeds.push_back(server.Url(path));
    server.On(path, [i](TestConnection& c, const TestRequest&) {
      if (i >= 6) c.Pause(milliseconds(60));
      return c.Send(HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
    });
  }
  Crawl crawl;
  crawl.options.polite.slow_margin = milliseconds(10);
  crawl.options.transfer.limits.total = std::chrono::seconds(20);
  crawl.AddSource("shop", seeds);
  const milliseconds took = Timed([&] { REQUIRE_OK(crawl.Run()); });
  CHECK(crawl.order.size() == 10);
  // Four answers of 60 ms, and between them more than that: without the rule it would be 240 ms.
  CHECK(took >= milliseconds(300));
}

// ---------------------------------------------------------------- robots override, sitemaps

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

// ---------------------------------------------------------------- ends

TEST_CASE("ours: Stop lets what is under way end, and gives the rest back") {
  TestServer server;
  Crawl crawl;
  crawl.options.once = false;
  std::vector<std::string> seeds;
  for (int i = 0; i < 10; ++i) {
    const std::string path = "/p" + std::to_string(i);
    seeds.push_back(server.Url(path));
    server.On(path, [&](TestConnection& c, const TestRequest&) {
      crawl.fetcher->Stop();
      c.Pause(milliseconds(30));
      return c.Send(HttpAnswer(200, "Content-Type: text/html\r\n", "x"));
    });
  }
  crawl.AddSource("shop", seeds);
  REQUIRE_OK(crawl.Run());
  REQUIRE(crawl.order.size() == 1);
  CHECK(crawl.ResultOf(crawl.order[0]).outcome == Outcome::kOk);
  CHECK(crawl.frontier.untouched().size() == 9);
  CHECK(crawl.frontier.leased() == 0);
}

TEST_CASE("ours: what does not end within the grace is cancelled and given back") {
  TestServer server;
  Crawl crawl;
  crawl.options.once = false;
  crawl.options.stop_grace = milliseconds(20);
  crawl.options.transfer.limits.total = std::chrono::seconds(30);
  server.On("/hang", [&](TestConnection& c, const TestRequest&) {
    crawl.fetcher->Stop();
    c.WaitForEnd();
    return false;
  });
  crawl.AddSource("shop", {server.Url("/hang")});
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.order.empty());
  CHECK(crawl.frontier.untouched().size() == 1);
  CHECK(Count(crawl.fetcher->progress(), Outcome::kCancelled) == 1);
}

TEST_CASE("ours: without --once it waits for new work and takes it when poked") {
  TestServer server;
  Crawl crawl;
  crawl.options.once = false;
  crawl.AddSource("shop", {server.Url("/ok")});
  std::thread adder;
  crawl.on_result = [&] {
    if (crawl.order.size() == 2) return crawl.fetcher->Stop();
    adder = std::thread([&] {
      crawl.frontier.AddSeeds({{server.Url("/ok?2"), server.authority(), "shop", 0, 0}})
          .IgnoreError("a fake does not fail");
      crawl.fetcher->Poke();
    });
  };
  REQUIRE_OK(crawl.Run());
  adder.join();
  CHECK(crawl.order.size() == 2);
}

TEST_CASE("ours: commits from another thread, and progress read from it") {
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 50; ++i) seeds.push_back(server.Url("/p" + std::to_string(i)));
  crawl.AddSource("shop", seeds);
  crawl.keep_uncommitted = true;
  std::mutex mutex;
  std::vector<store::Lease> finished;
  std::atomic<bool> ended{false};
  crawl.on_result = [&] {
    const std::lock_guard lock(mutex);
    for (auto& [url, result] : crawl.results) finished.push_back(result.lease);
    crawl.results.clear();
  };
  std::thread committer;
  crawl.on_start = [&] {
    committer = std::thread([&] {
      while (!ended) {
        std::vector<store::Lease> batch;
        {
          const std::lock_guard lock(mutex);
          batch.swap(finished);
        }
        for (const store::Lease& lease : batch) {
          crawl.frontier.Commit(lease, {}, std::nullopt);
          crawl.fetcher->Done(lease);
        }
        static_cast<void>(crawl.fetcher->progress());
        std::this_thread::yield();
      }
    });
  };
  REQUIRE_OK(crawl.Run());
  ended = true;
  committer.join();
  const Progress progress = crawl.fetcher->progress();
  CHECK(progress.finished == 50);
  CHECK(progress.requests == 51);
  CHECK(progress.leased == 0);
  CHECK(progress.in_flight == 0);
  CHECK(progress.bytes > 1000);
}

TEST_CASE("promise 6: a store that fails ends the run with its message, and nothing hangs") {
  for (const char* method : {"Claim", "FindRobots", "PutRobots", "BlockAuthority"}) {
    INFO(method);
    TestServer server;
    server.Serve("/robots.txt", std::string_view(method) == "BlockAuthority" ? 404 : 200, "", "");
    Crawl crawl;
    crawl.AddSource("shop", {server.Url("/status-429-retry-after"), server.Url("/ok")});
    crawl.frontier.Break(method);
    const Status status = crawl.Run();
    CHECK(status.code() == Code::kUnavailable);
    CHECK(crawl.frontier.leased() == 0);
  }
}

TEST_CASE("ours: outside its hours, and while it is paused, nothing is asked of a source") {
  TestServer server;
  testing::FakeClock wall(*ParseTime("2026-11-22T20:00:00+08:00"));
  Crawl crawl;
  crawl.options.wall = &wall;
  crawl.AddSource("day", {server.Url("/ok")}).schedule.hours = {*ParseDayWindow("08:00-18:00")};
  SECTION("hours") {
    REQUIRE_OK(crawl.Run());
    CHECK(server.requests().empty());
    CHECK(crawl.results.empty());
    wall.Advance(std::chrono::hours(13));
    REQUIRE_OK(crawl.Run());
    CHECK(crawl.results.size() == 1);
  }
  SECTION("paused") {
    wall.Advance(std::chrono::hours(13));
    crawl.on_start = [&] { crawl.fetcher->SetMode("day", store::SourceMode::kPaused, wall.Now()); };
    REQUIRE_OK(crawl.Run());
    CHECK(server.requests().empty());
    crawl.on_start = nullptr;
    REQUIRE_OK(crawl.Run());
    CHECK(crawl.results.size() == 1);
  }
}

TEST_CASE("ours: pausing gives back what waits, and what is under way ends") {
  TestServer server;
  Crawl crawl;
  std::vector<std::string> seeds;
  for (int i = 0; i < 8; ++i) seeds.push_back(server.Url("/ok?" + std::to_string(i)));
  crawl.AddSource("one", seeds);
  crawl.on_result = [&] {
    crawl.fetcher->SetMode("one", store::SourceMode::kPaused, SystemClock().Now());
  };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.results.size() < 8);
  CHECK(crawl.frontier.leased() == 0);
  CHECK(crawl.frontier.untouched().size() == 8 - crawl.results.size());
}

TEST_CASE("ours: a drained source ends what was due before, and begins nothing later") {
  TestServer server;
  Crawl crawl;
  crawl.AddSource("one", {server.Url("/ok?1"), server.Url("/ok?2")});
  crawl.on_start = [&] { crawl.fetcher->SetMode("one", store::SourceMode::kDraining, Instant()); };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.results.size() == 2);  // due since ever
  crawl.frontier.MakeDueAt(server.Url("/ok?1"), SystemClock().Now() - milliseconds(1));
  crawl.results.clear();
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.results.empty());
}

TEST_CASE("ours: a term's pages of results are fetched up to its budget, then for no stale term") {
  TestServer server;
  for (const char* page : {"/ok?list", "/ok?q=a", "/ok?q=b", "/ok?q=a&p=2", "/ok?q=a&p=3"}) {
    server.ServeHtml(page, "page");
  }
  Crawl crawl;
  SourceSettings& source = crawl.AddSource("search", {server.Url("/ok?list")});
  source.search.address = server.Url("/ok?q={term}");
  source.search.pages = 2;
  source.searches = {*source.search.AddressOf("a"), *source.search.AddressOf("b")};
  std::vector<store::Discovery> pages = SeedsOf(source);
  for (const char* more : {"/ok?q=a&p=2", "/ok?q=a&p=3", "/ok?q=c"}) {
    pages.push_back({server.Url(more), server.authority(), "search", 0, 0});
  }
  REQUIRE_OK(crawl.frontier.AddSeeds(pages));
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.ResultOf(server.Url("/ok?q=b")).outcome == Outcome::kOk);
  CHECK(crawl.ResultOf(server.Url("/ok?list")).outcome == Outcome::kOk);
  CHECK(crawl.ResultOf(server.Url("/ok?q=c")).outcome == Outcome::kOutOfScope);
  CHECK(server.requests("/ok?q=c").empty());
  int fetched = 0;
  for (const char* page : {"/ok?q=a", "/ok?q=a&p=2", "/ok?q=a&p=3"}) {
    fetched += crawl.ResultOf(server.Url(page)).outcome == Outcome::kOk ? 1 : 0;
  }
  CHECK(fetched == 2);
}

TEST_CASE(
    "ours: a reload brings sources in, takes them out, and never shortens a pace on the way") {
  TestServer server;
  Crawl crawl;
  crawl.AddSource("old", {server.Url("/ok?1"), server.Url("/ok?2"), server.Url("/ok?3")});
  TestServer other;
  Diagnostics diagnostics;
  const auto fresh =
      ParseSources("sources: [{id: new, seeds: [\"" + other.Url("/ok") + "\"], pace: 0s}]",
                   "t.yaml", diagnostics);
  REQUIRE(fresh.size() == 1);
  crawl.on_result = [&] {
    crawl.on_result = nullptr;
    REQUIRE_OK(crawl.frontier.AddSeeds(SeedsOf(fresh[0])));
    crawl.fetcher->Reload(fresh, "");
    crawl.fetcher->Poke();
  };
  REQUIRE_OK(crawl.Run());
  CHECK(crawl.results.count(other.Url("/ok")) == 1);
  CHECK(crawl.results.size() < 4);
  CHECK(crawl.frontier.leased() == 0);
}

}  // namespace
}  // namespace cluehound::crawler
