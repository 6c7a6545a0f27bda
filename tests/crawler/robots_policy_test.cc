#include "crawler/robots_policy.h"

#include "tests/testing/fake_frontier.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Kind = RobotsVerdict::Kind;

constexpr char kOrigin[] = "http://shop.example";
constexpr char kPage[] = "http://shop.example/a";

struct Fixture {
  explicit Fixture(RobotsLimits limits = {}) : policy(std::move(limits), store) {}

  RobotsVerdict Judge(const std::string& url) { return Judge(policy, url); }
  RobotsVerdict Judge(RobotsPolicy& other, const std::string& url) {
    const auto verdict = other.Judge(*Url::Parse(url), now);
    REQUIRE_OK(verdict);
    return *verdict;
  }
  RobotsVerdict Learn(int status, std::string_view body = "",
                      std::optional<Duration> retry_after = std::nullopt,
                      const std::string& origin = kOrigin) {
    policy.BeginFetch(origin);
    const auto verdict = policy.Learn(origin, {status, body, "", retry_after}, now);
    REQUIRE_OK(verdict);
    return *verdict;
  }

  Instant now = *ParseTime("2026-11-22T08:00:00+08:00");
  testing::FakeFrontier store;
  RobotsPolicy policy;
};

TEST_CASE("rfc9309 2.3.1: what each status of robots.txt means") {
  const std::pair<int, Kind> rows[] = {
      {200, Kind::kRefused},     {204, Kind::kRefused},     {299, Kind::kRefused},
      {301, Kind::kAllowed},     {304, Kind::kAllowed},     {400, Kind::kAllowed},
      {401, Kind::kAllowed},     {403, Kind::kAllowed},     {404, Kind::kAllowed},
      {429, Kind::kUnreachable}, {499, Kind::kAllowed},     {500, Kind::kUnreachable},
      {503, Kind::kUnreachable}, {599, Kind::kUnreachable}, {0, Kind::kUnreachable},
      {999, Kind::kUnreachable},
  };
  for (const auto& [status, kind] : rows) {
    INFO(status);
    Fixture f;
    CHECK(f.Learn(status, "User-agent: *\nDisallow: /\n").kind == kind);
    CHECK(f.Judge(kPage).kind == kind);
  }
}

TEST_CASE("ours: unknown, then being fetched, then known") {
  Fixture f;
  CHECK(f.Judge(kPage).kind == Kind::kUnknown);
  f.policy.BeginFetch(kOrigin);
  CHECK(f.Judge(kPage).kind == Kind::kBeingFetched);
  f.policy.Forget(kOrigin);
  CHECK(f.Judge(kPage).kind == Kind::kUnknown);
  f.Learn(200, "User-agent: cluehound\nCrawl-delay: 7\nDisallow: /a\n");
  CHECK(f.Judge(kPage).kind == Kind::kRefused);
  CHECK(f.Judge("http://shop.example/b").kind == Kind::kAllowed);
  CHECK(f.Judge("http://shop.example/b").crawl_delay == seconds(7));
  f.policy.Forget(kOrigin);  // only what is being fetched can be given up
  CHECK(f.Judge(kPage).kind == Kind::kRefused);
}

TEST_CASE("rfc9309 2.3: scheme, host and port have a robots.txt of their own") {
  Fixture f;
  f.Learn(404);
  CHECK(f.Judge(kPage).kind == Kind::kAllowed);
  CHECK(f.Judge("http://shop.example:80/x").kind == Kind::kAllowed);
  CHECK(f.Judge("https://shop.example/a").kind == Kind::kUnknown);
  CHECK(f.Judge("http://shop.example:8080/a").kind == Kind::kUnknown);
  CHECK(f.Judge("http://www.shop.example/a").kind == Kind::kUnknown);
}

