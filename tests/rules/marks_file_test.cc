#include "rules/marks_file.h"

#include <fstream>

#include "rules/spelling.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

void Write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Adds to `file`, beside the built-in packs, and compiles the result again from the disk.
std::shared_ptr<const RuleSet> AddAndLoad(const std::filesystem::path& folder,
                                          const NewMark& mark) {
  Diagnostics diagnostics;
  const auto added =
      AddMark((folder / "local.yaml").string(), mark, BuiltInRuleFiles(), diagnostics);
  REQUIRE_OK(added);
  std::vector<RuleFile> files = BuiltInRuleFiles();
  const auto overlay = ReadRuleFiles(folder.string());
  REQUIRE_OK(overlay);
  files.insert(files.end(), overlay->begin(), overlay->end());
  Diagnostics again;
  auto set = RuleSet::Compile(files, again);
  INFO(again.Render());
  REQUIRE(set.ok());
  return *set;
}

}  // namespace

TEST_CASE("marks file: a new mark makes the old rules fire, without rule or sample") {
  testing::TempDir folder;
  NewMark mark;
  mark.kind = "trademark";
  mark.name = "示例潮牌";
  mark.aliases = {"Shili \"Wear\"", "示例\\牌"};
  const auto set = AddAndLoad(folder.path(), mark);
  CHECK(LeadsOf(set->Evaluate(Titled("示例潮牌 高仿 卫衣"), On("2026-01-01"))) ==
        std::vector<std::string>{"trademark:tm-copy-grade:示例潮牌"});
  CHECK(LeadsOf(set->Evaluate(Titled("示例潮牌 卫衣"), On("2026-01-01"))).empty());
  CHECK(set->Evaluate(Titled("示例\\牌 帽子"), On("2026-01-01")).hits.size() == 1);
}

TEST_CASE("marks file: a GI with its area") {
  testing::TempDir folder;
  NewMark mark;
  mark.kind = "gi";
  mark.name = "示例山药";
  mark.area = {"潍坊"};
  const auto set = AddAndLoad(folder.path(), mark);
  CHECK(LeadsOf(set->Evaluate(Titled("示例山药 产地河南"), On("2026-01-01"))).size() == 1);
  CHECK(LeadsOf(set->Evaluate(Titled("示例山药 产地潍坊"), On("2026-01-01"))).empty());
}

TEST_CASE("marks file: what stands in the file stays, comments and indentation too") {
  testing::TempDir folder;
  const auto path = folder.path() / "local.yaml";
  const std::string before =
      "# own marks\npack: 本局\nmarks:\n    # the first\n    - id: first\n      kind: trademark\n"
      "      name: 第一示例\nwords:\n  own: {terms: [示例词]}\n";
  Write(path, before);
  NewMark mark;
  mark.kind = "trademark";
  mark.name = "第二示例";
  const auto set = AddAndLoad(folder.path(), mark);
  const std::string after = testing::Slurp(path);
  CHECK_THAT(after, Catch::StartsWith("# own marks\npack: 本局\nmarks:\n    - id: \"第二示例\"\n"));
  CHECK_THAT(after, Catch::EndsWith("    # the first\n    - id: first\n      kind: trademark\n"
                                    "      name: 第一示例\nwords:\n  own: {terms: [示例词]}\n"));
  CHECK(set->Evaluate(Titled("第一示例 第二示例"), On("2026-01-01")).hits.size() == 2);
}

TEST_CASE("marks file: a file without marks gets them at its end") {
  testing::TempDir folder;
  Write(folder.path() / "local.yaml", "pack: 本局");
  NewMark mark;
  mark.kind = "trademark";
  mark.name = "第三示例";
  AddAndLoad(folder.path(), mark);
  CHECK_THAT(testing::Slurp(folder.path() / "local.yaml"),
             Catch::StartsWith("pack: 本局\nmarks:\n  - id: \"第三示例\"\n"));
}

TEST_CASE("marks file: what would not compile is not written") {
  testing::TempDir folder;
  const auto path = (folder.path() / "local.yaml").string();
  const auto refuse = [&](const NewMark& mark) {
    Diagnostics diagnostics;
    const auto added = AddMark(path, mark, BuiltInRuleFiles(), diagnostics);
    CHECK_FALSE(added.ok());
    CHECK(added.status().code() == Code::kInvalidArgument);
    return added.status().message();
  };
  NewMark mark;
  mark.kind = "brand";
  mark.name = "示例";
  CHECK_THAT(refuse(mark), Catch::Contains("is none of: trademark"));
  mark.kind = "trademark";
  mark.name = "";
  refuse(mark);
  mark.name = "一行\n又一行";
  CHECK_THAT(refuse(mark), Catch::Contains("one line"));
  mark.name = "示例";
  mark.id = "nike";  // the id of a built-in mark
  CHECK_THAT(refuse(mark), Catch::Contains("a second time"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("marks file: a list that is not one mark a line is left alone") {
  testing::TempDir folder;
  const auto path = folder.path() / "local.yaml";
  const std::string before = "marks: [{id: a, kind: trademark, name: 甲牌}]\n";
  Write(path, before);
  NewMark mark;
  mark.kind = "trademark";
  mark.name = "示例";
  Diagnostics diagnostics;
  CHECK_FALSE(AddMark(path.string(), mark, {}, diagnostics).ok());
  CHECK(testing::Slurp(path) == before);
}

TEST_CASE("marks file: ids from names") {
  CHECK(MarkIdFor("Louis Vuitton") == "louis-vuitton");
  CHECK(MarkIdFor("安丘大姜") == "安丘大姜");
  CHECK(MarkIdFor("  Tod's & Co. ") == "tod-s-co");
  CHECK(MarkIdFor("ＮＩＫＥ") == "nike");
}

TEST_CASE("spelling: traditional characters are proposed") {
  CHECK(ProposeAliases("潍县萝卜") == std::vector<std::string>{"濰縣蘿蔔"});
  CHECK(ProposeAliases("NIKE").empty());
  CHECK(ProposeAliases("").empty());
  CHECK(ProposeAliases("\xff").size() <= 1);
}

}  // namespace cluehound::rules
