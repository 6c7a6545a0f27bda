// The packs against offers as sellers write them: tests/rules/offers.tsv, the sample marketplace,
// and titles of real shops where the shared data is there.
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "rules/catalog.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

const std::filesystem::path kTests = testing::SourceDir() / "tests";

std::vector<std::string> LinesOf(const std::filesystem::path& path) {
  std::ifstream file(path);
  INFO(path.string());
  REQUIRE(file.good());
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

struct Offer {
  std::string category;  // "-": lawful
  extractors::Listing listing;
};

std::vector<Offer> ReadOffers() {
  std::vector<Offer> offers;
  for (const std::string& line : LinesOf(kTests / "rules" / "offers.tsv")) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> columns(1);
    for (const char c : line) {
      if (c == '\t') {
        columns.emplace_back();
      } else {
        columns.back() += c;
      }
    }
    columns.resize(7);
    Offer offer;
    offer.category = columns[0];
    offer.listing.title = columns[1];
    offer.listing.price = columns[2];
    offer.listing.seller = columns[3];
    offer.listing.location = columns[4];
    offer.listing.origin = columns[5];
    offer.listing.text = columns[6];
    offers.push_back(std::move(offer));
  }
  return offers;
}

// Categories of the leads, each once.
std::string CategoriesOf(const Evaluation& evaluation) {
  std::string categories;
  for (const Suspicion& s : evaluation.suspicions) {
    if (s.mode != Mode::kObserve && categories.find(s.category) == std::string::npos)
      categories += (categories.empty() ? "" : "+") + s.category;
  }
  return categories;
}

std::string Judge(const extractors::Listing& listing) {
  return CategoriesOf(BuiltIn().Evaluate(listing, On("2026-11-22")));
}

// Leads among titles that are lawful as far as anybody knows.
size_t CountLeads(const std::vector<std::string>& titles) {
  size_t leads = 0;
  for (const std::string& title : titles) {
    const std::string categories = Judge(Titled(title));
    if (categories.empty()) continue;
    ++leads;
    std::cout << "  " << categories << ": " << title << "\n";
  }
  return leads;
}

}  // namespace

TEST_CASE("offers: at least 95 of 100 infringing ones are leads of their category, and no other") {
  size_t all = 0, found = 0;
  std::string missed;
  for (const Offer& offer : ReadOffers()) {
    if (offer.category == "-") continue;
    ++all;
    const std::string categories = Judge(offer.listing);
    if (categories == offer.category) {
      ++found;
    } else {
      missed += offer.category + " != " + categories + ": " + offer.listing.title + "\n";
    }
  }
  CHECK(all >= 480);
  CHECK(found * 100 >= all * 95);
  CHECK(missed == "");
}

TEST_CASE("offers: at most 2 of 100 lawful ones that carry a protected sign are leads") {
  size_t all = 0, with_mark = 0, leads = 0;
  std::string wrong;
  for (const Offer& offer : ReadOffers()) {
    if (offer.category != "-") continue;
    ++all;
    const Evaluation evaluation = BuiltIn().Evaluate(offer.listing, On("2026-11-22"));
    with_mark += std::any_of(evaluation.hits.begin(), evaluation.hits.end(),
                             [](const Hit& hit) { return !hit.mark.empty(); });
    if (CategoriesOf(evaluation).empty()) continue;
    ++leads;
    wrong += CategoriesOf(evaluation) + ": " + offer.listing.title + "\n";
  }
  CHECK(all >= 800);
  CHECK(with_mark >= 450);
  CHECK(leads * 100 <= with_mark * 2);
  CHECK(wrong == "");
}

TEST_CASE("offers: the sample marketplace, by titles alone") {
  std::string wrong;
  size_t plants = 0;
  for (const std::string& line : LinesOf(kTests / "market" / "truth.jsonl")) {
    const auto item = nlohmann::json::parse(line);
    // Pages behind detail pages or robots.txt: their titles alone tell nothing, or are not to be
    // read.
    const std::string page = item["page"];
    if (page.starts_with("item/") || page.starts_with("internal/")) continue;
    const bool plant = item["plant"];
    plants += plant;
    const std::string categories = Judge(Titled(item["title"]));
    if (categories != (plant ? std::string(item["category"]) : ""))
      wrong += categories + ": " + std::string(item["title"]) + "\n";
  }
  CHECK(plants >= 30);
  CHECK(wrong == "");
}

