#include <algorithm>
#include <set>
#include <thread>

#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEMPLATE_TEST_CASE("leads: a suspicion becomes a lead with everything that explains it", "",
                   STORES) {
  Bench<TestType> store;
  const Discovery list = Found("a", "list");
  const auto listing = Goods("鸿雁 高仿 行李箱", "77");
  const auto receipt = store.Read(list, {{listing, Suspect("brand", 64)}});
  CHECK(receipt.new_leads == 1);
  CHECK(receipt.changed_leads == 0);
  CHECK(receipt.sightings == 1);
  store.Reopen();
  const Lead lead = store.OnlyLead();
  CHECK(lead.id.size() == 32);
  CHECK(lead.revision == 1);
  CHECK(lead.name_space == "a.example");
  CHECK(lead.page_url == list.url);
  CHECK(lead.source == "shops");
  CHECK(lead.listing == listing);
  CHECK(lead.suspicion == Suspect("brand", 64));
  CHECK(lead.rule_set == "rules-1");
  CHECK(lead.status == LeadStatus::kNew);
  CHECK(lead.first_seen == kStart);
  CHECK(lead.last_seen == kStart);
  CHECK(lead.sightings == 1);
  CHECK(lead.capture.present());
  CHECK(lead.capture.sha256 == Sha256("<html>" + list.url + "</html>"));
  const auto sightings = store->Sightings(lead.id, 10).value();
  REQUIRE(sightings.size() == 1);
  CHECK(sightings[0] == Sighting{lead.id, kStart, list.url, lead.capture, false});
  const auto page = store->FindPage(list.url).value();
  CHECK(page->leads == std::vector<LeadId>{lead.id});
  CHECK(page->listings == std::vector<ListingIdentity>{lead.listing_identity});
  const auto audit = store.Audit();
  REQUIRE(audit.size() == 1);
  CHECK(audit[0].number == 1);
  CHECK(audit[0].action == "lead.new");
  CHECK(audit[0].object == lead.id);
  CHECK(audit[0].after.find("鸿雁 高仿 行李箱") != std::string::npos);
}

TEMPLATE_TEST_CASE("leads: a rule that only observes makes none", "", STORES) {
  Bench<TestType> store;
  auto observed = Suspect("brand");
  observed.mode = rules::Mode::kObserve;
  auto alerted = Suspect("gi");
  alerted.mode = rules::Mode::kAlert;
  const auto receipt = store.Read(Found("a", "list"),
                                  {{Goods("鸿雁", "1"), observed}, {Goods("萝卜", "2"), alerted}});
  CHECK(receipt.new_leads == 1);
  CHECK(store.OnlyLead().suspicion.family == "gi");
}

TEMPLATE_TEST_CASE("leads: an unchanged page adds one sighting per lead and nothing else", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")},
                                  {Goods("鸿雁 复刻", "2"), Suspect("brand")}});
  const auto before = store.Leads();
  const auto audit = store.Audit();
  store.Advance(hours(1));
  const auto receipt = store.Commit(Unchanged(store.ClaimAll().at(0), store.now()));
  CHECK(receipt.sightings == 2);
  CHECK(receipt.new_leads + receipt.changed_leads + receipt.new_addresses == 0);
  auto after = store.Leads();
  REQUIRE(after.size() == 2);
  for (Lead& lead : after) {
    CHECK(lead.sightings == 2);
    CHECK(lead.last_seen == store.now());
    const auto sightings = store->Sightings(lead.id, 10).value();
    REQUIRE(sightings.size() == 2);
    CHECK(sightings[0].seen == store.now());  // newest first
    CHECK_FALSE(sightings[0].capture.present());
    CHECK(sightings[1].capture.present());
    CHECK(store->Sightings(lead.id, 1)->size() == 1);
    lead.sightings = 1;
    lead.last_seen = kStart;
  }
  CHECK(after == before);
  CHECK(store.Audit() == audit);
  CHECK(store.Stats() == StoreStats{1, 1, 2, 2, 4});
}

