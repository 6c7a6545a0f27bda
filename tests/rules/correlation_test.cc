#include "rules/correlation.h"

#include "base/yaml.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

constexpr char kWhole[] = R"(correlations:
  - id: many
    title: 多条
    level: high
    mode: alert
    owner: 综合
    group_by: [seller]
    count: leads
    at_least: 3
    within: 7d
    samples:
      hit:
        - [{seller: 甲}, {seller: 甲}, {seller: 甲}]
        - [{seller: 甲}, {seller: 乙}, {seller: 甲}, {seller: 甲}]
      miss:
        - [{seller: 甲}, {seller: 甲}]
        - [{seller: 甲}, {seller: 甲}, {seller: 乙}]
)";

std::vector<std::string> Break(const std::string& line, const std::string& instead) {
  std::string text = kWhole;
  const size_t at = text.find(line);
  REQUIRE(at != std::string::npos);
  return MistakesOf(text.replace(at, line.size(), instead));
}

LeadEvent Lead(const std::string& day, const std::string& seller, const std::string& mark = "",
               const std::string& listing = "") {
  LeadEvent event;
  event.at = *ParseDay(day);
  event.seller = seller;
  event.mark = mark;
  event.listing = listing;
  event.category = "trademark";
  return event;
}

Correlation BySeller(Correlation::Count count, int at_least, int days) {
  Correlation correlation;
  correlation.group_by = {Correlation::By::kSeller};
  correlation.count = count;
  correlation.at_least = at_least;
  correlation.within = std::chrono::hours(24 * days);
  return correlation;
}

}  // namespace

TEST_CASE("correlation: a window moves over the days, its ends included") {
  const Correlation three = BySeller(Correlation::Count::kLeads, 3, 7);
  const std::vector<LeadEvent> week = {Lead("2026-01-08", "甲"), Lead("2026-01-01", "甲"),
                                       Lead("2026-01-05", "甲")};
  const auto found = Correlate(three, week);
  REQUIRE(found.size() == 1);
  CHECK(found[0].count == 3);
  CHECK(found[0].events == std::vector<size_t>{1, 2, 0});
  std::vector<LeadEvent> longer = week;
  longer[0] = Lead("2026-01-09", "甲");
  CHECK(Correlate(three, longer).empty());
  longer.push_back(Lead("2026-01-12", "甲"));
  REQUIRE(Correlate(three, longer).size() == 1);
  CHECK(Correlate(three, longer)[0].events == std::vector<size_t>{2, 0, 3});
}

TEST_CASE("correlation: groups are kept apart, by platform too, and the unknown belong to none") {
  const Correlation two = BySeller(Correlation::Count::kLeads, 2, 7);
  std::vector<LeadEvent> events = {Lead("2026-01-01", "甲"), Lead("2026-01-01", "乙"),
                                   Lead("2026-01-01", ""), Lead("2026-01-01", "")};
  CHECK(Correlate(two, events).empty());
  events.push_back(Lead("2026-01-02", "甲"));
  CHECK(Correlate(two, events).size() == 1);
  events.back().platform = "mall";
  CHECK(Correlate(two, events).empty());
}

TEST_CASE("correlation: different marks, different offers") {
  const Correlation marks = BySeller(Correlation::Count::kMarks, 2, 7);
  CHECK(Correlate(marks, std::vector{Lead("2026-01-01", "甲", "a"), Lead("2026-01-02", "甲", "a"),
                                     Lead("2026-01-03", "甲", "")})
            .empty());
  const auto found =
      Correlate(marks, std::vector{Lead("2026-01-01", "甲", "a"), Lead("2026-01-02", "甲", "b")});
  REQUIRE(found.size() == 1);
  CHECK(found[0].count == 2);
  const Correlation offers = BySeller(Correlation::Count::kListings, 2, 7);
  CHECK(Correlate(offers, std::vector{Lead("2026-01-01", "甲", "a", "x"),
                                      Lead("2026-01-02", "甲", "b", "x")})
            .empty());
}

TEST_CASE("correlation: only the categories and rules that it names") {
  Correlation some = BySeller(Correlation::Count::kLeads, 2, 7);
  std::vector<LeadEvent> events = {Lead("2026-01-01", "甲"), Lead("2026-01-02", "甲")};
  events[0].rule = "one";
  events[1].rule = "two";
  some.categories = {"gi"};
  CHECK(Correlate(some, events).empty());
  some.categories = {"trademark"};
  CHECK(Correlate(some, events).size() == 1);
  some.rules = {"one"};
  CHECK(Correlate(some, events).empty());
  some.rules = {};
  some.not_rules = {"two"};
  CHECK(Correlate(some, events).empty());
}

TEST_CASE("correlation: read from a file, carried by the set") {
  const auto set = CompileTexts({kWhole});
  REQUIRE(set->correlations().size() == 1);
  const Correlation& many = set->correlations()[0];
  CHECK(many.id == "many");
  CHECK(many.mode == Mode::kAlert);
  CHECK(many.at_least == 3);
  CHECK(many.within == std::chrono::hours(7 * 24));
  CHECK(many.group_by == std::vector{Correlation::By::kSeller});
  CHECK(many.hits.size() == 2);
}

TEST_CASE("correlation: a later file replaces or retires it") {
  const std::string retire = "correlations: [{id: many, change: retire}]";
  CHECK(CompileTexts({kWhole, retire})->correlations().empty());
  std::string other = kWhole;
  other.replace(other.find("id: many"), 8, "id: many\n    change: replace");
  other.replace(other.find("within: 7d"), 10, "within: 9d");
  CHECK(CompileTexts({kWhole, other})->correlations()[0].within == std::chrono::hours(9 * 24));
}

TEST_CASE("correlation: every mistake at its place") {
  using Mistakes = std::vector<std::string>;
  CHECK(MistakesOf(kWhole) == Mistakes{});
  CHECK(Break("group_by: [seller]", "group_by: [shop]") == Mistakes{"unknown-value@7:16"});
  CHECK(Break("    count: leads", "    count: things") == Mistakes{"unknown-value@8:12"});
  CHECK(Break("within: 7d", "within: often").size() == 1);
  CHECK(Break("    within: 7d\n", "").at(0).starts_with("missing-key"));
  CHECK(Break("    at_least: 3", "    at_least: 1").at(0).starts_with("out-of-range"));
  CHECK(Break("    owner: 综合", "    categories: [trade]") == Mistakes{"unknown-value@6:18"});
  CHECK(Break("    owner: 综合", "    rules: [nobody]") == Mistakes{"unknown-id@2:5"});
  CHECK(Break("        - [{seller: 甲}, {seller: 甲}]\n", "") == Mistakes{"no-samples@16:9"});
  CHECK(Break("miss:\n        - [{seller: 甲}, {seller: 甲}]",
              "miss:\n        - [{seller: 甲}, {seller: 甲}, {seller: 甲}]") ==
        Mistakes{"sample-failed@16:11"});
}

TEST_CASE("correlation: of many events in n log n") {
  std::vector<LeadEvent> events;
  for (int i = 0; i < 100000; ++i) {
    events.push_back(Lead("2026-01-01", "s" + std::to_string(i % 7), "m" + std::to_string(i % 97)));
    events.back().at += std::chrono::minutes(i);
  }
  CHECK(Correlate(BySeller(Correlation::Count::kMarks, 97, 30), events).size() == 7);
}

}  // namespace cluehound::rules
