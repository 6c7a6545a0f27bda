#include "tests/store/contract.h"

namespace cluehound::store {
namespace {

using namespace cluehound::store::testing;
using std::chrono::hours;

const Actor kOfficer{"uid-7", "李雷"};

// Two offers that the addresses of two shops keep apart.
template <class Kind>
class Pair {
 public:
  Pair() {
    bench_.Read(First(), {{Goods("鸿雁 高仿 甲"), Suspect("brand", 60)}});
    first = bench_.OnlyLead();
    bench_.Read(Second(), {{Goods("鸿雁 高仿 乙"), Suspect("brand", 50)}});
    for (const Lead& lead : bench_.Leads()) {
      if (lead.id != first.id) second = lead;
    }
    bench_.Advance(hours(2));
  }
  static Discovery First() { return Found("a", "1"); }
  static Discovery Second() { return Found("b", "2"); }
  Bench<Kind>& bench() { return bench_; }
  Store& store() { return bench_.store(); }
  Lead Now(const Lead& lead) { return store().FindLead(lead.id, {}).value(); }

  Decision Into(const Lead& lead, const Lead& original) {
    Decision decision{lead.id,  Now(lead).revision, LeadStatus::kDuplicate, "repeated", "同一商品",
                      kOfficer, bench_.now()};
    decision.original = original.id;
    decision.merge = true;
    return decision;
  }
  Decision Undo(const Lead& lead) {
    Decision decision{lead.id, Now(lead).revision, LeadStatus::kNew, "",
                      "",      kOfficer,           bench_.now()};
    decision.kind = DecisionKind::kUndo;
    return decision;
  }
  Status Try(const Decision& decision) { return store().Decide(decision, {}).status(); }
  EntryKind LastEntry(const Lead& lead) { return store().Entries(lead.id, 1)->at(0).kind; }

  Lead first, second;

