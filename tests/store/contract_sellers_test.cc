#include "tests/store/contract.h"

namespace cluehound::store::testing {
namespace {

constexpr char kCode[] = "91330100799655058B";

extractors::Listing Offer(const std::string& title, const std::string& id,
                          const std::string& seller, const std::string& shop_id = "",
                          const std::string& platform = "") {
  extractors::Listing listing = Goods(title, id, seller);
  listing.seller_id = shop_id;
  listing.platform = platform;
  return listing;
}

template <class Kind>
void ReadOne(Bench<Kind>& bench, const std::string& path, const extractors::Listing& listing,
             const rules::Suspicion& suspicion = Suspect("brand")) {
  bench.Read(Found("a", path), {{listing, suspicion}});
}

// A page of its own host.
template <class Kind>
void ReadOn(Bench<Kind>& bench, const std::string& host, const std::string& path,
            const extractors::Listing& listing,
            const rules::Suspicion& suspicion = Suspect("brand")) {
  bench.Read(Found(host, path), {{listing, suspicion}});
}

rules::Correlation ThreeListings() {
  rules::Correlation c;
  c.id = "three";
  c.title = "同一经营者七日内三件";
  c.level = "high";
  c.mode = rules::Mode::kAlert;
  c.group_by = {rules::Correlation::By::kSeller};
  c.count = rules::Correlation::Count::kListings;
  c.at_least = 3;
  c.within = std::chrono::hours(24 * 7);
  c.checklist = {"并案审查"};
  return c;
}

template <class Kind>
std::vector<Cluster> Clusters(Bench<Kind>& bench, std::optional<ClusterKind> kind = std::nullopt) {
  auto page = bench->sellers().QueryClusters(kind, "", 1000);
  REQUIRE_OK(page);
  return page->clusters;
}

Decision Take(const Lead& lead, LeadStatus status, const std::string& reason, Instant at) {
  Decision decision;
  decision.lead = lead.id;
  decision.expected_revision = lead.revision;
  decision.status = status;
  decision.reason = reason;
  decision.actor = {"uid-7", "李雷"};
  decision.at = at;
  return decision;
}

}  // namespace

TEMPLATE_TEST_CASE("store: a seller is known by its shop number, else by its name", "", STORES) {
  Bench<TestType> bench;
  ReadOne(bench, "1", Offer("鸿雁 高仿 甲", "1", "东风小店", "s1", "shop"));
  ReadOne(bench, "2", Offer("鸿雁 高仿 乙", "2", "东风旗舰小店", "s1", "shop"));
  ReadOne(bench, "3", Offer("鸿雁 高仿 丙", "3", "西风小店", "", "shop"));
  const auto renamed = bench->sellers().FindSeller("东风旗舰小店", bench.now());
  REQUIRE_OK(renamed);
  CHECK(renamed->totals.leads == 2);
  CHECK(renamed->names.size() == 2);
  CHECK(renamed->shop_ids == std::vector<Counted>{{"s1", 2}});
  CHECK(renamed->platforms == std::vector<Counted>{{"shop", 2}});
  CHECK(renamed->first_day == "2026-11-22");
  CHECK(renamed->last_day == "2026-11-22");
  CHECK(bench->sellers().FindSeller("西风小店", bench.now())->totals.leads == 1);
  CHECK(bench->sellers().FindSeller(renamed->id.substr(0, 6), bench.now())->id == renamed->id);
  CHECK(bench->sellers().FindSeller("没有的店", bench.now()).status().code() == Code::kNotFound);
  const auto all = bench->sellers().QuerySellers({}, bench.now(), "", 10);
  REQUIRE_OK(all);
  REQUIRE(all->sellers.size() == 2);
  CHECK(all->sellers[0].id == renamed->id);
  const auto first = bench->sellers().QuerySellers({}, bench.now(), "", 1);
  REQUIRE(first->sellers.size() == 1);
  const auto second = bench->sellers().QuerySellers({}, bench.now(), first->next, 1);
  CHECK(second->sellers.at(0).id == all->sellers[1].id);
}

TEMPLATE_TEST_CASE("store: shops of one licence are one seller; a code of two never joins", "",
                   STORES) {
  Bench<TestType> bench;
  const auto with_code = [&](const std::string& id, const std::string& seller,
                             const std::string& platform) {
    auto listing = Offer("鸿雁 高仿 " + id, id, seller, "", platform);
    listing.text = std::string("统一社会信用代码：") + kCode;
    return listing;
  };
  ReadOne(bench, "1", with_code("1", "东风小店", "甲网"));
  ReadOne(bench, "2", with_code("2", "南风商行", "乙网"));
  ReadOne(bench, "3", Offer("鸿雁 高仿 3", "3", "北风商行", "", "乙网"));
  const auto seller = bench->sellers().FindSeller(kCode, bench.now());
  REQUIRE_OK(seller);
  CHECK(seller->code == kCode);
  CHECK(seller->shops.size() == 2);
  CHECK(seller->totals.leads == 2);
  CHECK(bench->sellers().QuerySellers({}, bench.now(), "", 10)->sellers.size() == 2);
  const auto again = Clusters(bench, ClusterKind::kSeenAgain);
  REQUIRE(again.size() == 1);
  CHECK(again[0].state.basis == ClusterBasis::kLicence);
  CHECK(again[0].state.distinct == 2);
  // A second code on a page of the shop: whose is whose is unknown.
  auto other = with_code("4", "南风商行", "乙网");
  other.text = "统一社会信用代码 914403001922038216";
  ReadOne(bench, "4", other);
  CHECK(bench->sellers().FindSeller("南风商行", bench.now())->code.empty());
  CHECK(bench->sellers().FindSeller("南风商行", bench.now())->shops.size() == 1);
}

TEMPLATE_TEST_CASE("store: the roles of a live room are kept apart", "", STORES) {
  Bench<TestType> bench;
  extractors::Listing room = Goods("鸿雁 高仿 专场", "9", "");
  room.kind = extractors::ListingKind::kLive;
  room.platform = "直播网";
  room.room_operator = "东风传媒公司";
  room.marketing_person = "主播小红花";
  room.merchants = {"甲皮具商行", "乙皮具商行"};
  ReadOne(bench, "1", room);
  const auto role = [&](const std::string& name) {
    return bench->sellers().FindSeller(name, bench.now())->roles.at(0).value;
  };
  CHECK(role("东风传媒公司") == "operator");
  CHECK(role("主播小红花") == "marketer");
  CHECK(role("乙皮具商行") == "merchant");
  // The merchant's own shop on that platform is the same seller; a shop named as the room's
  // operator is another.
  ReadOne(bench, "2", Offer("鸿雁 高仿", "10", "甲皮具商行", "", "直播网"));
  CHECK(bench->sellers().FindSeller("甲皮具商行", bench.now())->totals.leads == 2);
  ReadOne(bench, "3", Offer("鸿雁 高仿", "11", "东风传媒公司", "", "直播网"));
  CHECK(bench->sellers().FindSeller("东风传媒公司", bench.now()).status().code() ==
        Code::kInvalidArgument);
}

TEMPLATE_TEST_CASE("store: sellers and rows sum the estimated sales of what is not ruled out", "",
                   STORES) {
  Bench<TestType> bench;
  auto listing = Offer("鸿雁 高仿", "1", "东风小店");
  listing.sold = 100;
  ReadOne(bench, "1", listing);
  bench.Advance(std::chrono::hours(2));
  listing.sold = 150;
  ReadOne(bench, "1", listing);
  Lead lead = bench.OnlyLead();
  CHECK(lead.sales.units == 50);
  CHECK(lead.sales.cents == 50 * 5900);
  CHECK(bench->sellers().FindSeller("东风小店", bench.now())->totals.sales_cents == 50 * 5900);
  const auto rows = bench->QueryRows({}, {}, "", 10);
  CHECK(bench->sellers().SalesOfRow(rows->rows.at(0).key)->cents == 50 * 5900);
  CHECK(bench->sellers().SalesOfRow(rows->rows.at(0).key)->first_cents == 100 * 5900);
  REQUIRE_OK(bench->Decide(Take(lead, LeadStatus::kRuledOut, "authorised", bench.now()), {}));
  CHECK(bench->sellers().SalesOfRow(rows->rows.at(0).key)->leads == 0);
  const auto seller = bench->sellers().FindSeller("东风小店", bench.now());
  CHECK(seller->totals.active == 0);
  CHECK(seller->totals.by_status[static_cast<size_t>(LeadStatus::kRuledOut) - 1] == 1);
}

TEMPLATE_TEST_CASE("store: one title over three sellers is a group, which undone stays undone", "",
                   STORES) {
  Bench<TestType> bench;
  ReadOn(bench, "a", "1", Offer("鸿雁 高仿 复古 水桶包 现货", "1", "甲甲甲店"));
  ReadOn(bench, "b", "1", Offer("【鸿雁】高仿-复古水桶包 现货", "1", "乙乙乙店"));
  CHECK(Clusters(bench).empty());
  ReadOn(bench, "c", "1", Offer("鸿雁高仿复古水桶包现货！", "1", "丙丙丙店"));
  const auto groups = Clusters(bench, ClusterKind::kGroup);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].state.members == 3);
  CHECK(groups[0].why.at(0).find("3 个经营者") != std::string::npos);
  LeadFilter filter;
  filter.cluster = groups[0].id;
  CHECK(bench.Leads(filter).size() == 3);
  CHECK(bench->QueryRows(filter, {}, "", 10)->rows.size() == 3);
  const auto found = bench->sellers().FindCluster(groups[0].id);
  REQUIRE_OK(found);
  CHECK(found->leads.size() == 3);
  CHECK(bench->sellers().ClustersOf(found->leads[0]).value() ==
        std::vector<std::string>{groups[0].id});

  CHECK(bench->sellers().UndoCluster(groups[0].id, {}, {{"u", ""}, bench.now(), ""}).code() ==
        Code::kInvalidArgument);
  REQUIRE_OK(bench->sellers().UndoCluster(groups[0].id, {}, {{"u", "韩梅"}, bench.now(), "巧合"}));
  CHECK(Clusters(bench).empty());
  CHECK(bench.Leads(filter).empty());
  CHECK(bench->sellers().ClustersOf(found->leads[0])->empty());
  CHECK(bench.Audit().back().action == "cluster.undo");
  ReadOn(bench, "d", "1", Offer("鸿雁高仿复古水桶包现货", "1", "丁丁丁店"));
  bench.Reopen();
  CHECK(Clusters(bench).empty());
  CHECK(bench->sellers().FindCluster(groups[0].id)->undone->reason == "巧合");
}

