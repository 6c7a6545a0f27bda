#include "rules/mark_table.h"

#include <set>

#include "rules/alias_proposal.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

MarkTable Read(std::vector<std::vector<std::string>> rows, const std::string& kind = "") {
  const auto table = ReadMarkTable({std::move(rows)}, kind);
  REQUIRE_OK(table);
  return *table;
}

// "3B 标题: message" of each problem.
std::vector<std::string> Places(const MarkTable& table) {
  std::vector<std::string> places;
  for (const TableProblem& problem : table.problems)
    places.push_back(std::to_string(problem.row) + problem.column + (problem.refuses ? "" : "?"));
  return places;
}

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("mark table: columns in any order, named in Chinese or English") {
  const MarkTable table = Read({{},
                                {"注册号", "商标名称（必填）", "国际分类", "类型", "别名",
                                 "专用权期限", "核定商品", "注册人", "备注"},
                                {"123", "示例牌", "第25类、18", "注册商标", "SHILI；示例",
                                 "2019-05-07至2029年5月6日", "运动鞋、板鞋", "示例公司", "重点"},
                                {"", "示例姜", "", "地理标志"}});
  CHECK(table.problems.empty());
  REQUIRE(table.marks.size() == 2);
  const NewMark& mark = table.marks[0];
  CHECK(mark.name == "示例牌");
  CHECK(mark.kind == "trademark");
  CHECK(mark.number == "123");
  CHECK(mark.classes == std::vector<int>{25, 18});
  CHECK(mark.aliases == Found{"SHILI", "示例"});
  CHECK(mark.goods == Found{"运动鞋", "板鞋"});
  CHECK(mark.valid_to == "2029-05-06");
  CHECK(mark.owner == "示例公司");
  CHECK(mark.note == "重点");
  CHECK(table.marks[1].kind == "gi");
  CHECK(table.rows == std::vector<size_t>{3, 4});
  CHECK(Read({{"name", "kind"}, {"A", "special_mark"}}).marks.at(0).kind == "special_mark");
  CHECK(Read({{"名称"}, {"甲牌"}}, "trademark").marks.at(0).kind == "trademark");
}

TEST_CASE("mark table: bad rows are named by row and column, good ones are taken") {
  const MarkTable table = Read({{"名称", "种类", "类别", "有效期至", "颜色", "名称"},
                                {"甲牌", "商标"},
                                {"", "商标"},
                                {"乙牌", "品牌"},
                                {"丙牌", "商标", "46"},
                                {"丁牌", "商标", "服装"},
                                {"戊牌", "商标", "", "永久"},
                                {},
                                {"甲牌", "商标"},
                                {"己牌"},
                                {"庚牌", "商标", "25", "46000"}});
  CHECK(Places(table) == Found{"1E?", "1F?", "3A", "4B", "5C", "6C", "7D", "9A", "10B"});
  REQUIRE(table.marks.size() == 2);
  CHECK(table.marks[1].name == "庚牌");
  CHECK(table.marks[1].valid_to == "2025-12-09");
  CHECK(table.rows == std::vector<size_t>{2, 11});
}

TEST_CASE("mark table: a table without names is refused whole") {
  CHECK(ReadMarkTable({{{"甲", "乙"}, {"1", "2"}}}, "").status().code() == Code::kInvalidArgument);
  CHECK(ReadMarkTable({}, "").status().code() == Code::kInvalidArgument);
  CHECK(ReadMarkTable({{{}, {"", ""}}}, "").status().code() == Code::kInvalidArgument);
}

TEST_CASE("marks file: of many marks those that do not compile are named, the others written") {
  testing::TempDir folder;
  const std::string file = (folder.path() / "local.yaml").string();
  std::vector<NewMark> marks(5);
  marks[0].name = "示例甲牌";
  marks[1].name = "NIKE二";
  marks[1].id = "nike";  // the id of a built-in mark
  marks[2].name = "示例乙牌";
  marks[2].valid_to = "2026-02-30";
  marks[3].name = "耐克";  // the name of a built-in mark
  marks[4].name = "示例丙牌";
  for (NewMark& mark : marks) mark.kind = "trademark";
  std::vector<RefusedMark> refused;
  std::vector<std::string> ids;
  const auto change = PrepareMarks(file, marks, BuiltInRuleFiles(), refused, ids);
  REQUIRE_OK(change);
  CHECK(ids == Found{"示例甲牌", "示例丙牌"});
  std::set<size_t> out;
  for (const RefusedMark& mark : refused) out.insert(mark.index);
  CHECK(out == std::set<size_t>{1, 2, 3});
  CHECK_FALSE(std::filesystem::exists(file));
  REQUIRE_OK(Apply(*change));
  CHECK(change->set->Evaluate(Titled("示例丙牌 帽"), On("2026-01-01")).hits.size() == 1);
}

TEST_CASE("marks file: sellers and retirements stand behind the marks they speak of") {
  testing::TempDir folder;
  const std::string file = (folder.path() / "local.yaml").string();
  NewMark mark;
  mark.kind = "trademark";
  mark.name = "示例牌";
  Diagnostics diagnostics;
  std::vector<RuleFile> files = BuiltInRuleFiles();
  REQUIRE_OK(AddMark(file, mark, files, diagnostics));
  files.push_back({"local.yaml", testing::Slurp(file)});
  NewSeller seller;
  seller.seller = "示例\"旗舰店";
  seller.platform = "taobao";
  seller.until = "2027-01-01";
  auto change = PrepareSellers(file, "示例牌", {seller}, files);
  REQUIRE_OK(change);
  auto offer = Titled("示例牌 高仿 运动鞋");
  offer.seller = "示例\"旗舰店";
  const auto leads = [&](const std::string& day) {
    return LeadsOf(change->set->Evaluate(offer, On(day))).size();
  };
  CHECK(leads("2026-12-31") == 0);
  CHECK(leads("2027-01-01") == 1);
  REQUIRE_OK(Apply(*change));
  files.back().text = testing::Slurp(file);
  change = PrepareRetirement(file, "示例牌", "已注销", files);
  REQUIRE_OK(change);
  CHECK(change->set->Evaluate(offer, On("2026-01-01")).hits.empty());
  CHECK_THAT(change->text, Catch::EndsWith("  - {id: \"示例牌\", change: retire}  # 已注销\n"));
  seller.until = "2027-13-01";
  CHECK_FALSE(PrepareSellers(file, "示例牌", {seller}, files).ok());
  CHECK_FALSE(PrepareSellers(file, "无此牌", {NewSeller{"店", "", "", "", ""}}, files).ok());
}

TEST_CASE("aliases: pinyin, English and traditional characters are proposed") {
  const auto texts = [](std::string_view name, std::string_view place = "") {
    std::vector<std::string> found;
    for (const AliasProposal& proposal : ProposeNames(name, place)) found.push_back(proposal.text);
    return found;
  };
  const auto has = [](const Found& found, const std::string& text) {
    return std::find(found.begin(), found.end(), text) != found.end();
  };
  const Found weixian = texts("潍县萝卜");
  CHECK(has(weixian, "濰縣蘿蔔"));
  CHECK(has(weixian, "Weixian radish"));
  CHECK(has(weixian, "Weixian luobo"));
  CHECK(has(weixian, "Weixianluobo"));
  CHECK(has(texts("昌乐方言", "昌乐"), "Changle fangyan"));
  CHECK(texts("NIKE").empty());
  CHECK(texts("李").empty());  // three letters could mean anything
  CHECK(texts("").empty());
  CHECK(texts("\xff\xfe").size() <= 1);
}

}  // namespace cluehound::rules
