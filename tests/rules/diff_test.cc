#include "rules/diff.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

Hit HitOf(const std::string& mark, uint32_t begin, int score = 0) {
  Hit hit;
  hit.mark = mark;
  hit.text = "甲";
  hit.field = "title";
  hit.begin = begin;
  hit.end = begin + 3;
  hit.score = score;
  return hit;
}

Suspicion LeadOf(const std::string& family, const std::string& rule, int score,
                 Mode mode = Mode::kLead) {
  Suspicion suspicion;
  suspicion.family = family;
  suspicion.rule = rule;
  suspicion.score = score;
  suspicion.mode = mode;
  return suspicion;
}

using Counts = std::array<size_t, SetDiff::kChanges>;

}  // namespace

TEST_CASE("diff: hits gained, lost and changed, by mark and place") {
  SetDiff diff;
  diff.Add("a:1", "题", {{HitOf("x", 0), HitOf("y", 3), HitOf("z", 6, 10)}, {}},
           {{HitOf("x", 0), HitOf("w", 3), HitOf("z", 6, 20)}, {}});
  CHECK(diff.counts().hits == Counts{1, 1, 1});
  CHECK(diff.counts().leads == Counts{0, 0, 0});
  REQUIRE(diff.entries().size() == 3);
  for (const SetDiff::Entry& entry : diff.entries()) CHECK(entry.title == "题");
  CHECK_FALSE(diff.empty());
}

TEST_CASE("diff: leads by family; what is only observed is none, a new revision no change") {
  SetDiff diff;
  Suspicion newer = LeadOf("same", "r", 50);
  newer.rev = 2;
  diff.Add("a:1", "题",
           {{}, {LeadOf("same", "r", 50), LeadOf("gone", "g", 1), LeadOf("up", "u", 9)}},
           {{},
            {newer, LeadOf("come", "c", 1), LeadOf("up", "u", 10),
             LeadOf("seen", "s", 1, Mode::kObserve)}});
  CHECK(diff.counts().leads == Counts{1, 1, 1});
  CHECK(diff.leads_before() == 3);
  CHECK(diff.leads_after() == 3);
  CHECK(diff.by_rule().at("c") == Counts{1, 0, 0});
  CHECK(diff.by_rule().at("g") == Counts{0, 1, 0});
  CHECK(diff.by_rule().at("u") == Counts{0, 0, 1});
  CHECK(diff.by_rule().count("s") == 0);
}

TEST_CASE(
    "diff: equal evaluations are no difference, and entries are bounded while counts are not") {
  SetDiff diff;
  const Evaluation evaluation{{HitOf("x", 0)}, {LeadOf("f", "r", 5)}};
  diff.Add("a:1", "题", evaluation, evaluation);
  CHECK(diff.empty());
  CHECK(diff.listings() == 1);
  for (size_t i = 0; i < SetDiff::kMaxEntries + 5; ++i) diff.Add("n", "t", {}, evaluation);
  CHECK(diff.counts().hits[0] == SetDiff::kMaxEntries + 5);
  CHECK(diff.entries().size() == SetDiff::kMaxEntries);
}

TEST_CASE("diff: two sets on one text") {
  const auto before = CompileTexts({"marks: [{id: a, kind: trademark, name: 示例牌}]"});
  const auto after = CompileTexts({"marks: [{id: b, kind: trademark, name: 示例牌}]"});
  SetDiff diff;
  const auto listing = Titled("示例牌 帽子");
  diff.Add("t", listing.title, before->Evaluate(listing, On("2026-01-01")),
           after->Evaluate(listing, On("2026-01-01")));
  CHECK(diff.counts().hits == Counts{1, 1, 0});
}

}  // namespace cluehound::rules
