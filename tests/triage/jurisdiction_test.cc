#include "triage/jurisdiction.h"

#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

using store::Jurisdiction;
using Place = Jurisdiction::Place;
using Basis = Jurisdiction::Basis;

const Jurisdictions& Shipped() {
  static const Jurisdictions parsed = [] {
    Diagnostics diagnostics;
    std::string file = testing::SourceDir().string();
    file += "/config/jurisdictions.yaml";
    Jurisdictions made = Jurisdictions::Parse(testing::Slurp(file), file, diagnostics);
    INFO(diagnostics.Render());
    REQUIRE(diagnostics.ok());
    return made;
  }();
  return parsed;
}

// "本辖区 寿光市", with ? for a hint.
std::string Read(std::string_view address) {
  const Jurisdiction result = Shipped().ReadAddress(address);
  std::string text(ChineseName(result.place));
  if (!result.county.empty()) text += " " + result.county;
  return text + (result.place == Place::kHere && !result.sure ? "?" : "");
}

TEST_CASE("GB/T 2260: twelve divisions, and zones without a code of their own") {
  size_t coded = 0;
  for (const auto& division : Shipped().divisions()) {
    coded += division.code.empty() ? 0 : 1;
    CHECK(division.zone == division.code.empty());
    CHECK(division.certainty == "unverified");
    if (!division.zone) CHECK(division.code.substr(0, 4) == "3707");
  }
  CHECK(coded == 12);
}

TEST_CASE("ours: addresses of the city and its divisions") {
  CHECK(Read("山东省潍坊市寿光市文家街道") == "本辖区 寿光市");
  CHECK(Read("山东 潍坊") == "本辖区");
  CHECK(Read("山东潍坊") == "本辖区");
  CHECK(Read("潍坊市奎文区东风东街") == "本辖区 奎文区");
  CHECK(Read("寿光市") == "本辖区 寿光市");
  CHECK(Read("安丘") == "本辖区 安丘市");
  CHECK(Read("山东昌邑") == "本辖区 昌邑市");
  CHECK(Read("潍坊高新区健康东街") == "本辖区 潍坊高新区");
  CHECK(Read("山东省潍坊市滨海经济技术开发区") == "本辖区 潍坊滨海区");
  CHECK(Read("潍坊峡山生态经济开发区") == "本辖区 峡山区");
  CHECK(Read("山东省潍坊市寿光市经济开发区") == "本辖区 寿光市");
  CHECK(Read("临朐县冶源镇") == "本辖区 临朐县");
}

TEST_CASE("ours: names that other places have too") {
  CHECK(Read("高新区科技路1号") == "不明");  // most cities have one
  CHECK(Read("济南市高新区") == "市外");
  CHECK(Read("滨海新区") == "不明");
  CHECK(Read("天津市滨海新区") == "市外");
  CHECK(Read("吉林省吉林市昌邑区") == "市外");
  CHECK(Read("昌邑区") == "不明");
  CHECK(Read("昌邑") == "本辖区 昌邑市?");
  CHECK(Read("青州") == "本辖区 青州市?");
  CHECK(Read("福建省三明市青州镇") == "市外");
  CHECK(Read("山东省青岛市市南区高密路") == "市外");
  CHECK(Read("上海市浦东新区潍坊新村街道") == "市外");
  CHECK(Read("上海市潍坊路12号") == "市外");
  CHECK(Read("北京潍坊路") == "市外");
  CHECK(Read("高密度板材") == "不明");
  CHECK(Read("山东") == "不明");
  CHECK(Read("") == "不明");
  CHECK(Read("广东省广州市") == "市外");
  CHECK(Read("潍坊发往北京") == "本辖区");
}

TEST_CASE("程序规定 art 10: place of business before licence before hints") {
  extractors::Listing listing;
  listing.location = "广东广州";
  auto result = Shipped().Resolve(listing);
  CHECK(result.place == Place::kElsewhere);
  CHECK(result.basis == Basis::kShipping);
  CHECK_FALSE(result.sure);
  listing.seller = "寿光市绿源蔬菜专业合作社";
  result = Shipped().Resolve(listing);
  CHECK(result.county == "寿光市");
  CHECK(result.basis == Basis::kName);
  CHECK_FALSE(result.sure);
  listing.text = "本店新到。住所：山东省潍坊市安丘市兴安街道1号。";
  result = Shipped().Resolve(listing);
  CHECK(result.county == "安丘市");
  CHECK(result.basis == Basis::kLicence);
  CHECK(result.sure);
  CHECK(result.text == "山东省潍坊市安丘市兴安街道1号");
  listing.text += "实际经营地址: 潍坊市诸城市密州街道；电话略";
  result = Shipped().Resolve(listing);
  CHECK(result.county == "诸城市");
  CHECK(result.basis == Basis::kBusiness);
  CHECK(Shipped().Resolve(extractors::Listing()) == Jurisdiction());
}

TEST_CASE("ours: mistakes in jurisdictions are named by place") {
  const auto mistakes = [](const std::string& text) {
    Diagnostics diagnostics;
    (void)Jurisdictions::Parse(text, "jurisdictions.yaml", diagnostics);
    return diagnostics.Render();
  };
  CHECK(mistakes("divisions: []\n").find("needs its city") != std::string::npos);
  CHECK(mistakes("city: {name: 甲市}\ndivisions:\n  - {name: 乙区}\n  - {name: 乙区}\n")
            .find("second time") != std::string::npos);
  CHECK(mistakes("city: {name: 甲市}\ndivsions: []\n").find("\"divisions\"") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::triage
