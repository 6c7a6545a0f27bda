// The analysts' commands, as they are run.

#include "base/text.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

constexpr char kMine[] = R"(marks:
  - {id: shili, kind: trademark, name: 示例牌}
)";
constexpr char kTitles[] =
    "示例牌 高仿 运动鞋\n示例牌 运动鞋\n耐克 高仿 运动鞋\n\n普通 帽子\n{\"title\":\"示例牌 高仿 "
    "包\",\"price\":\"99\"}\n";

size_t LongestLine(const std::string& text) {
  size_t longest = 0;
  for (size_t pos = 0; pos < text.size();) {
    const size_t end = std::min(text.find('\n', pos), text.size());
    longest = std::max(longest,
                       static_cast<size_t>(std::max(0, DisplayWidth(text.substr(pos, end - pos)))));
    pos = end + 1;
  }
  return longest;
}

TEST_CASE("rules explain: a hit and a miss as trees in 100 columns, and as JSON") {
  Program program;
  const std::string hit = program.Expect(
      "rules explain '耐克 高仿 运动鞋'", 0,
      {"lead: trademark, rule tm-copy-grade, mark nike", "hit     mark nike “耐克” (title 0-6)",
       "FIRES   tm-copy-grade", "PASS    mark of kind trademark", "PASS    when: ", "score "});
  CHECK(LongestLine(hit) <= 100);
  const std::string miss =
      program.Expect("rules explain '耐克 运动鞋 正品'", 0,
                     {"no lead", "what came closest:", "SILENT  ", " when: ", "missing: "});
  CHECK(LongestLine(miss) <= 100);
  program.Expect("rules explain '耐克 高仿' --rule tm-copy-grade --json", 0,
                 {"{\"lead\":true,", "\"verdict\":\"PASS\"", "\"verdict\":\"UNKNOWN\"",
                  "\"rule\":\"tm-copy-grade\""});
  program.Expect("rules explain --title '耐克 运动鞋' --price 39 --rule tm-price", 0,
                 {"FIRES   tm-price", "¥39.00"});
  program.Expect("rules explain '{\"title\":\"耐克 运动鞋\",\"price\":\"39\"}' --rule tm-price", 0,
                 {"FIRES   tm-price"});
  program.Write("in.txt", "耐克 高仿\n\n普通 帽子\n");
  program.Expect("rules explain - < in.txt", 0, {"# 耐克 高仿", "# 普通 帽子"});
  program.Expect("rules explain 耐克 --rule tm-copygrade", 2, {"did you mean \"tm-copy-grade\"?"});
  program.Expect("rules explain 耐克 --mark nikee", 2, {"did you mean \"nike\"?"});
  program.Expect("rules explain 耐克 --day 昨天", 2, {"--day"});
  program.Expect("rules explain < /dev/null", 2, {"nothing to explain"});
}

TEST_CASE("rules diff: gained, lost and changed, between folders, files and the built-in packs") {
  Program program;
  program.Write("new/mine.yaml", kMine);
  program.Write("titles.txt", kTitles);
  program.Expect("rules diff builtin new --on titles.txt", 0,
                 {"leads gained: 2", "    + tm-copy-grade mark shili lead",
                  "hits gained: ", "5 listings: leads 1 -> 3 (gained 2, lost 0, changed 0)"});
  program.Expect("rules diff new builtin --on titles.txt", 0, {"leads lost: 2", "leads 3 -> 1"});
  program.Expect("rules diff new/mine.yaml new --on titles.txt --json", 0,
                 {"{\"listings\":5,\"leads_before\":3,\"leads_after\":3,"});
  program.Expect("rules diff builtin nowhere --on titles.txt", 2, {"\"nowhere\" is no folder"});
  program.Expect("rules diff builtin builtin --on none.txt", 2, {"none.txt"});
  program.Write("bad/bad.yaml", "marks: 3\n");
  program.Expect("rules diff builtin bad --on titles.txt", 2, {"bad/bad.yaml:1:8: error"});
}

TEST_CASE("rules backtest: titles, listings and saved pages, judged by expectations") {
  Program program;
  program.Write("titles.txt", kTitles);
  program.Write("pages/one.html",
                "<script type='application/ld+json'>{\"@type\":\"Product\",\"name\":\"耐克 高仿 "
                "板鞋\",\"offers\":{\"price\":\"99\",\"priceCurrency\":\"CNY\"}}</script>");
  program.Expect("rules backtest --on titles.txt --on pages", 0,
                 {"      2  tm-copy-grade", "6 listings, ", "2 listings with leads"});
  program.Write("good.yaml", "expect: {tm-copy-grade: {at_least: 1}}\nunexpected: fail\n");
  program.Expect("rules backtest --on titles.txt --expect good.yaml --junit out.xml", 0,
                 {"PASS  tm-copy-grade: fired on 1 listings, expected at least 1"});
  CHECK_THAT(program.Read("out.xml"), Catch::Contains("failures=\"0\""));
  program.Write("wrong.yaml", "expect: {tm-copy-grade: 7}\n");
  program.Expect("rules backtest --on titles.txt --expect wrong.yaml --junit out.xml", 1,
                 {"FAIL  tm-copy-grade: fired on 1 listings, expected exactly 7"});
  CHECK_THAT(program.Read("out.xml"), Catch::Contains("failures=\"1\""));
  program.Write("typo.yaml", "expect: {tm-copy-grad: 7}\n");
  program.Expect("rules backtest --on titles.txt --expect typo.yaml", 2,
                 {"typo.yaml:1:10", "did you mean \"tm-copy-grade\"?"});
  program.Write("mixed.jsonl", "{\"title\":\"耐克 高仿\"}\n{\"title\":3}\nnot json\n");
  program.Expect("rules backtest --on mixed.jsonl", 1, {"mixed.jsonl:2", "2 listings, "});
  program.Expect("rules backtest --on titles.txt --junit out.xml", 2, {"--junit needs --expect"});
}

