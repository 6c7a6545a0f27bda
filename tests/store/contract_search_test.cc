#include <algorithm>
#include <random>
#include <set>

#include "store/identity.h"
#include "store/search_text.h"
#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

std::vector<std::string> Titles(const std::vector<Lead>& leads) {
  std::vector<std::string> titles;
  for (const Lead& lead : leads) titles.push_back(lead.listing.title);
  std::sort(titles.begin(), titles.end());
  return titles;
}

template <class F>
LeadFilter Where(F set) {
  LeadFilter filter;
  set(filter);
  return filter;
}

TEST_CASE("search text: folded, without blanks, its fields apart") {
  Lead lead;
  lead.listing.title = "ＮＩＫＥ 高仿 運動鞋";
  lead.listing.seller = "东风 小店";
  lead.suspicion.mark_name = "耐克";
  CHECK(SearchText(lead) == "nike高仿运动鞋\n东风小店\n耐克\n");
  CHECK(SearchWords(" 高仿　NIKE ").value() == std::vector<std::string>{"高仿", "nike"});
  CHECK(SearchWords("  ")->empty());
  CHECK(SearchWords("高 仿").status().code() == Code::kInvalidArgument);
  CHECK(SearchWords(std::string(201, 'a')).status().code() == Code::kInvalidArgument);
  CHECK(SearchWords("aa bb cc dd ee ff gg hh ii").status().code() == Code::kInvalidArgument);
  CHECK(GramsOf("鞋\n东风").size() == 1);
  CHECK(GramsOf("a").empty());
  CHECK(GramsOf("东ab").size() == 3);  // two pairs and a triple
  CHECK(GramsOf("东风a").size() == 2);
  CHECK(GramsOf("ab\nc").size() == 1);
  // All that a word says, and no more: each pair stands in a triple here, or alone there.
  CHECK(NarrowestGramsOf("ab") == GramsOf("ab"));
  CHECK(NarrowestGramsOf("abc").size() == 1);
  CHECK(NarrowestGramsOf("nike").size() == 2);
  CHECK(NarrowestGramsOf("东风ab").size() == 2);
  CHECK(NarrowestGramsOf("东风小店") == GramsOf("东风小店"));
}

TEMPLATE_TEST_CASE("search: two characters or more of title, seller or mark, in any writing", "",
                   STORES) {
  Bench<TestType> store;
  store.Read(Found("a", "1"), {{Goods("鸿雁 高仿 女鞋", "1", "东风小店"), Suspect("brand")},
                               {Goods("運動鞋 ＡＢ款", "2", "西湖茶庄"), Suspect("brand", 70)}});
  const auto found = [&](const std::string& text) {
    return Titles(store.Leads(Where([&](auto& f) { f.text = text; })));
  };
  CHECK(found("运动").size() == 1);
  CHECK(found("ab款").size() == 1);
  CHECK(found("東風").size() == 1);
  CHECK(found("鸿雁").size() == 2);  // the mark of both
  CHECK(found("鸿雁 女鞋").size() == 1);
  CHECK(found("高仿女鞋").size() == 1);
  CHECK(found("女仿").empty());
  CHECK(found("鞋东").empty());  // not across fields
  const auto bad = store->QueryLeads(Where([](auto& f) { f.text = "鞋"; }), {}, "", 10);
  CHECK(bad.status().code() == Code::kInvalidArgument);
  // Reworded, it is found by what it says now.
  store.Advance(hours(1));
  store.Read(Found("a", "1"), {{Goods("鸿雁 凉鞋", "1", "东风小店"), Suspect("brand")},
                               {Goods("運動鞋 ＡＢ款", "2", "西湖茶庄"), Suspect("brand", 70)}});
  store.Reopen();
  CHECK(found("凉鞋").size() == 1);
  CHECK(found("女鞋").empty());
}

