#include "base/work_calendar.h"
#include "store/decision.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;

Decision Deciding(const Lead& lead, LeadStatus status, Instant at,
                  const std::string& reason = "r") {
  return {lead.id, lead.revision, status, reason, "", {"uid-7", "李雷"}, at};
}

template <class Kind>
Lead Decided(Bench<Kind>& store, LeadStatus status, const std::string& reason = "r") {
  Decision decision = Deciding(store.OnlyLead(), status, store.now(), reason);
  decision.number_prefix = "WF";
  decision.until = store.now() + hours(48);
  const auto lead = store->Decide(decision, {});
  REQUIRE_OK(lead);
  store.Advance(hours(1));
  return *lead;
}

// Reads the only page again, with what is on it now.
template <class Kind>
void ReadAgain(Bench<Kind>& store,
               const std::vector<std::pair<extractors::Listing, rules::Suspicion>>& suspects,
               const std::vector<extractors::Listing>& innocent = {},
               const std::string& rule_set = "rules-1") {
  store.Advance(hours(2));
  PageCommit commit = ReadPage(store.ClaimAll().at(0), store.now(), rule_set);
  for (const auto& [listing, suspicion] : suspects) AddSuspect(commit, listing, suspicion);
  for (const auto& listing : innocent) commit.listings.push_back(listing);
  store.Commit(std::move(commit));
}

template <class Kind>
std::vector<EntryKind> Kinds(Bench<Kind>& store) {
  std::vector<EntryKind> kinds;
  const auto entries = store->Entries(store.OnlyLead().id, 100);
  REQUIRE_OK(entries);
  for (const LeadEntry& entry : *entries) kinds.push_back(entry.kind);
  std::reverse(kinds.begin(), kinds.end());
  return kinds;
}

template <class Kind>
void OneLead(Bench<Kind>& store) {
  store.Read(Found("a", "list"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
}

TEMPLATE_TEST_CASE("life: registering gives a number once, by year, without gaps", "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 3; ++i) {
    store.Read(Found("a", std::to_string(i)),
               {{Goods("鸿雁 " + std::to_string(i), std::to_string(i)), Suspect("brand")}});
  }
  const auto leads = store.Leads();
  const auto check = [&](size_t i, const std::string& prefix = "WF") {
    Decision decision =
        Deciding(store->FindLead(leads[i].id, {}).value(), LeadStatus::kChecking, store.now());
    decision.number_prefix = prefix;
    decision.clock = LeadClock{"check", store.now(), store.now() + hours(360), 0, "", ""};
    return store->Decide(decision, {}).value();
  };
  const Lead first = check(0);
  CHECK(first.number == "WF-2026-00001");
  CHECK(first.registered == store.now());
  CHECK(first.clock->due == store.now() + hours(360));
  // What fails takes no number.
  Decision stale = Deciding(leads[1], LeadStatus::kChecking, store.now());
  stale.number_prefix = "WF";
  stale.expected_revision += 5;
  CHECK(store->Decide(stale, {}).status().code() == Code::kConflict);
  Decision good = Deciding(leads[1], LeadStatus::kChecking, store.now());
  good.number_prefix = "WF";
  CHECK(store->DecideAll({good, stale}, {}, "").status().code() == Code::kConflict);
  CHECK(store->FindLead(leads[1].id, {}).value() == leads[1]);
  store.Reopen();
  CHECK(check(1).number == "WF-2026-00002");
  // Again: nothing but the entry of another decision.
  store.Advance(hours(1));
  const Lead again = check(0);
  CHECK(again.number == first.number);
  CHECK(again.registered == first.registered);
  CHECK(again.clock == first.clock);
  store.Advance(hours(24 * 60));
  CHECK(check(2).number == "WF-2027-00001");  // the office's year
  CHECK(store->FindLead("WF-2027-00001", {})->id == leads[2].id);
  CHECK(store->FindLead("WF-2027-00002", {}).status().code() == Code::kNotFound);
  CHECK(store->FindLead("WF-2027-00001", {"shouguang"}).status().code() == Code::kDenied);
  size_t registered = 0;
  for (const AuditEntry& entry : store.Audit())
    registered += entry.action == "lead.register" ? 1 : 0;
  CHECK(registered == 3);
}

TEMPLATE_TEST_CASE("life: what is not possible is refused and says what is", "", STORES) {
  Bench<TestType> store;
  OneLead(store);
  const auto refused = [&](LeadStatus status) {
    const Lead before = store.OnlyLead();
    const auto audit = store.Audit().size();
    const auto decided = store->Decide(Deciding(before, status, store.now()), {});
    CHECK(decided.status().code() == Code::kInvalidArgument);
    CHECK(store.OnlyLead() == before);
    CHECK(store.Audit().size() == audit);
    return decided.status().message();
  };
  CHECK(refused(LeadStatus::kFiled).find("possible: checking (核查中), referred (已移送)") !=
        std::string::npos);
  refused(LeadStatus::kClosed);
  CHECK(refused(LeadStatus::kDeferred).find("day") != std::string::npos);
  CHECK(refused(LeadStatus::kDuplicate).find("repeats") != std::string::npos);
  Decided(store, LeadStatus::kRuledOut);
  refused(LeadStatus::kFiled);
  refused(LeadStatus::kNew);
  Decided(store, LeadStatus::kRuledOut, "another");  // the same status, another reason
  CHECK(store.OnlyLead().reason == "another");
  Decided(store, LeadStatus::kChecking);
  Decided(store, LeadStatus::kFiled);
  Decided(store, LeadStatus::kClosed);
  CHECK(store.OnlyLead().number == "WF-2026-00001");
}

TEMPLATE_TEST_CASE("life: a duplicate names an original that is none itself", "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 3; ++i) {
    store.Read(Found("a", std::to_string(i)),
               {{Goods("鸿雁 " + std::to_string(i), std::to_string(i)), Suspect("brand")}});
  }
  const auto leads = store.Leads();
  const auto repeat = [&](size_t i, const LeadId& original) {
    Decision decision = Deciding(leads[i], LeadStatus::kDuplicate, store.now());
    decision.original = original;
    return store->Decide(decision, {}).status();
  };
  CHECK(repeat(0, leads[0].id).code() == Code::kInvalidArgument);
  CHECK(repeat(0, std::string(32, '0')).code() == Code::kNotFound);
  REQUIRE_OK(repeat(0, leads[1].id));
  CHECK(store->FindLead(leads[0].id, {})->original == leads[1].id);
  CHECK(repeat(2, leads[0].id).message().find(leads[1].id) != std::string::npos);
}

