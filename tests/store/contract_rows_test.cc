#include "store/identity.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;

std::vector<std::pair<extractors::Listing, rules::Suspicion>> Fakes(int from, int to) {
  std::vector<std::pair<extractors::Listing, rules::Suspicion>> fakes;
  for (int i = from; i < to; ++i)
    fakes.push_back({Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)),
                     Suspect("brand", 40 + i % 50)});
  return fakes;
}

template <class Kind>
LeadRow OnlyRow(Bench<Kind>& store, const LeadFilter& filter = {}) {
  const auto page = store->QueryRows(filter, {}, "", 10);
  REQUIRE_OK(page);
  REQUIRE(page->rows.size() == 1);
  return page->rows[0];
}

std::vector<Decision> ForAll(const std::vector<Lead>& leads, LeadStatus status, Instant at) {
  std::vector<Decision> decisions;
  for (const Lead& lead : leads)
    decisions.push_back({lead.id, lead.revision, status, "fair_use", "", {"uid-7", "李雷"}, at});
  return decisions;
}

TEMPLATE_TEST_CASE("rows: 300 items of one shop are one row, one decision, and later ones under it",
                   "", STORES) {
  Bench<TestType> store;
  for (int page = 0; page < 3; ++page)
    store.Read(Found("a", std::to_string(page)), Fakes(page * 100, page * 100 + 100));
  const LeadRow before = OnlyRow(store);
  CHECK(before.lead_count == 300);
  CHECK(before.undecided == 300);
  CHECK_FALSE(before.decided);
  CHECK(before.strongest.suspicion.score == 89);
  const auto decided =
      store->DecideAll(ForAll(store.Leads(), LeadStatus::kRuledOut, store.now()), {}, before.key);
  REQUIRE_OK(decided);
  CHECK(decided->size() == 300);
  store.Reopen();
  const LeadRow row = OnlyRow(store);
  CHECK(row.undecided == 0);
  REQUIRE(row.decided);
  CHECK(*row.decided ==
        RowStanding{LeadStatus::kRuledOut, "fair_use", "", {"uid-7", "李雷"}, store.now(), 300});
  LeadFilter fresh;
  fresh.status = LeadStatus::kNew;
  CHECK(store->QueryRows(fresh, {}, "", 10)->rows.empty());
  // Seven more, one of them weaker than all.
  store.Advance(hours(24));
  store.Read(Found("a", "new"), Fakes(300, 307));
  const LeadRow later = OnlyRow(store);
  CHECK(later.key == row.key);
  CHECK(later.lead_count == 307);
  CHECK(later.undecided == 7);
  CHECK(later.decided == row.decided);
  const LeadRow open = OnlyRow(store, fresh);
  CHECK(open.lead_count == 7);
  CHECK(open.undecided == 7);
  LeadFilter ruled_out;
  ruled_out.status = LeadStatus::kRuledOut;
  CHECK(OnlyRow(store, ruled_out).undecided == 7);
}

TEMPLATE_TEST_CASE("rows: a decision covers all or none, and undone it is forgotten", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), Fakes(0, 3));
  const std::string key = OnlyRow(store).key;
  auto decisions = ForAll(store.Leads(), LeadStatus::kRuledOut, store.now());
  decisions[2].expected_revision = 7;
  CHECK(store->DecideAll(decisions, {}, key).status().code() == Code::kConflict);
  CHECK_FALSE(OnlyRow(store).decided);
  CHECK(OnlyRow(store).undecided == 3);
  CHECK(store.Audit().size() == 3);
  decisions[2].expected_revision = 1;
  REQUIRE_OK(store->DecideAll(decisions, {}, key));
  CHECK(OnlyRow(store).decided->covered == 3);
  auto undo = ForAll(store.Leads(), LeadStatus::kNew, store.now());
  for (Decision& decision : undo) decision.kind = DecisionKind::kUndo;
  REQUIRE_OK(store->DecideAll(undo, {}, key));
  CHECK_FALSE(OnlyRow(store).decided);
  CHECK(OnlyRow(store).undecided == 3);
}

TEMPLATE_TEST_CASE("rows: parts of one decision add up, and those of a later one do not", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "list"), Fakes(0, 5));
  const std::string key = OnlyRow(store).key;
  const auto all = ForAll(store.Leads(), LeadStatus::kRuledOut, store.now());
  REQUIRE_OK(store->DecideAll({all[0], all[1], all[2]}, {}, key));
  REQUIRE_OK(store->DecideAll({all[3], all[4]}, {}, key));
  CHECK(OnlyRow(store).decided->covered == 5);
  CHECK(OnlyRow(store).decided->at == all[0].at);
  store.Advance(hours(1));
  auto again = ForAll(store.Leads(), LeadStatus::kRuledOut, store.now());
  REQUIRE_OK(store->DecideAll({again[0]}, {}, key));
  CHECK(OnlyRow(store).decided->covered == 1);
}

}  // namespace
}  // namespace cluehound::store::testing
