#include <algorithm>
#include <thread>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEMPLATE_TEST_CASE("pages: what was read is remembered, with its listings", "", STORES) {
  Bench<TestType> store;
  PageCommit commit = ReadPage(store.LeaseOf(Found("a", "list")), store.now());
  commit.state.etag = "\"abc\"";
  commit.listings = {Goods("帆布包"), Goods("雨伞", "17")};
  commit.listings[1].sold = 12;
  commit.listings[1].images = {"http://a.example/1.jpg"};
  store.Commit(commit);
  store.Reopen();
  const auto page = store->FindPage(Shop("a", "list")).value();
  REQUIRE(page);
  CHECK(page->etag == "\"abc\"");
  CHECK(page->fetched == store.now());
  CHECK(page->source == "shops");
  CHECK(page->listing_count == 2);
  CHECK(page->leads.empty());
  CHECK(page->body_digest == commit.state.body_digest);
  CHECK(store->PageListings(Shop("a", "list")).value() == commit.listings);
  CHECK(store.Stats() == StoreStats{1, 1, 2, 0, 0});
}

TEMPLATE_TEST_CASE("pages: nothing is known of a page that was never read", "", STORES) {
  Bench<TestType> store;
  CHECK(store->FindPage(Shop("a", "list")).value() == std::nullopt);
  CHECK(store->PageListings(Shop("a", "list")).value().empty());
}

TEMPLATE_TEST_CASE("pages: a later reading replaces listings and figures", "", STORES) {
  Bench<TestType> store;
  PageCommit first = ReadPage(store.LeaseOf(Found("a", "list")), store.now());
  first.listings = {Goods("帆布包"), Goods("雨伞"), Goods("键盘")};
  store.Commit(first);
  store.Advance(hours(1));
  PageCommit second = ReadPage(store.ClaimAll().at(0), store.now());
  second.listings = {Goods("雨伞")};
  store.Commit(second);
  CHECK(store.Stats().listings == 1);
  CHECK(store->PageListings(Shop("a", "list")).value() == second.listings);
  store.Advance(hours(1));
  store.Commit(ReadPage(store.ClaimAll().at(0), store.now()));
  CHECK(store.Stats() == StoreStats{1, 1, 0, 0, 0});
  CHECK(store->PageListings(Shop("a", "list")).value().empty());
}

TEMPLATE_TEST_CASE("pages: an unchanged page takes over new validators and counts no failures", "",
                   STORES) {
  Bench<TestType> store;
  PageCommit read = ReadPage(store.LeaseOf(Found("a", "list")), store.now());
  read.state.etag = "\"1\"";
  read.state.last_modified = "Sun, 22 Nov 2026 00:00:00 GMT";
  store.Commit(read);
  store.Advance(hours(1));
  PageCommit failed = ReadPage(store.ClaimAll().at(0), store.now());
  failed.change = PageChange::kFailed;
  failed.outcome = Outcome::kTimeout;
  store.Commit(failed);
  store.Advance(hours(1));
  PageCommit unchanged = Unchanged(store.ClaimAll().at(0), store.now());
  unchanged.state.etag = "\"2\"";
  store.Commit(unchanged);
  const auto page = store->FindPage(Shop("a", "list")).value();
  CHECK(page->etag == "\"2\"");
  CHECK(page->last_modified == read.state.last_modified);
  CHECK(page->failures == 0);
  CHECK(page->outcome == Outcome::kNotModified);
  CHECK(page->fetched == store.now());
  CHECK(page->body_digest == read.state.body_digest);
}

TEMPLATE_TEST_CASE("pages: a saved page is kept without being scheduled", "", STORES) {
  Bench<TestType> store;
  PageCommit commit = ReadPage(Lease{0, Found("a", "saved"), {}}, store.now());
  AddSuspect(commit, Goods("鸿雁 高仿", "1"), Suspect("brand"));
  CHECK(store.Commit(commit).new_leads == 1);
  CHECK(store.Stats() == StoreStats{0, 1, 1, 1, 1});
  CHECK(store->NextDue({}).value() == std::nullopt);
  CHECK(store.Commit(Unchanged(Lease{0, Found("a", "saved"), {}}, store.now() + seconds(5)))
            .sightings == 1);
}

