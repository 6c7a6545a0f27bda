#include "store/silence.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;

Silence OfSeller(const std::string& seller, const std::string& family, Instant at) {
  Silence silence;
  silence.seller = seller;
  silence.family = family;
  silence.reason = "authorised";
  silence.proof = "授权书";
  silence.author = {"uid-7", "李雷"};
  silence.at = at;
  return silence;
}

template <class Kind>
void ReadOne(Bench<Kind>& store, const std::string& page, const extractors::Listing& listing,
             const std::string& family = "brand") {
  store.Read(Found("a", page), {{listing, Suspect(family)}});
}

template <class Kind>
size_t Count(Bench<Kind>& store, LeadFilter::Silenced silenced) {
  LeadFilter filter;
  filter.silenced = silenced;
  const size_t rows = store->QueryRows(filter, {}, "", 1000)->rows.size();
  const size_t leads = store.Leads(filter).size();
  CHECK((rows == 0) == (leads == 0));
  return leads;
}

TEMPLATE_TEST_CASE("silences: what one covers is stored, counted, and left out of the lists", "",
                   STORES) {
  Bench<TestType> store;
  const auto made = store->AddSilence(OfSeller("东风小店", "brand", store.now()));
  REQUIRE_OK(made);
  CHECK(made->number == 1);
  ReadOne(store, "1", Goods("鸿雁 高仿", "1"));
  ReadOne(store, "2", Goods("鸿雁 高仿", "2"), "gi");        // another family breaks through
  ReadOne(store, "3", Goods("鸿雁 高仿", "3", "西风小店"));  // another seller
  store.Reopen();
  CHECK(Count(store, LeadFilter::Silenced::kHidden) == 2);
  CHECK(Count(store, LeadFilter::Silenced::kOnly) == 1);
  CHECK(Count(store, LeadFilter::Silenced::kShown) == 3);
  CHECK(store.Stats().silenced == 1);
  CHECK(store.Stats().leads == 3);
  const Silence silence = store->Silences()->at(0);
  CHECK(silence.hits == 1);
  CHECK(silence.live == 1);
  CHECK(silence.last_hit == store.now());
  LeadFilter only;
  only.silenced = LeadFilter::Silenced::kOnly;
  const Lead lead = store.Leads(only).at(0);
  CHECK(lead.silenced == 1);
  CHECK(lead.status == LeadStatus::kNew);
  CHECK(store->Entries(lead.id, 1)->at(0).kind == EntryKind::kSilenced);
  // Seen again, unchanged: still silenced, and counted.
  store.Advance(hours(2));
  for (const Lease& lease : store.ClaimAll()) store.Commit(Unchanged(lease, store.now()));
  CHECK(store.Leads(only).at(0).sightings == 2);
  CHECK(store->Silences()->at(0).hits == 1);
}

TEMPLATE_TEST_CASE("silences: of a listing: another wording breaks through", "", STORES) {
  Bench<TestType> store;
  ReadOne(store, "1", Goods("鸿雁 高仿", "1"));
  const Lead lead = store.OnlyLead();
  Silence silence = OfSeller("", "brand", store.now());
  silence.listing = lead.listing_identity;
  silence.wordings = lead.wordings;
  REQUIRE_OK(store->AddSilence(silence));
  CHECK(Count(store, LeadFilter::Silenced::kHidden) == 1);  // those that are there are put under it
  Decision put{lead.id, lead.revision, LeadStatus::kNew, "", "", {"uid-7", ""}, store.now()};
  put.kind = DecisionKind::kSilence;
  put.silence = 2;
  CHECK(store->Decide(put, {}).status().code() == Code::kNotFound);
  put.silence = 1;
  REQUIRE_OK(store->Decide(put, {}));
  CHECK(Count(store, LeadFilter::Silenced::kHidden) == 0);
  store.Advance(hours(2));
  PageCommit commit = ReadPage(store.ClaimAll().at(0), store.now());
  AddSuspect(commit, Goods("鸿雁 一比一", "1"), Suspect("brand"));
  store.Commit(std::move(commit));
  CHECK(Count(store, LeadFilter::Silenced::kHidden) == 1);
  CHECK(store->Entries(lead.id, 1)->at(0).kind == EntryKind::kLetGo);
  CHECK(store->Silences()->at(0).live == 0);
  CHECK(store->Silences()->at(0).hits == 1);
}

