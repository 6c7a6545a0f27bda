#include <rocksdb/env.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "store/rocksdb/rocksdb_store.h"
#include "tests/store/contract.h"
#include "tests/store/sellers_text.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// An empty store in a file system in memory. Making one takes RocksDB longer than a whole sequence
// of operations, so it is made once and copied.
class EmptyStore {
 public:
  EmptyStore() {
    StoreOptions options;
    options.path = path();
    REQUIRE_OK(OpenRocksDbStoreOn(options, env_.get()));
  }
  std::string path() const { return (folder_.path() / "store").string(); }
  std::unique_ptr<rocksdb::Env> CopyOfFiles() {
    std::unique_ptr<rocksdb::Env> copy(rocksdb::NewMemEnv(rocksdb::Env::Default()));
    const std::string folder = path() + "/db";
    REQUIRE(copy->CreateDirIfMissing(folder).ok());
    std::vector<std::string> names;
    REQUIRE(env_->GetChildren(folder, &names).ok());
    for (const std::string& name : names) {
      if (name.starts_with("LO")) continue;  // LOCK, LOG
      std::string bytes;
      REQUIRE(rocksdb::ReadFileToString(env_.get(), folder + "/" + name, &bytes).ok());
      REQUIRE(rocksdb::WriteStringToFile(copy.get(), bytes, folder + "/" + name).ok());
    }
    return copy;
  }

 private:
  cluehound::testing::TempDir folder_;
  std::unique_ptr<rocksdb::Env> env_{rocksdb::NewMemEnv(rocksdb::Env::Default())};
};

// Random operations on a small world, on both stores at once; after each the two must say the same.
class Twins {
 public:
  Twins(uint32_t seed, EmptyStore& empty)
      : random_(seed),
        path_(empty.path()),
        env_(empty.CopyOfFiles()),
        twin_(NewMemoryStore(&twin_sink_, clock_)) {
    Open();
  }

  void Step() {
    switch (Pick(16)) {
      case 0:
        return AddSeeds();
      case 1:
      case 2:
        return Claim();
      case 3:
        return Release();
      case 4:
      case 5:
      case 6:
      case 7:
        return Commit();
      case 8:
        return Rematch();
      case 9:
      case 13:
      case 14:
        return Decide();
      case 10:
        return Rest();
      case 11:
        clock_.Advance(seconds(Pick(900)));
        return;
      case 15:
        return PutPapers();
      default:
        if (Pick(4) == 0) Reopen();
        return Compare();
    }
  }

  void CompareAll() {
    Compare();
    CHECK(disk_->Audit(0, 10000).value() == twin_->Audit(0, 10000).value());
    for (const std::string& url : urls_) {
      CHECK(disk_->FindPage(url).value() == twin_->FindPage(url).value());
      CHECK(disk_->PageListings(url).value() == twin_->PageListings(url).value());
    }
    LeadFilter all;
    all.silenced = LeadFilter::Silenced::kShown;
    const auto leads = AllLeads(*disk_, all);
    CHECK(leads == AllLeads(*twin_, all));
    for (const Lead& lead : leads) {
      CHECK(disk_->Sightings(lead.id, 1000).value() == twin_->Sightings(lead.id, 1000).value());
      const auto entries = disk_->Entries(lead.id, 1000).value();
      CHECK(entries == twin_->Entries(lead.id, 1000).value());
      CHECK(entries.size() == lead.entries);
      if (!lead.number.empty()) CHECK(disk_->FindLead(lead.number, {}).value() == lead);
    }
    for (const char* rules : {"rules-1", "rules-2"}) {
      const auto a = disk_->PagesMatchedOtherwise(rules, "", 1000);
      const auto b = twin_->PagesMatchedOtherwise(rules, "", 1000);
      REQUIRE(a->size() == b->size());
      for (size_t i = 0; i < a->size(); ++i) {
        CHECK((*a)[i].address == (*b)[i].address);
        CHECK((*a)[i].state == (*b)[i].state);
        CHECK((*a)[i].listings == (*b)[i].listings);
      }
    }
    CHECK(disk_->Silences().value() == twin_->Silences().value());
    CHECK(Papers(*disk_) == Papers(*twin_));
    CHECK(SellersText(disk_->sellers(), clock_.Now()) ==
          SellersText(twin_->sellers(), clock_.Now()));
    for (const Lead& lead : leads) {
      CHECK(disk_->sellers().ClustersOf(lead.id).value() ==
            twin_->sellers().ClustersOf(lead.id).value());
    }
    CHECK(disk_->LastCapture().value() == twin_->LastCapture().value());
  }