TEST_CASE("offers: planted and innocent titles of a market made for measuring") {
  const std::vector<std::pair<std::string, std::string>> planted = {
      {"special_mark", "杭州亚运会 琮琮 徽章 纪念品"},
      {"special_mark", "成都大运会 蓉宝 公仔 现货"},
      {"special_mark", "杭州亞運會 江南憶 紀念章"},
      {"gi", "正宗潍县萝卜 水果萝卜 产地河南"},
      {"gi", "昌乐西瓜 包甜 产地安徽"},
      {"trademark", "阿迪达斯 高仿 原单 卫衣"},
      {"trademark", "ＮＩＫＥ 高仿 断码"},
      {"trademark", "耐尅 复刻 运动鞋 莆田 1:1"},
      {"patent_marking", "国家专利产品 专利号ZL202010123456.7"},
      {"well_known_claim", "中国驰名商标 护眼台灯"}};
  for (const auto& [category, title] : planted) {
    INFO(title);
    CHECK(Judge(Titled(title)) == category);
  }
  for (const char* title :
       {"潍县萝卜 水果萝卜 产地潍坊寒亭", "昌乐西瓜 产地潍坊昌乐", "亚洲杯 运动会 徽章 定制",
        "运动会 吉祥物 卡通 气球", "耐克官方旗舰店 正品 运动鞋",
        "阿迪达斯 专卖店 正品 运动鞋 七天无理由", "适用于耐克鞋 鞋垫 透气", "专利申请 流程 教程 书",
        "驰名商标 认定与保护 书", "萝卜种子 潍县青 种植", "大运河 风光 纪念册",
        "合金车模 1:18 复刻"}) {
    INFO(title);
    CHECK(Judge(Titled(title)) == "");
  }
}

TEST_CASE("offers: real titles of a shop give at most one lead in a thousand") {
  const auto data = testing::SharedData("titles/jd_titles_A_10000.txt");
  if (!data) return;
  const std::vector<std::string> titles = LinesOf(*data);
  REQUIRE(titles.size() >= 10000);
  CHECK(CountLeads(titles) * 1000 <= titles.size());
}

TEST_CASE("offers: real shop pages give hits and no lead from a bare brand name") {
  const auto data = testing::SharedData("expected");
  if (!data) return;
  std::vector<std::string> titles;
  size_t hits = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    const auto page = nlohmann::json::parse(testing::Slurp(entry.path()));
    for (const auto& item : page["items"]) {
      extractors::Listing listing = Titled(item["title"]);
      if (item.contains("price") && item["price"].is_string()) listing.price = item["price"];
      if (item.contains("shop") && item["shop"].is_string()) listing.seller = item["shop"];
      const Evaluation evaluation = BuiltIn().Evaluate(listing, On("2026-11-22"));
      hits += evaluation.hits.size();
      if (!CategoriesOf(evaluation).empty()) titles.push_back(listing.title);
    }
  }
  CHECK(hits > 200);
  CHECK(titles == std::vector<std::string>{});
}

TEST_CASE(
    "packs: no place in or around the area of a geographical indication makes a lead, others do") {
  Diagnostics diagnostics;
  const Catalog catalog = ReadCatalog(BuiltInRuleFiles(), diagnostics);
  REQUIRE(diagnostics.ok());
  const std::vector<std::string> provinces = {"河北", "江苏", "四川", "广西", "甘肃", "越南"};
  size_t inside = 0, outside = 0;
  std::string wrong;
  for (const Mark& mark : catalog.marks) {
    if (mark.kind != MarkKind::kGi || mark.area.empty()) continue;
    std::set<uint32_t> around;
    for (const std::string& name : mark.area) {
      for (uint32_t place = catalog.places.Find(name); place != Gazetteer::kNone;
           place = catalog.places.places()[place].inside) {
        around.insert(place);
        for (const std::string& spelled : catalog.places.places()[place].names) {
          ++inside;
          const std::string title = mark.name + " 产地：" + spelled;
          if (!Judge(Titled(title)).empty()) wrong += "inside: " + title + "\n";
        }
      }
    }
    for (const std::string& province : provinces) {
      if (around.count(catalog.places.Find(province)) > 0) continue;
      ++outside;
      const std::string title = mark.name + " 产地：" + province;
      if (Judge(Titled(title)).empty()) wrong += "outside: " + title + "\n";
    }
  }
  CHECK(inside > 500);
  CHECK(outside > 400);
  CHECK(wrong == "");
}

TEST_CASE("packs: every mark and rule is documented, and no fact is claimed without a source") {
  std::string wrong;
  for (const MarkSummary& mark : BuiltIn().marks()) {
    if (mark.name.empty()) wrong += mark.id + " has no name\n";
  }
  for (const RuleSummary& rule : BuiltIn().rules()) {
    if (rule.checklist.empty() || rule.blind_spots.empty() || rule.owner.empty())
      wrong += rule.id + " is not documented\n";
  }
  CHECK(wrong == "");
}

}  // namespace cluehound::rules