TEMPLATE_TEST_CASE("store: a lead that was split from a cluster does not come back into it", "",
                   STORES) {
  Bench<TestType> bench;
  for (const char* host : {"a", "b", "c", "d"})
    ReadOn(bench, host, "1", Offer("鸿雁 高仿 复古 水桶包 现货", "1", std::string("店铺") + host));
  const auto group = bench->sellers().FindCluster(Clusters(bench).at(0).id);
  const LeadId out = group->leads.at(0);
  REQUIRE_OK(bench->sellers().UndoCluster(group->id, {out}, {{"u", ""}, bench.now(), "无关"}));
  CHECK(bench->sellers().FindCluster(group->id)->state.members == 3);
  CHECK(bench->sellers().UndoCluster(group->id, {out}, {{"u", ""}, bench.now(), "无关"}).code() ==
        Code::kNotFound);
  const Lead lead = bench->FindLead(out, {}).value();
  auto changed = lead.listing;
  changed.price = "1.00";
  bench.Advance(std::chrono::hours(2));
  bench.Read({lead.page_url, lead.name_space, "shops", 1, 1}, {{changed, Suspect("brand", 80)}});
  CHECK(bench->FindLead(out, {})->suspicion.score == 80);
  CHECK(bench->sellers().FindCluster(group->id)->state.members == 3);
}

