// Mistakes in rule files: each one at its line and column, all of them at once.
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

using Mistakes = std::vector<std::string>;

// A rule without mistakes; a test breaks one line of it.
constexpr char kRule[] = R"(words:
  grade: {terms: [高仿]}
marks:
  - {id: nike, kind: trademark, name: 耐克, certainty: verified}
rules:
  - id: copies
    family: trademark
    title: 仿冒
    category: trademark
    marks: {kinds: [trademark]}
    signs:
      - {name: grade_sign, label: 措辞, points: 10, if: {words: grade}}
    when: grade_sign
    samples:
      hit: [耐克 高仿, 高仿 耐克]
      miss: [耐克, 高仿]
)";

std::string Broken(const std::string& line, const std::string& instead) {
  std::string text = kRule;
  const size_t at = text.find(line);
  REQUIRE(at != std::string::npos);
  return text.replace(at, line.size(), instead);
}

Mistakes Break(const std::string& line, const std::string& instead) {
  return MistakesOf(Broken(line, instead));
}

}  // namespace

TEST_CASE("rule errors: the rule that the other cases break has none") {
  CHECK(MistakesOf(kRule) == Mistakes{});
}

TEST_CASE("rule errors: bad YAML is one message") {
  CHECK(MistakesOf("marks: [a") == Mistakes{"yaml-syntax@1:1"});
  CHECK(MistakesOf("marks:\n  - {id: a\n") == Mistakes{"yaml-syntax@3:1"});
}

TEST_CASE("rule errors: keys unknown, twice, or missing") {
  CHECK(Break("title: 仿冒", "titel: 仿冒") == Mistakes{"missing-key@6:5", "unknown-key@8:5"});
  CHECK(Break("title: 仿冒", "title: 仿冒\n    title: 又") == Mistakes{"duplicate-key@9:5"});
  CHECK(Break("    family: trademark\n", "") == Mistakes{"missing-key@6:5"});
  CHECK(MistakesOf("merks: []") == Mistakes{"unknown-key@1:1"});
}

TEST_CASE("rule errors: wrong types and unknown values") {
  CHECK(Break("points: 10", "points: many") == Mistakes{"out-of-range@12:47"});
  CHECK(Break("category: trademark\n    marks", "category: tm\n    marks") ==
        Mistakes{"unknown-value@9:15"});
  CHECK(Break("kinds: [trademark]", "kinds: [trade]") == Mistakes{"unknown-value@10:21"});
  CHECK(Break("certainty: verified", "certainty: maybe") == Mistakes{"unknown-value@4:54"});
  CHECK(Break("signs:\n      -", "signs:\n      ") ==
        Mistakes{"wrong-type@12:8", "unknown-condition@13:11"});
}

TEST_CASE("rule errors: names that mean nothing") {
  CHECK(Break("if: {words: grade}", "if: {words: grad}") == Mistakes{"unknown-list@12:55"});
  CHECK(Break("when: grade_sign", "when: grad_sign") == Mistakes{"unknown-condition@13:11"});
  CHECK(Break("when: grade_sign", "when: {word: grade}") == Mistakes{"unknown-condition@13:11"});
}

TEST_CASE("rule errors: a remedy names the closest word") {
  Diagnostics diagnostics;
  const auto set = RuleSet::Compile({{"f.yaml", Broken("if: {words: grade}", "if: {words: grad}")}},
                                    diagnostics);
  CHECK_FALSE(set.ok());
  CHECK_THAT(diagnostics.Render(), Catch::Contains("did you mean \"grade\"?"));
  CHECK(set.status().code() == Code::kInvalidArgument);
  CHECK_THAT(set.status().message(), Catch::Contains("f.yaml:12:55: error"));
}

TEST_CASE("rule errors: bad patterns") {
  CHECK(Break("if: {words: grade}", "if: {regex: 'a('}") == Mistakes{"bad-regex@12:55"});
  CHECK(Break("if: {words: grade}", "if: {regex: 'ZL'}") == Mistakes{"bad-regex@12:55"});
  CHECK(Break("if: {words: grade}", "if: {regex: 'a*'}") == Mistakes{"bad-regex@12:55"});
}