TEMPLATE_TEST_CASE(
    "leads: wording, price, hits, rule or score raise the revision; pictures and sales do not", "",
    STORES) {
  Bench<TestType> store;
  auto listing = Goods("鸿雁 高仿", "1");
  auto suspicion = Suspect("brand", 60);
  store.Read(Found("a", "list"), {{listing, suspicion}});
  const auto read_again = [&] {
    store.Advance(hours(1));
    PageCommit commit = ReadPage(store.ClaimAll().at(0), store.now());
    AddSuspect(commit, listing, suspicion);
    commit.page = RawPage(Shop("a", "list"));
    return store.Commit(commit);
  };
  uint64_t revision = 1;
  listing.sold = 500;
  listing.viewers = 9;
  listing.images = {"http://a.example/2.jpg"};
  listing.url = "http://a.example/item-1?utm_source=x";
  const uint64_t captured = store.sink().appended;
  CHECK(read_again().changed_leads == 0);
  CHECK(store.OnlyLead().revision == revision);
  CHECK(store.OnlyLead().listing == listing);  // as last seen
  CHECK(store.sink().appended == captured);    // nothing new to prove
  const auto changes = [&](const std::string& what) {
    INFO(what);
    const Lead before = store.OnlyLead();
    const auto receipt = read_again();
    CHECK(receipt.changed_leads == 1);
    CHECK(receipt.new_leads == 0);
    const Lead after = store.OnlyLead();
    CHECK(after.revision == ++revision);
    CHECK(after.listing == listing);
    CHECK(after.suspicion == suspicion);
    CHECK_FALSE(after.capture == before.capture);
    const auto newest = store->Sightings(after.id, 1).value().at(0);
    CHECK(newest.changed);
    CHECK(newest.capture == after.capture);
    CHECK(store.Audit().back().action == "lead.change");
  };
  listing.title = "鸿雁 复刻";
  changes("title");
  listing.price = "49.00";
  changes("price");
  suspicion.hits[0].begin = 7;
  suspicion.hits[0].end = 13;
  changes("hits");
  suspicion.score = 80;
  changes("score");
  suspicion.rev = 2;
  changes("rule");
  listing.seller = "西风小店";
  changes("seller");
  CHECK(read_again().changed_leads == 0);
  CHECK(store.OnlyLead().sightings == 9);
}

TEMPLATE_TEST_CASE("leads: what people decided is never touched by the machine", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)}});
  Store::Decision decision;
  decision.lead = store.OnlyLead().id;
  decision.expected_revision = 1;
  decision.status = LeadStatus::kRuledOut;
  decision.reason = "authorised";
  decision.note = "有授权书";
  decision.actor = {"uid-1000", "王芳"};
  decision.at = store.now();
  REQUIRE_OK(store->Decide(decision, {}));
  store.Advance(hours(1));
  PageCommit commit = ReadPage(store.ClaimAll().at(0), store.now());
  AddSuspect(commit, Goods("鸿雁 一比一", "1"), Suspect("brand", 90));
  store.Commit(commit);
  const Lead lead = store.OnlyLead();
  CHECK(lead.status == LeadStatus::kRuledOut);
  CHECK(lead.reason == "authorised");
  CHECK(lead.note == "有授权书");
  CHECK(lead.listing.title == "鸿雁 一比一");
  CHECK(lead.revision == 3);
}

TEMPLATE_TEST_CASE(
    "leads: one item on its list and on its own page is one lead, whichever comes first", "",
    STORES) {
  const bool detail_first = GENERATE(false, true);
  const bool with_id = GENERATE(false, true);
  Bench<TestType> store;
  auto on_list = Goods("鸿雁 高仿", with_id ? "501" : "");
  on_list.url = Shop("a", "item?id=501&utm_source=list&spm=a2.1");
  auto on_detail = Goods("鸿雁 高仿 行李箱 28寸", "501");
  on_detail.text = "一比一 复刻";
  on_detail.url = Shop("a", "item?id=501");
  const auto read = [&](bool detail) {
    if (detail) {
      store.Read(Found("a", "item?id=501"), {{on_detail, Suspect("brand", 80)}});
    } else {
      store.Read(Found("a", "list"),
                 {{on_list, Suspect("brand", 60)}, {Goods("鸿雁 复刻", "9"), Suspect("gi", 30)}});
    }
  };
  read(detail_first);
  read(!detail_first);
  LeadFilter filter;
  filter.rule = "brand-rule";
  const auto leads = store.Leads(filter);
  REQUIRE(leads.size() == 1);
  CHECK(leads[0].sightings == 2);
  CHECK(leads[0].listing == on_detail);  // the stronger wording, in either order
  CHECK(leads[0].suspicion.score == 80);
  CHECK(store.Stats().leads == 2);
}

