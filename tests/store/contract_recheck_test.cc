#include "store/recheck.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;

constexpr hours kSeldom{24 * 30};

template <class Kind>
void Decide(Bench<Kind>& store, LeadStatus status, const std::string& reason) {
  const Lead lead = store.OnlyLead();
  REQUIRE_OK(
      store->Decide({lead.id, lead.revision, status, reason, "", {"uid-7", ""}, store.now()}, {}));
  store->Flush();
}

// The page, with its lead on it, read now; its source comes by every thirty days.
template <class Kind>
void Visit(Bench<Kind>& store, const Lease& lease) {
  PageCommit commit = ReadPage(lease, store.now());
  commit.next_due = store.now() + kSeldom;
  AddSuspect(commit, Goods("鸿雁 高仿", "1"), Suspect("brand"));
  store.Commit(std::move(commit));
}

TEMPLATE_TEST_CASE("recheck: a page is due daily while its lead is under check or at the platform",
                   "", STORES) {
  Bench<TestType> store;
  Visit(store, store.LeaseOf(Found("a", "1")));
  const auto due_in = [&] { return *store->NextDue({}).value() - store.now(); };
  CHECK(due_in() == kSeldom);
  store.Advance(hours(1));
  Decide(store, LeadStatus::kChecking, "suspected");
  CHECK(due_in() == kRecheckEvery);
  store.Reopen();
  CHECK(due_in() == kRecheckEvery);
  store.Advance(hours(24));
  auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  Visit(store, leases[0]);
  CHECK(due_in() == kRecheckEvery);  // and again
  Decide(store, LeadStatus::kPlatform, "suspected");
  store.Advance(hours(24));
  leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  PageCommit unchanged = Unchanged(leases[0], store.now());
  unchanged.next_due = store.now() + kSeldom;
  store.Commit(std::move(unchanged));
  CHECK(due_in() == kRecheckEvery);
  // It is over: one visit more, and then as before.
  Decide(store, LeadStatus::kClosed, "handled");
  store.Advance(hours(24));
  leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  Visit(store, leases[0]);
  CHECK(due_in() == kSeldom);
}

TEMPLATE_TEST_CASE("recheck: a page that is being fetched is due daily from then on", "", STORES) {
  Bench<TestType> store;
  Visit(store, store.LeaseOf(Found("a", "1")));
  store.Advance(kSeldom);
  const auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  Decide(store, LeadStatus::kChecking, "suspected");
  Visit(store, leases[0]);
  CHECK(*store->NextDue({}).value() == store.now() + kRecheckEvery);
}

TEST_CASE("recheck: a host that wants to be left alone, and robots.txt, have their own time") {
  PageCommit commit;
  commit.seen = kStart;
  commit.next_due = kStart + hours(72);
  commit.change = PageChange::kFailed;
  for (const Outcome outcome : {Outcome::kRateLimited, Outcome::kRobotsRefused}) {
    commit.outcome = outcome;
    CHECK(RecheckDue(commit) == kStart + hours(72));
  }
  commit.outcome = Outcome::kGone;
  CHECK(RecheckDue(commit) == kStart + kRecheckEvery);
  commit.next_due.reset();
  CHECK_FALSE(RecheckDue(commit));  // gone for good
}

}  // namespace
}  // namespace cluehound::store::testing