 private:
  Bench<Kind> bench_;
};

TEMPLATE_TEST_CASE("merge: what pages say of a merged lead is said of the one it went into", "",
                   STORES) {
  Pair<TestType> pair;
  REQUIRE_OK(pair.Try(pair.Into(pair.first, pair.second)));
  pair.bench().Reopen();
  CHECK(pair.Now(pair.first).status == LeadStatus::kDuplicate);
  CHECK(pair.Now(pair.first).merged);
  CHECK(pair.LastEntry(pair.second) == EntryKind::kTookIn);
  CHECK(pair.store().Entries(pair.second.id, 1)->at(0).after == pair.first.id);
  CHECK(pair.bench().Audit().back().action == "lead.take_in");
  // The page as it was, and then with a stronger wording.
  pair.bench().Commit(Unchanged(pair.bench().LeaseOf(pair.First()), pair.bench().now()));
  CHECK(pair.Now(pair.first).sightings == 1);
  CHECK(pair.Now(pair.second).sightings == 2);
  pair.bench().Advance(hours(2));
  pair.bench().Read(pair.First(), {{Goods("鸿雁 顶级复刻"), Suspect("brand", 90)}});
  CHECK(pair.Now(pair.first).listing.title == "鸿雁 高仿 甲");
  CHECK(pair.Now(pair.second).listing.title == "鸿雁 顶级复刻");
  CHECK(pair.Now(pair.second).suspicion.score == 90);
  CHECK(pair.bench().Leads().size() == 2);
  // Nothing is noted of the merged one, whatever its page does.
  const auto entries = pair.Now(pair.first).entries;
  pair.bench().Advance(hours(2));
  pair.bench().Read(pair.First(), {});
  CHECK(pair.Now(pair.first).entries == entries);
}

TEMPLATE_TEST_CASE("merge: taken back, a lead stands as before and speaks for itself again", "",
                   STORES) {
  Pair<TestType> pair;
  REQUIRE_OK(pair.Try(pair.Into(pair.first, pair.second)));
  REQUIRE_OK(pair.Try(pair.Undo(pair.first)));
  pair.bench().Reopen();
  CHECK(pair.Now(pair.first).status == LeadStatus::kNew);
  CHECK_FALSE(pair.Now(pair.first).merged);
  CHECK(pair.LastEntry(pair.second) == EntryKind::kGaveBack);
  pair.bench().Commit(Unchanged(pair.bench().LeaseOf(pair.First()), pair.bench().now()));
  CHECK(pair.Now(pair.first).sightings == 2);
  CHECK(pair.Now(pair.second).sightings == 1);
}

TEMPLATE_TEST_CASE("merge: both on one page are one sighting of the one that stays", "", STORES) {
  Bench<TestType> store;
  const auto both = [&] {
    store.Read(Found("a", "list"), {{Goods("鸿雁 高仿 甲", "1"), Suspect("brand", 60)},
                                    {Goods("鸿雁 高仿 乙", "2"), Suspect("brand", 50)}});
    store.Advance(hours(2));
  };
  both();
  const auto leads = store.Leads();
  Decision merge{leads[0].id, 1, LeadStatus::kDuplicate, "repeated", "", kOfficer, store.now()};
  merge.original = leads[1].id;
  merge.merge = true;
  REQUIRE_OK(store->Decide(merge, {}));
  both();
  CHECK(store->FindLead(leads[0].id, {})->sightings == 1);
  CHECK(store->FindLead(leads[1].id, {})->sightings == 2);
  CHECK(store->FindLead(leads[1].id, {})->suspicion.score == 60);
  CHECK(store->FindPage(Shop("a", "list"))->value().leads == std::vector<LeadId>{leads[1].id});
}

TEMPLATE_TEST_CASE("merge: refused where it makes no sense, and never in a ring", "", STORES) {
  Pair<TestType> pair;
  REQUIRE_OK(pair.Try(pair.Into(pair.first, pair.second)));
  CHECK(pair.Try(pair.Into(pair.first, pair.second)).message().find("already") !=
        std::string::npos);
  CHECK(pair.Try(pair.Into(pair.second, pair.first)).message().find("duplicate itself") !=
        std::string::npos);
  // Opened again, the first takes the second in; the undo of its opening would close the ring.
  Decision open{pair.first.id,
                pair.Now(pair.first).revision,
                LeadStatus::kChecking,
                "reopened",
                "",
                kOfficer,
                pair.bench().now()};
  REQUIRE_OK(pair.Try(open));
  CHECK(pair.LastEntry(pair.second) == EntryKind::kGaveBack);
  REQUIRE_OK(pair.Try(pair.Into(pair.second, pair.first)));
  CHECK(pair.Try(pair.Undo(pair.first)).message().find("duplicate now") != std::string::npos);
  pair.bench().Read(Found("c", "3"), {{Goods("萝卜"), Suspect("gi", 40)}});
  LeadFilter gi;
  gi.rule = "gi-rule";
  const Lead other = pair.bench().Leads(gi).at(0);
  CHECK(pair.Try(pair.Into(other, pair.first)).message().find("family") != std::string::npos);
}

TEMPLATE_TEST_CASE("merge: a lead of a case is not merged; one may be merged into it", "", STORES) {
  Pair<TestType> pair;
  for (const LeadStatus status : {LeadStatus::kChecking, LeadStatus::kFiled}) {
    REQUIRE_OK(pair.Try({pair.first.id, pair.Now(pair.first).revision, status, "suspected", "",
                         kOfficer, pair.bench().now()}));
  }
  CHECK(pair.Try(pair.Into(pair.first, pair.second)).message().find("cannot become") !=
        std::string::npos);
  REQUIRE_OK(pair.Try(pair.Into(pair.second, pair.first)));
  CHECK(pair.Now(pair.first).status == LeadStatus::kFiled);
}

}  // namespace
}  // namespace cluehound::store
