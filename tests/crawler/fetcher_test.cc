#include <thread>

#include "tests/crawler/crawl.h"

namespace cluehound::crawler {
namespace {

using std::chrono::milliseconds;
using testing::HttpAnswer;
using testing::TestConnection;
using testing::TestRequest;
using testing::TestServer;

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
