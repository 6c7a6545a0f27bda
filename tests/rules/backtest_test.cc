#include "rules/backtest.h"

#include "rules/profile.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

constexpr char kSet[] = R"(rules:
  - id: r
    family: f
    title: 题
    category: agency
    when: {terms: [包授权]}
    samples: {hit: [包授权, 包授权了], miss: [甲, 乙]}
  - id: q
    family: g
    title: 题
    category: agency
    mode: observe
    when: {terms: [包下证]}
    samples: {hit: [包下证, 包下证了], miss: [甲, 乙]}
)";

std::string Mistakes(const std::string& text) {
  Diagnostics diagnostics;
  ReadExpectations(text, "e.yaml", *CompileTexts({kSet}), diagnostics);
  return diagnostics.Render();
}

Expectations Read(const std::string& text) {
  Diagnostics diagnostics;
  auto expectations = ReadExpectations(text, "e.yaml", *CompileTexts({kSet}), diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.ok());
  return expectations;
}

Backtest RunOn(const std::vector<std::string>& titles) {
  const auto set = CompileTexts({kSet});
  Backtest backtest;
  for (const std::string& title : titles)
    backtest.Add("t", title, set->Evaluate(Titled(title), On("2026-01-01")));
  return backtest;
}

// "r PASS", ...
std::vector<std::string> Judged(const Backtest& backtest, const std::string& expectations) {
  std::vector<std::string> verdicts;
  for (const auto& verdict : backtest.Judge(Read(expectations))) {
    using Outcome = Backtest::Verdict::Outcome;
    verdicts.push_back(verdict.rule + (verdict.outcome == Outcome::kPassed   ? " PASS"
                                       : verdict.outcome == Outcome::kFailed ? " FAIL"
                                                                             : " WARN"));
  }
  return verdicts;
}

using Verdicts = std::vector<std::string>;

}  // namespace

TEST_CASE("backtest: counts listings per rule, observed ones too, and those with leads") {
  const Backtest backtest = RunOn({"包授权", "包授权 包下证", "包下证", "甲"});
  CHECK(backtest.listings() == 4);
  CHECK(backtest.leads() == 2);
  CHECK(backtest.rules().at("r").listings == 2);
  CHECK(backtest.rules().at("q").listings == 2);
  CHECK(backtest.rules().at("q").examples.at(1).title == "包下证");
}

TEST_CASE("backtest: exactly, at_least, at_most, and what nobody expected") {
  const Backtest backtest = RunOn({"包授权", "包授权 包下证", "甲"});
  CHECK(Judged(backtest, "expect: {r: 2, q: {exactly: 1}}") == Verdicts{"r PASS", "q PASS"});
  CHECK(Judged(backtest, "expect: {r: {exactly: 3}, q: 0}") == Verdicts{"r FAIL", "q FAIL"});
  CHECK(Judged(backtest, "expect: {r: {at_least: 2}, q: {at_most: 1}}") ==
        Verdicts{"r PASS", "q PASS"});
  CHECK(Judged(backtest, "expect: {r: {at_least: 3}, q: {at_most: 0}}") ==
        Verdicts{"r FAIL", "q FAIL"});
  CHECK(Judged(backtest, "expect: {r: {at_least: 1, at_most: 2}}") == Verdicts{"r PASS", "q WARN"});
  CHECK(Judged(backtest, "expect: {r: 2}\nunexpected: fail") == Verdicts{"r PASS", "q FAIL"});
  CHECK(Judged(backtest, "expect: {r: 2}\nunexpected: ignore") == Verdicts{"r PASS"});
}

TEST_CASE("backtest: mistakes in the expectations are named at their place") {
  CHECK_THAT(Mistakes("expect: {rr: 1}"), Catch::Contains("e.yaml:1:10: error: there is no rule") &&
                                              Catch::Contains("did you mean \"r\"?"));
  CHECK_THAT(Mistakes("expect: {r: many}"), Catch::Contains("is no number of listings"));
  CHECK_THAT(Mistakes("expect: {r: {}}"), Catch::Contains("expects nothing"));
  CHECK_THAT(Mistakes("expect: {r: {exactly: 1, at_least: 1}}"), Catch::Contains("exclude"));
  CHECK_THAT(Mistakes("expect: {r: {at_least: 2, at_most: 1}}"), Catch::Contains("exclude"));
  CHECK_THAT(Mistakes("expect: {r: {at_lest: 2}}"), Catch::Contains("did you mean \"at_least\"?"));
  CHECK_THAT(Mistakes("unexpected: fail"), Catch::Contains("expect: "));
  CHECK_THAT(Mistakes("expect: [r]"), Catch::Contains("must be a map"));
}

TEST_CASE("backtest: JUnit escapes what XML would take for its own") {
  using Outcome = Backtest::Verdict::Outcome;
  CHECK(JUnit({{"a<\"&", Outcome::kFailed, "1 > 0\x01"},
               {"b", Outcome::kPassed, ""},
               {"c", Outcome::kWarned, "m"}}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"rules backtest\" tests=\"3\" failures=\"1\">\n"
        "  <testcase classname=\"rules\" name=\"a&lt;&quot;&amp;\">\n"
        "    <failure message=\"1 &gt; 0 \"/>\n  </testcase>\n"
        "  <testcase classname=\"rules\" name=\"b\"/>\n"
        "  <testcase classname=\"rules\" name=\"c\">\n    <system-out>m</system-out>\n"
        "  </testcase>\n</testsuite>\n");
}

TEST_CASE("profile: checks and matches are counted for each rule") {
  const auto set = CompileTexts({kSet});
  std::vector<RuleCost> costs;
  for (const char* title : {"包授权", "包授权书", "包下证", "甲"})
    set->Profile(Titled(title), On("2026-01-01"), costs);
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].checks == 2);
  CHECK(costs[0].matches == 2);
  CHECK(costs[1].checks == 1);
  CHECK(costs[0].match_time.count() > 0);
  CHECK(costs[0].no_match_time.count() == 0);
}

}  // namespace cluehound::rules