TEMPLATE_TEST_CASE("queries: each facet alone, by what only it says", "", STORES) {
  Bench<TestType> store;
  auto goods = Goods("鸿雁 一", "1", "东风小店");
  goods.platform = "plat";
  goods.seller_id = "88001";
  store.Read(Found("a", "1"), {{goods, Suspect("brand", 80)}});
  PageCommit commit = ReadPage(store.LeaseOf(Found("b", "2")), store.now());
  AddSuspect(commit, Goods("鸿雁 二", "2", "88001"), Suspect("brand", 40));
  commit.leads.back().campaign = "中秋专项";
  store.Commit(std::move(commit));
  const Lead second = store.Leads()[1];
  REQUIRE(second.listing.title == "鸿雁 二");
  Decision decision{second.id,         second.revision, LeadStatus::kChecking, "suspected", "",
                    {"uid-7", "李雷"}, store.now()};
  REQUIRE_OK(store->Decide(decision, {}));
  const auto titles = [&](const LeadFilter& filter) {
    const auto leads = store.Leads(filter);
    CHECK(store->CountLeads(filter, {}).value() == static_cast<uint32_t>(leads.size()));
    return Titles(leads);
  };
  const std::vector<std::string> one{"鸿雁 一"};
  const std::vector<std::string> two{"鸿雁 二"};
  CHECK(titles(Where([](auto& f) { f.platform = "plat"; })) == one);
  CHECK(titles(Where([](auto& f) { f.platform = "b.example"; })) == two);
  CHECK(titles(Where([](auto& f) { f.seller = "东风小店"; })) == one);
  CHECK(titles(Where([](auto& f) { f.seller = "88001"; })).size() == 2);  // a number, and a name
  CHECK(titles(Where([](auto& f) { f.officer = "李雷"; })) == two);
  CHECK(titles(Where([](auto& f) { f.officer = "uid-7"; })).empty());
  CHECK(titles(Where([](auto& f) { f.campaign = "中秋专项"; })) == two);
  CHECK(titles(Where([](auto& f) { f.score_from = 41; })) == one);
  CHECK(titles(Where([](auto& f) { f.score_from = 40; })).size() == 2);
  CHECK(titles(Where([](auto& f) { f.cluster = "none"; })).empty());
  const auto notes = store->Entries(second.id, 10).value();
  REQUIRE(notes.size() == 2);
  CHECK(notes[1].kind == EntryKind::kCampaign);
  CHECK(notes[1].after == "中秋专项");
}

TEMPLATE_TEST_CASE("queries: last seen first, also while leads are seen again", "", STORES) {
  Bench<TestType> store;
  for (int i = 0; i < 12; ++i) {
    store.Advance(minutes(1));
    store.Read(Found("a", std::to_string(i)),
               {{Goods("鸿雁 " + std::to_string(i), std::to_string(i), "店" + std::to_string(i)),
                 Suspect("brand", 40 + i)}});
  }
  store.Advance(hours(2));
  store.Commit(Unchanged(store.LeaseOf(Found("a", "3")), store.now()));
  store.Reopen();
  const auto filter = Where([](auto& f) { f.sort = LeadSort::kLastSeen; });
  std::vector<std::string> met;
  std::string after;
  do {
    const auto page = store->QueryLeads(filter, {}, after, 5);
    REQUIRE_OK(page);
    for (const Lead& lead : page->leads) met.push_back(lead.listing.id);
    after = page->next;
  } while (!after.empty());
  CHECK(met ==
        std::vector<std::string>{"3", "11", "10", "9", "8", "7", "6", "5", "4", "2", "1", "0"});
  const auto rows = store->QueryRows(filter, {}, "", 2);
  REQUIRE_OK(rows);
  CHECK(rows->rows.at(0).seller == "店3");
  CHECK(rows->rows.at(0).last_seen == store.now());
  CHECK(store->QueryRows(filter, {}, rows->next, 2)->rows.at(0).seller == "店10");
  const auto by_score = store->QueryLeads({}, {}, "", 1);
  CHECK(store->QueryLeads(filter, {}, by_score->next, 1).status().code() == Code::kInvalidArgument);
}

