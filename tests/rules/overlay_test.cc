// Files that change what files before them say, and the examples of docs/rules.md.
#include <sstream>

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

// The built-in packs and one more file.
Result<std::shared_ptr<const RuleSet>> WithOverlay(const std::string& text,
                                                   Diagnostics& diagnostics) {
  std::vector<RuleFile> files = BuiltInRuleFiles();
  files.push_back({"zz-local.yaml", text});
  return RuleSet::Compile(files, diagnostics);
}

std::shared_ptr<const RuleSet> MustCompile(const std::string& text) {
  Diagnostics diagnostics;
  const auto set = WithOverlay(text, diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(set.ok());
  return *set;
}

std::vector<std::string> Leads(const RuleSet& set, const extractors::Listing& listing) {
  return LeadsOf(set.Evaluate(listing, On("2026-11-22")));
}

// The fenced yaml blocks of the manual.
std::vector<std::string> ManualExamples() {
  std::istringstream manual(testing::Slurp(testing::SourceDir() / "docs" / "rules.md"));
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(manual, line);) {
    if (line == "```yaml") {
      inside = true;
      blocks.emplace_back();
    } else if (line == "```") {
      inside = false;
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

}  // namespace

TEST_CASE("overlay: extend adds names and sellers and leaves the rest") {
  const auto set = MustCompile(
      "marks:\n  - {id: nike, change: extend, aliases: [示例勾牌], authorised: [{seller: "
      "示例专营店, until: 2027-06-30}]}\n");
  CHECK(Leads(*set, Titled("示例勾牌 高仿 运动鞋")).size() == 1);
  CHECK(Leads(*set, Titled("耐克 高仿 运动鞋")).size() == 1);
  extractors::Listing sold = Titled("耐克 高仿 运动鞋");
  sold.seller = "示例专营店";
  CHECK(Leads(*set, sold).empty());
}

TEST_CASE("overlay: a retired mark is no hit, and samples that name it are no errors") {
  Diagnostics diagnostics;
  const auto set = WithOverlay("marks:\n  - {id: puma, change: retire}\n", diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(set.ok());
  CHECK((*set)->Evaluate(Titled("彪马 高仿 卫衣"), On("2026-11-22")).hits.empty());
  const auto& all = diagnostics.all();
  CHECK(std::any_of(all.begin(), all.end(), [](const Diagnostic& d) {
    return d.code == "sample-of-dropped-mark" && d.severity == Severity::kWarning;
  }));
}

TEST_CASE("overlay: a word list takes more words") {
  const auto set = MustCompile("words:\n  copy_grade: {change: extend, terms: [示例暗语]}\n");
  CHECK(Leads(*set, Titled("耐克 示例暗语 运动鞋")).size() == 1);
  CHECK(Leads(*set, Titled("耐克 高仿 运动鞋")).size() == 1);
}

TEST_CASE("overlay: a rule can be retired, and another put in its place") {
  const auto without = MustCompile("rules:\n  - {id: well-known-claim, change: retire}\n");
  CHECK(Leads(*without, Titled("中国驰名商标 毛巾")).empty());
  const auto replaced = MustCompile(R"(rules:
  - id: well-known-claim
    change: replace
    rev: 2
    family: well_known_claim
    title: 只看标题
    category: well_known_claim
    mode: observe
    when: {words: well_known, fields: [title]}
    samples: {hit: [驰名商标 甲, 驰名商标 乙], miss: [甲, 乙]}
)");
  const Evaluation evaluation = replaced->Evaluate(Titled("中国驰名商标 毛巾"), On("2026-11-22"));
  REQUIRE(evaluation.suspicions.size() == 1);
  CHECK(evaluation.suspicions[0].rev == 2);
  CHECK(evaluation.suspicions[0].mode == Mode::kObserve);
}

TEST_CASE("overlay: the examples of the manual compile beside the packs") {
  const std::vector<std::string> examples = ManualExamples();
  REQUIRE(examples.size() == 5);
  const auto set = MustCompile(examples[0]);
  CHECK(Leads(*set, Titled("示例牌 高仿 运动鞋")).size() == 1);
  CHECK(Leads(*set, Titled("示例牌 运动鞋")).empty());
  for (const std::string& example : examples) MustCompile(example);
}

}  // namespace cluehound::rules