TEST_CASE("rule errors: samples too few, or not coming out") {
  CHECK(Break("[耐克 高仿, 高仿 耐克]", "[耐克 高仿]") == Mistakes{"no-samples@15:7"});
  CHECK(Break("    samples:\n      hit: [耐克 高仿, 高仿 耐克]\n      miss: [耐克, 高仿]\n", "") ==
        Mistakes{"no-samples@6:5"});
  CHECK(Break("[耐克 高仿, 高仿 耐克]", "[耐克 高仿, 耐克]") == Mistakes{"sample-failed@15:20"});
  CHECK(Break("miss: [耐克, 高仿]", "miss: [耐克, 高仿耐克]") == Mistakes{"sample-failed@16:18"});
}

TEST_CASE("rule errors: a rule that can fire on a mark alone") {
  CHECK(Break("when: grade_sign", "when: {any: [grade_sign, {mark: [title]}]}") ==
        Mistakes{"fires-on-bare-mark@13:11"});
  CHECK(Break("when: grade_sign", "when: {mark: [title]}") == Mistakes{"fires-on-bare-mark@13:11"});
  CHECK(Break("when: grade_sign", "when: {none: [grade_sign]}") ==
        Mistakes{"fires-on-bare-mark@13:11"});
  CHECK(Break("when: grade_sign", "when: {at_least: 1, of: [grade_sign, {mark: [text]}]}") ==
        Mistakes{"fires-on-bare-mark@13:11"});
  // Two of two must hold, so the sign must.
  CHECK(Break("when: grade_sign", "when: {at_least: 2, of: [grade_sign, {mark: [title]}]}") ==
        Mistakes{});
}

TEST_CASE("rule errors: words for the goods are no sign against a trademark") {
  CHECK(Break("grade: {terms: [高仿]}", "grade: {terms: [高仿], classes: [25]}") ==
        Mistakes{"fires-on-bare-mark@13:11"});
}

TEST_CASE("rule errors: what stands in the mark's own name is no sign either") {
  CHECK(Break("name: 耐克", "name: 耐克高仿, aliases: [耐克]") == Mistakes{});
}

TEST_CASE("rule errors: conditions about a mark in a rule without marks") {
  CHECK(Break("    marks: {kinds: [trademark]}\n    signs:\n      - {name: grade_sign, label: "
              "措辞, points: 10, if: {words: grade}}",
              "    signs:\n      - {name: grade_sign, label: 措辞, points: 10, if: {words: grade, "
              "near: 3}}") == Mistakes{"needs-mark@11:55"});
}

TEST_CASE("rule errors: a shared condition that comes back to itself") {
  CHECK(MistakesOf("conditions:\n  a: {any: [b]}\n  b: {all: [a]}\n") ==
        Mistakes{"circular@2:3", "circular@3:3"});
}

TEST_CASE("rule errors: a tower of conditions is refused instead of evaluated") {
  std::string text = "conditions:\n  c0: {present: [title]}\n";
  for (int i = 1; i < 40; ++i) {
    const std::string below = "c" + std::to_string(i - 1);
    text += "  c" + std::to_string(i) + ": {all: [" + below + ", " + below + "]}\n";
  }
  const Mistakes mistakes = MistakesOf(text);
  CHECK_FALSE(mistakes.empty());
  CHECK(mistakes[0].starts_with("circular@"));
}

TEST_CASE("rule errors: two tests in one condition") {
  CHECK(Break("if: {words: grade}", "if: {words: grade, price: {below: 3}}") ==
        Mistakes{"conflict@12:70"});
}

