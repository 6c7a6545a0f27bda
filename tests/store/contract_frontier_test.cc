#include <algorithm>
#include <map>
#include <set>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::vector<std::string> Urls(const std::vector<Lease>& leases) {
  std::vector<std::string> urls;
  for (const Lease& lease : leases) urls.push_back(lease.address.url);
  return urls;
}

std::set<std::string> UrlSet(const std::vector<Lease>& leases) {
  const auto urls = Urls(leases);
  return {urls.begin(), urls.end()};
}

TEMPLATE_TEST_CASE("frontier: a seed is due at once and claimed once", "", STORES) {
  Bench<TestType> store;
  const Discovery seed = Found("a", "index", "shops", 0);
  store.Seed({seed});
  const auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  CHECK(leases[0].address == seed);
  CHECK(leases[0].token != 0);
  CHECK(leases[0].page == PageState());
  CHECK(store.ClaimAll().empty());
}

TEMPLATE_TEST_CASE("frontier: an address that is known is not made known again", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "index"), Found("a", "index")});
  store.Seed({Found("a", "index")});
  CHECK(store.Stats().addresses == 1);
  const auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 1);
  store.Commit(ReadPage(leases[0], store.now()));
  store.Seed({Found("a", "index")});
  CHECK(store.ClaimAll().empty());  // it keeps its time
}

TEMPLATE_TEST_CASE(
    "frontier: a seed that was not again becomes due, a page found by links does not", "", STORES) {
  Bench<TestType> store;
  PageCommit gone = ReadPage(store.LeaseOf(Found("a", "index")), store.now());
  gone.change = PageChange::kFailed;
  gone.outcome = Outcome::kGone;
  gone.next_due.reset();
  store.Commit(gone);
  PageCommit other = ReadPage(store.LeaseOf(Found("a", "other")), store.now());
  other.links = {Found("a", "index")};
  CHECK(store.Commit(other).new_addresses == 0);
  store.Advance(hours(10));
  CHECK(Urls(store.ClaimAll()) == std::vector<std::string>{Shop("a", "other")});
  store.Seed({Found("a", "index")});
  CHECK(Urls(store.ClaimAll()) == std::vector<std::string>{Shop("a", "index")});
}

TEMPLATE_TEST_CASE("frontier: a seed belongs to the source that names it now", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "index", "old")});
  store.Seed({Found("a", "index", "new")});
  ClaimRequest request = Everything(store.now());
  request.sources = {"old"};
  CHECK(store.Claim(request).empty());
  request.sources = {"new"};
  const auto leases = store.Claim(request);
  REQUIRE(leases.size() == 1);
  CHECK(leases[0].address.source == "new");
  CHECK(store.Stats().addresses == 1);
}

TEMPLATE_TEST_CASE("frontier: within an authority, priority first, then the longest due", "",
                   STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "late", "shops", 1)});
  store.Advance(seconds(1));
  store.Seed({Found("a", "later", "shops", 1), Found("a", "first", "shops", 0),
              Found("a", "other", "lists", 1)});
  store.Advance(seconds(1));
  store.Seed({Found("a", "second", "lists", 0)});
  CHECK(Urls(store.ClaimAll()) == std::vector<std::string>{Shop("a", "first"), Shop("a", "second"),
                                                           Shop("a", "late"), Shop("a", "later"),
                                                           Shop("a", "other")});
}

TEMPLATE_TEST_CASE("frontier: authorities take turns, within one claim and over many", "", STORES) {
  Bench<TestType> store;
  std::vector<Discovery> seeds;
  for (int i = 0; i < 20; ++i) seeds.push_back(Found("big", "p" + std::to_string(i)));
  for (const std::string host : {"x", "y", "z"}) {
    for (int i = 0; i < 4; ++i) seeds.push_back(Found(host, "p" + std::to_string(i)));
  }
  store.Seed(seeds);
  std::map<std::string, int> counts;
  for (const Lease& lease : store.Claim(Everything(store.now(), 8)))
    ++counts[lease.address.authority];
  CHECK(counts == std::map<std::string, int>{
                      {"big.example", 2}, {"x.example", 2}, {"y.example", 2}, {"z.example", 2}});
  counts.clear();
  for (int i = 0; i < 8; ++i) {
    for (const Lease& lease : store.Claim(Everything(store.now(), 1)))
      ++counts[lease.address.authority];
  }
  CHECK(counts == std::map<std::string, int>{
                      {"big.example", 2}, {"x.example", 2}, {"y.example", 2}, {"z.example", 2}});
  CHECK(store.ClaimAll().size() == 16);
}