  void Reopen() {
    disk_.reset();
    twin_->Release(given_);  // they were held in memory, also those whose commit was refused
    given_.clear();
    leases_.clear();
    Open();
  }

 private:
  size_t Pick(size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random_); }
  std::string Digit(size_t n) { return std::to_string(Pick(n)); }

  void Open() {
    StoreOptions options;
    options.path = path_;
    options.captures = &disk_sink_;
    options.clock = &clock_;
    auto store = OpenRocksDbStoreOn(options, env_.get());
    REQUIRE_OK(store);
    disk_ = *std::move(store);
  }

  Discovery Address() {
    const std::string host(1, static_cast<char>('a' + Pick(3)));
    Discovery address = Found(host, Digit(6), "source-" + Digit(2), static_cast<uint8_t>(Pick(2)));
    urls_.insert(address.url);
    return address;
  }

  void AddSeeds() {
    std::vector<Discovery> seeds;
    for (size_t n = Pick(4); n > 0; --n) seeds.push_back(Address());
    REQUIRE_OK(disk_->AddSeeds(seeds));
    REQUIRE_OK(twin_->AddSeeds(seeds));
  }

  void Claim() {
    ClaimRequest request;
    request.max = Pick(6);
    request.max_per_authority = Pick(4);
    request.now = clock_.Now();
    request.due_until = clock_.Now() + minutes(Pick(3) * 10);
    if (Pick(3) == 0) request.sources = {"source-" + Digit(2)};
    const auto leases = disk_->Claim(request);
    REQUIRE_OK(leases);
    REQUIRE_OK(twin_->ClaimExactly(*leases, request));
    for (const Lease& lease : *leases) {
      CHECK(lease.page == twin_->FindPage(lease.address.url)->value_or(PageState()));
      leases_.push_back(lease);
      given_.push_back(lease);
    }
  }

  void Release() {
    if (leases_.empty()) return;
    const Lease lease = leases_[Pick(leases_.size())];
    disk_->Release({lease});
    twin_->Release({lease});
    if (Pick(2) == 0)
      std::erase_if(leases_, [&](const Lease& l) { return l.token == lease.token; });
  }

  extractors::Listing Listing() {
    auto listing = Goods("鸿雁 " + Digit(3), Pick(2) == 0 ? Digit(4) : "",
                         Pick(3) == 0 ? "" : "店铺" + Digit(2));
    if (Pick(2) == 0)
      listing.url = Shop(std::string(1, static_cast<char>('a' + Pick(2))), Digit(6));
    if (Pick(4) == 0) listing.platform = "plat";
    listing.price = Digit(2);
    listing.sold = static_cast<int64_t>(Pick(3));
    return listing;
  }

  rules::Suspicion Suspicion() {
    auto suspicion = Suspect("family-" + Digit(2), static_cast<int>(40 + 10 * Pick(3)),
                             "mark-" + Digit(2), Pick(2) == 0 ? "gi" : "trademark");
    suspicion.mode = static_cast<rules::Mode>(1 + Pick(3));
    return suspicion;
  }

  PageCommit SomePage() {
    // Sometimes a page without a lease, or with one that is no longer good.
    Lease lease{0, Address(), {}};
    if (!leases_.empty() && Pick(8) != 0) {
      const size_t i = Pick(leases_.size());
      lease = leases_[i];
      if (Pick(8) != 0) leases_.erase(leases_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    PageCommit commit = ReadPage(lease, clock_.Now(), "rules-" + Digit(3));
    commit.next_due.reset();
    if (Pick(6) != 0) commit.next_due = clock_.Now() + minutes(Pick(30));
    if (Pick(3) == 0) commit.page = RawPage(lease.address.url);
    const size_t kind = Pick(6);
    if (kind == 0) commit.change = PageChange::kFailed;
    if (kind == 0 && Pick(2) == 0) commit.outcome = Outcome::kGone;
    if (kind == 1) commit.change = PageChange::kUnchanged;
    if (commit.change == PageChange::kUnchanged && Pick(2) == 0) commit.state.etag = Digit(9);
    if (commit.change != PageChange::kRead) return commit;
    for (size_t n = Pick(4); n > 0; --n) commit.listings.push_back(Listing());
    for (size_t n = commit.listings.empty() ? 0 : Pick(4); n > 0; --n) {
      commit.leads.push_back(
          {static_cast<uint32_t>(Pick(commit.listings.size() + (Pick(30) == 0 ? 1 : 0))),
           Suspicion()});
      Jurisdiction& said = commit.leads.back().jurisdiction;
      said.place = static_cast<Jurisdiction::Place>(Pick(3));
      if (Pick(2) == 0) said.county = "county-" + Digit(2);
    }
    for (size_t n = Pick(4); n > 0; --n) commit.links.push_back(Address());
    return commit;
  }

  void Commit() {
    std::vector<PageCommit> pages;
    for (size_t n = 1 + Pick(3); n > 0; --n) pages.push_back(SomePage());
    CommitBoth(pages);
  }

  void CommitBoth(const std::vector<PageCommit>& pages) {
    const auto on_disk = CommitAll(*disk_, pages);
    const auto in_memory = CommitAll(*twin_, pages);
    REQUIRE(on_disk.size() == in_memory.size());
    for (size_t i = 0; i < pages.size(); ++i) {
      INFO(ToString(on_disk[i].status) << " / " << ToString(in_memory[i].status));
      REQUIRE(on_disk[i].status.code() == in_memory[i].status.code());
      CHECK(on_disk[i].new_leads == in_memory[i].new_leads);
      CHECK(on_disk[i].changed_leads == in_memory[i].changed_leads);
      CHECK(on_disk[i].sightings == in_memory[i].sightings);
      CHECK(on_disk[i].new_addresses == in_memory[i].new_addresses);
    }
  }

  void Rematch() {
    const std::string rules = "rules-" + Digit(3);
    const auto stale = disk_->PagesMatchedOtherwise(rules, "", 10);
    if (stale->empty()) return;
    const auto& page = (*stale)[Pick(stale->size())];
    PageCommit commit;
    commit.change = PageChange::kRematched;
    commit.lease.address = page.address;
    commit.seen = clock_.Now();
    commit.state = page.state;
    commit.state.rule_set = rules;
    if (Pick(8) == 0) commit.state.fetched += seconds(1);
    commit.listings = page.listings;
    for (size_t n = Pick(3); n > 0; --n) {
      commit.leads.push_back({static_cast<uint32_t>(Pick(commit.listings.size())), Suspicion()});
    }
    CommitBoth({commit});
  }

  void Decide() {
    const auto leads = AllLeads(*disk_);
    if (leads.empty()) return;
    std::vector<Decision> decisions;
    for (size_t n = 1 + Pick(3); n > 0; --n) decisions.push_back(SomeDecision(leads));
    const std::string row = Pick(3) == 0 ? RowKey(leads[Pick(leads.size())]) : "";
    const auto a = disk_->DecideAll(decisions, {}, row);
    const auto b = twin_->DecideAll(decisions, {}, row);
    INFO(ToString(a.status()) << " / " << ToString(b.status()));
    REQUIRE(a.status().code() == b.status().code());
    if (a.ok()) CHECK(*a == *b);
  }

  static std::vector<Paper> Papers(Store& store) {
    const auto page = store.papers().Query({}, {}, "", 1000);
    REQUIRE_OK(page);
    return page->papers;
  }

  // Imports of clues, some of them again or at an address that is known, and cases with their leads.
  void PutPapers() {
    const auto leads = AllLeads(*disk_);
    const auto known = Papers(*disk_);
    std::vector<PaperChange> changes(1 + Pick(3));
    for (PaperChange& change : changes) {
      Paper& paper = change.paper;
      if (!known.empty() && Pick(4) == 0) {
        paper = known[Pick(known.size())];
        change.expected_revision = paper.revision - (Pick(8) == 0 ? 1 : 0);
        paper.leads.clear();
      } else if (Pick(3) != 0) {
        paper.kind = PaperKind::kClue;
        paper.key = "row-" + Digit(9);
        ClueFinding finding;
        finding.listing = Listing();
        if (Pick(2) == 0) finding.listing.platform.clear();
        finding.page_url = finding.listing.url;
        finding.own_page = !finding.page_url.empty();
        if (Pick(3) == 0) finding.suspicions = {Suspicion()};
        change.clue.findings = {finding};
        change.clue.families = {"family-0", "family-1"};
        change.clue.rule_set = "rules-1";
      } else {
        paper.kind = PaperKind::kCase;
        if (Pick(2) == 0) paper.key = "case-" + Digit(3);
        change.number_prefix = "CASE";
      }
      paper.state = "state-" + Digit(2);
      paper.fields = {{"description", Digit(3)}};
      if (leads.empty() || Pick(2) == 0) continue;
      paper.leads = {leads[Pick(leads.size())].id};
      if (Pick(2) == 0) change.decisions = {SomeDecision(leads)};
    }
    const auto a = disk_->papers().PutAll(changes, {}, {"uid-0", ""}, clock_.Now());
    const auto b = twin_->papers().PutAll(changes, {}, {"uid-0", ""}, clock_.Now());
    INFO(ToString(a.status()) << " / " << ToString(b.status()));
    REQUIRE(a.status().code() == b.status().code());
    if (!a.ok()) return;
    for (size_t i = 0; i < a->size(); ++i) {
      CHECK((*a)[i].paper == (*b)[i].paper);
      CHECK((*a)[i].outcome == (*b)[i].outcome);
      CHECK((*a)[i].new_leads == (*b)[i].new_leads);
      CHECK((*a)[i].joined_leads == (*b)[i].joined_leads);
    }
  }

  std::vector<std::string> SomeTags(size_t most) {
    std::vector<std::string> tags;
    for (size_t n = Pick(most + 1); n > 0; --n) tags.push_back("标签-" + Digit(6));
    return tags;
  }

  Decision SomeDecision(const std::vector<Lead>& leads) {
    const Lead& lead = leads[Pick(leads.size())];
    Decision decision{lead.id,
                      lead.revision - (Pick(8) == 0 ? 1 : 0),
                      static_cast<LeadStatus>(1 + Pick(9)),
                      "reason-" + Digit(3),
                      "",
                      {"uid-" + Digit(2), ""},
                      clock_.Now()};
    if (Pick(2) == 0) decision.kind = static_cast<DecisionKind>(Pick(12));
    decision.add_tags = SomeTags(3);
    decision.remove_tags = SomeTags(2);
    if (Pick(3) != 0) decision.county = "county-" + Digit(2);
    if (Pick(2) == 0) decision.due = clock_.Now() + minutes(Pick(30));
    if (Pick(3) != 0) decision.note = "note-" + Digit(2);
    decision.place = static_cast<Jurisdiction::Place>(Pick(3));
    decision.silence = Pick(4);
    if (Pick(2) == 0) decision.number_prefix = "WF";
    if (Pick(4) != 0) decision.until = clock_.Now() + minutes(Pick(30));
    if (Pick(2) == 0) decision.original = leads[Pick(leads.size())].id;
    if (Pick(4) == 0 && leads.size() > 1) {  // a merge
      decision.kind = DecisionKind::kDecide;
      decision.status = LeadStatus::kDuplicate;
      decision.original = leads[Pick(leads.size())].id;
      decision.merge = true;
    }
    if (Pick(2) == 0) decision.case_number = "case-" + Digit(3);
    if (Pick(2) == 0)
      decision.clock =
          LeadClock{"check", clock_.Now(), clock_.Now() + minutes(Pick(60)), 0, "", ""};
    return decision;
  }

  void Rest() {
    const std::string authority = std::string(1, static_cast<char>('a' + Pick(3))) + ".example";
    const Instant until = clock_.Now() + minutes(Pick(20));
    const RoleRequest request{0, "crawl", "run", Digit(9), {"root", ""}, clock_.Now()};
    const uint64_t number = 1 + Pick(5);
    const std::string hash = "hash-" + Digit(3);
    const std::string source = "source-" + Digit(2);
    switch (Pick(9)) {
      case 7:
        return AddSilence();
      case 8: {
        const uint64_t silence = Pick(4);
        CHECK(disk_->EndSilence(silence, {"root", ""}, clock_.Now()).status().code() ==
              twin_->EndSilence(silence, {"root", ""}, clock_.Now()).status().code());
        return;
      }
      case 5:
      case 6:
        CHECK(disk_->ReturnDue(clock_.Now()).value() == twin_->ReturnDue(clock_.Now()).value());
        return;
      case 0:
        CHECK(disk_->BlockAuthority(authority, until).ok() ==
              twin_->BlockAuthority(authority, until).ok());
        return;
      case 1:
        CHECK(disk_->EnqueueRequest(request).value() == twin_->EnqueueRequest(request).value());
        return;
      case 2:
        CHECK(disk_->FinishRequest(number).code() == twin_->FinishRequest(number).code());
        return;
      case 3:
        REQUIRE_OK(disk_->PutRuleSet(hash, hash, {"root", ""}, clock_.Now()));
        REQUIRE_OK(twin_->PutRuleSet(hash, hash, {"root", ""}, clock_.Now()));
        return;
      case 4:
        REQUIRE_OK(disk_->Hasten(source, 3, minutes(20), minutes(120)));
        REQUIRE_OK(twin_->Hasten(source, 3, minutes(20), minutes(120)));
        return;
      default:
        REQUIRE_OK(disk_->MakeDue(source));
        REQUIRE_OK(twin_->MakeDue(source));
        return;
    }
  }

  void AddSilence() {
    Silence silence;
    switch (Pick(3)) {
      case 0:
        silence.seller = "店铺" + Digit(2);
        break;
      case 1:
        silence.phrase = "鸿雁 " + Digit(3);
        break;
      default:
        if (const auto leads = AllLeads(*disk_); !leads.empty()) {
          const Lead& lead = leads[Pick(leads.size())];
          silence.listing = lead.listing_identity;
          silence.wordings = lead.wordings;
        }
    }
    if (Pick(2) == 0) silence.mark = "mark-" + Digit(2);
    if (Pick(2) == 0) silence.family = "family-" + Digit(2);
    silence.reason = "authorised";
    silence.at = clock_.Now();
    if (Pick(2) == 0) silence.until = clock_.Now() + minutes(1 + Pick(60));
    const auto a = disk_->AddSilence(silence);
    const auto b = twin_->AddSilence(silence);
    REQUIRE(a.status().code() == b.status().code());
    if (a.ok()) CHECK(*a == *b);
  }

  LeadFilter Filter() {
    LeadFilter filter;
    if (Pick(5) == 0) filter.category = Pick(2) == 0 ? "gi" : "trademark";
    if (Pick(5) == 0) filter.mark = "mark-" + Digit(3);
    if (Pick(5) == 0) filter.source = "source-" + Digit(2);
    if (Pick(5) == 0) filter.rule = "family-" + Digit(2) + "-rule";
    if (Pick(5) == 0) filter.status = static_cast<LeadStatus>(1 + Pick(9));
    if (Pick(9) == 0) {
      constexpr EntryKind kNotes[] = {EntryKind::kSeenAgain, EntryKind::kChangedAfter,
                                      EntryKind::kGone, EntryKind::kRuleChanged};
      filter.notice = kNotes[Pick(4)];
    }
    filter.silenced = static_cast<LeadFilter::Silenced>(Pick(3));
    if (Pick(9) == 0) filter.county = "county-" + Digit(2);
    if (Pick(9) == 0) filter.dispatch = static_cast<Dispatch::State>(1 + Pick(4));
    if (Pick(9) == 0) filter.due_before = clock_.Now() + minutes(Pick(60));
    if (Pick(9) == 0) filter.day = FormatDay(clock_.Now());
    if (Pick(9) == 0) filter.seller = "店铺" + Digit(2);
    if (Pick(9) == 0) filter.platform = Pick(2) == 0 ? "plat" : "h" + Digit(2) + ".example";
    if (Pick(9) == 0) filter.officer = "uid-" + Digit(2);
    if (Pick(9) == 0) filter.campaign = "中秋专项";
    if (Pick(5) == 0) filter.tag = "标签-" + Digit(6);
    if (Pick(5) == 0) filter.where = static_cast<LeadFilter::Where>(Pick(3));
    if (Pick(9) == 0) filter.score_from = 30 + static_cast<int>(Pick(50));
    if (Pick(5) == 0) filter.text = Pick(2) == 0 ? "鸿雁 " : "鸿雁" + Digit(3);
    if (Pick(3) == 0) filter.sort = LeadSort::kLastSeen;
    return filter;
  }

  void Compare() {
    CHECK(disk_->Stats().value() == twin_->Stats().value());
    const std::vector<std::string> sources =
        Pick(2) == 0 ? std::vector<std::string>() : std::vector<std::string>{"source-0"};
    CHECK(disk_->NextDue(sources).value() == twin_->NextDue(sources).value());
    CHECK(disk_->PendingRequests("crawl", 3).value() == twin_->PendingRequests("crawl", 3).value());
    CHECK(disk_->figures().Between("2000-01-01", "2100-01-01").value() ==
          twin_->figures().Between("2000-01-01", "2100-01-01").value());
    const LeadFilter filter = Filter();
    CHECK(disk_->CountLeads(filter, {}).value() == twin_->CountLeads(filter, {}).value());
    const size_t max = 1 + Pick(4);
    std::string after_a;
    std::string after_b;
    do {
      const auto a = disk_->QueryLeads(filter, {}, after_a, max);
      const auto b = twin_->QueryLeads(filter, {}, after_b, max);
      REQUIRE_OK(a);
      REQUIRE_OK(b);
      CHECK(a->leads == b->leads);
      REQUIRE(a->next.empty() == b->next.empty());
      after_a = a->next;
      after_b = b->next;
    } while (!after_a.empty());
    do {
      const auto a = disk_->QueryRows(filter, {}, after_a, max);
      const auto b = twin_->QueryRows(filter, {}, after_b, max);
      REQUIRE_OK(a);
      REQUIRE_OK(b);
      REQUIRE(a->rows.size() == b->rows.size());
      for (size_t i = 0; i < a->rows.size(); ++i) CompareRows(a->rows[i], b->rows[i]);
      REQUIRE(a->next.empty() == b->next.empty());
      after_a = a->next;
      after_b = b->next;
    } while (!after_a.empty());
  }

  static void CompareRows(const LeadRow& a, const LeadRow& b) {
    CHECK(a.key == b.key);
    CHECK(a.lead_count == b.lead_count);
    CHECK(a.first_seen == b.first_seen);
    CHECK(a.last_seen == b.last_seen);
    CHECK(a.score == b.score);
    CHECK(a.seller == b.seller);
    CHECK(a.strongest == b.strongest);
    CHECK(a.undecided == b.undecided);
    CHECK(a.decided == b.decided);
  }

  std::mt19937 random_;
  const std::string path_;
  cluehound::testing::FakeClock clock_{kStart};
  FakeSink disk_sink_;
  FakeSink twin_sink_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<Store> disk_;
  std::unique_ptr<MemoryStore> twin_;
  std::vector<Lease> leases_;  // to be committed
  std::vector<Lease> given_;   // since the last opening
  std::set<std::string> urls_;
};

TEST_CASE("property: random operations leave the store on disk and its twin in memory alike") {
  const char* wanted = std::getenv("CLUEHOUND_SEQUENCES");  // more of them for a long run
  const uint32_t sequences = wanted != nullptr ? static_cast<uint32_t>(std::atoi(wanted)) : 300;
  EmptyStore empty;
  for (uint32_t seed = 1; seed <= sequences; ++seed) {
    INFO("sequence " << seed);
    Twins twins(seed, empty);
    for (int step = 0; step < 40; ++step) twins.Step();
    twins.Reopen();
    twins.CompareAll();
  }
}

}  // namespace
}  // namespace cluehound::store::testing