TEMPLATE_TEST_CASE("silences: expired or ended, one lets its leads go", "", STORES) {
  Bench<TestType> store;
  const bool expires = GENERATE(false, true);
  Silence silence = OfSeller("", "brand", store.now());
  silence.phrase = "高仿";
  if (expires) silence.until = store.now() + hours(24);
  REQUIRE_OK(store->AddSilence(silence));
  ReadOne(store, "1", Goods("鸿雁 高仿", "1"));
  CHECK(store.Leads().empty());
  CHECK(store->ReturnDue(store.now()).value() == 0);
  store.Advance(hours(24));
  if (!expires) {
    const auto ended = store->EndSilence(1, {"uid-8", ""}, store.now());
    REQUIRE_OK(ended);
    CHECK(ended->ended == store.now());
    CHECK(store.Audit().back().action == "silence.end");
  }
  CHECK(store->EndSilence(1, {"uid-8", ""}, store.now()).status().code() == Code::kInvalidArgument);
  CHECK(store->EndSilence(9, {"uid-8", ""}, store.now()).status().code() == Code::kNotFound);
  store.Reopen();
  CHECK(store->ReturnDue(store.now()).value() == 1);
  CHECK(store->ReturnDue(store.now()).value() == 0);
  CHECK(store.Leads().size() == 1);
  CHECK(store.Stats().silenced == 0);
  ReadOne(store, "2", Goods("鸿雁 高仿", "2"));
  CHECK(store.Leads().size() == 2);
}

TEST_CASE("silences: nothing silences everything, and each has its reason") {
  Silence silence = OfSeller("东风小店", "brand", kStart);
  CHECK(CheckSilence(silence).ok());
  const auto without = [&](auto change) {
    Silence changed = silence;
    change(changed);
    return CheckSilence(changed).code();
  };
  CHECK(without([](Silence& s) { s.seller.clear(); }) == Code::kInvalidArgument);
  CHECK(without([](Silence& s) { s.family.clear(); }) == Code::kInvalidArgument);
  CHECK(without([](Silence& s) { s.reason.clear(); }) == Code::kInvalidArgument);
  CHECK(without([](Silence& s) { s.phrase = "高仿"; }) == Code::kInvalidArgument);
  CHECK(without([](Silence& s) { s.until = kStart; }) == Code::kInvalidArgument);
}

