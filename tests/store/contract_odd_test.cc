#include "store/identity.h"
#include "tests/store/contract.h"

// What nobody expects: clocks that go back, names made of any bytes, fields without end.
namespace cluehound::store {
namespace {

using namespace cluehound::store::testing;
using std::chrono::hours;

template <class F>
LeadFilter Where(F set) {
  LeadFilter filter;
  set(filter);
  return filter;
}

TEMPLATE_TEST_CASE("odd: a clock set back a year loses nothing and undoes nothing", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  Decision decision{store.OnlyLead().id, 1,          LeadStatus::kDeferred, "waiting", "",
                    {"uid-7", ""},       store.now()};
  decision.until = store.now() + hours(24);
  REQUIRE_OK(store->Decide(decision, {}));
  const Instant before = store.now();
  const Instant back = before - hours(24 * 365);
  store.clock().Advance(back - before);
  // Seen, found and decided a year earlier.
  PageCommit again = ReadPage({0, Found("a", "1"), {}}, back);
  AddSuspect(again, Goods("鸿雁 高仿", "1"), Suspect("brand"));
  store.Commit(again);
  PageCommit other = ReadPage({0, Found("b", "1"), {}}, back);
  AddSuspect(other, Goods("鸿雁 复刻", "1"), Suspect("brand"));
  store.Commit(other);
  CHECK(store->ReturnDue(back).value() == 0);
  store.Reopen();
  const Lead deferred = store->FindLead(decision.lead, {}).value();
  CHECK(deferred.status == LeadStatus::kDeferred);
  CHECK(deferred.sightings == 2);
  CHECK(deferred.last_seen == before);
  const auto sightings = store->Sightings(deferred.id, 9).value();
  REQUIRE(sightings.size() == 2);
  CHECK(sightings[0].seen == before);
  const auto fresh = store.Leads(Where([](auto& f) { f.status = LeadStatus::kNew; }));
  REQUIRE(fresh.size() == 1);
  CHECK(fresh[0].first_seen == back);
  Decision check{fresh[0].id, 1, LeadStatus::kChecking, "suspected", "", {"uid-7", ""}, back};
  check.number_prefix = "WF";
  CHECK(store->Decide(check, {})->number == "WF-2025-00001");
  // Last seen first, page by page, whatever the order in which they came.
  const auto filter = Where([](auto& f) { f.sort = LeadSort::kLastSeen; });
  const auto page = store->QueryLeads(filter, {}, "", 1).value();
  CHECK(page.leads.at(0).id == deferred.id);
  CHECK(store->QueryLeads(filter, {}, page.next, 9)->leads.at(0).id == fresh[0].id);
  CHECK(store->ReturnDue(before + hours(48)).value() == 1);
  CHECK(store->FindLead(decision.lead, {})->status == LeadStatus::kNew);
}

TEMPLATE_TEST_CASE("odd: names of any bytes are kept, found and told apart", "", STORES) {
  using namespace std::string_literals;
  const std::vector<std::string> names = {"a\0b"s,     "a\0"s,     "a"s,        "\xff\xfe"s,
                                          "\x1f"s,     "a\nb"s,    "a\x1fnew"s, "%00../.."s,
                                          "' OR 1=1"s, "\x01\x01"s};
  Bench<TestType> store;
  for (size_t i = 0; i < names.size(); ++i) {
    auto listing = Goods("鸿雁 " + std::to_string(i), names[i], names[i]);
    listing.seller_id = names[i] + "#";
    listing.platform = names[i] + "@";
    auto suspicion = Suspect("family-" + names[i], 40, names[i], names[i]);
    store.Read(Found("h" + std::to_string(i), "x", names[i]), {{listing, suspicion}});
  }
  store.Reopen();
  CHECK(store.Leads().size() == names.size());
  for (const std::string& name : names) {
    INFO("name of " << name.size() << " bytes: " << Hex(Sha256(name)).substr(0, 8));
    const auto only = [&](auto set) {
      const auto leads = store.Leads(Where(set));
      REQUIRE(leads.size() == 1);
      CHECK(leads[0].listing.id == name);
      return leads[0];
    };
    only([&](auto& f) { f.mark = name; });
    only([&](auto& f) { f.category = name; });
    only([&](auto& f) { f.source = name; });
    only([&](auto& f) { f.seller = name; });
    only([&](auto& f) { f.seller = name + "#"; });
    only([&](auto& f) { f.platform = name + "@"; });
    only([&](auto& f) { f.rule = "family-" + name + "-rule"; });
    const Lead lead = only([&](auto& f) {
      f.mark = name;
      f.status = LeadStatus::kNew;
    });
    only([&](auto& f) { f.row = RowKey(lead); });
    const auto rows = store->QueryRows(Where([&](auto& f) { f.mark = name; }), {}, "", 9);
    REQUIRE_OK(rows);
    REQUIRE(rows->rows.size() == 1);
    CHECK(rows->rows[0].lead_count == 1);
  }
  for (const std::string& name : names) {
    CHECK_FALSE(store->FindLead(name, {}).ok());
    const auto none = store->QueryLeads(Where([&](auto& f) { f.row = name; }), {}, "", 9);
    CHECK((!none.ok() || none->leads.empty()));
    CHECK_FALSE(store->QueryLeads({}, {}, name, 9).ok());
  }
}

TEMPLATE_TEST_CASE("odd: a title of ten megabytes costs its own page and nothing else", "",
                   STORES) {
  Bench<TestType> store;
  std::string title = "鸿雁";
  while (title.size() < 10u << 20) title += "高仿";
  store.Read(Found("a", "1"), {{Goods(title, "1", title.substr(0, 1 << 20)), Suspect("brand")}});
  store.Read(Found("b", "1"), {{Goods("鸿雁 短", "1"), Suspect("brand")}});
  store.Reopen();
  CHECK(store.Leads().size() == 2);
  const auto found = store.Leads(Where([](auto& f) { f.text = "鸿雁高仿"; }));
  REQUIRE(found.size() == 1);
  CHECK(found[0].listing.title == title);
  CHECK(store->CountLeads(Where([](auto& f) { f.text = "鸿雁"; }), {}).value() == 2);
  for (const AuditEntry& entry : store.Audit()) CHECK(entry.after.size() < 10000);
  Decision decision{found[0].id,   1,          LeadStatus::kRuledOut, "fair_use", "",
                    {"uid-7", ""}, store.now()};
  CHECK(store->Decide(decision, {})->status == LeadStatus::kRuledOut);
}

TEMPLATE_TEST_CASE("odd: a silence that ends while its leads are decided lets them go as decided",
                   "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")},
                               {Goods("鸿雁 复刻", "2"), Suspect("brand")}});
  Silence silence;
  silence.seller = "东风小店";
  silence.mark = "hongyan";
  silence.reason = "authorised";
  silence.at = store.now();
  silence.until = store.now() + hours(1);
  silence = store->AddSilence(silence).value();
  for (const Lead& lead : store.Leads()) {
    Decision put{lead.id, lead.revision, LeadStatus::kNew, "", "", {"uid-7", ""}, store.now()};
    put.kind = DecisionKind::kSilence;
    put.silence = silence.number;
    REQUIRE_OK(store->Decide(put, {}));
  }
  CHECK(store.Leads().empty());
  const auto hidden = Where([](auto& f) { f.silenced = LeadFilter::Silenced::kOnly; });
  const Lead one = store.Leads(hidden).at(0);
  REQUIRE_OK(store->Decide(
      {one.id, one.revision, LeadStatus::kRuledOut, "fair_use", "", {"uid-7", ""}, store.now()},
      {}));
  store.Advance(hours(2));
  // The officer still looks at the lead as it was when the silence ends.
  const Lead other = store.Leads(hidden).back();
  CHECK(store->ReturnDue(store.now()).value() == 2);
  store.Reopen();
  CHECK(store.Leads().size() == 2);
  CHECK(store->FindLead(one.id, {})->status == LeadStatus::kRuledOut);
  CHECK(store
            ->Decide({other.id,
                      other.revision,
                      LeadStatus::kChecking,
                      "suspected",
                      "",
                      {"uid-7", ""},
                      store.now()},
                     {})
            .status()
            .code() == Code::kConflict);
  const auto rows = store->QueryRows({}, {}, "", 9).value();
  REQUIRE(rows.rows.size() == 1);
  CHECK(rows.rows[0].lead_count == 2);
  CHECK(rows.rows[0].undecided == 1);
  CHECK(store.Stats().silenced == 0);
  CHECK(store->Silences()->at(0).live == 0);
}

}  // namespace
}  // namespace cluehound::store