TEMPLATE_TEST_CASE("frontier: limits hold exactly, leases of earlier claims included", "", STORES) {
  Bench<TestType> store;
  std::vector<Discovery> seeds;
  for (const std::string host : {"a", "b"}) {
    for (const std::string source : {"shops", "lists"}) {
      for (int i = 0; i < 10; ++i) seeds.push_back(Found(host, source + std::to_string(i), source));
    }
  }
  store.Seed(seeds);
  ClaimRequest request = Everything(store.now());
  request.max_per_authority = 3;
  const auto first = store.Claim(request);
  CHECK(first.size() == 6);
  CHECK(store.Claim(request).empty());
  store->Release({first[0]});
  CHECK(store.Claim(request).size() == 1);
  request.max_per_authority = 5;
  request.max = 3;
  CHECK(store.Claim(request).size() == 3);
  CHECK(store.Claim(request).size() == 1);
  request.max = 0;
  CHECK(store.Claim(request).empty());
}

TEMPLATE_TEST_CASE("frontier: only the sources that are asked for", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "1", "shops"), Found("a", "2", "lists"), Found("b", "3", "lists"),
              Found("c", "4", "live")});
  ClaimRequest request = Everything(store.now());
  request.sources = {"shops", "live", "unknown"};
  CHECK(UrlSet(store.Claim(request)) == std::set<std::string>{Shop("a", "1"), Shop("c", "4")});
  CHECK(store->NextDue({"shops"}).value() == std::nullopt);
  CHECK(store->NextDue({"lists"}).value() == store.now());
  CHECK(UrlSet(store.ClaimAll()) == std::set<std::string>{Shop("a", "2"), Shop("b", "3")});
}

TEMPLATE_TEST_CASE("frontier: nothing is claimed before it is due", "", STORES) {
  Bench<TestType> store;
  const Lease lease = store.LeaseOf(Found("a", "index"));
  store.Commit(ReadPage(lease, store.now()));
  store.Advance(seconds(3599));
  CHECK(store.ClaimAll().empty());
  ClaimRequest ahead = Everything(store.now());
  ahead.due_until = store.now() + seconds(1);
  const auto leases = store.Claim(ahead);
  REQUIRE(leases.size() == 1);
  store->Release(leases);
  CHECK(store.ClaimAll().empty());
  store.Advance(seconds(1));
  CHECK(store.ClaimAll().size() == 1);
}

TEMPLATE_TEST_CASE("frontier: what is given back is due again, in its old place", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "1")});
  store.Advance(seconds(1));
  store.Seed({Found("a", "2")});
  const auto leases = store.ClaimAll();
  REQUIRE(leases.size() == 2);
  store->Release({leases[1]});
  store->Release({leases[0]});
  CHECK(Urls(store.ClaimAll()) == std::vector<std::string>{Shop("a", "1"), Shop("a", "2")});
  store->Release(leases);  // no longer theirs
  CHECK(store.ClaimAll().empty());
}

TEMPLATE_TEST_CASE("frontier: a commit needs the lease in force", "", STORES) {
  Bench<TestType> store;
  const Lease old = store.LeaseOf(Found("a", "index"));
  store->Release({old});
  const auto fresh = store.ClaimAll();
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].token != old.token);
  PageCommit stale = ReadPage(old, store.now());
  AddSuspect(stale, Goods("鸿雁 高仿"), Suspect("brand"));
  CHECK(CommitOne(store.store(), stale).status.code() == Code::kConflict);
  CHECK(store.Leads().empty());
  CHECK(store->FindPage(old.address.url).value() == std::nullopt);
  store.Commit(ReadPage(fresh[0], store.now()));
  CHECK(CommitOne(store.store(), ReadPage(fresh[0], store.now())).status.code() == Code::kConflict);
  Lease unknown = fresh[0];
  unknown.address.url = Shop("a", "never");
  CHECK(CommitOne(store.store(), ReadPage(unknown, store.now())).status.code() == Code::kConflict);
}

TEMPLATE_TEST_CASE("frontier: the same lease twice in one batch counts once", "", STORES) {
  Bench<TestType> store;
  const Lease lease = store.LeaseOf(Found("a", "index"));
  const auto receipts =
      CommitAll(store.store(), {ReadPage(lease, store.now()), ReadPage(lease, store.now())});
  CHECK(receipts[0].status.ok());
  CHECK(receipts[1].status.code() == Code::kConflict);
}

TEMPLATE_TEST_CASE("frontier: a blocked authority rests, also after reopening", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "1"), Found("b", "1")});
  REQUIRE_OK(store->BlockAuthority("a.example", store.now() + seconds(60)));
  CHECK(Urls(store.ClaimAll()) == std::vector<std::string>{Shop("b", "1")});
  CHECK(store->NextDue({}).value() == store.now() + seconds(60));
  store->Flush();
  store.Reopen();
  ClaimRequest request = Everything(store.now());
  for (const Lease& lease : store.Claim(request)) CHECK(lease.address.authority == "b.example");
  store.Advance(seconds(60));
  CHECK(UrlSet(store.ClaimAll()).contains(Shop("a", "1")));
}