TEST_CASE("rfc9309 2.4: nothing is kept longer than a day, in memory or in the store") {
  Fixture f;
  f.Learn(200, "User-agent: *\nDisallow: /\n");
  f.now += hours(24) - Duration(1);
  CHECK(f.Judge(kPage).kind == Kind::kRefused);
  {
    RobotsPolicy restarted({}, f.store);
    CHECK(f.Judge(restarted, kPage).kind == Kind::kRefused);
  }
  f.now += Duration(1);
  CHECK(f.Judge(kPage).kind == Kind::kUnknown);
  RobotsPolicy restarted({}, f.store);
  CHECK(f.Judge(restarted, kPage).kind == Kind::kUnknown);
}

TEST_CASE("ours: a clock that was set back makes a record of the future unknown") {
  Fixture f;
  f.Learn(404);
  f.now -= hours(48);
  CHECK(f.Judge(kPage).kind == Kind::kUnknown);
  RobotsPolicy restarted({}, f.store);
  CHECK(f.Judge(restarted, kPage).kind == Kind::kUnknown);
}

TEST_CASE(
    "rfc9309 2.3.1.4: while it stays unreachable the wait doubles, up to a day, and a restart "
    "keeps it") {
  Fixture f;
  Duration wait = minutes(5);
  for (int i = 0; i < 12; ++i) {
    const RobotsVerdict verdict = f.Learn(503);
    CHECK(verdict.until == f.now + wait);
    CHECK(verdict.reason == "robots.txt answers 503");
    f.now = verdict.until - Duration(1);
    CHECK(f.Judge(kPage).kind == Kind::kUnreachable);
    if (i == 0) {
      RobotsPolicy restarted({}, f.store);
      CHECK(f.Judge(restarted, kPage).kind == Kind::kUnreachable);
    }
    f.now += Duration(1);
    CHECK(f.Judge(kPage).kind == Kind::kUnknown);
    wait = std::min<Duration>(wait * 2, hours(24));
  }
  f.Learn(404);
  f.now += hours(25);
  CHECK(f.Learn(503).until == f.now + minutes(5));
}

TEST_CASE("rfc9110 10.2.3: a Retry-After of robots.txt is obeyed, up to a day") {
  Fixture f;
  CHECK(f.Learn(503, "", hours(2)).until == f.now + hours(2));
  CHECK(f.Learn(429, "", seconds(1)).until == f.now + minutes(10));
  CHECK(f.Learn(429, "", hours(1000)).until == f.now + hours(24));
}

TEST_CASE("ours: why robots.txt cannot be had is told") {
  Fixture f;
  f.policy.BeginFetch(kOrigin);
  REQUIRE_OK(f.policy.Learn(kOrigin, {0, "", "connection refused", std::nullopt}, f.now));
  CHECK(f.Judge(kPage).reason == "robots.txt cannot be had: connection refused");
}

TEST_CASE("store: what is kept is bounded, and only of 2xx answers") {
  Fixture f;
  f.Learn(200, std::string(RobotsRules::kMaxBytes + 5, '#'));
  CHECK(f.store.robots().at(kOrigin).body.size() == RobotsRules::kMaxBytes);
  f.Learn(404, "not found");
  CHECK(f.store.robots().at(kOrigin).body.empty());
  CHECK(f.store.robots().at(kOrigin).status == 404);
  CHECK(f.store.robots().at(kOrigin).fetched == f.now);
}

TEST_CASE("promise 7: rules in memory are bounded, and come back from the store") {
  RobotsLimits limits;
  limits.max_bytes = 200'000;
  Fixture f(limits);
  std::string body = "User-agent: *\n";
  for (int i = 0; i < 500; ++i) body += "Disallow: /a" + std::to_string(i) + "\n";
  for (int i = 0; i < 50; ++i) {
    f.Learn(200, body, std::nullopt, "http://h" + std::to_string(i) + ".example");
  }
  CHECK(f.Judge("http://h0.example/a1").kind == Kind::kRefused);
  f.store.Break("FindRobots");
  CHECK(f.Judge("http://h49.example/a1").kind == Kind::kRefused);  // still in memory
  CHECK_FALSE(f.policy.Judge(*Url::Parse("http://h5.example/"), f.now).ok());
}

}  // namespace
}  // namespace cluehound::crawler
