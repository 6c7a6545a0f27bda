#include <algorithm>
#include <set>

#include "store/identity.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;

// 60 leads over several days, sources, categories, marks, rules, sellers and statuses.
template <class Kind>
void Fill(Bench<Kind>& store) {
  for (int i = 0; i < 60; ++i) {
    if (i % 20 == 0 && i > 0) store.Advance(hours(24));
    const std::string families[] = {"brand", "gi", "claim"};
    auto suspicion = Suspect(families[i % 3], 30 + (i * 7) % 50, "mark-" + std::to_string(i % 4),
                             i % 2 == 0 ? "trademark" : "gi");
    auto listing =
        Goods("鸿雁 " + std::to_string(i), std::to_string(i), "店铺" + std::to_string(i % 5));
    if (i % 7 == 0) listing.seller = "";
    if (i % 14 == 0) listing.platform = "plat";
    store.Read(
        Found("h" + std::to_string(i % 6), std::to_string(i), "source-" + std::to_string(i % 2)),
        {{listing, suspicion}});
  }
  int n = 0;
  for (const Lead& lead : store.Leads()) {
    if (++n % 4 != 0) continue;
    Store::Decision decision{lead.id,       lead.revision, LeadStatus::kChecking, "", "",
                             {"uid-0", ""}, store.now()};
    REQUIRE_OK(store->Decide(decision, {}));
  }
}

template <class F>
LeadFilter Where(F set) {
  LeadFilter filter;
  set(filter);
  return filter;
}

bool InOrder(const Lead& a, const Lead& b) {
  if (a.suspicion.score != b.suspicion.score) return a.suspicion.score > b.suspicion.score;
  if (a.first_seen != b.first_seen) return a.first_seen > b.first_seen;
  return a.id < b.id;
}

// All leads, page by page.
std::vector<Lead> Paged(Store& store, const LeadFilter& filter, size_t size) {
  std::vector<Lead> leads;
  std::string after;
  do {
    const auto page = store.QueryLeads(filter, {}, after, size);
    REQUIRE_OK(page);
    REQUIRE(page->leads.size() <= size);
    REQUIRE((page->next.empty() || page->leads.size() == size));
    leads.insert(leads.end(), page->leads.begin(), page->leads.end());
    after = page->next;
  } while (!after.empty());
  return leads;
}

std::vector<LeadRow> PagedRows(Store& store, const LeadFilter& filter, size_t size) {
  std::vector<LeadRow> rows;
  std::string after;
  do {
    const auto page = store.QueryRows(filter, {}, after, size);
    REQUIRE_OK(page);
    REQUIRE(page->rows.size() <= size);
    rows.insert(rows.end(), page->rows.begin(), page->rows.end());
    after = page->next;
  } while (!after.empty());
  return rows;
}

TEMPLATE_TEST_CASE("queries: each facet alone and combined gives what a look at every lead gives",
                   "", STORES) {
  Bench<TestType> store;
  Fill(store);
  const auto all = store.Leads();
  REQUIRE(all.size() == 60);
  CHECK(std::is_sorted(all.begin(), all.end(), InOrder));
  const std::string days[] = {"", FormatDay(kStart), FormatDay(kStart + hours(48)), "2001-01-01"};
  const std::string categories[] = {"", "gi", "none"};
  const std::string marks[] = {"", "mark-2"};
  const std::string sources[] = {"", "source-1"};
  const std::string rules[] = {"", "claim-rule"};
  const std::optional<LeadStatus> statuses[] = {std::nullopt, LeadStatus::kNew,
                                                LeadStatus::kChecking};
  const std::string row = RowKey(all[20]);
  size_t combinations = 0;
  for (const auto& day : days)
    for (const auto& category : categories)
      for (const auto& mark : marks)
        for (const auto& source : sources)
          for (const auto& rule : rules)
            for (const auto& status : statuses)
              for (const bool one_row : {false, true}) {
                const LeadFilter filter{day,    category,          mark, source, rule,
                                        status, one_row ? row : ""};
                std::vector<Lead> expected;
                std::copy_if(all.begin(), all.end(), std::back_inserter(expected),
                             [&](const Lead& lead) {
                               return (day.empty() || FormatDay(lead.first_seen) == day) &&
                                      (category.empty() || lead.suspicion.category == category) &&
                                      (mark.empty() || lead.suspicion.mark == mark) &&
                                      (source.empty() || lead.source == source) &&
                                      (rule.empty() || lead.suspicion.rule == rule) &&
                                      (!status || lead.status == *status) &&
                                      (!one_row || RowKey(lead) == row);
                             });
                if (Paged(store.store(), filter, 7) != expected)
                  FAIL("combination " << combinations);
                ++combinations;
              }
  CHECK(combinations == 576);
  CHECK(Paged(store.store(), {}, 1) == all);
  CHECK(Paged(store.store(), {}, 60) == all);
}