TEMPLATE_TEST_CASE("store: one picture over three sellers is a group, whatever its size", "",
                   STORES) {
  Bench<TestType> bench;
  const char* pictures[] = {"https://img.example/x/abc.jpg_400x400q90.jpg",
                            "http://img.example/x/abc.jpg?w=200", "//img.example/x/abc.jpg",
                            "https://img.example/x/ABC.jpg!thumb"};
  for (int i = 0; i < 4; ++i) {
    auto listing = Offer("鸿雁 高仿 样式" + std::to_string(i), "1", "店铺" + std::to_string(i));
    listing.images = {"https://img.example/static/loading.gif", pictures[i]};
    ReadOn(bench, std::string(1, static_cast<char>('a' + i)), "1", listing);
  }
  const auto groups = Clusters(bench, ClusterKind::kGroup);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].state.basis == ClusterBasis::kPicture);
  CHECK(groups[0].state.members == 3);  // an address without scheme is none
}

TEMPLATE_TEST_CASE("store: many marks of one seller, and a lead after a decision, are malice", "",
                   STORES) {
  Bench<TestType> bench;
  for (int i = 0; i < 5; ++i) {
    CHECK(Clusters(bench, ClusterKind::kMalice).empty());
    const std::string n = std::to_string(i);
    ReadOne(bench, n, Offer("货 " + n, n, "东风小店"), Suspect("brand", 60, "mark-" + n));
  }
  REQUIRE(Clusters(bench, ClusterKind::kMalice).size() == 1);

  ReadOne(bench, "x", Offer("货 x", "x", "西风小店"));
  LeadFilter filter;
  filter.mark = "hongyan";
  REQUIRE_OK(bench->Decide(
      Take(bench.Leads(filter).at(0), LeadStatus::kPlatform, "suspected", bench.now()), {}));
  CHECK(Clusters(bench, ClusterKind::kMalice).size() == 1);
  bench.Advance(std::chrono::hours(30));
  ReadOne(bench, "y", Offer("货 y", "y", "西风小店"));
  const auto seller = bench->sellers().FindSeller("西风小店", bench.now());
  CHECK(seller->totals.after);
  CHECK(Clusters(bench, ClusterKind::kMalice).size() == 2);
  bool said = false;
  for (const auto& part : seller->risk_parts)
    said |= part.label.find("处置后") != std::string::npos;
  CHECK(said);
}

