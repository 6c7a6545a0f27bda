#include <set>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Discovery Page(const std::string& host, const std::string& path, uint8_t priority = 1) {
  return {"http://" + host + "/" + path, host, "shop", 1, priority};
}

TEMPLATE_TEST_CASE("sources: a mode is kept and stands in the audit log, once", "", STORES) {
  Bench<TestType> store;
  CHECK(store->sources().Standings()->empty());
  const size_t before = store->Audit(0, 1000)->size();
  REQUIRE_OK(store->sources().SetMode("shop", SourceMode::kRunning, {"root", ""}, store.now()));
  CHECK(store->Audit(0, 1000)->size() == before);  // it runs already
  for (int i = 0; i < 2; ++i) {
    REQUIRE_OK(
        store->sources().SetMode("shop", SourceMode::kPaused, {"root", "王芳"}, store.now()));
  }
  store.Reopen();
  const auto standings = store->sources().Standings();
  REQUIRE(standings->size() == 1);
  CHECK(standings->at(0).mode == SourceMode::kPaused);
  CHECK(standings->at(0).by == Actor{"root", "王芳"});
  CHECK(standings->at(0).since == store.now());
  const auto audit = store->Audit(0, 1000);
  REQUIRE(audit->size() == before + 1);
  CHECK(audit->back().action == "sources.mode");
  CHECK(audit->back().object == "shop");
  CHECK(audit->back().before == "running");
  CHECK(audit->back().after == "paused");
}

TEMPLATE_TEST_CASE("sources: what they bring adds up, and leaves the mode alone", "", STORES) {
  Bench<TestType> store;
  REQUIRE_OK(store->sources().SetMode("b", SourceMode::kDraining, {"root", ""}, store.now()));
  const Instant read = store.now() + hours(1);
  REQUIRE_OK(store->sources().Note({{"b", SourceMode::kRunning, {}, {}, read, 3, 40, 2},
                                    {"a", SourceMode::kRunning, {}, {}, read, 1, 0, 0}}));
  REQUIRE_OK(store->sources().Note({{"b", SourceMode::kRunning, {}, {}, store.now(), 1, 10, 0}}));
  store.Reopen();
  const auto standings = *store->sources().Standings();
  REQUIRE(standings.size() == 2);
  CHECK(standings[0].source == "a");
  CHECK(standings[1].mode == SourceMode::kDraining);
  CHECK(standings[1].pages == 4);
  CHECK(standings[1].listings == 50);
  CHECK(standings[1].leads == 2);
  CHECK(standings[1].read == read);  // never back
}

TEMPLATE_TEST_CASE("requests: each has its line in the audit log", "", STORES) {
  Bench<TestType> store;
  REQUIRE_OK(store->EnqueueRequest({0, "crawl", "pause", "shop", {"root", "王芳"}, store.now()}));
  const auto audit = store->Audit(0, 1000);
  REQUIRE_FALSE(audit->empty());
  CHECK(audit->back().action == "request.pause");
  CHECK(audit->back().object == "shop");
  CHECK(audit->back().actor == Actor{"root", "王芳"});
}

TEMPLATE_TEST_CASE("frontier: what is to be visited now goes first, known or not", "", STORES) {
  Bench<TestType> store;
  store.Seed({Page("h", "1"), Page("h", "2"), Page("h", "room")});
  for (const Lease& lease : store.ClaimAll()) {
    PageCommit commit;
    commit.lease = lease;
    commit.outcome = Outcome::kGone;
    commit.seen = store.now();
    if (lease.address.url != "http://h/room") commit.next_due = store.now() + hours(1);
    store.Commit(std::move(commit));
  }
  CHECK(store.ClaimAll().empty());
  store.Advance(hours(2));  // the other two are due, the room is "not again"
  REQUIRE_OK(store->VisitNow({Page("h", "room", 0), Page("h", "new", 0)}));
  store.Reopen();
  std::vector<std::string> order;
  for (const Lease& lease : store.ClaimAll()) order.push_back(lease.address.url);
  REQUIRE(order.size() == 4);
  CHECK(std::set<std::string>(order.begin(), order.begin() + 2) ==
        std::set<std::string>{"http://h/new", "http://h/room"});
}

TEMPLATE_TEST_CASE("frontier: a leased page that is to be visited now is being visited", "",
                   STORES) {
  Bench<TestType> store;
  const Lease lease = store.LeaseOf(Page("h", "room"));
  REQUIRE_OK(store->VisitNow({Page("h", "room", 0)}));
  CHECK(store.ClaimAll().empty());
}

TEMPLATE_TEST_CASE("frontier: since when the oldest waits", "", STORES) {
  Bench<TestType> store;
  const auto oldest = [&] {
    const auto due = store->OldestDue("shop");
    REQUIRE_OK(due);
    return *due;
  };
  CHECK_FALSE(oldest());
  const Instant first = store.now();
  store.Seed({Page("h", "1")});
  store.Advance(minutes(10));
  store.Seed({Page("g", "1"), Page("h", "2")});
  store.Advance(minutes(10));
  CHECK(oldest() == first);
  CHECK_FALSE(*store->OldestDue("other"));
  REQUIRE_OK(store->BlockAuthority("h", store.now() + hours(1)));
  CHECK(oldest() == first + minutes(10));
  REQUIRE_OK(store->BlockAuthority("h", store.now()));
  store.Reopen();
  CHECK(oldest() == first);
  for (const Lease& lease : store.ClaimAll()) {
    PageCommit commit;
    commit.lease = lease;
    commit.outcome = Outcome::kGone;
    commit.seen = store.now();
    commit.next_due = store.now() + hours(1);
    store.Commit(std::move(commit));
  }
  CHECK_FALSE(oldest());
}

}  // namespace
}  // namespace cluehound::store::testing