TEMPLATE_TEST_CASE("queries: rows are seller x mark, in the order of their strongest lead", "",
                   STORES) {
  Bench<TestType> store;
  Fill(store);
  const auto all = store.Leads();
  for (const LeadFilter& filter :
       {LeadFilter{}, Where([&](LeadFilter& f) { f.day = FormatDay(kStart); }),
        Where([&](LeadFilter& f) { f.mark = "mark-1"; }), Where([&](LeadFilter& f) {
          f.source = "source-0";
          f.status = LeadStatus::kChecking;
        }),
        Where([&](LeadFilter& f) { f.row = RowKey(all[3]); })}) {
    const auto rows = PagedRows(store.store(), filter, 4);
    CHECK(std::is_sorted(rows.begin(), rows.end(), [](const LeadRow& a, const LeadRow& b) {
      return InOrder(a.strongest, b.strongest);
    }));
    size_t leads = 0;
    std::set<std::string> keys;
    for (const LeadRow& row : rows) {
      CHECK(keys.insert(row.key).second);
      LeadFilter inside = filter;
      inside.row = row.key;
      const auto members = store.Leads(inside);
      REQUIRE(static_cast<uint32_t>(members.size()) == row.lead_count);
      leads += members.size();
      CHECK(members[0] == row.strongest);
      CHECK(row.score == members[0].suspicion.score);
      CHECK(row.seller == members[0].listing.seller);
      CHECK(row.mark == members[0].suspicion.mark);
      CHECK(row.mark_name == members[0].suspicion.mark_name);
      for (const Lead& lead : members) {
        CHECK(lead.listing.seller == row.seller);
        CHECK(lead.suspicion.mark == row.mark);
      }
      LeadFilter whole;
      whole.row = row.key;
      Instant first = members[0].first_seen;
      Instant last = members[0].last_seen;
      for (const Lead& lead : store.Leads(whole)) {
        first = std::min(first, lead.first_seen);
        last = std::max(last, lead.last_seen);
      }
      CHECK(row.first_seen == first);
      CHECK(row.last_seen == last);
    }
    CHECK(leads == store.Leads(filter).size());
  }
}

TEMPLATE_TEST_CASE("queries: 300 listings of one shop are one row", "", STORES) {
  Bench<TestType> store;
  PageCommit commit = ReadPage(store.LeaseOf(Found("a", "list")), store.now());
  for (int i = 0; i < 300; ++i) {
    AddSuspect(commit, Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)),
               Suspect("brand", 20 + i % 70));
  }
  store.Commit(commit);
  const auto rows = PagedRows(store.store(), {}, 50);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].lead_count == 300);
  CHECK(rows[0].score == 89);
}

TEMPLATE_TEST_CASE(
    "queries: unknown sellers are the site where it is a shop of its own, else nobody", "",
    STORES) {
  Bench<TestType> store;
  auto own_shop = Goods("鸿雁 1", "1", "");
  auto platform = Goods("鸿雁 2", "2", "");
  platform.platform = "plat";
  PageCommit commit = ReadPage(store.LeaseOf(Found("a", "list")), store.now());
  for (int i = 0; i < 3; ++i) {
    own_shop.id = platform.id = std::to_string(i);
    AddSuspect(commit, own_shop, Suspect("brand"));
    AddSuspect(commit, platform, Suspect("brand"));
  }
  store.Commit(commit);
  CHECK(PagedRows(store.store(), {}, 10).size() == 1 + 3);
}