TEMPLATE_TEST_CASE("queries: counts are exact to 1,000, and then there are more", "", STORES) {
  Bench<TestType> store;
  const auto read = [&](int from, int to) {
    std::vector<std::pair<extractors::Listing, rules::Suspicion>> fakes;
    for (int i = from; i < to; ++i)
      fakes.push_back(
          {Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)), Suspect("brand")});
    store.Read(Found("a", std::to_string(from)), fakes);
  };
  read(0, 1000);
  const auto text = Where([](auto& f) { f.text = "高仿"; });
  CHECK(store->CountLeads({}, {}).value() == LeadCount{1000, false});
  CHECK(store->CountLeads(text, {}).value() == LeadCount{1000, false});
  CHECK(store->QueryRows({}, {}, "", 1)->rows.at(0).lead_count == LeadCount{1000, false});
  read(1000, 1001);
  CHECK(store->CountLeads({}, {}).value() == LeadCount{1000, true});
  CHECK(store->CountLeads(text, {}).value() == LeadCount{1000, true});
  CHECK(store->CountLeads({}, Scope{"寿光市"}).value() == 0u);
  const LeadRow row = store->QueryRows({}, {}, "", 1)->rows.at(0);
  CHECK(row.lead_count == LeadCount{1000, true});
  CHECK(row.undecided == LeadCount{1000, true});
}

// The same leads in both stores: enough for a whole segment of texts.
struct Pair {
  Bench<OnDisk> disk;
  Bench<InMemory> memory;

  void Fill(int pages, int each) {
    std::mt19937 random(7);
    const auto pick = [&](uint32_t n) { return static_cast<int>(random() % n); };
    std::vector<PageCommit> seen_again;
    const char* words[] = {"高仿", "女鞋", "正品", "昌乐", "西瓜", "ＮＩＫＥ", "運動", "礼盒"};
    for (int page = 0; page < pages; ++page) {
      PageCommit commit;
      commit.change = PageChange::kRead;
      commit.lease.address = Found("h" + std::to_string(page % 7), std::to_string(page),
                                   "source-" + std::to_string(page % 3));
      commit.seen = kStart + minutes(page * 3);
      commit.state.extractor_revision = "reader-1";
      commit.state.rule_set = "rules-1";
      for (int i = 0; i < each; ++i) {
        std::string title = words[pick(8)];
        title += std::string(words[pick(8)]) + " " + std::to_string(pick(50));
        auto goods =
            Goods(title, std::to_string(page * each + i), "店铺" + std::to_string(pick(40)));
        if (pick(3) == 0) goods.platform = "plat";
        AddSuspect(commit, goods,
                   Suspect("brand", 20 + pick(70), "mark-" + std::to_string(pick(6)),
                           pick(4) == 0 ? "gi" : "trademark"));
        if (page % 5 == 0) commit.leads.back().campaign = "春节专项";
        if (pick(2) == 0) {
          Jurisdiction& place = commit.leads.back().jurisdiction;
          place.place = Jurisdiction::Place::kHere;
          place.county = "county-" + std::to_string(pick(3));
        } else if (pick(2) == 0) {
          commit.leads.back().jurisdiction.place = Jurisdiction::Place::kElsewhere;
        }
      }
      disk.Commit(commit);
      memory.Commit(commit);
      if (page % 9 == 0) seen_again.push_back(std::move(commit));
    }
    for (PageCommit& commit : seen_again) {  // the same texts with other scores
      commit.seen += hours(24 * 30);
      for (LeadDraft& draft : commit.leads) draft.suspicion.score = 20 + pick(70);
      disk.Commit(commit);
      memory.Commit(std::move(commit));
    }
    for (const Lead& lead : memory.Leads()) {  // the strongest thousand
      if (pick(3) != 0) continue;
      const Decision decision{lead.id,
                              lead.revision,
                              LeadStatus::kChecking,
                              "suspected",
                              "",
                              {"uid-" + std::to_string(pick(3)), ""},
                              kStart};
      REQUIRE_OK(disk->Decide(decision, {}));
      REQUIRE_OK(memory->Decide(decision, {}));
    }
  }
};

