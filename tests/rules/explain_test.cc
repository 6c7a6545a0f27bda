#include "rules/explain.h"

#include <set>

#include "rules/evaluator.h"
#include "rules/sample_test.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

constexpr char kSet[] = R"(words:
  grade: {terms: [高仿, {term: A货, except: [翡翠A货]}]}
  fit_for: {terms: [适用]}
marks:
  - id: shili
    kind: trademark
    name: 示例牌
    aliases_in_context: [小示]
    context: [运动鞋]
    except: [示例牌匾]
    reference_price: [{price: 300, goods: [运动鞋]}]
    authorised: [{seller: 示例旗舰店}]
  - {id: off, kind: trademark, name: KAIDE, evasion: off}
rules:
  - id: r
    rev: 3
    family: f
    title: 题
    category: trademark
    score: 30
    marks: {kinds: [trademark]}
    signs:
      - {name: grade, label: 措辞, points: 40, if: {words: grade, fields: [title], near: 4}}
      - {name: cheap, label: 低价, points: 10, if: {price: {below_reference: 0.5}}}
    when: {any: [grade, cheap]}
    unless: [{words: fit_for, before: 3}, {seller: authorised}]
    samples: {hit: [示例牌 高仿, 高仿 示例牌], miss: [示例牌, 适用示例牌 高仿]}
)";

Explanation Explained(const extractors::Listing& listing, const ExplainQuery& query = {}) {
  const auto explanation = CompileTexts({kSet})->Explain(listing, On("2026-01-01"), query);
  REQUIRE_OK(explanation);
  return *explanation;
}
Explanation Explained(const std::string& title) { return Explained(Titled(title)); }

// "PASS when: any", parts below it indented, with reasons and pieces.
void Draw(const ExplainedPart& part, int depth, std::string& out) {
  const Truth truth = part.verdict();
  out += std::string(static_cast<size_t>(depth) * 2, ' ') +
         (truth == Truth::kTrue    ? "PASS "
          : truth == Truth::kFalse ? "FAIL "
                                   : "UNKNOWN ") +
         part.name;
  for (const FoundPiece& piece : part.found)
    out +=
        " <" +
        (piece.field.empty() ? piece.note
                             : piece.text + " " + piece.field + " " + std::to_string(piece.begin) +
                                   "-" + std::to_string(piece.end)) +
        ">";
  if (!part.reason.empty()) out += ": " + part.reason;
  out += "\n";
  for (const ExplainedPart& child : part.parts) Draw(child, depth + 1, out);
}
std::string Drawn(const ExplainedRule& rule) {
  std::string out;
  for (const ExplainedPart& part : rule.parts) Draw(part, 0, out);
  return out;
}

}  // namespace

TEST_CASE("explain: a hit, every part of it") {
  const Explanation explanation = Explained("示例牌 高仿 运动鞋");
  REQUIRE(explanation.rules.size() == 1);
  const ExplainedRule& rule = explanation.rules[0];
  CHECK(rule.fires);
  CHECK(rule.rev == 3);
  CHECK(rule.score == 70);
  CHECK(rule.missing == 0);
  CHECK(Drawn(rule) ==
        "PASS mark of kind trademark in title, text <示例牌 title 0-9>\n"
        "PASS when: any\n"
        "  PASS grade\n"
        "    PASS words grade in title, at most 4 from the mark <高仿 title 10-16>\n"
        "  UNKNOWN cheap\n"
        "    UNKNOWN price below 0.5 of the reference: the listing tells no price\n"
        "PASS unless: words fit_for, at most 3 before the mark: none of the words stands in title, "
        "text\n"
        "PASS unless: seller authorised: the listing names no seller\n");
}

