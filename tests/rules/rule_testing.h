#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "tests/testing/testing.h"

namespace cluehound::rules {

// The set that these texts make; fails the test with all messages when there is none.
inline std::shared_ptr<const RuleSet> CompileTexts(const std::vector<std::string>& texts) {
  std::vector<RuleFile> files;
  for (size_t i = 0; i < texts.size(); ++i)
    files.push_back({"f" + std::to_string(i) + ".yaml", texts[i]});
  Diagnostics diagnostics;
  auto set = RuleSet::Compile(files, diagnostics);
  INFO(diagnostics.Render());
  REQUIRE(set.ok());
  return *set;
}

// "code@line:column" of every message, in order of place.
inline std::vector<std::string> MistakesOf(const std::string& text) {
  Diagnostics diagnostics;
  const auto set = RuleSet::Compile({{"f.yaml", text}}, diagnostics);
  CHECK(set.ok() == diagnostics.ok());
  std::vector<std::tuple<int, int, std::string>> places;
  for (const Diagnostic& d : diagnostics.all())
    places.emplace_back(d.where.line, d.where.column, d.code);
  std::sort(places.begin(), places.end());
  std::vector<std::string> mistakes;
  for (const auto& [line, column, code] : places)
    mistakes.push_back(code + "@" + std::to_string(line) + ":" + std::to_string(column));
  return mistakes;
}

inline extractors::Listing Titled(std::string title) {
  extractors::Listing listing;
  listing.title = std::move(title);
  return listing;
}

inline EvaluateOptions On(const std::string& day) { return {*ParseDay(day), false}; }

// The set of the packs in the program. Compiled once.
inline const RuleSet& BuiltIn() {
  static const std::shared_ptr<const RuleSet> set = [] {
    Diagnostics diagnostics;
    auto compiled = RuleSet::Compile(BuiltInRuleFiles(), diagnostics);
    INFO(diagnostics.Render());
    REQUIRE(compiled.ok());
    return *compiled;
  }();
  return *set;
}

// "category:rule:mark" of the suspicions that make leads.
inline std::vector<std::string> LeadsOf(const Evaluation& evaluation) {
  std::vector<std::string> leads;
  for (const Suspicion& s : evaluation.suspicions) {
    if (s.mode != Mode::kObserve) leads.push_back(s.category + ":" + s.rule + ":" + s.mark);
  }
  return leads;
}

}  // namespace cluehound::rules