TEMPLATE_TEST_CASE("queries: a lead is found by a prefix of its number, if that is enough", "",
                   STORES) {
  Bench<TestType> store;
  Fill(store);
  for (const Lead& lead : store.Leads()) {
    for (const size_t length : {size_t{32}, size_t{31}, size_t{20}, size_t{12}}) {
      CHECK(store->FindLead(lead.id.substr(0, length), {}).value() == lead);
    }
  }
  std::string shouted = store.Leads()[0].id;
  std::transform(shouted.begin(), shouted.end(), shouted.begin(), ::toupper);
  CHECK(store->FindLead(shouted, {}).value() == store.Leads()[0]);
  CHECK(store->FindLead("00000000000000000000000000000000", {}).status().code() == Code::kNotFound);
  for (const std::string bad : {"", "abcde", "xyzxyzxyz", "../../etc/passwd"}) {
    CHECK(store->FindLead(bad, {}).status().code() == Code::kInvalidArgument);
  }
  CHECK(store->FindLead(store.Leads()[0].id + "00", {}).status().code() != Code::kOk);
}

TEMPLATE_TEST_CASE("queries: a county sees its own leads alone", "", STORES) {
  Bench<TestType> store;
  Fill(store);  // nobody has said yet where these belong
  const Scope county{"shouguang"};
  CHECK(store->QueryLeads({}, county, "", 10)->leads.empty());
  CHECK(store->QueryRows({}, county, "", 10)->rows.empty());
  const Lead lead = store.Leads()[0];
  CHECK(store->FindLead(lead.id, county).status().code() == Code::kDenied);
  Store::Decision decision{lead.id, lead.revision, LeadStatus::kClosed, "",
                           "",      {"uid-0", ""}, store.now()};
  CHECK(store->Decide(decision, county).status().code() == Code::kDenied);
  CHECK(store->FindLead(lead.id, {}).value() == lead);
}

TEMPLATE_TEST_CASE("queries: pages stay whole while leads come and change", "", STORES) {
  Bench<TestType> store;
  Fill(store);
  const auto before = store.Leads();
  std::vector<LeadId> met;
  std::string after;
  int round = 0;
  do {
    const auto page = store->QueryLeads({}, {}, after, 9).value();
    for (const Lead& lead : page.leads) met.push_back(lead.id);
    after = page.next;
    store.Read(Found("new", std::to_string(round)),
               {{Goods("鸿雁 新 " + std::to_string(round), std::to_string(round)),
                 Suspect("brand", 10 + 8 * round)}});
    ++round;
  } while (!after.empty());
  CHECK(std::set<LeadId>(met.begin(), met.end()).size() == met.size());
  for (const Lead& lead : before) CHECK(std::count(met.begin(), met.end(), lead.id) == 1);
}

TEMPLATE_TEST_CASE("queries: a place that is none is refused, and none at all is the front", "",
                   STORES) {
  Bench<TestType> store;
  Fill(store);
  CHECK(store->QueryLeads({}, {}, "not a place", 5).status().code() == Code::kInvalidArgument);
  CHECK(store->QueryRows({}, {}, "zz", 5).status().code() == Code::kInvalidArgument);
  CHECK(store->QueryLeads({}, {}, "", 0)->leads.empty());
  CHECK(store->QueryRows({}, {}, "", 0)->rows.empty());
}

