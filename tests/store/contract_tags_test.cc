#include "store/tag.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using Tags = std::vector<std::string>;

template <class Kind>
Status Tag(Bench<Kind>& store, const LeadId& id, const Tags& add, const Tags& remove = {},
           const Scope& scope = {}) {
  const Lead lead = store->FindLead(id, {}).value();
  Decision decision{lead.id, lead.revision,     LeadStatus::kNew, "",
                    "备查",  {"uid-7", "李雷"}, store.now()};
  decision.kind = DecisionKind::kTag;
  decision.add_tags = add;
  decision.remove_tags = remove;
  return store->Decide(decision, scope).status();
}

LeadFilter With(const std::string& tag) {
  LeadFilter filter;
  filter.tag = tag;
  return filter;
}

TEST_CASE("tags: a tag is trimmed, short, and holds nothing that nobody sees") {
  CHECK(CleanTag(" 展会\xE3\x80\x80").value() == "展会");
  CHECK(CleanTag("4·26 行动").value() == "4·26 行动");
  const std::string twenty = "一二三四五六七八九十一二三四五六七八九十";
  CHECK(CleanTag(twenty).ok());
  for (const std::string& bad :
       {std::string(), std::string("  "), twenty + "一", std::string("a\nb"), std::string("a\x7f"),
        std::string("a\xE2\x80\x8B"), std::string("\xff")})
    CHECK(CleanTag(bad).status().code() == Code::kInvalidArgument);
}

TEST_CASE("tags: a change is a sorted set, and must change something") {
  CHECK(ChangedTags({"b"}, {"c", " a", "c"}, {"b"}).value() == Tags{"a", "c"});
  CHECK(ChangedTags({"a"}, {}, {"a", "x"}).value().empty());
  CHECK_FALSE(ChangedTags({"a"}, {"a"}, {"x"}).ok());
  CHECK_FALSE(ChangedTags({"a"}, {"b"}, {"b"}).ok());
  Tags many;
  for (size_t i = 0; i < kMaxTags; ++i) many.push_back(std::to_string(i));
  CHECK_FALSE(ChangedTags(many, {"x"}, {}).ok());
  CHECK(ChangedTags(many, {"x"}, {"0"}).ok());
}

TEMPLATE_TEST_CASE("tags: each change is in the history and the audit log, and survives", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")}});
  const LeadId id = store.OnlyLead().id;
  CHECK(Tag(store, id, {"待抽检", "展会"}).ok());
  CHECK(Tag(store, id, {"4·26"}, {"展会"}).ok());
  CHECK(Tag(store, id, {"4·26"}).code() == Code::kInvalidArgument);
  CHECK(Tag(store, id, {"城"}, {}, {"寿光市"}).code() == Code::kDenied);
  store.Reopen();
  const Lead lead = store.OnlyLead();
  CHECK(lead.tags == Tags{"4·26", "待抽检"});
  CHECK(lead.revision == 3);
  CHECK(lead.status == LeadStatus::kNew);
  const auto entries = store->Entries(id, 10).value();
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].kind == EntryKind::kTagged);
  CHECK(entries[0].before == "展会、待抽检");
  CHECK(entries[0].after == "4·26、待抽检");
  CHECK(entries[0].reason == "备查");
  CHECK(entries[0].by.claimed_name == "李雷");
  const auto audit = store->Audit(0, 100).value();
  CHECK(audit.back().action == "lead.tag");
  CHECK(audit.back().object == id);
  CHECK(audit.back().actor.user == "uid-7");
  CHECK(audit.back().before.find("tags: 展会, 待抽检") != std::string::npos);
  CHECK(audit.back().after.find("tags: 4·26, 待抽检") != std::string::npos);
}

TEMPLATE_TEST_CASE("tags: an old revision is refused, and a bulk is all or none", "", STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿", "1"), Suspect("brand")},
                               {Goods("鸿雁 复刻", "2"), Suspect("brand")}});
  const auto leads = store.Leads();
  std::vector<Decision> decisions;
  for (const Lead& lead : leads) {
    Decision decision{lead.id, lead.revision, LeadStatus::kNew, "", "", {"uid-7", ""}, store.now()};
    decision.kind = DecisionKind::kTag;
    decision.add_tags = {"展会"};
    decisions.push_back(decision);
  }
  decisions[1].expected_revision = 7;
  CHECK(store->DecideAll(decisions, {}, "").status().code() == Code::kConflict);
  CHECK(store.Leads(With("展会")).empty());
  decisions[1].expected_revision = leads[1].revision;
  REQUIRE_OK(store->DecideAll(decisions, {}, ""));
  CHECK(store.Leads(With("展会")).size() == 2);
}

TEMPLATE_TEST_CASE("tags: a list by tag, with the other facets, orders and rows", "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 8; ++i) {
    store.Read(Found("a", std::to_string(i)),
               {{Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i),
                       i % 2 == 0 ? "东风小店" : "西风小店"),
                 Suspect(i < 4 ? "brand" : "gi", 50 + i)}});
    store.Advance(std::chrono::seconds(10));
  }
  const auto leads = store.Leads();
  for (size_t i = 0; i < leads.size(); i += 3) CHECK(Tag(store, leads[i].id, {"展会"}).ok());
  CHECK(Tag(store, leads[1].id, {"展会馆"}).ok());
  store.Reopen();
  LeadFilter filter = With("展会");
  CHECK(store.Leads(filter).size() == 3);
  CHECK(store->CountLeads(filter, {}).value() == 3u);
  const RowPage page = store->QueryRows(filter, {}, "", 10).value();
  CHECK(page.rows.size() == 2);
  for (const LeadRow& row : page.rows)
    CHECK(row.lead_count == (row.seller == "西风小店" ? 2u : 1u));
  filter.sort = LeadSort::kLastSeen;
  CHECK(store.Leads(filter).size() == 3);
  filter.text = "高仿";
  CHECK(store.Leads(filter).size() == 3);
  filter.seller = "西风小店";
  CHECK(store.Leads(filter).size() == 2);
  CHECK(store->CountLeads(filter, {}).value() == 2u);
  CHECK(store.Leads(With("没有")).empty());
  // What was taken off is found no more, and a lead that its page changes keeps what it has.
  CHECK(Tag(store, leads[0].id, {}, {"展会"}).ok());
  CHECK(store.Leads(With("展会")).size() == 2);
  store.Advance(std::chrono::hours(2));
  store.Read(Found("a", "0"), {{Goods("鸿雁 高仿 新", "0"), Suspect("brand", 50)}});
  CHECK(store.Leads(With("展会")).size() == 2);
}

}  // namespace
}  // namespace cluehound::store::testing