TEMPLATE_TEST_CASE("pages: those matched with other rules come in order of address, page by page",
                   "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 9; ++i) {
    const Discovery address =
        Found(i % 2 == 0 ? "a" : "b", std::to_string(i), "source-" + std::to_string(i));
    PageCommit commit =
        ReadPage(store.LeaseOf(address), store.now(), "rules-" + std::to_string(i % 3));
    if (i != 4)
      commit.listings = {Goods("帆布包 " + std::to_string(i))};  // page 4 holds nothing to match
    store.Commit(commit);
  }
  std::vector<std::string> urls;
  std::string after;
  while (true) {
    const auto stale = store->PagesMatchedOtherwise("rules-0", after, 2);
    REQUIRE_OK(stale);
    if (stale->empty()) break;
    CHECK(stale->size() <= 2);
    for (const auto& page : *stale) {
      urls.push_back(page.address.url);
      CHECK(page.state.rule_set != "rules-0");
      CHECK(page.address.authority.ends_with(".example"));
      const std::string number = page.address.url.substr(page.address.url.size() - 1);
      CHECK(page.address.source == "source-" + number);
      REQUIRE(page.listings.size() == 1);
      CHECK(page.listings[0].title == "帆布包 " + number);
    }
    after = urls.back();
  }
  CHECK(urls == std::vector<std::string>{Shop("a", "2"), Shop("a", "8"), Shop("b", "1"),
                                         Shop("b", "5"), Shop("b", "7")});
  CHECK(store->PagesMatchedOtherwise("rules-9", "", 100)->size() == 8);
}

TEMPLATE_TEST_CASE("pages: stored listings meet newer rules without a fetch", "", STORES) {
  Bench<TestType> store;
  PageCommit read = ReadPage(store.LeaseOf(Found("a", "list")), store.now(), "rules-1");
  AddSuspect(read, Goods("鸿雁 高仿", "1"), Suspect("brand", 60));
  read.listings.push_back(Goods("新标 复刻", "2"));
  CHECK(store.Commit(read).new_leads == 1);
  store.Advance(hours(10));

  auto stale = store->PagesMatchedOtherwise("rules-2", "", 10).value();
  REQUIRE(stale.size() == 1);
  PageCommit rematch;
  rematch.change = PageChange::kRematched;
  rematch.lease.address = stale[0].address;
  rematch.seen = store.now();
  rematch.state = stale[0].state;
  rematch.state.rule_set = "rules-2";
  rematch.listings = stale[0].listings;
  rematch.leads = {{0, Suspect("brand", 75)}, {1, Suspect("new-mark", 50, "xinbiao")}};
  const CommitReceipt receipt = store.Commit(rematch);
  CHECK(receipt.new_leads == 1);
  CHECK(receipt.changed_leads == 1);
  CHECK(receipt.sightings == 1);

  CHECK(store->PagesMatchedOtherwise("rules-2", "", 10)->empty());
  LeadFilter filter;
  filter.mark = "xinbiao";
  const Lead fresh = store.Leads(filter).at(0);
  CHECK(fresh.first_seen == kStart);  // when the wording was seen, not when it was understood
  CHECK(fresh.last_seen == kStart);
  CHECK(fresh.rule_set == "rules-2");
  CHECK(store->Sightings(fresh.id, 10)->size() == 1);
  filter.mark = "hongyan";
  const Lead old = store.Leads(filter).at(0);
  CHECK(old.suspicion.score == 75);
  CHECK(old.revision == 2);
  CHECK(old.sightings == 1);
  CHECK(store->FindPage(Shop("a", "list")).value()->leads.size() == 2);
  CHECK(store->FindPage(Shop("a", "list")).value()->fetched == kStart);

  // The same again changes nothing.
  CHECK(store.Commit(rematch).sightings == 0);
  CHECK(store.Stats().sightings == 2);
}