TEST_CASE("rule errors: marks") {
  CHECK(MistakesOf("marks:\n  - {id: A B, kind: trademark, name: 甲}\n") ==
        Mistakes{"bad-id@2:10"});
  CHECK(MistakesOf("marks:\n  - {id: a, name: 甲}\n") == Mistakes{"missing-key@2:5"});
  CHECK(MistakesOf("marks:\n  - {id: a, kind: trademark, name: \"\\u200b\"}\n") ==
        Mistakes{"empty-term@2:36"});
  CHECK(MistakesOf("marks:\n  - {id: a, kind: gi, name: 甲瓜, origin: {area: [乌有]}}\n") ==
        Mistakes{"unknown-place@2:5"});
  CHECK(MistakesOf("marks:\n  - {id: a, kind: trademark, name: 甲, needs_context: true}\n") ==
        Mistakes{"missing-key@2:5"});
  CHECK(MistakesOf("marks:\n  - {id: a, kind: trademark, name: 甲, valid_from: 2026-01-02, "
                   "valid_to: 2026-01-01}\n") == Mistakes{"bad-date@2:73"});
  CHECK(MistakesOf("marks:\n  - {id: a, kind: trademark, name: 甲, valid_to: 2026-02-30}\n") ==
        Mistakes{"bad-date@2:49"});
}

TEST_CASE("rule errors: ids over all files") {
  const RuleFile first{"a.yaml", "marks:\n  - {id: x, kind: trademark, name: 甲甲}\n"};
  const auto codes = [&](const std::string& second) {
    Diagnostics diagnostics;
    const auto set = RuleSet::Compile({first, {"b.yaml", second}}, diagnostics);
    CHECK(set.ok() == diagnostics.ok());
    Mistakes found;
    for (const Diagnostic& d : diagnostics.all())
      found.push_back(d.code + "@" + d.where.file + ":" + std::to_string(d.where.line));
    return found;
  };
  CHECK(codes("marks:\n  - {id: x, kind: trademark, name: 乙乙}\n") ==
        Mistakes{"duplicate-id@b.yaml:2"});
  CHECK(codes("marks:\n  - {id: x, change: replace, kind: trademark, name: 乙乙}\n") == Mistakes{});
  CHECK(codes("marks:\n  - {id: x, change: extend, aliases: [丙丙]}\n") == Mistakes{});
  CHECK(codes("marks:\n  - {id: x, change: retire}\n") == Mistakes{});
  CHECK(codes("marks:\n  - {id: y, change: extend, aliases: [丙丙]}\n") ==
        Mistakes{"unknown-id@b.yaml:2"});
}

TEST_CASE("rule errors: one family is of one category") {
  std::string second = kRule;
  second = second.substr(second.find("  - id: copies"));
  second.replace(second.find("copies"), 6, "other1");
  second.replace(second.find("category: trademark"), 19, "category: overseas");
  CHECK(MistakesOf(kRule + second) == Mistakes{"mixed-family@17:5"});
}

TEST_CASE("rule errors: ten mistakes are ten messages") {
  const Mistakes mistakes = MistakesOf(R"(words:
  empty: {terms: []}
  bad: {terms: [""], classes: [99]}
marks:
  - {id: a, kind: trademrk, name: 甲}
  - {id: b, kind: gi, name: 乙瓜, valid_to: tomorrow}
rules:
  - id: r
    family: f
    title: 题
    category: gi
    level: urgent
    mode: shout
    score: 200
    when: nothing_such
    colour: red
    samples: {hit: [x, x], miss: [x]}
)");
  for (const std::string& mistake : mistakes) UNSCOPED_INFO(mistake);
  CHECK(mistakes.size() == 10);
}

TEST_CASE("rule errors: a bad file leaves the running set alone") {
  const auto running = CompileTexts({kRule});
  Diagnostics diagnostics;
  CHECK_FALSE(RuleSet::Compile({{"f.yaml", "marks: 3"}}, diagnostics).ok());
  CHECK(running->Evaluate(Titled("耐克 高仿"), On("2026-01-01")).suspicions.size() == 1);
}

}  // namespace cluehound::rules
