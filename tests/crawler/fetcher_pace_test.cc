#include "tests/crawler/crawl.h"

namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::HttpAnswer;
using testing::TestConnection;
using testing::TestRequest;
using testing::TestServer;

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

}  // namespace
}  // namespace cluehound::crawler
