#include "tests/store/crash_world.h"

#include <algorithm>

#include "evidence/merkle_log.h"
#include "store/check.h"
#include "store/decision.h"

namespace cluehound::store::testing {
namespace {

std::vector<int> Children(int page) {
  std::vector<int> children;
  for (const int child : {2 * page + 1, 2 * page + 2}) {
    if (child < CrashWorld::kPages) children.push_back(child);
  }
  return children;
}

// Two pages share an item; every third page has one of its own.
std::vector<std::pair<extractors::Listing, rules::Suspicion>> Suspects(int page) {
  const std::string shared = "shared-" + std::to_string(page / 2);
  auto item = Goods("鸿雁 高仿 " + shared, shared, "店铺" + std::to_string(page % 7));
  item.platform = "plat";
  std::vector<std::pair<extractors::Listing, rules::Suspicion>> suspects = {
      {item, Suspect("brand", 40 + page % 50, "mark-" + std::to_string(page % 3))}};
  if (page % 3 == 0)
    suspects.push_back({Goods("萝卜", "own-" + std::to_string(page)), Suspect("gi", 35)});
  return suspects;
}

void CheckPage(Store& store, int number, const PageState& page,
               const std::set<std::string>& known) {
  INFO("page " << number);
  const std::string url = CrashWorld::Address(number).url;
  const auto suspects = Suspects(number);
  REQUIRE(page.fetched == CrashWorld::Seen(number));
  REQUIRE(page.leads.size() == suspects.size());
  const auto listings = store.PageListings(url);
  REQUIRE_OK(listings);
  REQUIRE(listings->size() == suspects.size());
  for (size_t i = 0; i < suspects.size(); ++i) {
    REQUIRE((*listings)[i] == suspects[i].first);
    REQUIRE_OK(store.FindLead(page.leads[i], {}));
    const auto sightings = store.Sightings(page.leads[i], 10).value();
    REQUIRE(std::any_of(sightings.begin(), sightings.end(),
                        [&](const Sighting& s) { return s.page_url == url; }));
  }
  for (const int child : Children(number)) REQUIRE(known.contains(CrashWorld::Address(child).url));
}

std::vector<LeadId> Ids(const std::vector<Lead>& leads) {
  std::vector<LeadId> ids;
  for (const Lead& lead : leads) ids.push_back(lead.id);
  return ids;
}

void CheckIndexes(Store& store, const std::vector<Lead>& leads) {
  std::map<std::string, std::vector<LeadId>> by_mark;
  std::map<LeadStatus, std::vector<LeadId>> by_status;
  for (const Lead& lead : leads) {
    by_mark[lead.suspicion.mark].push_back(lead.id);
    by_status[lead.status].push_back(lead.id);
  }
  for (const auto& [mark, ids] : by_mark) {
    if (mark.empty()) continue;  // a clue of no mark; as a filter it would be all
    LeadFilter filter;
    filter.mark = mark;
    REQUIRE(Ids(AllLeads(store, filter)) == ids);
  }
  for (const auto& [status, ids] : by_status) {
    LeadFilter filter;
    filter.status = status;
    REQUIRE(Ids(AllLeads(store, filter)) == ids);
  }
}

constexpr int kRows = 5;  // of one import

std::string ClueKey(int import, int row) {
  return "import-" + std::to_string(import) + "#" + std::to_string(row);
}

// An import is there whole, each row with its lead, or not at all.
void CheckImports(Store& store, const std::set<int>& acknowledged) {
  for (int import = 0; import < CrashWorld::kImports; ++import) {
    INFO("import " << import);
    int there = 0;
    for (int row = 0; row < kRows; ++row) {
      PaperFilter filter;
      filter.kind = PaperKind::kClue;
      filter.key = ClueKey(import, row);
      const auto page = store.papers().Query(filter, {}, "", 1);
      REQUIRE_OK(page);
      if (page->papers.empty()) continue;
      ++there;
      REQUIRE(page->papers[0].leads.size() == 1);
      REQUIRE(store.FindLead(page->papers[0].leads[0], {})->suspicion.family == "clue");
    }
    REQUIRE((there == 0 || there == kRows));
    REQUIRE((there == kRows || !acknowledged.contains(import)));
  }
}

// Every registered lead has a number, no number is missing, none is there twice, and each is told in
// its entries.
void CheckNumbers(Store& store, const std::vector<Lead>& leads) {
  std::set<std::string> numbers;
  for (const Lead& lead : leads) {
    REQUIRE(lead.number.empty() == (lead.status == LeadStatus::kNew));
    REQUIRE(store.Entries(lead.id, 100000)->size() == lead.entries);
    if (lead.number.empty()) continue;
    REQUIRE(numbers.insert(lead.number).second);
    REQUIRE(store.FindLead(lead.number, {})->id == lead.id);
  }
  for (size_t i = 1; i <= numbers.size(); ++i)
    REQUIRE(numbers.contains(FormatNumber("WF", 2026, i)));
}

void CheckAudit(Store& store, size_t leads) {
  const auto audit = store.Audit(0, 1000000).value();
  size_t made = 0;
  for (size_t i = 0; i < audit.size(); ++i) {
    REQUIRE(audit[i].number == i + 1);
    made += audit[i].action == "lead.new" || audit[i].action == "lead.add" ? 1 : 0;
  }
  // The log verifies: entries, salts and leaves give the root that is kept.
  evidence::MerkleLog tree;
  const auto records = store.log().Records(0, SIZE_MAX).value();
  for (const LogRecord& record : records) {
    REQUIRE(record.digest == Sha256(record.salt + record.bytes));
    tree.Append(evidence::LeafHash(Bytes(record.digest)));
  }
  const auto head = store.log().Head().value();
  REQUIRE(head.size == audit.size());
  REQUIRE(head.size == tree.size());
  REQUIRE(head.root == tree.Root());
  REQUIRE(made == leads);
}

// Every scheduled address, in whatever order.
std::set<std::string> AllKnown(Store& store) {
  ClaimRequest request = Everything(Instant::max(), 100000);
  request.max_per_authority = 100000;
  const auto leases = store.Claim(request);
  REQUIRE_OK(leases);
  std::set<std::string> known;
  for (const Lease& lease : *leases) REQUIRE(known.insert(lease.address.url).second);
  store.Release(*leases);
  return known;
}

}  // namespace

Discovery CrashWorld::Address(int page) {
  return Found("h" + std::to_string(page % 5), std::to_string(page),
               "source-" + std::to_string(page % 2));
}

int CrashWorld::PageNumber(const std::string& url) {
  return std::stoi(url.substr(url.rfind('/') + 1));
}

void CrashWorld::Seed(Store& store) {
  store.AddSeeds({Address(0)}).IgnoreError("a dying store may refuse");
}

PageCommit CrashWorld::Commit(const Lease& lease) {
  const int page = PageNumber(lease.address.url);
  PageCommit commit = ReadPage(lease, Seen(page));
  commit.next_due = kStart + std::chrono::hours(100000);
  for (auto& [listing, suspicion] : Suspects(page)) AddSuspect(commit, listing, suspicion);
  for (const int child : Children(page)) commit.links.push_back(Address(child));
  commit.page = RawPage(lease.address.url);
  return commit;
}

void CrashWorld::Crawl(Store& store, int max, const std::function<void(int page)>& acknowledged) {
  std::atomic<bool> failed = false;
  std::vector<Lease> all;
  bool idle = false;
  while (all.size() < static_cast<size_t>(max) && !failed) {
    ClaimRequest request = Everything(kStart + std::chrono::hours(1000), 6);
    request.max_per_authority = 4;
    const auto leases = store.Claim(request);
    if (!leases.ok()) break;
    if (leases->empty()) {
      if (idle) break;
      store.Flush();  // and look once more
    }
    idle = leases->empty();
    for (const Lease& lease : *leases) {
      all.push_back(lease);
      store.CommitPages({Commit(lease)},
                        [&, page = PageNumber(lease.address.url)](const auto& receipts) {
                          if (receipts[0].status.ok()) {
                            acknowledged(page);
                          } else {
                            failed = true;
                          }
                        });
    }
  }
  store.Flush();
  store.Release(all);  // those that failed; the others are no longer held
}

bool CrashWorld::Decide(Store& store, int page, int n) {
  const auto state = store.FindPage(Address(page).url);
  if (!state.ok() || !*state || (*state)->leads.empty()) return false;
  const auto lead = store.FindLead((*state)->leads[0], {});
  if (!lead.ok()) return false;
  Decision decision{
      lead->id,      lead->revision, LeadStatus::kChecking, "d" + std::to_string(n), "",
      {"uid-0", ""}, kStart};
  decision.number_prefix = "WF";
  return store.Decide(decision, {}).ok();
}

bool CrashWorld::Import(Store& store, int n) {
  std::vector<PaperChange> changes(kRows);
  for (int row = 0; row < kRows; ++row) {
    PaperChange& change = changes[static_cast<size_t>(row)];
    change.paper.kind = PaperKind::kClue;
    change.paper.key = ClueKey(n, row);
    change.paper.state = "open";
    change.paper.fields = {{"origin", "report"}, {"description", "鸿雁 高仿"}};
    ClueFinding finding;
    finding.listing.title = change.paper.key;
    change.clue.findings = {finding};
  }
  return store.papers().PutAll(changes, {}, {"uid-0", ""}, kStart).ok();
}

void CrashWorld::CheckCopy(Store& store) {
  const auto copy = store.MakeCopy();
  REQUIRE_OK(copy);
  const auto report = CheckStore({*copy, "", ""});
  REQUIRE_OK(store.DropCopy(*copy));
  REQUIRE_OK(report);
  for (const CheckFinding& finding : report->findings)
    FAIL_CHECK(finding.object << ": " << finding.problem);
}

int CrashWorld::Crashes(int usual) {
  const char* wanted = std::getenv("CLUEHOUND_CRASHES");
  if (wanted != nullptr) return std::atoi(wanted);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return usual / 4;  // a sanitizer asks whether each path is sound, at ten times the time
#else
  return usual;
#endif
}

void CrashWorld::Verify(Store& store, const Acknowledged& acknowledged) {
  const std::set<std::string> known = AllKnown(store);
  std::set<std::string> explained = {Address(0).url};
  size_t pages = 0;
  for (int page = 0; page < kPages; ++page) {
    const auto state = store.FindPage(Address(page).url);
    REQUIRE_OK(state);
    INFO("page " << page);
    if (!*state) {
      REQUIRE_FALSE(acknowledged.pages.contains(page));
      continue;
    }
    ++pages;
    CheckPage(store, page, **state, known);
    for (const int child : Children(page)) explained.insert(Address(child).url);
  }
  for (const std::string& url : known) REQUIRE(explained.contains(url));
  const auto leads = AllLeads(store);
  uint64_t sightings = 0;
  for (const Lead& lead : leads) {
    REQUIRE(store.Sightings(lead.id, 1000)->size() == lead.sightings);
    sightings += lead.sightings;
    const auto decided = acknowledged.decisions.find(lead.id);
    if (decided == acknowledged.decisions.end()) continue;
    REQUIRE(lead.status == LeadStatus::kChecking);
    REQUIRE(std::stoi(lead.reason.substr(1)) >= decided->second);
  }
  const StoreStats stats = store.Stats().value();
  CHECK(stats.addresses == known.size());
  CHECK(stats.pages == pages);
  CHECK(stats.leads == leads.size());
  CHECK(stats.sightings == sightings);
  CheckImports(store, acknowledged.imports);
  CheckIndexes(store, leads);
  CheckNumbers(store, leads);
  CheckAudit(store, leads.size());
}

}  // namespace cluehound::store::testing