TEMPLATE_TEST_CASE(
    "leads: number, shop and place that only the list tells are kept beside the own page's wording",
    "", STORES) {
  const bool detail_first = GENERATE(false, true);
  Bench<TestType> store;
  auto on_list = Goods("鸿雁 高仿", "501");
  on_list.url = Shop("a", "item-501.html");
  on_list.location = "山东 潍坊";
  extractors::Listing on_detail;
  on_detail.title = "鸿雁 高仿 行李箱 28寸";
  on_detail.price = "61.00";
  const auto read = [&](bool detail) {
    if (detail) {
      store.Read(Found("a", "item-501.html"), {{on_detail, Suspect("brand", 80)}});
    } else {
      store.Read(Found("a", "list"), {{on_list, Suspect("brand", 60)}});
    }
  };
  read(detail_first);
  read(!detail_first);
  const Lead lead = store.OnlyLead();
  CHECK(lead.listing.title == on_detail.title);
  CHECK(lead.listing.price == "61.00");
  CHECK(lead.listing.id == "501");
  CHECK(lead.listing.seller == on_list.seller);
  CHECK(lead.listing.location == "山东 潍坊");
  // Reading them again is no news.
  store.Advance(hours(2));
  for (const Lease& lease : store.ClaimAll()) {
    PageCommit page = ReadPage(lease, store.now());
    const bool list = lease.address.url == Shop("a", "list");
    AddSuspect(page, list ? on_list : on_detail, Suspect("brand", list ? 60 : 80));
    CHECK(store.Commit(page).changed_leads == 0);
  }
  CHECK(store.OnlyLead().sightings == 4);
  CHECK(store.OnlyLead().revision == lead.revision);
  LeadFilter filter;
  CHECK(store->QueryRows(filter, {}, "", 10)->rows.at(0).seller == on_list.seller);
}

TEMPLATE_TEST_CASE("leads: list and own page read at the same moment make one lead", "", STORES) {
  for (int round = 0; round < 20; ++round) {
    Bench<TestType> store;
    auto on_list = Goods("鸿雁 高仿", "501");
    on_list.url = Shop("a", "item?id=501");
    const Lease list = store.LeaseOf(Found("a", "list"));
    const Lease item = store.LeaseOf(Found("a", "item?id=501"));
    const auto commit = [&](const Lease& lease, const extractors::Listing& listing, int score) {
      PageCommit page = ReadPage(lease, kStart + seconds(score));
      AddSuspect(page, listing, Suspect("brand", score));
      store->CommitPages({page}, nullptr);
    };
    std::thread other([&] { commit(list, on_list, 60); });
    commit(item, Goods("鸿雁 高仿 行李箱", ""), 80);
    other.join();
    store->Flush();
    const Lead lead = store.OnlyLead();
    CHECK(lead.sightings == 2);
    CHECK(lead.suspicion.score == 80);
    CHECK(lead.last_seen == kStart + seconds(80));
  }
}

TEMPLATE_TEST_CASE("leads: reading list and own page in turn does not change the lead each time",
                   "", STORES) {
  Bench<TestType> store;
  auto on_list = Goods("鸿雁 高仿", "501");
  on_list.url = Shop("a", "item?id=501");
  auto on_detail = Goods("鸿雁 高仿 行李箱", "501");
  const auto read = [&](const Lease& lease) {
    PageCommit page = ReadPage(lease, store.now());
    const bool list = lease.address.url == Shop("a", "list");
    AddSuspect(page, list ? on_list : on_detail, Suspect("brand", list ? 60 : 80));
    return store.Commit(page);
  };
  store.Seed({Found("a", "list"), Found("a", "item?id=501")});
  for (int day = 0; day < 4; ++day) {
    for (const Lease& lease : store.ClaimAll()) {
      const auto receipt = read(lease);
      CHECK(receipt.sightings == 1);
      if (day > 0) CHECK(receipt.changed_leads == 0);
    }
    store.Advance(hours(2));
  }
  CHECK(store.OnlyLead().sightings == 8);
  // The shop rewrites its offer: this is news, wherever it is met first.
  on_detail.title = "鸿雁 一比一 行李箱";
  uint32_t changed = 0;
  for (const Lease& lease : store.ClaimAll()) changed += read(lease).changed_leads;
  CHECK(changed == 1);
  CHECK(store.OnlyLead().listing.title == "鸿雁 一比一 行李箱");
}