TEMPLATE_TEST_CASE("store: repeat infringement needs a document's number and date", "", STORES) {
  Bench<TestType> bench;
  ReadOne(bench, "1", Offer("鸿雁 高仿", "1", "东风小店"));
  const SellerId id = bench->sellers().FindSeller("东风小店", bench.now())->id;
  RepeatDocument document{"鲁市监罚〔2025〕1号", {}, "", {"u", ""}, bench.now()};
  CHECK(bench->sellers().AddDocument(id, document).code() == Code::kInvalidArgument);
  document.date = *ParseDay("2027-01-01");
  CHECK(bench->sellers().AddDocument(id, document).code() == Code::kInvalidArgument);
  document.date = *ParseDay("2025-03-01");
  REQUIRE_OK(bench->sellers().AddDocument(id, document));
  bench.Reopen();
  const auto repeat = Clusters(bench, ClusterKind::kRepeat);
  REQUIRE(repeat.size() == 1);
  CHECK(repeat[0].documents.at(0) == document);
  CHECK(bench->sellers().FindSeller(id, bench.now())->documents.size() == 1);
  CHECK(bench->sellers().AddDocument("0123456789abcdef", document).code() == Code::kNotFound);
}

TEMPLATE_TEST_CASE("store: a lead ruled out as authorised proposes its seller, until decided", "",
                   STORES) {
  Bench<TestType> bench;
  ReadOne(bench, "1", Offer("鸿雁 正品", "1", "东风专卖店", "s7", "shop"));
  CHECK(bench->sellers().Proposals(10)->empty());
  REQUIRE_OK(
      bench->Decide(Take(bench.OnlyLead(), LeadStatus::kRuledOut, "authorised", bench.now()), {}));
  const auto proposals = bench->sellers().Proposals(10);
  REQUIRE_OK(proposals);
  REQUIRE(proposals->size() == 1);
  CHECK(proposals->at(0).seller_name == "东风专卖店");
  CHECK(proposals->at(0).shop_id == "s7");
  CHECK(proposals->at(0).mark == "hongyan");
  // Another reason: the proposal is gone. The first one again: it is back.
  REQUIRE_OK(
      bench->Decide(Take(bench.OnlyLead(), LeadStatus::kRuledOut, "fair_use", bench.now()), {}));
  CHECK(bench->sellers().Proposals(10)->empty());
  REQUIRE_OK(
      bench->Decide(Take(bench.OnlyLead(), LeadStatus::kRuledOut, "authorised", bench.now()), {}));
  const ProposalDecision rejected{
      Proposal::State::kRejected, {"u", "韩梅"}, bench.now(), "无授权书"};
  REQUIRE_OK(bench->sellers().DecideProposal(proposals->at(0).id(), rejected));
  CHECK(bench->sellers().Proposals(10)->empty());
  CHECK(bench.Audit().back().action == "seller.proposal");
  CHECK(bench->sellers().DecideProposal("no/such", rejected).status().code() == Code::kNotFound);
}

