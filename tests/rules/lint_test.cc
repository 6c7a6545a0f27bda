#include "rules/lint.h"

#include "rules/sample_test.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

std::vector<std::string> Lint(const std::string& text) {
  Diagnostics diagnostics;
  LintRules({{"f.yaml", text}}, *ParseDay("2026-11-22"), diagnostics);
  std::vector<std::string> found;
  for (const Diagnostic& d : diagnostics.all()) {
    const char* severity = d.severity == Severity::kError     ? "error"
                           : d.severity == Severity::kWarning ? "warning"
                                                              : "info";
    found.push_back(std::string(severity) + " " + d.code + "@" + std::to_string(d.where.line));
  }
  std::sort(found.begin(), found.end());
  return found;
}

using Found = std::vector<std::string>;

constexpr char kRule[] = R"(rules:
  - id: r
    family: f
    title: 题
    category: agency
    owner: 组
    behavior_code: c
    blind_spots: [无]
    checklist: [查]
    when: {terms: [包授权]}
    samples: {hit: [包授权, 包授权了], miss: [甲, 乙]}
)";

}  // namespace

TEST_CASE("lint: a sound rule gives nothing") { CHECK(Lint(kRule) == Found{}); }

TEST_CASE("lint: what does not compile is an error, and nothing else is looked for") {
  CHECK(Lint("words:\n  a: {terms: [甲]}\nmarks: 3\n") == Found{"error wrong-type@3"});
}

TEST_CASE("lint: words too short, twice, covered, unused") {
  const std::string use = "conditions:\n  c: {words: a}\n";
  CHECK(Lint("words:\n  a: {terms: [甲]}\n") ==
        Found{"info short-term@2", "warning unused-list@2"});
  CHECK(Lint("words:\n  a: {terms: [NIKE, ＮＩＫＥ]}\n" + use) ==
        Found{"warning duplicate-term@2", "warning unused-condition@4"});
  CHECK(Lint("words:\n  a: {terms: [高仿, 顶级高仿]}\n" + use) ==
        Found{"info covered-term@2", "warning unused-condition@4"});
}

TEST_CASE("lint: marks expired, short, shared, with sellers whose time is over") {
  CHECK(Lint("marks:\n  - {id: a, kind: special_mark, name: 甲会, valid_to: 2026-11-22}\n") ==
        Found{"warning expired-mark@2"});
  CHECK(Lint("marks:\n  - {id: a, kind: trademark, name: 甲牌, aliases: [LV]}\n") ==
        Found{"info short-latin-name@2"});
  CHECK(Lint("marks:\n  - {id: a, kind: trademark, name: 甲牌}\n"
             "  - {id: b, kind: trademark, name: 乙牌, aliases: [甲牌]}\n") ==
        Found{"warning shared-name@3"});
  CHECK(Lint("marks:\n  - {id: a, kind: trademark, name: 甲牌, authorised: [{seller: 店, until: "
             "2026-01-01}]}\n") == Found{"warning expired-seller@2"});
}

TEST_CASE("lint: rules that need no literal, speak of no mark, cite no law in force") {
  std::string text = kRule;
  text.replace(text.find("{terms: [包授权]}"), 20, "{regex: '[a-z]{9}'}");
  text.replace(text.find("包授权, 包授权了"), 23, "aaaaaaaaa, bbbbbbbbb");
  CHECK(Lint(text) == Found{"warning no-required-literal@10"});
  text = kRule;
  text.replace(text.find("    when"), 4,
               "    citations: [{law: 旧法, effective_to: 2020-01-01}]\n    ");
  CHECK(Lint(text) == Found{"warning no-citation-in-force@2"});
}

TEST_CASE("lint: a rule without what an officer needs") {
  std::string text = kRule;
  text.replace(text.find("    checklist: [查]\n"), 21, "");
  CHECK(Lint(text) == Found{"info undocumented@2"});
}

TEST_CASE("lint: the built-in packs have no errors, and no warnings but expired marks") {
  Diagnostics diagnostics;
  LintRules(BuiltInRuleFiles(), *ParseDay("2026-11-22"), diagnostics);
  std::string unexpected;
  for (const Diagnostic& d : diagnostics.all()) {
    if (d.severity != Severity::kInfo && d.code != "expired-mark")
      unexpected += d.where.file + ":" + std::to_string(d.where.line) + " " + d.message + "\n";
  }
  CHECK(unexpected == "");
}