TEST_CASE("rules profile, list, lint and test say their figures") {
  Program program;
  program.Write("titles.txt", kTitles);
  program.Expect("rules profile --on titles.txt", 0,
                 {"checks matches", "tm-copy-grade", "5 listings in "});
  program.Expect("rules list", 0, {"tm-copy-grade", " rules, ", " marks, set "});
  program.Expect("rules test", 0, {" marks, ", " hit samples, ", " 0 failed"});
  program.Expect("rules lint", 0, {" 0 errors, "});
  std::string clean;
  for (int i = 0; i < 50; ++i) clean += "耐克 运动鞋\n";
  program.Write("clean.txt", clean);
  program.Expect("rules lint --on clean.txt", 0,
                 {"mark nike stands in 50 of 50 listings (100.00 %) [noisy-mark]"});
  program.Expect("rules lint --on clean.txt --json", 0, {"\"code\":\"noisy-mark\""});
}

TEST_CASE("rules fmt: writes what is laid out otherwise, and --check only says so") {
  Program program;
  program.Write("r/a.yaml", "marks:\n- {id: a,kind: trademark, name: 甲牌}  # own\n");
  program.Expect("rules fmt --check r", 1, {"r/a.yaml: not formatted"});
  program.Expect("rules fmt --rules r", 0, {"r/a.yaml: formatted"});
  CHECK(program.Read("r/a.yaml") == "marks:\n  - {id: a, kind: trademark, name: 甲牌}  # own\n");
  program.Expect("rules fmt --check r", 0, {"1 files, 0 to format"});
  program.Write("r/b.yaml", "a: [\n");
  program.Expect("rules fmt r", 1, {"r/b.yaml:2:1: error: not valid YAML"});
}

TEST_CASE("rules publish: a bad set leaves the one in force, rollback returns, history tells") {
  Program program;
  program.Write("new/mine.yaml", kMine);
  program.Write("bad/bad.yaml", "marks: [{id: x, kind: brand, name: 甲}]\n");
  program.Expect("rules publish --store s --note first", 0, {" is in force (publication 1"});
  program.Expect("rules publish new --store s --by 王", 0, {"(publication 2"});
  program.Expect("rules publish bad --store s", 2, {"bad/bad.yaml:1:23: error"});
  program.Expect("rules history --store s", 0, {"* 2 ", "  1 ", "(王)", "first"});
  program.Write("titles.txt", kTitles);
  program.Expect("rules diff builtin published --on titles.txt --store s", 0,
                 {"leads 1 -> 3 (gained 2"});
  program.Expect("rules rollback --store s", 0, {"(publication 3"});
  program.Expect("rules diff builtin published --on titles.txt --store s", 0, {"leads 1 -> 1"});
  program.Expect("rules rollback zz --store s", 2, {"at least 6 digits"});
  program.Expect("rules rollback abcdef012345 --store s", 3, {"no rule set abcdef012345"});
  program.Expect("rules history --store nowhere", 3, {"no store at nowhere"});
  program.Expect("rules publish", 2, {"where to publish?"});
}

TEST_CASE("rules publish: a crawl takes the published set, and says so first") {
  Program program;
  program.Write("config/sources/a.yaml",
                "sources: [{id: shop, seeds: [http://127.0.0.1:9/], pace: 0s}]\n");
  program.Expect("crawl --once", 0, {"from the rule files, none was published"});
  program.Expect("rules publish", 0, {"is in force"});
  program.Expect("crawl --once", 0, {"rule set ", "published 20"});
  program.Write("config/rules/local.yaml", kMine);
  program.Expect("crawl --once", 0, {"the rule files differ from it"});
  program.Write("config/rules/local.yaml", "marks: 3\n");
  program.Expect("crawl --once", 0, {"published 20"});  // bad files, and the running set unharmed
  program.Write("other/x.yaml", kMine);
  program.Write("config/rules/local.yaml", "");
  program.Expect("crawl --once --rules other", 0, {"from the rule files and --rules other"});
}

}  // namespace
}  // namespace cluehound::app