TEST_CASE("explain: a miss says what comes close") {
  const auto reason = [](const extractors::Listing& listing, size_t part) {
    const Explanation explanation = Explained(listing);
    REQUIRE(explanation.rules.size() == 1);
    CHECK_FALSE(explanation.rules[0].fires);
    return Drawn(explanation.rules[0]);
    (void)part;
  };
  CHECK_THAT(reason(Titled("示例牌 舒适的好穿的 高仿"), 1),
             Catch::Contains("“高仿” (title 29-35) is not where it would count"));
  extractors::Listing listing = Titled("示例牌 运动鞋");
  listing.text = "高仿";
  CHECK_THAT(reason(listing, 1), Catch::Contains("stands in a field that does not count here"));
  CHECK_THAT(reason(Titled("示例牌 翡翠A货"), 1),
             Catch::Contains("“A货” (title 16-20) stands in a phrase in which it means something"));
  CHECK_THAT(reason(Titled("适用示例牌 高仿"), 1),
             Catch::Contains("FAIL unless: words fit_for, at most 3 before the mark <适用 title"));
  listing = Titled("示例牌 运动鞋");
  listing.price = "299";
  CHECK_THAT(reason(listing, 1), Catch::Contains("FAIL price below 0.5 of the reference: ¥299.00"));
  listing = Titled("示例牌");
  listing.price = "9";
  CHECK_THAT(reason(listing, 1), Catch::Contains("UNKNOWN price below 0.5 of the reference: the "
                                                 "price is 9, and the mark has no reference"));
  listing = Titled("示例牌 高仿");
  listing.seller = "示例旗舰店";
  CHECK_THAT(reason(listing, 1), Catch::Contains("FAIL unless: seller authorised\n"));
}

TEST_CASE("explain: names that stand there and are no hit, with the reason") {
  CHECK(Explained("示例牌匾 高仿").passed_over.at(0).reason ==
        "it stands in a phrase in which it is not the mark (except:)");
  CHECK_THAT(Explained("小示 高仿").passed_over.at(0).reason, Catch::Contains("plain word"));
  const Explanation folded = Explained("ｋａｉｄｅ 高仿");
  CHECK(folded.passed_over.at(0).mark == "off");
  CHECK_THAT(folded.passed_over.at(0).reason, Catch::Contains("evasion:"));
  CHECK(Explained("小示 运动鞋").passed_over.empty());
}

TEST_CASE("explain: without a mark its rules say so, and what asks about it is unknown") {
  const Explanation explanation = Explained("别的牌 高仿");
  REQUIRE(explanation.rules.size() == 1);
  CHECK(explanation.rules[0].mark.empty());
  CHECK_THAT(Drawn(explanation.rules[0]),
             Catch::StartsWith("FAIL mark of kind trademark in title, text: no mark that the rule "
                               "speaks of stands there\nUNKNOWN when: any\n"));
  CHECK(explanation.rules[0].missing > 0.9);
}

TEST_CASE("explain: one rule and one mark can be asked for, also when it is not there") {
  const Explanation explanation = Explained(Titled("高仿"), {"r", "shili"});
  REQUIRE(explanation.rules.size() == 1);
  CHECK(explanation.rules[0].mark == "shili");
  CHECK_THAT(Drawn(explanation.rules[0]), Catch::Contains("no name of 示例牌 stands there"));
  const auto set = CompileTexts({kSet});
  const auto unknown = set->Explain(Titled("x"), On("2026-01-01"), {"rr", ""});
  CHECK(unknown.status().code() == Code::kNotFound);
  CHECK_THAT(unknown.status().message(), Catch::Contains("did you mean \"r\"?"));
  CHECK(set->Explain(Titled("x"), On("2026-01-01"), {"", "shil"}).status().code() ==
        Code::kNotFound);
}

TEST_CASE("explain: agrees with the engine on every sample of every shipped rule") {
  Diagnostics diagnostics;
  Catalog catalog = ReadCatalog(BuiltInRuleFiles(), diagnostics);
  const Binding binding = Bind(catalog, diagnostics);
  REQUIRE(diagnostics.ok());
  size_t fired = 0, silent = 0;
  for (const Rule& rule : catalog.rules) {
    for (const auto* samples : {&rule.hits, &rule.misses}) {
      for (const Sample& sample : *samples) {
        INFO(rule.id << ": " << sample.listing.title);
        const EvaluateOptions options{sample.day.value_or(SampleDay()), false};
        const auto explanation = BuiltIn().Explain(sample.listing, options, {});
        REQUIRE_OK(explanation);
        std::multiset<std::string> wanted, got;
        for (const Rule* r : FiringRules(catalog, binding, sample.listing, options))
          wanted.insert(r->id);
        for (const ExplainedRule& explained : explanation->rules) {
          // All parts pass exactly when the rule fires; `missing` is zero exactly then.
          const bool passes =
              std::all_of(explained.parts.begin(), explained.parts.end(),
                          [](const ExplainedPart& part) { return part.verdict() == Truth::kTrue; });
          CHECK(passes == explained.fires);
          CHECK((explained.missing == 0) == explained.fires);
          if (explained.fires) got.insert(explained.rule);
          ++(explained.fires ? fired : silent);
        }
        CHECK(got == wanted);
      }
    }
  }
  CHECK(fired > 50);
  CHECK(silent > 1000);
}

}  // namespace cluehound::rules