TEMPLATE_TEST_CASE("life: the last decision is taken back by a new one, once", "", STORES) {
  Bench<TestType> store;
  OneLead(store);
  const auto undo = [&] {
    Decision decision = Deciding(store.OnlyLead(), LeadStatus::kNew, store.now());
    decision.kind = DecisionKind::kUndo;
    decision.note = "点错了";
    return store->Decide(decision, {}).status();
  };
  CHECK(undo().code() == Code::kInvalidArgument);
  Decided(store, LeadStatus::kChecking, "suspected");
  const Lead checking = store.OnlyLead();
  Decided(store, LeadStatus::kRuledOut, "fair_use");
  REQUIRE_OK(undo());
  const Lead lead = store.OnlyLead();
  CHECK(lead.status == LeadStatus::kChecking);
  CHECK(lead.reason == "suspected");
  CHECK(lead.number == checking.number);
  CHECK(lead.decided_at == checking.decided_at);
  CHECK(undo().message().find("undone") != std::string::npos);
  CHECK(Kinds(store) ==
        std::vector<EntryKind>{EntryKind::kDecided, EntryKind::kDecided, EntryKind::kUndone});
  const AuditEntry last = store.Audit().back();
  CHECK(last.action == "lead.undo");
  CHECK(last.reason == "点错了");
  CHECK(last.before.find("fair_use") != std::string::npos);
  CHECK(last.after.find("suspected") != std::string::npos);
}

TEMPLATE_TEST_CASE("life: a deferred lead comes back by itself on its day, to where it was", "",
                   STORES) {
  Bench<TestType> store;
  const bool checked = GENERATE(false, true);
  OneLead(store);
  if (checked) Decided(store, LeadStatus::kChecking);
  const Lead before = store.OnlyLead();
  Decided(store, LeadStatus::kDeferred);
  Decided(store, LeadStatus::kDeferred);  // a later day
  const Instant until = *store.OnlyLead().until;
  CHECK(store->ReturnDue(until - hours(1)).value() == 0);
  store.Reopen();
  CHECK(store->ReturnDue(until).value() == 1);
  CHECK(store->ReturnDue(until).value() == 0);
  const Lead lead = store.OnlyLead();
  CHECK(lead.status == before.status);
  CHECK(lead.decided_at == before.decided_at);
  CHECK_FALSE(lead.until);
  CHECK(store->Entries(lead.id, 1)->at(0).kind == EntryKind::kCameBack);
  CHECK(store.Audit().back().actor.user == "clock");
}

