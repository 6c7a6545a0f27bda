#include "crawler/claims.h"

#include "tests/testing/fake_frontier.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::vector<SourceSettings> OneSource(uint32_t max_pages = 1000) {
  SourceSettings source;
  source.id = "shop";
  source.max_pages = max_pages;
  source.schedule.every = hours(1);
  return {source};
}

struct Fixture {
  explicit Fixture(ClaimOptions options, uint32_t max_pages = 1000)
      : claims(options, store, OneSource(max_pages), wall, steady, [this] { ++woken; }) {}

  void AddPages(int begin, int end) {
    std::vector<store::Discovery> seeds;
    for (int i = begin; i < end; ++i) {
      seeds.push_back({"http://h/" + std::to_string(i), "h" + std::to_string(i), "shop", 0, 1});
    }
    REQUIRE_OK(store.AddSeeds(seeds));
  }
  std::vector<store::Lease> Refill() {
    auto leases = claims.Refill();
    REQUIRE_OK(leases);
    return *leases;
  }
  void Finish(const store::Lease& lease, std::optional<Instant> next_due = std::nullopt) {
    store.Commit(lease, {}, next_due);
    claims.Done(lease.token);
    claims.Collect();
  }

  testing::FakeClock wall{*ParseTime("2026-11-22T08:00:00Z")};
  testing::FakeClock steady{FromMillis(1'000'000)};
  testing::FakeFrontier store;
  int woken = 0;
  Claims claims;
};

ClaimOptions Small(size_t max_leased, bool once = true) {
  ClaimOptions options;
  options.max_leased = max_leased;
  options.once = once;
  return options;
}

TEST_CASE("ours: leases are asked for a quarter at a time, and never more than there is room for") {
  Fixture f(Small(8));
  f.AddPages(0, 20);
  auto leases = f.Refill();
  CHECK(leases.size() == 8);
  CHECK(f.Refill().empty());
  f.Finish(leases[0]);
  CHECK(f.claims.NextLook() == std::nullopt);
  f.steady.Advance(seconds(1));
  CHECK(f.Refill().empty());
  f.Finish(leases[1]);
  CHECK(f.Refill().size() == 2);
  CHECK(f.claims.leased() == 8);
  CHECK(f.store.claims() == 2);
}

TEST_CASE("ours: begun counts once, until done") {
  Fixture f(Small(8));
  f.AddPages(0, 3);
  const auto leases = f.Refill();
  f.claims.Begin(leases[0].token);
  f.claims.Begin(leases[0].token);
  f.claims.Begin(leases[1].token);
  CHECK(f.claims.in_flight() == 2);
  f.Finish(leases[0]);
  f.claims.Done(leases[0].token);
  f.claims.Collect();
  CHECK(f.claims.in_flight() == 1);
  f.claims.GiveBack({leases[1]});
  CHECK(f.claims.in_flight() == 0);
  CHECK(f.claims.leased() == 1);
  CHECK(f.woken == 2);
}

TEST_CASE("ours: crawl --once: drained when nothing is leased and the store has nothing more") {
  Fixture f(Small(8));
  f.AddPages(0, 1);
  CHECK_FALSE(f.claims.drained());
  const auto leases = f.Refill();
  CHECK_FALSE(f.claims.drained());
  f.Finish(leases[0], f.wall.Now() + seconds(1));
  CHECK_FALSE(f.claims.drained());  // its links may be due
  CHECK(f.Refill().empty());
  CHECK(f.claims.drained());
  CHECK(f.claims.NextLook() == std::nullopt);
  f.wall.Advance(hours(1));  // due again, but after the run began
  f.claims.Poke();
  f.claims.Collect();
  f.steady.Advance(hours(1));
  CHECK(f.Refill().empty());
}

