#include "app/search_terms.h"

#include "tests/testing/testing.h"

namespace cluehound::app {
namespace {

std::shared_ptr<const rules::RuleSet> Rules() {
  const std::string pack =
      "marks:\n"
      "  - {id: a-bag, kind: trademark, name: 示例贝单, aliases: [BEIDAN], tags: [luxury], goods: "
      "[包]}\n"
      "  - {id: a-radish, kind: gi, name: 示例萝卜, product: 萝卜, place: 示例}\n"
      "  - {id: over, kind: gi, name: 旧萝卜, product: 萝卜, place: 旧, "
      "valid_to: 2020-01-01}\n";
  Diagnostics diagnostics;
  auto set = rules::RuleSet::Compile({{"test.yaml", pack, "test.yaml"}}, diagnostics);
  INFO(diagnostics.Render());
  REQUIRE_OK(set);
  return *set;
}

const Instant kNow = *ParseTime("2026-11-22T08:00:00+08:00");

TEST_CASE(
    "ours: terms are names and aliases of the chosen marks, each once; those that are over not") {
  const auto rules = Rules();
  crawler::SearchTemplate search;
  search.marks = {"tag:luxury"};
  search.kinds = {"gi"};
  search.terms = {"高仿", "示例萝卜"};
  CHECK(SearchTerms(search, *rules, kNow) ==
        std::vector<std::string>{"示例贝单", "BEIDAN", "示例萝卜", "高仿"});
  search.aliases = false;
  search.kinds = {};
  CHECK(SearchTerms(search, *rules, kNow) ==
        std::vector<std::string>{"示例贝单", "高仿", "示例萝卜"});
}

TEST_CASE("ours: what cannot be written in the charset, and marks that are none, are named") {
  std::vector<crawler::SourceSettings> sources(2);
  sources[0].id = "search";
  sources[0].search.address = "http://s.example/?q={term}";
  sources[0].search.charset = "big5";
  sources[0].search.marks = {"a-bag", "a-bug"};
  sources[0].max_pages = 1;
  std::vector<std::string> warnings;
  ExpandSearches(sources, *Rules(), kNow, warnings);
  CHECK(sources[0].searches == std::vector<std::string>{"http://s.example/?q=BEIDAN"});
  CHECK(sources[1].searches.empty());
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].find("a-bug") != std::string::npos);
  CHECK(warnings[1].find("big5") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::app