LeadFilter RandomFilter(std::mt19937& random) {
  const auto pick = [&](uint32_t n) { return static_cast<int>(random() % n); };
  LeadFilter filter;
  if (pick(4) == 0) filter.category = pick(2) == 0 ? "gi" : "trademark";
  if (pick(4) == 0) filter.mark = "mark-" + std::to_string(pick(7));
  if (pick(4) == 0) filter.source = "source-" + std::to_string(pick(3));
  if (pick(4) == 0) filter.status = pick(2) == 0 ? LeadStatus::kNew : LeadStatus::kChecking;
  if (pick(4) == 0) filter.county = "county-" + std::to_string(pick(4));
  if (pick(5) == 0) filter.platform = pick(2) == 0 ? "plat" : "h3.example";
  if (pick(5) == 0) filter.seller = "店铺" + std::to_string(pick(41));
  if (pick(8) == 0) filter.officer = "uid-" + std::to_string(pick(4));
  if (pick(8) == 0) filter.campaign = "春节专项";
  if (pick(4) == 0) filter.where = static_cast<LeadFilter::Where>(pick(3));
  if (pick(4) == 0) filter.score_from = pick(100);
  if (pick(6) == 0) filter.day = FormatDay(kStart + hours(24 * pick(3)));
  const char* texts[] = {"高仿", "nike", "运动",  "高仿女鞋", "西瓜 昌乐", "店铺1", "鸿雁",
                         "鞋4",  "盒盒", "nike3", "铺12",     "ike",       "仿ni"};
  if (pick(2) == 0) filter.text = texts[pick(13)];
  if (pick(3) == 0) filter.sort = LeadSort::kLastSeen;
  return filter;
}

TEST_CASE("queries: disk and memory agree on random filters over thousands of leads") {
  Pair pair;
  pair.Fill(88, 50);  // 4,400: more than one segment of texts
  pair.disk.Reopen();
  // Merged from their rows, page by page.
  for (int seller = 0; seller < 41; ++seller) {
    INFO("seller " << seller);
    LeadFilter filter;
    filter.sort = LeadSort::kLastSeen;
    filter.seller = "店铺" + std::to_string(seller);
    if (seller % 3 == 1) filter.county = "county-1";
    if (seller % 3 == 2) filter.score_from = 60;
    std::string disk_after;
    std::string memory_after;
    do {
      const auto a = pair.disk->QueryLeads(filter, {}, disk_after, 7);
      const auto b = pair.memory->QueryLeads(filter, {}, memory_after, 7);
      REQUIRE_OK(a);
      CHECK(a->leads == b->leads);
      REQUIRE(a->next.empty() == b->next.empty());
      disk_after = a->next;
      memory_after = b->next;
    } while (!disk_after.empty());
  }
  std::mt19937 random(11);
  for (int i = 0; i < 250; ++i) {
    INFO("filter " << i);
    const LeadFilter filter = RandomFilter(random);
    const Scope scope{i % 10 == 0 ? "county-1" : ""};
    CHECK(pair.disk->CountLeads(filter, scope).value() ==
          pair.memory->CountLeads(filter, scope).value());
    std::string disk_after;
    std::string memory_after;
    for (int page = 0; page < 3; ++page) {
      const auto a = pair.disk->QueryLeads(filter, scope, disk_after, 20);
      const auto b = pair.memory->QueryLeads(filter, scope, memory_after, 20);
      REQUIRE_OK(a);
      REQUIRE_OK(b);
      CHECK(a->leads == b->leads);
      REQUIRE(a->next.empty() == b->next.empty());
      disk_after = a->next;
      memory_after = b->next;
      if (disk_after.empty()) break;
    }
    const auto a = pair.disk->QueryRows(filter, scope, disk_after, 3);
    const auto b = pair.memory->QueryRows(filter, scope, memory_after, 3);
    REQUIRE_OK(a);
    REQUIRE(a->rows.size() == b->rows.size());
    for (size_t row = 0; row < a->rows.size(); ++row) {
      CHECK(a->rows[row].key == b->rows[row].key);
      CHECK(a->rows[row].lead_count == b->rows[row].lead_count);
      CHECK(a->rows[row].undecided == b->rows[row].undecided);
      CHECK(a->rows[row].first_seen == b->rows[row].first_seen);
      CHECK(a->rows[row].last_seen == b->rows[row].last_seen);
      CHECK(a->rows[row].strongest == b->rows[row].strongest);
    }
  }
}

}  // namespace
}  // namespace cluehound::store::testing