TEMPLATE_TEST_CASE("queries: a changed lead is found where it is now and nowhere else", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"),
             {{Goods("鸿雁 高仿", "1", "东风小店"), Suspect("brand", 60, "mark-1", "trademark")}});
  store.Advance(hours(24));
  PageCommit commit = ReadPage(store.ClaimAll().at(0), store.now());
  AddSuspect(commit, Goods("鸿雁 高仿", "1", "西风小店"), Suspect("brand", 75, "mark-2", "gi"));
  commit.leads[0].suspicion.rule = "other-rule";
  store.Commit(commit);
  const Lead lead = store.OnlyLead();
  Store::Decision decision{lead.id,       lead.revision, LeadStatus::kReferred, "", "",
                           {"uid-0", ""}, store.now()};
  const auto decided = store->Decide(decision, {});
  REQUIRE_OK(decided);
  CHECK(decided->sightings == 2);
  CHECK(store.OnlyLead() == *decided);
  CHECK(store.Leads(Where([&](LeadFilter& f) { f.category = "trademark"; })).empty());
  CHECK(store.Leads(Where([&](LeadFilter& f) { f.mark = "mark-1"; })).empty());
  CHECK(store.Leads(Where([&](LeadFilter& f) { f.rule = "brand-rule"; })).empty());
  CHECK(store.Leads(Where([&](LeadFilter& f) { f.status = LeadStatus::kNew; })).empty());
  CHECK(store.Leads(Where([&](LeadFilter& f) { f.row = RowKey(lead); })).size() == 1);
  const auto rows = PagedRows(store.store(), {}, 10);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].seller == "西风小店");
  const LeadFilter all_facets{FormatDay(kStart),     "gi",       "mark-2", "shops", "other-rule",
                              LeadStatus::kReferred, rows[0].key};
  CHECK(store.Leads(all_facets) == std::vector<Lead>{*decided});
}

TEMPLATE_TEST_CASE("decisions: at the revision that was seen, audited, and found again", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  const Lead lead = store.OnlyLead();
  Store::Decision decision{lead.id,      lead.revision, LeadStatus::kRuledOut,
                           "authorised", "有授权",      {"uid-7", "李雷"},
                           store.now()};
  const auto decided = store->Decide(decision, {});
  REQUIRE_OK(decided);
  CHECK(decided->revision == lead.revision + 1);
  CHECK(store->Decide(decision, {}).status().code() == Code::kConflict);  // somebody was faster
  decision.lead = std::string(32, '0');
  CHECK(store->Decide(decision, {}).status().code() == Code::kNotFound);
  store.Reopen();
  CHECK(store.OnlyLead().status == LeadStatus::kRuledOut);
  const auto audit = store.Audit();
  REQUIRE(audit.size() == 2);
  CHECK(audit[1].number == 2);
  CHECK(audit[1].actor == Actor{"uid-7", "李雷"});
  CHECK(audit[1].action == "lead.decide");
  CHECK(audit[1].object == lead.id);
  CHECK(audit[1].reason == "authorised");
  CHECK(audit[1].before.starts_with("status: new"));
  CHECK(audit[1].after.starts_with("status: ruled_out"));
  CHECK(audit[1].at == decision.at);
  CHECK(store->Audit(1, 10).value() == std::vector<AuditEntry>{audit[1]});
  CHECK(store->Audit(0, 1).value() == std::vector<AuditEntry>{audit[0]});
  CHECK(store->Audit(2, 10)->empty());
  CHECK(store->Audit(UINT64_MAX, 10)->empty());
}

TEMPLATE_TEST_CASE("rule sets: kept by hash for ever, imported once", "", STORES) {
  Bench<TestType> store;
  const std::string bytes("rules\0with anything", 19);
  REQUIRE_OK(store->PutRuleSet("hash-1", bytes, {"root", ""}, store.now()));
  REQUIRE_OK(store->PutRuleSet("hash-1", "other", {"root", ""}, store.now()));
  REQUIRE_OK(store->PutRuleSet("hash-2", "", {"root", ""}, store.now()));
  store.Reopen();
  CHECK(store->FindRuleSet("hash-1").value() == bytes);
  CHECK(store->FindRuleSet("hash-2").value() == "");
  CHECK(store->FindRuleSet("hash-3").status().code() == Code::kNotFound);
  const auto audit = store.Audit();
  REQUIRE(audit.size() == 2);
  CHECK(audit[0].action == "rules.import");
  CHECK(audit[0].object == "hash-1");
}