TEMPLATE_TEST_CASE("dispatch: 分派, 签收, 反馈, or 退回 to the city pool", "", STORES) {
  Bench<TestType> store;
  ReadOne(store, "1", Goods("鸿雁 高仿", "1"));
  const auto step = [&](DecisionKind kind, const std::string& county = "",
                        const std::string& note = "", const Scope& scope = {}) {
    const Lead lead = store->FindLead(store.Leads().at(0).id, {}).value();
    Decision decision{lead.id, lead.revision, LeadStatus::kNew, "",
                      note,    {"uid-7", ""}, store.now()};
    decision.kind = kind;
    decision.county = county;
    decision.due = store.now() + hours(48);
    decision.place = Jurisdiction::Place::kHere;
    return store->Decide(decision, scope).status().code();
  };
  const Scope shouguang{"寿光市"};
  CHECK(step(DecisionKind::kSign) == Code::kInvalidArgument);
  CHECK(step(DecisionKind::kUrge) == Code::kInvalidArgument);
  CHECK(step(DecisionKind::kAssign) == Code::kInvalidArgument);
  CHECK(step(DecisionKind::kAssign, "寿光市") == Code::kOk);
  CHECK(step(DecisionKind::kAssign, "安丘市") == Code::kInvalidArgument);
  CHECK(step(DecisionKind::kPlace, "安丘市") == Code::kInvalidArgument);
  CHECK(step(DecisionKind::kSign, "", "", {"安丘市"}) == Code::kDenied);
  CHECK(step(DecisionKind::kUrge, "", "", shouguang) == Code::kDenied);  // the city's alone
  CHECK(store->QueryLeads({}, shouguang, "", 10)->leads.size() == 1);
  CHECK(step(DecisionKind::kSendBack, "", "", shouguang) == Code::kInvalidArgument);  // no reason
  CHECK(step(DecisionKind::kSendBack, "", "不在本县经营", shouguang) == Code::kOk);
  CHECK(store->QueryLeads({}, shouguang, "", 10)->leads.empty());
  CHECK(store.OnlyLead().dispatch->returned_by == std::vector<std::string>{"寿光市"});
  CHECK(step(DecisionKind::kAssign, "安丘市") == Code::kOk);
  CHECK(step(DecisionKind::kFeedBack, "", "已查处") == Code::kInvalidArgument);  // not signed for
  CHECK(step(DecisionKind::kSign, "", "", {"安丘市"}) == Code::kOk);
  CHECK(step(DecisionKind::kUrge) == Code::kOk);
  CHECK(step(DecisionKind::kSupervise) == Code::kOk);
  CHECK(step(DecisionKind::kFeedBack, "", "已查处", {"安丘市"}) == Code::kOk);
  const Lead lead = store.OnlyLead();
  CHECK(lead.dispatch->state == Dispatch::State::kFedBack);
  CHECK(lead.dispatch->urged == 1);
  CHECK(lead.dispatch->supervised);
  CHECK(lead.status == LeadStatus::kNew);
  LeadFilter fed_back;
  fed_back.dispatch = Dispatch::State::kFedBack;
  CHECK(store.Leads(fed_back).size() == 1);
  CHECK(lead.entries == 7);
}

TEMPLATE_TEST_CASE("jurisdiction: what a person says wins over what the machine reads", "",
                   STORES) {
  Bench<TestType> store;
  const Discovery list = Found("a", "list");
  const auto read = [&](const Jurisdiction& said) {
    store.Advance(hours(2));
    PageCommit commit = ReadPage(store.LeaseOf(list), store.now());
    AddSuspect(commit, Goods("鸿雁 高仿", "1"), Suspect("brand"));
    commit.leads[0].jurisdiction = said;
    store.Commit(std::move(commit));
    return store.OnlyLead();
  };
  const Jurisdiction machine{Jurisdiction::Place::kHere, "寿光市", Jurisdiction::Basis::kShipping,
                             "山东寿光", false};
  CHECK(read(machine).county == "寿光市");
  CHECK(store.OnlyLead().jurisdiction == machine);
  CHECK(store->QueryLeads({}, {"寿光市"}, "", 10)->leads.size() == 1);
  Jurisdiction other = machine;
  other.county = "安丘市";
  CHECK(read(other).county == "安丘市");
  CHECK(store.OnlyLead().revision == 1);
  Decision place{store.OnlyLead().id, 1,          LeadStatus::kNew, "", "现场核实",
                 {"uid-7", ""},       store.now()};
  place.kind = DecisionKind::kPlace;
  place.county = "诸城市";
  place.place = Jurisdiction::Place::kHere;
  REQUIRE_OK(store->Decide(place, {}));
  CHECK(read(machine).county == "诸城市");
  CHECK(store.OnlyLead().jurisdiction.basis == Jurisdiction::Basis::kOfficer);
  LeadFilter county;
  county.county = "诸城市";
  CHECK(store.Leads(county).size() == 1);
}

}  // namespace
}  // namespace cluehound::store::testing