TEST_CASE("samples: the report counts marks, rules and samples") {
  Diagnostics diagnostics;
  const SampleReport report = TestRules(BuiltInRuleFiles(), diagnostics);
  INFO(diagnostics.Render());
  CHECK(diagnostics.ok());
  CHECK(report.failed == 0);
  CHECK(report.marks > 300);
  CHECK(report.rules >= 15);
  CHECK(report.hits >= 2 * report.rules);
  CHECK(report.misses >= 2 * report.rules);
}

TEST_CASE("samples: one that does not come out is counted and placed") {
  std::string text = kRule;
  text.replace(text.find("miss: [甲, 乙]"), 16, "miss: [甲, 包授权]");
  Diagnostics diagnostics;
  const SampleReport report = TestRules({{"f.yaml", text}}, diagnostics);
  CHECK(report.failed == 1);
  REQUIRE(diagnostics.all().size() == 1);
  CHECK(diagnostics.all()[0].where.line == 11);
}

TEST_CASE("lint: a rule that can never fire") {
  const std::string head =
      "rules:\n  - id: r\n    family: f\n    title: 题\n    category: agency\n    owner: 组\n"
      "    behavior_code: c\n    blind_spots: [无]\n    checklist: [查]\n    mode: observe\n";
  CHECK(Lint("conditions:\n  c: {terms: [包授权]}\n" + head +
             "    when: {all: [c, {terms: [甲]}]}\n    unless: [c]\n"
             "    samples: {hit: [], miss: []}\n") == Found{"error no-samples@15"});
  Diagnostics diagnostics;
  // Its samples cannot come out, so what is asked is what stands beside that error.
  LintRules({{"f.yaml", "conditions:\n  c: {terms: [包授权]}\n" + head +
                            "    when: {all: [c, {price: {below: 5, at_least: 9}}]}\n"
                            "    unless: [{terms: [乙]}, c]\n"
                            "    samples: {hit: [甲, 乙], miss: [丙, 丁]}\n"}},
            *ParseDay("2026-11-22"), diagnostics);
  std::vector<std::string> found;
  for (const Diagnostic& d : diagnostics.all()) {
    if (d.code == "unreachable-rule")
      found.push_back(std::to_string(d.where.line) + ":" + std::to_string(d.where.column));
  }
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"13:21", "14:28"});
}

TEST_CASE("lint: a comment with a reason allows one kind of remark on its line") {
  const std::string mark = "{id: a, kind: special_mark, name: 甲会, valid_to: 2026-11-22}";
  CHECK(Lint("marks:\n  - " + mark + "  # lint-allow expired-mark: 规则按届满判断\n") == Found{});
  CHECK(Lint("marks:\n  # why\n  # lint-allow expired-mark: 规则按届满判断\n  # more\n  - " + mark +
             "\n") == Found{});
  CHECK(Lint("marks:\n  - " + mark + "  # lint-allow expired-mark\n") ==
        Found{"warning expired-mark@2", "warning no-reason@2"});
  CHECK(Lint("marks:\n  - " + mark + "  # lint-allow short-term: 因为\n") ==
        Found{"warning expired-mark@2", "warning idle-allowance@2"});
  CHECK(Lint("marks:\n  # lint-allow expired-mark: 因为\n\n  - " + mark + "\n") ==
        Found{"warning expired-mark@4", "warning idle-allowance@2"});
  CHECK(Lint("marks: 3  # lint-allow wrong-type: 因为\n") == Found{"error wrong-type@1"});
}

TEST_CASE("lint: marks and rules that answer to clean listings") {
  const auto set =
      CompileTexts({"marks: [{id: a, kind: trademark, name: 甲牌}]\n" + std::string(kRule)});
  NoiseCount count;
  for (int i = 0; i < 1000; ++i) {
    const std::string title = i < 11 ? "甲牌 甲牌" : i < 13 ? "包授权" : "帽子";
    count.Add(set->Evaluate(Titled(title), On("2026-01-01")));
  }
  CHECK(count.listings() == 1000);
  const auto codes = [&](double percent) {
    Diagnostics diagnostics;
    count.Report(*set, percent, diagnostics);
    std::vector<std::string> found;
    for (const Diagnostic& d : diagnostics.all())
      found.push_back(d.code + "@" + std::to_string(d.where.line));
    return found;
  };
  CHECK(codes(1.0) == Found{"noisy-mark@1", "noisy-rule@3"});  // 1.1 % and 0.2 %
  CHECK(codes(1.1) == Found{"noisy-rule@3"});
  CHECK(codes(2.0) == Found{});
}

}  // namespace cluehound::rules
