// What people see of a rule file with mistakes: each at its place, all of them at once.

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

constexpr char kTenMistakes[] = R"(words:
  grade: {terms: [高仿, ""]}
  copies: {terms: [复刻], clases: [25]}
marks:
  - {id: shili, kind: trademrak, name: 示例牌}
  - {id: shili2, kind: trademark, name: 示例二牌, valid_to: 2026-02-30}
  - {id: shili2, kind: trademark, name: 示例三牌}
rules:
  - id: r
    family: f
    title: 题
    category: trademark
    score: 300
    marks: {kinds: [trademark]}
    when: {all: [{words: gradee}, {regex: "(["}]}
    unless: [{words: copies, near: 3, before: 3}]
    samples: {hit: [示例牌 高仿], miss: [示例牌, 示例]}
)";

}  // namespace

TEST_CASE("mistakes: ten in one file are ten messages, each at its line and column") {
  CHECK(MistakesOf(kTenMistakes) == std::vector<std::string>{
                                        "empty-term@2:23",     // nothing to search for
                                        "unknown-key@3:25",    // clases
                                        "unknown-value@5:23",  // trademrak
                                        "bad-date@6:57",       // 30 February
                                        "duplicate-id@7:5",    // shili2 again
                                        "out-of-range@13:12",  // score
                                        "unknown-list@15:18",  // gradee
                                        "bad-regex@15:35",     // "(["
                                        "conflict@16:36",      // near and before
                                        "no-samples@17:14",    // one hit sample
                                    });
}

TEST_CASE("mistakes: a syntax error is one message, whatever else is wrong") {
  CHECK(MistakesOf("words:\n  a: {terms: [甲\nmarks:\n  - {id: x, kind: brand}\n").size() == 1);
  CHECK(MistakesOf("words:\n\ta: 1\nmarks: 3\n").size() == 1);
  CHECK(MistakesOf("words: \"\nmarks: 3\n").size() == 1);
}

TEST_CASE("mistakes: the messages say what, where and how to mend it") {
  Diagnostics diagnostics;
  CHECK_FALSE(RuleSet::Compile({{"f.yaml", kTenMistakes}}, diagnostics).ok());
  const std::string shown = diagnostics.Render();
  for (const char* wanted :
       {"f.yaml:3:25: error: word list copies has no key \"clases\"", "did you mean \"classes\"?",
        "did you mean \"trademark\"?", "there is no word list \"gradee\"",
        "did you mean \"grade\"?",
        "f.yaml:13:12: error: rule: score: must be a whole number from 0 to 100, not \"300\"",
        "a second time", "first in f.yaml:6"}) {
    INFO(shown);
    CHECK(shown.find(wanted) != std::string::npos);
  }
}

}  // namespace cluehound::rules
