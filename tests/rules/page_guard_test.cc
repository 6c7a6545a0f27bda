#include "rules/page_guard.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

// The leads of a page, after the guard.
struct Judged {
  std::vector<Evaluation> evaluations;

  size_t leads() const {
    size_t count = 0;
    for (const Evaluation& evaluation : evaluations) count += LeadsOf(evaluation).size();
    return count;
  }
};

Judged Judge(const std::vector<extractors::Listing>& listings) {
  Judged judged;
  for (const extractors::Listing& listing : listings)
    judged.evaluations.push_back(BuiltIn().Evaluate(listing, On("2026-11-22")));
  GuardPage(listings, judged.evaluations);
  return judged;
}

std::vector<extractors::Listing> Numbered(int count, const std::function<std::string(int)>& title) {
  std::vector<extractors::Listing> listings;
  for (int i = 0; i < count; ++i) {
    listings.push_back(Titled(title(i)));
    listings.back().id = std::to_string(1000 + i);
  }
  return listings;
}

const std::vector<std::string> kGoods = {"纯棉毛巾 加厚", "男士皮带 自动扣", "儿童水杯 吸管",
                                         "折叠雨伞 晴雨", "不锈钢炒锅 家用", "懒人沙发 单人"};

}  // namespace

TEST_CASE("page guard: a page of sixty different fakes is sixty leads") {
  const std::vector<std::string> brands = {"耐克", "阿迪达斯", "古驰", "香奈儿", "劳力士"};
  const std::vector<std::string> goods = {"运动鞋", "卫衣", "手提包", "手表", "皮带", "帽子"};
  const std::vector<std::string> words = {"高仿", "精仿"};
  CHECK(Judge(Numbered(60, [&](int i) {
          return brands[i % 5] + " " + words[i % 2] + " " + goods[i % 6] + " 款" +
                 std::to_string(i);
        })).leads() == 60);
}

TEST_CASE("page guard: sixty offers of the same fake, numbered, are sixty leads") {
  CHECK(Judge(Numbered(60, [](int i) {
          return "耐克 高仿 运动鞋 " + std::to_string(i);
        })).leads() == 60);
  CHECK(Judge(Numbered(60, [](int) { return "耐克 高仿 运动鞋"; })).leads() == 60);
  CHECK(Judge(Numbered(60, [](int i) {
          return "耐克 高仿 运动鞋 - " + std::to_string(i);
        })).leads() == 60);
}

TEST_CASE("page guard: the shop's words with each offer's own brand are suspicions of their own") {
  const std::vector<std::string> brands = {"耐克", "阿迪达斯", "彪马", "安踏",
                                           "李宁", "斐乐",     "匡威", "锐步"};
  CHECK(Judge(Numbered(40, [&](int i) {
          return "【莆田纯原】" + brands[i % 8] + " 运动鞋 " + std::to_string(i) + " | 高仿鞋城";
        })).leads() == 40);
}

TEST_CASE("page guard: a slogan of the shop in every title is one hint") {
  const auto listings = Numbered(40, [](int i) {
    return kGoods[i % kGoods.size()] + " 第" + std::to_string(i) + "款 | 耐克高仿鞋城";
  });
  const Judged judged = Judge(listings);
  REQUIRE(judged.leads() == 1);
  for (const Hit& hit : judged.evaluations[1].hits) CHECK(hit.mode == Mode::kObserve);
  const Suspicion& hint = judged.evaluations[0].suspicions[0];
  CHECK(hint.mode == Mode::kLead);
  CHECK(hint.level == "low");
  CHECK(hint.score <= kHintScore);
  REQUIRE_FALSE(hint.notes.empty());
  CHECK(hint.notes[0].find("40 件") != std::string::npos);
  int sum = 0;
  for (const ScorePart& part : hint.score_parts) sum += part.points;
  CHECK(sum == hint.score);
}

TEST_CASE("page guard: the hint stays with its offer when the page is sorted otherwise") {
  auto listings = Numbered(20, [](int i) {
    return kGoods[i % kGoods.size()] + " 第" + std::to_string(i) + "款 | 中国驰名商标商城";
  });
  std::reverse(listings.begin(), listings.end());
  const Judged judged = Judge(listings);
  REQUIRE(judged.leads() == 1);
  CHECK(LeadsOf(judged.evaluations.back()).size() == 1);
}

TEST_CASE("page guard: the shop's text under every offer is one hint, an own one beside it stays") {
  auto listings = Numbered(20, [](int i) { return kGoods[i % 6] + " " + std::to_string(i); });
  for (auto& listing : listings) listing.text = "欢迎光临。本店主营耐克高仿鞋。七天退换";
  listings[5].title = "阿迪达斯 精仿 运动鞋 男";
  const Judged judged = Judge(listings);
  CHECK(judged.leads() == 2);
  CHECK(LeadsOf(judged.evaluations[5]).size() == 1);
}

TEST_CASE("page guard: too few offers are no pattern") {
  CHECK(Judge(Numbered(5, [](int i) {
          return kGoods[i % kGoods.size()] + " 第" + std::to_string(i) + "款 | 耐克高仿鞋城";
        })).leads() == 5);
}

TEST_CASE("page guard: a listing that names very many marks is one hint") {
  const Judged stuffed = Judge(
      {Titled("耐克 阿迪达斯 彪马 安踏 李宁 古驰 香奈儿 劳力士 欧米茄 卡地亚 戴森 飞利浦 高仿 "
              "中国驰名商标 国宴特供 国家专利产品 冰墩墩 钥匙扣")});
  REQUIRE(stuffed.leads() == 1);
  for (const Suspicion& s : stuffed.evaluations[0].suspicions) {
    if (s.mode != Mode::kObserve) CHECK(s.level == "low");
  }
}

TEST_CASE("page guard: keywords under an offer do not hide what its title says") {
  extractors::Listing listing = Titled("耐克 高仿 运动鞋 男");
  listing.text = "耐克 阿迪达斯 彪马 安踏 李宁 古驰 香奈儿 劳力士 欧米茄 卡地亚 戴森 飞利浦";
  const Judged judged = Judge({listing});
  REQUIRE(judged.leads() == 1);
  CHECK(judged.evaluations[0].suspicions[0].level == "high");
}

TEST_CASE("page guard: no listings, no titles") {
  CHECK(Judge({}).leads() == 0);
  CHECK(Judge(Numbered(30, [](int) { return ""; })).leads() == 0);
  CHECK(Judge(Numbered(30, [](int) { return " | | 【】"; })).leads() == 0);
}

}  // namespace cluehound::rules