TEMPLATE_TEST_CASE("store: watched sellers have a reason and an expiry, and end", "", STORES) {
  Bench<TestType> bench;
  ReadOne(bench, "1", Offer("鸿雁 高仿", "1", "东风小店", "s1", "shop"));
  Watch watch;
  watch.entries = {{"shop", "s1", "东风小店"}};
  watch.name = "东风小店";
  watch.by = {"u", "韩梅"};
  watch.at = bench.now();
  CHECK(bench->sellers().AddWatch(watch).status().code() == Code::kInvalidArgument);
  watch.reason = "多次被举报";
  watch.until = bench.now() + std::chrono::hours(48);
  REQUIRE_OK(bench->sellers().AddWatch(watch));
  SellerFilter watched;
  watched.watched = true;
  CHECK(bench->sellers().QuerySellers(watched, bench.now(), "", 10)->sellers.size() == 1);
  const Instant later = bench.now() + std::chrono::hours(49);
  CHECK(bench->sellers().QuerySellers(watched, later, "", 10)->sellers.empty());
  bench.Reopen();
  REQUIRE_OK(bench->sellers().EndWatch(1, {"u", ""}, bench.now()));
  CHECK(bench->sellers().EndWatch(1, {"u", ""}, bench.now()).status().code() ==
        Code::kInvalidArgument);
  CHECK(bench->sellers().EndWatch(2, {"u", ""}, bench.now()).status().code() == Code::kNotFound);
  CHECK(bench->sellers().Watches()->at(0).ended == bench.now());
}

