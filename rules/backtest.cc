#include "rules/backtest.h"

#include <algorithm>

#include "base/text.h"
#include "base/yaml.h"

namespace cluehound::rules {
namespace {

constexpr int64_t kMaxCount = int64_t{1} << 40;

Expectation ReadExpectation(const YamlNode& key, const YamlNode& node, Diagnostics& diagnostics) {
  Expectation expectation;
  expectation.rule = key.scalar;
  expectation.where = key.where;
  if (node.is_scalar()) {
    const auto count = ParseInt(node.scalar);
    if (count && *count >= 0) {
      expectation.exactly = static_cast<size_t>(*count);
    } else {
      diagnostics.Error("out-of-range", node.where,
                        "\"" + node.scalar + "\" is no number of listings",
                        "write 3, or {at_least: 1, at_most: 9}");
    }
    return expectation;
  }
  YamlMap map(node, diagnostics, "expectation");
  const auto read = [&](std::string_view name, std::optional<size_t>& to) {
    if (!map.Has(name)) {
      map.Child(name);
      return;
    }
    to = static_cast<size_t>(map.Integer(name, 0, 0, kMaxCount));
  };
  read("exactly", expectation.exactly);
  read("at_least", expectation.at_least);
  read("at_most", expectation.at_most);
  if (node.is_map() && !expectation.exactly && !expectation.at_least && !expectation.at_most)
    diagnostics.Error("missing-key", node.where, "expects nothing",
                      "write exactly:, at_least: or at_most:");
  if ((expectation.exactly && (expectation.at_least || expectation.at_most)) ||
      (expectation.at_least && expectation.at_most && *expectation.at_least > *expectation.at_most))
    diagnostics.Error("conflict", node.where, "these counts exclude each other");
  map.Finish();
  return expectation;
}

std::string Wanted(const Expectation& e) {
  if (e.exactly) return "exactly " + std::to_string(*e.exactly);
  std::string out;
  if (e.at_least) out = "at least " + std::to_string(*e.at_least);
  if (e.at_most) out += (out.empty() ? "at most " : " and at most ") + std::to_string(*e.at_most);
  return out;
}

bool Met(const Expectation& e, size_t count) {
  return (!e.exactly || count == *e.exactly) && (!e.at_least || count >= *e.at_least) &&
         (!e.at_most || count <= *e.at_most);
}

// For an attribute or text: XML has no way to write control characters at all.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : ToValidUtf8(text)) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += ' ';
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

Expectations ReadExpectations(std::string_view text, const std::string& file, const RuleSet& rules,
                              Diagnostics& diagnostics) {
  Expectations expectations;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return expectations;
  YamlMap map(*root, diagnostics, "expectations");
  const std::string unexpected = map.Choice("unexpected", "warn", {"fail", "warn", "ignore"});
  expectations.unexpected = unexpected == "fail"   ? Unexpected::kFail
                            : unexpected == "warn" ? Unexpected::kWarn
                                                   : Unexpected::kIgnore;
  std::vector<std::string_view> known;
  for (const RuleSummary& rule : rules.rules()) known.push_back(rule.id);
  if (const YamlNode* expect = map.Child("expect")) {
    const YamlMap named(*expect, diagnostics, "expect");  // says when it is no map
    for (const auto& [key, value] : expect->members) {
      expectations.rules.push_back(ReadExpectation(key, value, diagnostics));
      if (std::find(known.begin(), known.end(), key.scalar) != known.end()) continue;
      const std::string_view closest = ClosestWord(key.scalar, known);
      diagnostics.Error("unknown-id", key.where, "there is no rule \"" + key.scalar + "\"",
                        closest.empty() ? "" : "did you mean \"" + std::string(closest) + "\"?");
    }
  } else if (root->is_map()) {
    map.Error("expect", "missing-key", "says for each rule how often it fires");
  }
  map.Finish();
  return expectations;
}

void Backtest::Add(const std::string& name, const std::string& title,
                   const Evaluation& evaluation) {
  ++listings_;
  hits_ += evaluation.hits.size();
  bool lead = false;
  for (const Suspicion& suspicion : evaluation.suspicions) {
    RuleCount& count = rules_[suspicion.rule];
    ++count.listings;
    if (count.examples.size() < kMaxExamples) count.examples.push_back({name, title});
    if (suspicion.mode != Mode::kObserve) lead = true;
  }
  if (lead) ++leads_;
}

void Backtest::Merge(Backtest&& later) {
  listings_ += later.listings_;
  hits_ += later.hits_;
  leads_ += later.leads_;
  for (auto& [rule, other] : later.rules_) {
    RuleCount& count = rules_[rule];
    count.listings += other.listings;
    for (Example& example : other.examples) {
      if (count.examples.size() == kMaxExamples) break;
      count.examples.push_back(std::move(example));
    }
  }
}

std::vector<Backtest::Verdict> Backtest::Judge(const Expectations& expectations) const {
  using Outcome = Verdict::Outcome;
  std::vector<Verdict> verdicts;
  const auto fired = [&](const std::string& rule) {
    const auto it = rules_.find(rule);
    return it == rules_.end() ? 0 : it->second.listings;
  };
  for (const Expectation& e : expectations.rules) {
    const size_t count = fired(e.rule);
    verdicts.push_back({e.rule, Met(e, count) ? Outcome::kPassed : Outcome::kFailed,
                        "fired on " + std::to_string(count) + " listings, expected " + Wanted(e)});
  }
  if (expectations.unexpected == Unexpected::kIgnore) return verdicts;
  for (const auto& [rule, count] : rules_) {
    const bool expected =
        std::any_of(expectations.rules.begin(), expectations.rules.end(),
                    [&, id = rule](const Expectation& e) { return e.rule == id; });
    if (expected) continue;
    verdicts.push_back(
        {rule, expectations.unexpected == Unexpected::kFail ? Outcome::kFailed : Outcome::kWarned,
         "fired on " + std::to_string(count.listings) + " listings, expected nothing of it"});
  }
  return verdicts;
}

std::string JUnit(const std::vector<Backtest::Verdict>& verdicts) {
  using Outcome = Backtest::Verdict::Outcome;
  const auto failures = std::count_if(verdicts.begin(), verdicts.end(), [](const auto& verdict) {
    return verdict.outcome == Outcome::kFailed;
  });
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"rules backtest\" "
      "tests=\"" +
      std::to_string(verdicts.size()) + "\" failures=\"" + std::to_string(failures) + "\">\n";
  for (const Backtest::Verdict& verdict : verdicts) {
    out += "  <testcase classname=\"rules\" name=\"" + Escaped(verdict.rule) + "\"";
    if (verdict.outcome == Outcome::kPassed) {
      out += "/>\n";
    } else if (verdict.outcome == Outcome::kFailed) {
      out += ">\n    <failure message=\"" + Escaped(verdict.message) + "\"/>\n  </testcase>\n";
    } else {
      out += ">\n    <system-out>" + Escaped(verdict.message) + "</system-out>\n  </testcase>\n";
    }
  }
  return out + "</testsuite>\n";
}

}  // namespace cluehound::rules