TEMPLATE_TEST_CASE("frontier: a shorter block replaces a longer one", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "1")});
  REQUIRE_OK(store->BlockAuthority("a.example", store.now() + hours(24)));
  CHECK(store.ClaimAll().empty());
  REQUIRE_OK(store->BlockAuthority("a.example", store.now()));
  CHECK(store.ClaimAll().size() == 1);
}

TEMPLATE_TEST_CASE("frontier: NextDue is the earliest of what is not leased", "", STORES) {
  Bench<TestType> store;
  CHECK(store->NextDue({}).value() == std::nullopt);
  const Lease a = store.LeaseOf(Found("a", "1", "shops"));
  const Lease b = store.LeaseOf(Found("b", "1", "lists"));
  CHECK(store->NextDue({}).value() == std::nullopt);
  PageCommit late = ReadPage(a, store.now());
  late.next_due = store.now() + hours(5);
  store.Commit(late);
  CHECK(store->NextDue({}).value() == store.now() + hours(5));
  PageCommit soon = ReadPage(b, store.now());
  soon.next_due = store.now() + hours(2);
  store.Commit(soon);
  CHECK(store->NextDue({}).value() == store.now() + hours(2));
  CHECK(store->NextDue({"shops"}).value() == store.now() + hours(5));
  store.Reopen();
  CHECK(store->NextDue({}).value() == store.now() + hours(2));
  store.Advance(hours(3));
  CHECK(store->NextDue({}).value() == store.now());
}

TEMPLATE_TEST_CASE("frontier: run now makes a whole source due, and nothing else", "", STORES) {
  Bench<TestType> store;
  std::vector<Discovery> seeds;
  for (int i = 0; i < 30; ++i) {
    seeds.push_back(
        Found("h" + std::to_string(i % 3), std::to_string(i), i % 2 == 0 ? "shops" : "lists"));
  }
  store.Seed(seeds);
  for (const Lease& lease : store.ClaimAll()) {
    PageCommit commit = ReadPage(lease, store.now());
    if (lease.address.url == Shop("h0", "0")) commit.next_due.reset();  // gone
    store.Commit(commit);
  }
  REQUIRE_OK(store->MakeDue("shops"));
  const auto leases = store.ClaimAll();
  CHECK(leases.size() == 14);
  for (const Lease& lease : leases) CHECK(lease.address.source == "shops");
  store.Advance(hours(1));
  CHECK(store.ClaimAll().size() == 15);
}

TEMPLATE_TEST_CASE("frontier: links of a page become known, each once", "", STORES) {
  Bench<TestType> store;
  PageCommit commit = ReadPage(store.LeaseOf(Found("a", "index")), store.now());
  commit.links = {Found("a", "1"),     Found("a", "2"),          Found("a", "1"),
                  Found("a", "index"), Found("b", "1", "lists"), Found("b", "1", "lists")};
  const CommitReceipt receipt = store.Commit(commit);
  CHECK(receipt.new_addresses == 2);
  CHECK(store.Stats().addresses == 4);  // those elsewhere came through the outbox
  CHECK(UrlSet(store.ClaimAll()) ==
        std::set<std::string>{Shop("a", "1"), Shop("a", "2"), Shop("b", "1")});
}

TEMPLATE_TEST_CASE("frontier: links are taken of a page that gave nothing else, too", "", STORES) {
  Bench<TestType> store;
  for (const PageChange change : {PageChange::kFailed, PageChange::kUnchanged}) {
    const std::string name = std::to_string(static_cast<int>(change));
    PageCommit commit = ReadPage(store.LeaseOf(Found("a", "index" + name)), store.now());
    commit.change = change;
    commit.links = {Found("a", name), Found("b", name)};
    CHECK(store.Commit(commit).new_addresses == 1);
    CHECK(UrlSet(store.ClaimAll()) == std::set<std::string>{Shop("a", name), Shop("b", name)});
  }
}

TEMPLATE_TEST_CASE("frontier: what is said to have changed is due if it is known", "", STORES) {
  Bench<TestType> store;
  store.Seed({Found("a", "1"), Found("a", "2"), Found("b", "1")});
  for (const Lease& lease : store.ClaimAll()) store.Commit(ReadPage(lease, store.now()));
  PageCommit commit = ReadPage(store.LeaseOf(Found("a", "map")), store.now());
  commit.changed = {Shop("a", "1"), Shop("b", "1"), Shop("c", "unknown")};
  commit.links_due = store.now();
  store.Commit(commit);
  CHECK(UrlSet(store.ClaimAll()) == std::set<std::string>{Shop("a", "1"), Shop("b", "1")});
}