TEMPLATE_TEST_CASE("store: an official entry is of a licence; of a name alone it is a namesake", "",
                   STORES) {
  Bench<TestType> bench;
  auto listing = Offer("鸿雁 高仿", "1", "东风小店");
  listing.text = std::string("统一社会信用代码 ") + kCode;
  ReadOne(bench, "1", listing);
  OfficialEntry grade;
  grade.list = OfficialEntry::List::kGrade;
  grade.name = "东风商贸有限公司";
  grade.code = kCode;
  grade.grade = "D";
  grade.document = "2026-1";
  grade.until = "2027-01-01";
  OfficialEntry dishonest;
  dishonest.name = "东风小店";
  dishonest.document = "失信 3";
  dishonest.until = "2026-12-01";
  REQUIRE_OK(bench->sellers().ImportOfficial({grade, dishonest}, {"u", ""}, bench.now()));
  const auto seller = bench->sellers().FindSeller("东风小店", bench.now());
  REQUIRE(seller->official.size() == 1);
  CHECK(seller->official[0].grade == "D");
  REQUIRE(seller->namesakes.size() == 1);
  CHECK(bench->sellers().FindSeller("东风小店", *ParseDay("2026-12-01"))->namesakes.empty());
  grade.grade = "C";
  REQUIRE_OK(bench->sellers().ImportOfficial({grade}, {"u", ""}, bench.now()));
  CHECK(bench->sellers().FindSeller("东风小店", bench.now())->official.at(0).grade == "C");
}

TEMPLATE_TEST_CASE("store: correlations make clusters of leads that come and of those there", "",
                   STORES) {
  Bench<TestType> bench;
  for (int i = 0; i < 2; ++i) {
    ReadOne(bench, std::to_string(i),
            Offer("货 " + std::to_string(i), std::to_string(i), "东风小店"));
  }
  REQUIRE_OK(bench->sellers().UseCorrelations(std::vector{ThreeListings()}));
  CHECK(Clusters(bench, ClusterKind::kCorrelation).empty());
  ReadOne(bench, "2", Offer("货 2", "2", "东风小店"));
  auto found = Clusters(bench, ClusterKind::kCorrelation);
  REQUIRE(found.size() == 1);
  CHECK(found[0].level == "high");
  CHECK(found[0].checklist == std::vector<std::string>{"并案审查"});
  CHECK(found[0].state.together == 3);
  CHECK(found[0].state.members == 3);
  bench.Reopen();  // and goes on without being told the rules again
  if (TestType::kOutlives) {
    ReadOne(bench, "3", Offer("货 3", "3", "东风小店"));
    CHECK(Clusters(bench, ClusterKind::kCorrelation).at(0).state.together == 4);
  }
  auto stricter = ThreeListings();
  stricter.rev = 2;
  stricter.at_least = 9;
  REQUIRE_OK(bench->sellers().UseCorrelations(std::vector{stricter}));
  CHECK(Clusters(bench, ClusterKind::kCorrelation).empty());
  REQUIRE_OK(bench->sellers().UseCorrelations(std::vector{ThreeListings()}));
  CHECK(Clusters(bench, ClusterKind::kCorrelation).size() == 1);
  REQUIRE_OK(bench->sellers().UseCorrelations({}));
  CHECK(Clusters(bench, ClusterKind::kCorrelation).empty());
}

TEST_CASE("store: leads that meet other correlations can be interrupted, and meet them all later") {
  Bench<OnDisk> bench;
  for (int i = 0; i < 3; ++i) {
    ReadOne(bench, std::to_string(i),
            Offer("货 " + std::to_string(i), std::to_string(i), "东风小店"));
  }
  std::stop_source stop;
  stop.request_stop();
  const auto cut = bench->sellers().UseCorrelations(std::vector{ThreeListings()}, stop.get_token());
  CHECK(cut.code() == Code::kCancelled);
  CHECK(Clusters(bench, ClusterKind::kCorrelation).empty());
  bench.Reopen();
  REQUIRE_OK(bench->sellers().UseCorrelations(std::vector{ThreeListings()}));
  CHECK(Clusters(bench, ClusterKind::kCorrelation).size() == 1);
}

}  // namespace cluehound::store::testing