TEMPLATE_TEST_CASE("life: a clock runs longer with who approved it, and never shorter", "",
                   STORES) {
  Bench<TestType> store;
  OneLead(store);
  Decision extend = Deciding(store.OnlyLead(), LeadStatus::kNew, store.now());
  extend.kind = DecisionKind::kExtend;
  CHECK(store->Decide(extend, {}).status().code() == Code::kInvalidArgument);  // none runs
  Decision check = Deciding(store.OnlyLead(), LeadStatus::kChecking, store.now());
  check.clock = LeadClock{"check", store.now(), store.now() + hours(360), 0, "", ""};
  REQUIRE_OK(store->Decide(check, {}));
  LeadFilter due;
  due.due_before = store.now() + hours(400);
  CHECK(store.Leads(due).size() == 1);
  extend.expected_revision = store.OnlyLead().revision;
  extend.clock = LeadClock{"check", store.now(), store.now() + hours(360), 1, "王局", ""};
  CHECK(store->Decide(extend, {}).status().code() == Code::kInvalidArgument);
  extend.clock->due += hours(360);
  REQUIRE_OK(store->Decide(extend, {}));
  CHECK(store.OnlyLead().clock->approver == "王局");
  CHECK(store.OnlyLead().status == LeadStatus::kChecking);
  CHECK(store.Leads(due).empty());
  CHECK(store->Entries(store.OnlyLead().id, 1)->at(0).after.find("王局") != std::string::npos);
}

TEMPLATE_TEST_CASE("notes: what was decided and is worded otherwise is told once a wording", "",
                   STORES) {
  Bench<TestType> store;
  OneLead(store);
  Decided(store, LeadStatus::kRuledOut);
  const auto as = [](const std::string& title) {
    return std::vector<std::pair<extractors::Listing, rules::Suspicion>>{
        {Goods(title, "1"), Suspect("brand")}};
  };
  ReadAgain(store, as("鸿雁 高仿"));
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kDecided});
  ReadAgain(store, as("鸿雁 一比一"));
  const Lead lead = store.OnlyLead();
  CHECK(lead.status == LeadStatus::kRuledOut);
  CHECK(lead.notice == EntryKind::kChangedAfter);
  const LeadEntry entry = store->Entries(lead.id, 1)->at(0);
  CHECK(entry.kind == EntryKind::kChangedAfter);
  CHECK(entry.before.find("鸿雁 高仿") == 0);
  CHECK(entry.after.find("鸿雁 一比一") == 0);
  LeadFilter changed;
  changed.notice = EntryKind::kChangedAfter;
  CHECK(store.Leads(changed).size() == 1);
  ReadAgain(store, as("鸿雁 高仿"));  // back and forth: both were met
  ReadAgain(store, as("鸿雁 一比一"));
  CHECK(store.OnlyLead().entries == 2);
  ReadAgain(store, as("鸿雁 复刻"));
  CHECK(store.OnlyLead().entries == 3);
  // A decision answers it.
  Decided(store, LeadStatus::kChecking);
  CHECK(store.Leads(changed).empty());
}

TEMPLATE_TEST_CASE("notes: a page without the listing, or gone, is 已下架; met again is 再次发现",
                   "", STORES) {
  Bench<TestType> store;
  const bool page_gone = GENERATE(false, true);
  OneLead(store);
  const auto vanish = [&] {
    if (!page_gone) return ReadAgain(store, {});
    store.Advance(hours(2));
    PageCommit commit;
    commit.lease = store.ClaimAll().at(0);
    commit.outcome = Outcome::kGone;
    commit.http_status = 404;
    commit.seen = store.now();
    commit.next_due = store.now();
    store.Commit(std::move(commit));
  };
  vanish();
  const Lead gone = store.OnlyLead();
  CHECK(gone.presence == Presence::kGone);
  CHECK(gone.presence_at == store.now());
  CHECK(gone.notice == EntryKind::kGone);
  CHECK(gone.status == LeadStatus::kNew);
  vanish();
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kGone});
  store.Reopen();
  ReadAgain(store, {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  const Lead back = store.OnlyLead();
  CHECK(back.presence == Presence::kOnSale);
  CHECK(back.notice == EntryKind::kSeenAgain);
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kGone, EntryKind::kSeenAgain});
}