TEST_CASE("ours: crawl --once: what is found in the run belongs to it, what comes back does not") {
  Fixture f(Small(8));
  f.AddPages(0, 1);
  f.wall.Advance(hours(1));  // seeds may be added after the crawler was made
  const auto first = f.Refill();
  REQUIRE(first.size() == 1);
  f.wall.Advance(hours(10));  // a long run
  f.store.Commit(first[0], {{"http://h0/link", "h0", "shop", 1, 1}}, f.wall.Now());
  f.claims.Done(first[0].token);
  f.claims.Collect();
  f.steady.Advance(seconds(1));
  const auto second = f.Refill();
  REQUIRE(second.size() == 1);
  CHECK(second[0].address.url == "http://h0/link");
}

TEST_CASE("ours: without --once the store is asked again after a while, and at once when poked") {
  Fixture f(Small(8, /*once=*/false));
  CHECK(f.Refill().empty());
  f.AddPages(0, 1);
  CHECK(f.Refill().empty());
  CHECK(f.claims.NextLook() == f.steady.Now() + seconds(1));
  f.steady.Advance(seconds(1));
  const auto leases = f.Refill();
  REQUIRE(leases.size() == 1);
  f.Finish(leases[0], f.wall.Now() + hours(6));
  f.Refill();
  f.wall.Advance(hours(6));
  f.claims.Poke();
  f.claims.Collect();
  CHECK(f.Refill().size() == 1);
}

TEST_CASE("ours: a source's round ends at max_pages and begins anew after its time") {
  Fixture f(Small(8, /*once=*/false), /*max_pages=*/3);
  f.AddPages(0, 10);
  auto leases = f.Refill();
  CHECK(leases.size() == 3);
  CHECK(f.store.leased() == 3);
  // A page that was not fetched after all does not count.
  f.claims.GiveBack({leases[2]});
  f.steady.Advance(seconds(2));
  CHECK(f.Refill().size() == 1);
  f.Finish(leases[0]);
  f.Finish(leases[1]);
  f.steady.Advance(seconds(2));
  CHECK(f.Refill().empty());
  f.steady.Advance(hours(1));
  CHECK(f.Refill().size() == 3);
}

TEST_CASE("ours: unknown tokens are nobody's") {
  Fixture f(Small(8));
  f.claims.Done(77);
  f.claims.Begin(78);
  f.claims.Collect();
  CHECK(f.claims.leased() == 0);
  CHECK(f.claims.in_flight() == 0);
}

TEST_CASE("ours: sources of a higher priority are leased first, closed ones not at all") {
  testing::FakeClock wall{*ParseTime("2026-11-22T12:00:00+08:00")};
  testing::FakeClock steady{FromMillis(1'000'000)};
  testing::FakeFrontier store;
  std::vector<SourceSettings> sources(3);
  sources[0].id = "low";
  sources[0].priority = Priority::kLow;
  sources[1].id = "high";
  sources[1].priority = Priority::kHigh;
  sources[2].id = "night";
  sources[2].schedule.hours = {*ParseDayWindow("22:00-06:00")};
  for (const SourceSettings& source : sources) {
    std::vector<store::Discovery> seeds;
    for (int i = 0; i < 3; ++i) {
      const std::string host = source.id + std::to_string(i);
      seeds.push_back({"http://" + host + "/", host, source.id, 0, 1});
    }
    REQUIRE_OK(store.AddSeeds(seeds));
  }
  Claims claims(Small(4, false), store, sources, wall, steady, [] {});
  const auto leases = claims.Refill();
  REQUIRE_OK(leases);
  std::vector<std::string> given;
  for (const store::Lease& lease : *leases) given.push_back(lease.address.source);
  CHECK(given == std::vector<std::string>{"high", "high", "high", "low"});
  CHECK(claims.leased_of().at("high") == 3);
  claims.GiveBack(*leases);
  CHECK(claims.leased_of().empty());
  wall.Advance(hours(12));
  steady.Advance(hours(12));
  const auto at_night = claims.Refill();
  REQUIRE_OK(at_night);
  CHECK(std::any_of(at_night->begin(), at_night->end(),
                    [](const store::Lease& lease) { return lease.address.source == "night"; }));
}

}  // namespace
}  // namespace cluehound::crawler
