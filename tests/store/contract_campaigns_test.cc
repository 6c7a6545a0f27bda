#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

CampaignStart StartOf(const std::string& campaign, Instant begin, hours lasting) {
  CampaignStart start;
  start.campaign = campaign;
  start.name = "中秋专项";
  start.begin = begin;
  start.end = begin + lasting;
  start.by = {"uid-7", "李雷"};
  return start;
}

TEMPLATE_TEST_CASE("campaigns: a start is numbered, audited and there after a reopening", "",
                   STORES) {
  Bench<TestType> store;
  const auto first = store->campaigns().Start(StartOf("mid-autumn", store.now(), hours(48)));
  REQUIRE_OK(first);
  CHECK(first->number == 1);
  CHECK(store->campaigns().Start(StartOf("mid-autumn", store.now(), hours(1))).status().code() ==
        Code::kConflict);
  REQUIRE_OK(store->campaigns().Start(StartOf("launch", store.now(), hours(24))));
  store.Reopen();
  auto starts = store->campaigns().Starts(10);
  REQUIRE_OK(starts);
  REQUIRE(starts->size() == 2);
  CHECK((*starts)[0].campaign == "launch");
  CHECK((*starts)[1] == *first);
  CHECK(store->campaigns().Starts(1)->size() == 1);
  store.Advance(hours(1));
  const auto ended = store->campaigns().End("mid-autumn", {"uid-8", ""}, store.now());
  REQUIRE_OK(ended);
  CHECK(ended->end == store.now());
  CHECK_FALSE(ended->Runs(store.now()));
  CHECK(store->campaigns().End("mid-autumn", {}, store.now()).status().code() == Code::kNotFound);
  // Over, it may be started again.
  REQUIRE_OK(store->campaigns().Start(StartOf("mid-autumn", store.now(), hours(1))));
  const auto audit = store->Audit(0, 100);
  REQUIRE_OK(audit);
  REQUIRE(audit->size() == 4);
  CHECK((*audit)[0].action == "campaigns.start");
  CHECK((*audit)[0].object == "mid-autumn");
  CHECK((*audit)[0].actor.claimed_name == "李雷");
  CHECK((*audit)[2].action == "campaigns.end");
  CHECK((*audit)[2].before == FormatTime(first->end));
}

TEMPLATE_TEST_CASE("campaigns: a start without time or campaign is refused", "", STORES) {
  Bench<TestType> store;
  CHECK(store->campaigns().Start(StartOf("a", store.now(), hours(0))).status().code() ==
        Code::kInvalidArgument);
  CHECK(store->campaigns().Start(StartOf("", store.now(), hours(1))).status().code() ==
        Code::kInvalidArgument);
  CHECK(store->campaigns().Starts(10)->empty());
  CHECK(store->Audit(0, 10)->empty());
}

TEMPLATE_TEST_CASE("frontier: a shorter interval brings forward what would be later", "", STORES) {
  Bench<TestType> store;
  std::vector<Discovery> seeds;
  for (int i = 0; i < 40; ++i) {
    seeds.push_back(Found("h" + std::to_string(i % 3), std::to_string(i),
                          i < 30 ? "shops" : "lists", static_cast<uint8_t>(i % 2)));
    if (i == 0) seeds.back().depth = 0;
  }
  store.Seed(seeds);
  for (const Lease& lease : store.ClaimAll()) {
    PageCommit commit = ReadPage(lease, store.now());
    commit.next_due = store.now() + hours(6);
    if (lease.address.url == Shop("h1", "1")) commit.next_due.reset();                    // gone
    if (lease.address.url == Shop("h2", "2")) commit.next_due = store.now() + hours(20);  // waits
    if (lease.address.url == Shop("h0", "3")) commit.next_due = store.now() + minutes(50);
    if (lease.address.url == Shop("h1", "4")) commit.next_due = store.now() + hours(3);
    store.Commit(commit);
  }
  for (int times = 0; times < 2; ++times) REQUIRE_OK(store->Hasten("shops", 6, hours(1), hours(6)));
  // The seed at once.
  const auto now = store.ClaimAll();
  REQUIRE(now.size() == 1);
  CHECK(now[0].address.url == Shop("h0", "0"));
  store.Advance(minutes(30));
  const auto half = store.ClaimAll();
  REQUIRE(half.size() == 1);
  CHECK(half[0].address.url == Shop("h1", "4"));
  store.Advance(minutes(20));
  const auto later = store.ClaimAll();
  REQUIRE(later.size() == 1);
  CHECK(later[0].address.url == Shop("h0", "3"));
  store.Advance(minutes(10));
  CHECK(store.ClaimAll().size() == 30 - 5);
  // What waits for longer, and the other source, as before.
  store.Advance(hours(5));
  CHECK(store.ClaimAll().size() == 10);
  store.Advance(hours(14));
  CHECK(store.ClaimAll().size() == 1);
}

}  // namespace
}  // namespace cluehound::store::testing