TEMPLATE_TEST_CASE("rule sets: the one last published is in force, with its history", "", STORES) {
  Bench<TestType> store;
  CHECK(store->RuleSetPublications(10)->empty());
  CHECK(store->PublishRuleSet("aaaaaa11", {"root", ""}, store.now(), "").code() == Code::kNotFound);
  CHECK(store->RuleSetPublications(10)->empty());
  REQUIRE_OK(store->PutRuleSet("aaaaaa11", "one", {"root", ""}, store.now()));
  REQUIRE_OK(store->PutRuleSet("aaaaaa22", "two", {"root", ""}, store.now()));
  REQUIRE_OK(store->PublishRuleSet("aaaaaa11", {"root", "王"}, store.now(), "first"));
  store.Advance(std::chrono::seconds(60));
  REQUIRE_OK(store->PublishRuleSet("aaaaaa22", {"root", ""}, store.now(), ""));
  REQUIRE_OK(store->PublishRuleSet("aaaaaa11", {"li", ""}, store.now(), "back"));
  store.Reopen();
  const auto all = store->RuleSetPublications(10);
  REQUIRE_OK(all);
  REQUIRE(all->size() == 3);
  CHECK(all->at(0) == RuleSetPublication{3, "aaaaaa11", store.now(), {"li", ""}, "back"});
  CHECK(all->at(1).hash == "aaaaaa22");
  CHECK(all->at(2).actor.claimed_name == "王");
  CHECK(store->RuleSetPublications(1)->size() == 1);
  const auto audit = store.Audit();
  REQUIRE(audit.size() == 5);
  CHECK(audit[4].action == "rules.publish");
  CHECK(audit[4].object == "aaaaaa11");
  CHECK(audit[4].before == "aaaaaa22");
  CHECK(audit[4].reason == "back");
}

TEMPLATE_TEST_CASE("rule sets: found by the first digits of the hash", "", STORES) {
  Bench<TestType> store;
  REQUIRE_OK(store->PutRuleSet("abcdef11", "one", {"root", ""}, store.now()));
  REQUIRE_OK(store->PutRuleSet("abcdef22", "two", {"root", ""}, store.now()));
  CHECK(store->RuleSetHash("abcdef1").value() == "abcdef11");
  CHECK(store->RuleSetHash("abcdef22").value() == "abcdef22");
  CHECK(store->RuleSetHash("abcdef").status().code() == Code::kInvalidArgument);
  CHECK(store->RuleSetHash("abcde").status().code() == Code::kInvalidArgument);
  CHECK(store->RuleSetHash("").status().code() == Code::kInvalidArgument);
  CHECK(store->RuleSetHash("abcdef12").status().code() == Code::kNotFound);
  CHECK(store->RuleSetHash("ffffff").status().code() == Code::kNotFound);
}

TEMPLATE_TEST_CASE("requests: numbered, per role, in order, until they are done", "", STORES) {
  Bench<TestType> store;
  RoleRequest run{0, "crawl", "run", "shops", {"root", "王芳"}, store.now()};
  CHECK(store->EnqueueRequest(run).value() == 1);
  RoleRequest report{0, "triage", "report", "daily", {"root", ""}, store.now()};
  CHECK(store->EnqueueRequest(report).value() == 2);
  run.action = "pause";
  CHECK(store->EnqueueRequest(run).value() == 3);
  store.Reopen();
  auto pending = store->PendingRequests("crawl", 10).value();
  REQUIRE(pending.size() == 2);
  run.number = 3;
  CHECK(pending[1] == run);
  CHECK(store->PendingRequests("crawl", 1)->at(0).number == 1);
  REQUIRE_OK(store->FinishRequest(1));
  CHECK(store->FinishRequest(1).code() == Code::kNotFound);
  CHECK(store->FinishRequest(99).code() == Code::kNotFound);
  CHECK(store->PendingRequests("crawl", 10)->size() == 1);
  REQUIRE_OK(store->FinishRequest(3));
  CHECK(store->PendingRequests("crawl", 10)->empty());
  CHECK(store->PendingRequests("triage", 10)->size() == 1);
  CHECK(store->EnqueueRequest(run).value() == 4);  // a number is never given twice
}

}  // namespace
}  // namespace cluehound::store::testing
