#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "rules/rule_set.h"

namespace cluehound::rules {

// How often a rule is to fire on a corpus. A rule fires once for a listing, whatever its mode, and
// counts when it speaks for its family there.
struct Expectation {
  std::string rule;
  std::optional<size_t> exactly;
  std::optional<size_t> at_least;
  std::optional<size_t> at_most;
  Location where;
};

enum class Unexpected : uint8_t { kFail, kWarn, kIgnore };

// expect:
//   tm-copy-grade: {exactly: 3}
//   gi-declared-outside: {at_least: 1, at_most: 9}
//   tm-price: 0                # short for exactly
// unexpected: fail             # of rules that fire and are not named: fail, warn (default), ignore
struct Expectations {
  std::vector<Expectation> rules;
  Unexpected unexpected = Unexpected::kWarn;
};

// A rule that the set does not have is an error as well. Mistakes go to `diagnostics`.
Expectations ReadExpectations(std::string_view text, const std::string& file, const RuleSet& rules,
                              Diagnostics& diagnostics);

// Counts what a rule set says of a corpus, and judges the counts.
class Backtest {
 public:
  struct Example {
    std::string name;
    std::string title;
  };
  struct RuleCount {
    size_t listings = 0;
    std::vector<Example> examples;  // the first few
  };
  struct Verdict {
    enum class Outcome : uint8_t { kPassed, kFailed, kWarned };
    std::string rule;
    Outcome outcome = Outcome::kPassed;
    std::string message;  // "fired on 4 listings, expected exactly 3"
  };
  static constexpr size_t kMaxExamples = 20;

  void Add(const std::string& name, const std::string& title, const Evaluation& evaluation);

  // What another one counted behind this one's items.
  void Merge(Backtest&& later);

  size_t listings() const { return listings_; }
  size_t hits() const { return hits_; }
  size_t leads() const { return leads_; }  // listings with one or more
  const std::map<std::string, RuleCount>& rules() const { return rules_; }
  // One for every expectation, and one for every rule that fired unexpectedly, unless ignored.
  std::vector<Verdict> Judge(const Expectations& expectations) const;

 private:
  size_t listings_ = 0, hits_ = 0, leads_ = 0;
  std::map<std::string, RuleCount> rules_;
};

// The verdicts as JUnit's XML, one test case a rule, for what shows test results.
std::string JUnit(const std::vector<Backtest::Verdict>& verdicts);

}  // namespace cluehound::rules