TEMPLATE_TEST_CASE("notes: a page that comes back unchanged after 404 is 再次发现 too", "",
                   STORES) {
  Bench<TestType> store;
  OneLead(store);
  store.Advance(hours(2));
  PageCommit gone;
  gone.lease = store.ClaimAll().at(0);
  gone.outcome = Outcome::kGone;
  gone.http_status = 410;
  gone.seen = store.now();
  gone.next_due = store.now();
  store.Commit(std::move(gone));
  store.Advance(hours(2));
  store.Commit(Unchanged(store.ClaimAll().at(0), store.now()));
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kGone, EntryKind::kSeenAgain});
  store.Advance(hours(2));
  store.Commit(Unchanged(store.ClaimAll().at(0), store.now()));
  CHECK(store.OnlyLead().entries == 2);
  CHECK(store.OnlyLead().sightings == 3);
}

TEMPLATE_TEST_CASE("notes: an item that moved to another page of the list is not gone", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list-1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  store.Advance(hours(2));
  auto leases = store.ClaimAll();
  const auto moved = Found("a", "list-2");
  store.Read(moved, {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  PageCommit commit = ReadPage(leases.at(0), store.now());
  commit.listings.push_back(Goods("别的", "2"));
  store.Commit(std::move(commit));
  CHECK(store.OnlyLead().presence == Presence::kUnknown);
  CHECK(store.OnlyLead().entries == 0);
}

TEMPLATE_TEST_CASE("notes: what newer rules leave alone is 规则已变 and never 已下架", "", STORES) {
  Bench<TestType> store;
  const bool rematched = GENERATE(false, true);
  OneLead(store);
  if (rematched) {
    const auto stale = store->PagesMatchedOtherwise("rules-2", "", 1).value().at(0);
    PageCommit commit;
    commit.change = PageChange::kRematched;
    commit.lease.address = stale.address;
    commit.seen = store.now();
    commit.state = stale.state;
    commit.state.rule_set = "rules-2";
    commit.listings = stale.listings;
    store.Commit(std::move(commit));
  } else {
    ReadAgain(store, {}, {Goods("鸿雁 高仿", "1")}, "rules-2");
  }
  const Lead lead = store.OnlyLead();
  CHECK(lead.notice == EntryKind::kRuleChanged);
  CHECK(lead.presence == Presence::kUnknown);
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kRuleChanged});
}

TEMPLATE_TEST_CASE(
    "notes: an offer reworded so that nothing is found keeps its lead, with both texts", "",
    STORES) {
  Bench<TestType> store;
  const bool decided = GENERATE(false, true);
  OneLead(store);
  if (decided) Decided(store, LeadStatus::kChecking);
  ReadAgain(store, {}, {Goods("行李箱", "1")});
  const Lead lead = store.OnlyLead();
  CHECK(lead.listing.title == "鸿雁 高仿");
  const LeadEntry entry = store->Entries(lead.id, 1)->at(0);
  CHECK(entry.kind == (decided ? EntryKind::kChangedAfter : EntryKind::kReworded));
  CHECK(entry.after.find("行李箱") == 0);
  ReadAgain(store, {}, {Goods("行李箱", "1")});
  CHECK(store.OnlyLead().entries == lead.entries);
}

TEMPLATE_TEST_CASE("notes: still met after a notice to the platform is told once, with the day", "",
                   STORES) {
  Bench<TestType> store;
  const bool unchanged = GENERATE(false, true);
  OneLead(store);
  Decided(store, LeadStatus::kPlatform);
  const auto meet = [&] {
    if (!unchanged) return ReadAgain(store, {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
    store.Advance(hours(2));
    store.Commit(Unchanged(store.ClaimAll().at(0), store.now()));
  };
  meet();
  const Lead lead = store.OnlyLead();
  CHECK(lead.presence == Presence::kOnSale);
  CHECK(lead.presence_at == store.now());
  CHECK(lead.notice == EntryKind::kOnSale);
  meet();
  meet();
  CHECK(Kinds(store) == std::vector<EntryKind>{EntryKind::kDecided, EntryKind::kOnSale});
  CHECK(store.OnlyLead().last_seen == store.now());
}

TEST_CASE("life: nothing but an undo leads back to a new lead, and everything can be ended") {
  for (int from = 1; from <= 9; ++from) {
    const auto status = static_cast<LeadStatus>(from);
    INFO(Name(status));
    const auto& after = StatusesAfter(status);
    CHECK(std::count(after.begin(), after.end(), status) == 1);
    if (status != LeadStatus::kNew)
      CHECK(std::count(after.begin(), after.end(), LeadStatus::kNew) == 0);
    CHECK(after.size() > 1);
  }
  CHECK(FormatNumber("WF", 2026, 123) == "WF-2026-00123");
  CHECK(FormatNumber("WF", 2026, 1234567) == "WF-2026-1234567");
}

}  // namespace
}  // namespace cluehound::store::testing