TEMPLATE_TEST_CASE("pages: a rematch of what was read again meanwhile is refused", "", STORES) {
  Bench<TestType> store;
  PageCommit read = ReadPage(store.LeaseOf(Found("a", "list")), store.now(), "rules-1");
  read.listings = {Goods("鸿雁 高仿", "1")};
  store.Commit(read);
  auto stale = store->PagesMatchedOtherwise("rules-2", "", 10).value();
  REQUIRE(stale.size() == 1);
  store.Advance(hours(1));
  store.Commit(ReadPage(store.ClaimAll().at(0), store.now(), "rules-1"));
  PageCommit rematch;
  rematch.change = PageChange::kRematched;
  rematch.lease.address = stale[0].address;
  rematch.state = stale[0].state;
  rematch.state.rule_set = "rules-2";
  rematch.listings = stale[0].listings;
  rematch.leads = {{0, Suspect("brand")}};
  CHECK(CommitOne(store.store(), rematch).status.code() == Code::kConflict);
  CHECK(store.Leads().empty());
  rematch.lease.address.url = Shop("a", "never");
  CHECK(CommitOne(store.store(), rematch).status.code() == Code::kConflict);
}

TEMPLATE_TEST_CASE("pages: what cannot be taken is refused alone, the rest of the batch stands", "",
                   STORES) {
  Bench<TestType> store;
  const Lease a = store.LeaseOf(Found("a", "1"));
  const Lease b = store.LeaseOf(Found("b", "1"));
  PageCommit bad = ReadPage(a, store.now());
  bad.leads = {{3, Suspect("brand")}};
  bad.links = {Found("a", "2")};
  PageCommit good = ReadPage(b, store.now());
  good.listings = {Goods("帆布包")};
  PageCommit unleased = ReadPage(Lease{0, Found("c", "1"), {}}, store.now());
  unleased.change = PageChange::kFailed;
  PageCommit nameless = good;
  nameless.lease.address.url = "";
  const auto receipts = CommitAll(store.store(), {bad, good, unleased, nameless});
  CHECK(receipts[0].status.code() == Code::kInvalidArgument);
  CHECK(receipts[1].status.ok());
  CHECK(receipts[2].status.code() == Code::kInvalidArgument);
  CHECK(receipts[3].status.code() == Code::kInvalidArgument);
  CHECK(store.Stats() == StoreStats{2, 1, 1, 0, 0});
  store->Release({a});  // it is still leased
  CHECK(store.ClaimAll().size() == 1);
}

TEMPLATE_TEST_CASE("pages: batches of many threads are all written", "", STORES) {
  Bench<TestType> store;
  std::vector<Discovery> seeds;
  for (int i = 0; i < 200; ++i)
    seeds.push_back(Found("h" + std::to_string(i % 10), std::to_string(i)));
  store.Seed(seeds);
  const auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 200);
  std::atomic<uint32_t> fine = 0;
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = t; i < leases.size(); i += 4) {
        PageCommit commit = ReadPage(leases[i], kStart);
        AddSuspect(commit, Goods("鸿雁 高仿", std::to_string(i)), Suspect("brand"));
        store->CommitPages(
            {commit}, [&fine](const auto& receipts) { fine += receipts[0].status.ok() ? 1 : 0; });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  store->Flush();
  CHECK(fine == 200);
  CHECK(store.Stats() == StoreStats{200, 200, 200, 200, 200});
  store.Reopen();
  CHECK(store.Stats() == StoreStats{200, 200, 200, 200, 200});
}

}  // namespace
}  // namespace cluehound::store::testing