TEMPLATE_TEST_CASE(
    "frontier: links make no more addresses of a host known than its source is given", "", STORES) {
  Bench<TestType> store;
  store->BoundAddresses("shops", 4);
  PageCommit page = ReadPage(store.LeaseOf(Found("a", "index")), store.now());
  for (int i = 0; i < 10; ++i) page.links.push_back(Found("a", std::to_string(i)));
  for (int i = 0; i < 10; ++i) page.links.push_back(Found("b", std::to_string(i)));
  for (int i = 0; i < 10; ++i) page.links.push_back(Found("a", "x" + std::to_string(i), "others"));
  CHECK(store.Commit(page).new_addresses == 3 + 10);  // the seed counts; other sources are unbound
  CHECK(store.Stats().addresses == 4 + 4 + 10);
  const auto rest = [&](const std::string& host, const std::string& seed) {
    PageCommit more = ReadPage(store.LeaseOf(Found(host, seed)), store.now());
    more.links = {Found(host, "late"), Found(host, "1")};
    return store.Commit(more).new_addresses;
  };
  CHECK(rest("a", "seed-1") == 0);
  store.Reopen();  // what is known was counted on disk, the bound is given anew
  store->BoundAddresses("shops", 4);
  CHECK(rest("b", "seed-2") == 0);
  store->BoundAddresses("shops", 100);
  CHECK(rest("b", "seed-3") == 1);
  PageCommit late = ReadPage(store.LeaseOf(Found("c", "index")), store.now());
  for (int i = 0; i < 10; ++i) late.links.push_back(Found("b", std::to_string(i)));
  store.Commit(late);  // those that found no room then find it now
  CHECK(store.Stats().addresses == 4 + 4 + 10 + 4 + 1 + 6);  // four seeds, "late", six links
}

TEMPLATE_TEST_CASE("frontier: a failed fetch keeps what the page was and counts", "", STORES) {
  Bench<TestType> store;
  PageCommit read = ReadPage(store.LeaseOf(Found("a", "index")), store.now());
  read.state.etag = "\"1\"";
  store.Commit(read);
  for (int i = 1; i <= 2; ++i) {
    store.Advance(hours(1));
    const auto leases = store.ClaimAll();
    REQUIRE(leases.size() == 1);
    CHECK(leases[0].page.etag == "\"1\"");
    CHECK(leases[0].page.failures == static_cast<uint32_t>(i - 1));
    PageCommit failed = ReadPage(leases[0], store.now());
    failed.change = PageChange::kFailed;
    failed.outcome = Outcome::kTimeout;
    failed.http_status = 0;
    failed.state = {};
    store.Commit(failed);
  }
  const auto page = store->FindPage(Shop("a", "index")).value();
  REQUIRE(page);
  CHECK(page->failures == 2);
  CHECK(page->outcome == Outcome::kTimeout);
  CHECK(page->etag == "\"1\"");
  CHECK(page->fetched == kStart);
}

TEMPLATE_TEST_CASE("frontier: robots records are kept per authority", "", STORES) {
  Bench<TestType> store;
  CHECK(store->FindRobots("a.example").value() == std::nullopt);
  RobotsRecord record{store.now(), 200, "User-agent: *\nDisallow: /cart\n"};
  REQUIRE_OK(store->PutRobots("a.example", record));
  CHECK(store->FindRobots("a.example").value()->body == record.body);
  record.body = "";
  record.status = 404;
  REQUIRE_OK(store->PutRobots("a.example", record));
  store->Flush();
  store.Reopen();
  const auto found = store->FindRobots("a.example").value();
  REQUIRE(found);
  CHECK(found->status == 404);
  CHECK(found->fetched == record.fetched);
  CHECK(store->FindRobots("b.example").value() == std::nullopt);
}

TEMPLATE_TEST_CASE("frontier: strange addresses and names are kept apart", "", STORES) {
  Bench<TestType> store;
  const std::string nul("a\0b", 3);
  std::vector<Discovery> seeds;
  for (const std::string& name :
       {std::string("a"), nul, std::string("a\x01"), std::string("\xFF\xFF")}) {
    seeds.push_back({"http://" + name + "/x", name, name, 1, 1});
    seeds.push_back({"http://" + name + "/x" + std::string(8000, 'y'), name, name, 1, 255});
  }
  store.Seed(seeds);
  const auto leases = store.ClaimAll();
  CHECK(leases.size() == 8);
  std::set<std::string> tokens;
  for (const Lease& lease : leases) {
    CHECK(lease.address.authority == lease.address.source);
    CHECK(std::count(seeds.begin(), seeds.end(), lease.address) == 1);
  }
}

}  // namespace
}  // namespace cluehound::store::testing