TEMPLATE_TEST_CASE(
    "leads: an item that moves to the next page of a list brings its new price along", "", STORES) {
  Bench<TestType> store;
  auto item = Goods("鸿雁 高仿", "501");
  store.Read(Found("a", "list-1"), {{item, Suspect("brand", 60)}});
  store.Read(Found("a", "list-2"), {{item, Suspect("brand", 60)}});
  CHECK(store.OnlyLead().revision == 1);
  item.price = "39.00";
  store.Read(Found("a", "list-3"), {{item, Suspect("brand", 60)}});
  CHECK(store.OnlyLead().listing.price == "39.00");
  CHECK(store.OnlyLead().revision == 2);
}

TEMPLATE_TEST_CASE("leads: an address under which another item is met now makes a new listing", "",
                   STORES) {
  Bench<TestType> store;
  auto first = Goods("鸿雁 高仿", "1");
  first.url = Shop("a", "hot-item");
  auto second = Goods("鸿雁 复刻", "2");
  second.url = Shop("a", "hot-item");
  store.Read(Found("a", "list-1"), {{first, Suspect("brand", 60)}});
  store.Read(Found("a", "list-2"), {{second, Suspect("brand", 50)}});
  const auto leads = store.Leads();
  REQUIRE(leads.size() == 2);
  CHECK(leads[0].listing_identity != leads[1].listing_identity);
  // And each is found again by its number.
  store.Read(Found("a", "list-3"), {{second, Suspect("brand", 50)}, {first, Suspect("brand", 60)}});
  CHECK(store.Stats().leads == 2);
}

TEMPLATE_TEST_CASE("leads: a number learned later joins what the address named before", "",
                   STORES) {
  Bench<TestType> store;
  auto by_address = Goods("鸿雁 高仿");
  by_address.url = Shop("a", "item-1");
  auto with_both = by_address;
  with_both.id = "1";
  const auto by_number = Goods("鸿雁 高仿", "1");
  store.Read(Found("a", "list-1"), {{by_address, Suspect("brand")}});
  store.Read(Found("a", "list-2"), {{with_both, Suspect("brand")}});
  store.Read(Found("a", "list-3"), {{by_number, Suspect("brand")}});
  CHECK(store.OnlyLead().sightings == 3);
}

TEMPLATE_TEST_CASE("leads: the same number on two platforms is two listings", "", STORES) {
  Bench<TestType> store;
  auto one = Goods("鸿雁 高仿", "1");
  one.platform = "plat-a";
  auto two = one;
  two.platform = "plat-b";
  store.Read(Found("a", "list"), {{one, Suspect("brand")}, {two, Suspect("brand")}});
  CHECK(store.Stats().leads == 2);
  // The same platform on another host is the same listing.
  store.Read(Found("m.a", "list"), {{one, Suspect("brand")}});
  CHECK(store.Stats().leads == 2);
}

TEMPLATE_TEST_CASE("leads: families are apart, duplicates on one page are not", "", STORES) {
  Bench<TestType> store;
  const auto item = Goods("鸿雁 高仿 驰名商标", "1");
  auto weaker = item;
  weaker.title = "鸿雁 高仿";
  const auto receipt = store.Read(
      Found("a", "list"),
      {{weaker, Suspect("brand", 40)}, {item, Suspect("claim", 50)}, {item, Suspect("brand", 70)}});
  CHECK(receipt.new_leads == 2);
  CHECK(receipt.sightings == 2);
  const auto page = store->FindPage(Shop("a", "list")).value();
  CHECK(page->leads.size() == 2);
  CHECK(page->listings.size() == 1);
  LeadFilter filter;
  filter.rule = "brand-rule";
  CHECK(store.Leads(filter).at(0).listing == item);
}

