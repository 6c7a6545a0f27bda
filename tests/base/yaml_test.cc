#include "base/yaml.h"

#include "tests/testing/testing.h"

namespace cluehound {
namespace {

struct Parsed {
  Diagnostics diagnostics;
  std::optional<YamlNode> root;
};

Parsed Parse(std::string_view text) {
  Parsed p;
  p.root = ParseYaml(text, "sources.yaml", p.diagnostics);
  return p;
}

TEST_CASE("ours: a syntax error is one message with line and column in characters") {
  const Parsed p = Parse("name: 测试\n名称: [甲, 乙\nnext: 1\n");
  CHECK_FALSE(p.root);
  REQUIRE(p.diagnostics.all().size() == 1);
  CHECK(p.diagnostics.all()[0].code == "yaml-syntax");
  CHECK(p.diagnostics.all()[0].where.line >= 2);
}

TEST_CASE("ours: a duplicate key is refused, with the line of the first") {
  const Parsed p = Parse("a: 1\nb: {c: 1, 名: 2, c: 3}\na: 2\n");
  CHECK_FALSE(p.root);
  const std::string text = p.diagnostics.Render();
  CHECK(
      text.find("sources.yaml:3:1: error: key \"a\" stands here a second time (first in line 1)") !=
      std::string::npos);
  CHECK(text.find("sources.yaml:2:17: error: key \"c\"") != std::string::npos);
}

TEST_CASE("ours: anchors and aliases are refused, so that no document can grow when it is read") {
  CHECK(Parse("a: &x [1]\n").diagnostics.all().at(0).code == "yaml-refused");
  CHECK(Parse("a: *x\n").diagnostics.errors() == 1);
  CHECK(Parse(std::string(100, '[')).diagnostics.errors() == 1);
  CHECK(Parse("\xFF: 1").diagnostics.all().at(0).code == "not-utf8");
}

TEST_CASE("ours: keys that nobody asked for are reported with the closest known one") {
  Parsed p = Parse("id: shop\npcae: 1s\nseeds: [a]\n");
  REQUIRE(p.root);
  YamlMap map(*p.root, p.diagnostics, "source");
  CHECK(map.RequiredText("id") == "shop");
  CHECK(map.Time("pace", std::chrono::seconds(2)) == std::chrono::seconds(2));
  CHECK(map.Texts("seeds") == std::vector<std::string>{"a"});
  map.Finish();
  CHECK(p.diagnostics.Render() ==
        "sources.yaml:2:1: error: source has no key \"pcae\" [unknown-key]\n"
        "    pcae: 1s\n"
        "    ^\n"
        "    did you mean \"pace\"?\n");
}

TEST_CASE("ours: wrong types and ranges are named at the value, all of them at once") {
  Parsed p = Parse(
      "flag: maybe\nn: 12x\nratio: 3\nwhen: 2026-02-30\npace: 5\nkind: goods\nlist: {a: 1}\nmap: "
      "3\n");
  REQUIRE(p.root);
  YamlMap map(*p.root, p.diagnostics, "rule");
  CHECK(map.Flag("flag", true));
  CHECK(map.Integer("n", 4, 1, 100) == 4);
  CHECK_FALSE(map.Number("ratio", 0, 1));
  CHECK_FALSE(map.Day("when"));
  CHECK(map.Time("pace", Duration(7)) == Duration(7));
  CHECK(map.Choice("kind", "live", {"live", "good"}) == "live");
  CHECK(map.Texts("list").empty());
  YamlMap inner(*map.Child("map"), p.diagnostics, "inner");
  CHECK(inner.RequiredText("x").empty());
  map.RequiredText("missing");
  map.Finish();
  CHECK(p.diagnostics.errors() == 9);
  CHECK(p.diagnostics.Render().find(
            "sources.yaml:4:7: error: rule: when: must be a day that exists") != std::string::npos);
  CHECK(p.diagnostics.Render().find("did you mean \"good\"?") != std::string::npos);
}

TEST_CASE("ours: the caret stands under the character, also behind wide ones") {
  Parsed p = Parse("名称: x\n");
  p.diagnostics.Error("e", {"sources.yaml", 1, 5}, "here");
  CHECK(p.diagnostics.Render().find("    名称: x\n          ^\n") != std::string::npos);
}

TEST_CASE("ours: an empty document is a null at line 1") {
  const Parsed p = Parse("");
  REQUIRE(p.root);
  CHECK(p.root->is_null());
}

}  // namespace
}  // namespace cluehound