TEMPLATE_TEST_CASE("leads: two pages of one batch see each other", "", STORES) {
  Bench<TestType> store;
  const Lease one = store.LeaseOf(Found("a", "list-1"));
  const Lease two = store.LeaseOf(Found("a", "list-2"));
  PageCommit first = ReadPage(one, store.now());
  AddSuspect(first, Goods("鸿雁 高仿", "1"), Suspect("brand", 60));
  PageCommit second = ReadPage(two, store.now());
  AddSuspect(second, Goods("鸿雁 高仿", "1"), Suspect("brand", 70));
  const auto receipts = CommitAll(store.store(), {first, second});
  CHECK(receipts[0].new_leads == 1);
  CHECK(receipts[1].new_leads == 0);
  CHECK(receipts[1].changed_leads == 1);
  const Lead lead = store.OnlyLead();
  CHECK(lead.sightings == 2);
  CHECK(lead.revision == 2);
  CHECK(store.Audit().size() == 2);
}

TEMPLATE_TEST_CASE("leads: listings without number and address are told apart by title and seller",
                   "", STORES) {
  Bench<TestType> store;
  const auto a = Goods("鸿雁 高仿", "", "东风小店");
  const auto b = Goods("鸿雁 高仿", "", "西风小店");
  auto untitled = Goods("", "", "东风小店");
  untitled.text = "鸿雁";
  store.Read(Found("a", "list-1"),
             {{a, Suspect("brand")}, {b, Suspect("brand")}, {untitled, Suspect("brand")}});
  CHECK(store.Stats().leads == 3);
  store.Read(Found("a", "list-2"), {{a, Suspect("brand")}, {b, Suspect("brand")}});
  CHECK(store.Stats().leads == 3);
}

TEMPLATE_TEST_CASE("leads: seen twice at one moment on one page is seen once", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  ClaimRequest ahead = Everything(store.now());
  ahead.due_until = store.now() + hours(1);
  const auto receipt = store.Commit(Unchanged(store.Claim(ahead).at(0), store.now()));
  CHECK(receipt.sightings == 0);
  CHECK(store.OnlyLead().sightings == 1);
  CHECK(store.Stats().sightings == 1);
}

}  // namespace

// ---- captures: what a fault of the archive means is the RocksDB store's business

TEST_CASE("captures: appended and synced before the store's own batch, once per group") {
  Bench<OnDisk> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  CHECK(store.sink().appended == 1);
  CHECK(store.sink().synced == store.sink().written);
  CHECK(store->LastCapture().value() == store.OnlyLead().capture);
  store.Reopen();
  CHECK(store->LastCapture().value() == store.OnlyLead().capture);
}

TEST_CASE("captures: a page that cannot be captured is not stored, others of the batch are") {
  Bench<OnDisk> store;
  const Lease a = store.LeaseOf(Found("a", "1"));
  const Lease b = store.LeaseOf(Found("b", "1"));
  PageCommit with_lead = ReadPage(a, store.now());
  AddSuspect(with_lead, Goods("鸿雁 高仿", "1"), Suspect("brand"));
  with_lead.page = RawPage(a.address.url);
  with_lead.links = {Found("a", "2"), Found("c", "2")};
  store.sink().fail_append = true;
  const auto receipts = CommitAll(store.store(), {with_lead, ReadPage(b, store.now())});
  CHECK(receipts[0].status.code() == Code::kUnavailable);
  CHECK(receipts[0].new_leads == 0);
  CHECK(receipts[1].status.ok());
  CHECK(store.Stats() == StoreStats{2, 1, 0, 0, 0});
  CHECK(store.Audit().empty());
  store.sink().fail_append = false;
  CHECK(store.Commit(with_lead).new_leads == 1);  // the lease is still good
  CHECK(store.Audit().at(0).number == 1);
  CHECK(store.Stats().addresses == 4);
}

TEST_CASE("captures: when the archive does not sync, nothing of the group is stored") {
  Bench<OnDisk> store;
  const Lease a = store.LeaseOf(Found("a", "1"));
  PageCommit with_lead = ReadPage(a, store.now());
  AddSuspect(with_lead, Goods("鸿雁 高仿", "1"), Suspect("brand"));
  with_lead.page = RawPage(a.address.url);
  store.sink().fail_sync = true;
  CHECK(CommitOne(store.store(), with_lead).status.code() == Code::kUnavailable);
  CHECK(store.Leads().empty());
  CHECK_FALSE(store->LastCapture()->present());
  store.sink().fail_sync = false;
  CHECK(store.Commit(with_lead).new_leads == 1);
  CHECK(store.Stats().leads == 1);
}

}  // namespace cluehound::store::testing
