#include "rules/rule_set.h"

#include <thread>

#include "base/text.h"
#include "rules/seller_list.h"
#include "tests/rules/random_text.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

// Two marks, one rule with two signs, small enough to see what comes from where.
constexpr char kSmall[] = R"(
words:
  grade: {label: 等级, terms: [高仿, {term: A货, except: [翡翠A货]}], except: [高仿真]}
  shoes: {classes: [25], terms: [鞋, 运动鞋]}
  fit: {terms: [适用]}
conditions:
  fits: {words: fit, before: 4}
marks:
  - id: nike
    kind: trademark
    name: 耐克
    aliases: [NIKE, Nike]
    classes: [25]
    except: [耐克森]
    reference_price: [{goods: [运动鞋], price: 400}]
    authorised: [{seller: 好鞋专营店, until: 2026-06-01}]
    certainty: verified
  - id: puma
    kind: trademark
    name: 彪马
    certainty: unverified
rules:
  - id: copies
    rev: 3
    family: trademark
    title: 仿冒
    category: trademark
    level: high
    behavior_code: tm57
    marks: {kinds: [trademark]}
    score: 30
    signs:
      - {name: grade, label: 仿冒措辞, points: 40, if: {words: grade, fields: [title]}}
      - {name: cheap, kind: price, label: 价格, points: 20, if: {price: {below_reference: 0.5}}}
    when: {any: [grade]}
    unless: [fits, {seller: authorised}]
    adjust: [{label: 商品相符, points: 5, if: {goods: own}}]
    notes: [核对授权]
    citations:
      - {law: 商标法, version: "2019", article: 第五十七条, effective_from: 2019-11-01, effective_to: 2027-01-01, certainty: verified}
      - {law: 商标法, version: "2026", effective_from: 2027-01-01}
    samples:
      hit: [耐克 高仿, {title: NIKE 高仿 运动鞋, price: "99"}]
      miss: [耐克 运动鞋, 适用耐克 高仿]
)";

}  // namespace

TEST_CASE("rule set: a bare mark is a hit and no suspicion") {
  const auto set = CompileTexts({kSmall});
  const Evaluation evaluation = set->Evaluate(Titled("新款 Nike 运动鞋"), On("2026-01-01"));
  CHECK(evaluation.suspicions.empty());
  REQUIRE(evaluation.hits.size() == 1);
  const Hit& hit = evaluation.hits[0];
  CHECK(hit.mark == "nike");
  CHECK(hit.rule == "");
  CHECK(hit.category == "trademark");
  CHECK(hit.text == "Nike");
  CHECK(hit.field == "title");
  CHECK(hit.begin == 7);
  CHECK(hit.end == 11);
  CHECK(hit.folds.empty());
  CHECK(hit.mode == Mode::kObserve);
}

TEST_CASE("rule set: a suspicion says rule, mark, score with its parts, signs and law") {
  const auto set = CompileTexts({kSmall});
  extractors::Listing listing = Titled("ＮＩＫＥ 高倣 运动鞋");
  listing.price = "99.00";
  const Evaluation evaluation = set->Evaluate(listing, On("2026-11-22"));
  REQUIRE(evaluation.suspicions.size() == 1);
  const Suspicion& s = evaluation.suspicions[0];
  CHECK(s.rule == "copies");
  CHECK(s.rev == 3);
  CHECK(s.family == "trademark");
  CHECK(s.mark == "nike");
  CHECK(s.mark_name == "耐克");
  CHECK(s.behavior_code == "tm57");
  CHECK(s.level == "high");
  CHECK(s.mode == Mode::kLead);
  CHECK(s.score == 95);
  CHECK(s.score_parts == std::vector<ScorePart>{{"出现受保护标识“耐克”", 30},
                                                {"仿冒措辞“高倣”", 40},
                                                {"价格“¥99.00，参考价 ¥400.00 的 25%”", 20},
                                                {"商品相符", 5}});
  REQUIRE(s.signs.size() == 2);
  CHECK(s.signs[0].text == "高倣");
  CHECK(s.signs[0].field == "title");
  CHECK(listing.title.substr(s.signs[0].begin, s.signs[0].end - s.signs[0].begin) == "高倣");
  CHECK(s.signs[0].score == 40);
  CHECK(s.signs[1].kind == "price");
  CHECK(s.signs[1].field == "");
  REQUIRE(s.hits.size() == 1);
  CHECK(s.hits[0].rule == "copies");
  CHECK(s.hits[0].mode == Mode::kLead);
  CHECK(s.hits[0].score == 95);
  CHECK(s.hits[0].folds == std::vector<std::string>{"width"});
  CHECK(s.notes == std::vector<std::string>{"核对授权"});
  REQUIRE(s.legal_basis.size() == 1);
  CHECK(s.legal_basis[0].version == "2019");
  CHECK(evaluation.hits == s.hits);
}

TEST_CASE("rule set: the same words count for one sign, the first that sees them") {
  const auto evaluation = BuiltIn().Evaluate(Titled("古驰 顶级复刻 手提包"), On("2026-01-01"));
  REQUIRE_FALSE(evaluation.suspicions.empty());
  const Suspicion& s = evaluation.suspicions[0];
  REQUIRE(s.signs.size() == 1);
  CHECK(s.signs[0].text == "顶级复刻");
  int points = 0;
  for (const ScorePart& part : s.score_parts) points += part.points;
  CHECK(points == s.score);
}

TEST_CASE("rule set: the day of the conduct chooses the law") {
  const auto set = CompileTexts({kSmall});
  const auto version = [&](const std::string& day) {
    return set->Evaluate(Titled("耐克 高仿"), On(day)).suspicions.at(0).legal_basis.at(0).version;
  };
  CHECK(version("2026-12-31") == "2019");
  CHECK(version("2027-01-01") == "2026");
}

TEST_CASE("rule set: unverified marks say so") {
  const auto set = CompileTexts({kSmall});
  const auto notes = set->Evaluate(Titled("彪马 高仿"), On("2026-01-01")).suspicions.at(0).notes;
  CHECK(std::any_of(notes.begin(), notes.end(), [](const std::string& note) {
    return note.find("尚未核实") != std::string::npos;
  }));
}

TEST_CASE("rule set: exceptions cancel a term, a list's term and a mark's name") {
  const auto set = CompileTexts({kSmall});
  const auto leads = [&](const std::string& title) {
    return set->Evaluate(Titled(title), On("2026-01-01")).suspicions.size();
  };
  CHECK(leads("耐克 A货") == 1);
  CHECK(leads("耐克 翡翠A货") == 0);
  CHECK(leads("耐克 高仿真花") == 0);
  CHECK(leads("耐克 高仿真花 高仿") == 1);
  CHECK(leads("耐克森 高仿") == 0);
  CHECK(set->Evaluate(Titled("耐克森轮胎"), On("2026-01-01")).hits.empty());
}

TEST_CASE("rule set: ASCII names match words only") {
  const auto set = CompileTexts({kSmall});
  const auto hits = [&](const std::string& title) {
    return set->Evaluate(Titled(title), On("2026-01-01")).hits.size();
  };
  CHECK(hits("nike鞋") == 1);
  CHECK(hits("新NIKE2024款") == 1);
  CHECK(hits("moniker") == 0);
  CHECK(hits("nikes") == 0);
  CHECK(hits("NIKE™ 鞋") == 1);
  CHECK(hits("NIKE-Air") == 1);
}

TEST_CASE("rule set: an exception holds only where it is known to") {
  const auto set = CompileTexts({kSmall});
  extractors::Listing listing = Titled("耐克 高仿");
  CHECK(set->Evaluate(listing, On("2026-01-01")).suspicions.size() == 1);
  listing.seller = "好鞋专营店";
  CHECK(set->Evaluate(listing, On("2026-01-01")).suspicions.empty());
  // The authorisation ended.
  CHECK(set->Evaluate(listing, On("2026-06-01")).suspicions.size() == 1);
  listing.seller = "別家";
  CHECK(set->Evaluate(listing, On("2026-01-01")).suspicions.size() == 1);
}

TEST_CASE("rule set: several marks of a family make one suspicion, the strongest speaks") {
  const auto set = CompileTexts({kSmall});
  extractors::Listing listing = Titled("彪马 耐克 高仿 运动鞋");
  listing.price = "50";
  const Evaluation evaluation = set->Evaluate(listing, On("2026-01-01"));
  REQUIRE(evaluation.suspicions.size() == 1);
  CHECK(evaluation.suspicions[0].mark == "nike");
  CHECK(evaluation.suspicions[0].hits.size() == 2);
  REQUIRE(evaluation.hits.size() == 2);
  CHECK(evaluation.hits[0].mark == "puma");
  CHECK(evaluation.hits[1].mark == "nike");
}

TEST_CASE("rule set: the longest of several names in one place is the hit") {
  const auto set = CompileTexts({R"(
marks:
  - {id: games, kind: special_mark, name: 亚运会, aliases: [杭州亚运会, 杭州亚运], certainty: verified}
)"});
  const Evaluation evaluation = set->Evaluate(Titled("杭州亚运会"), On("2026-01-01"));
  REQUIRE(evaluation.hits.size() == 1);
  CHECK(evaluation.hits[0].text == "杭州亚运会");
}

TEST_CASE("rule set: plain words are the mark only in its context") {
  const auto set = CompileTexts({R"(
marks:
  - id: games
    kind: special_mark
    name: 杭州亚运会
    aliases_in_context: [莲莲]
    context: [亚运, 吉祥物]
    certainty: verified
  - {id: expo, kind: special_mark, name: 进宝, needs_context: true, context: [进博会], certainty: verified}
)"});
  const auto hits = [&](const std::string& title) {
    return set->Evaluate(Titled(title), On("2026-01-01")).hits.size();
  };
  CHECK(hits("莲莲 连衣裙") == 0);
  CHECK(hits("亚运 莲莲 玩偶") == 1);
  CHECK(hits("杭州亚运会 莲莲") == 2);
  CHECK(hits("招财进宝") == 0);
  CHECK(hits("进博会 进宝") == 1);
}

TEST_CASE("rule set: a mark may refuse folds") {
  const auto set = CompileTexts({R"(
marks:
  - {id: a, kind: trademark, name: Abcd, evasion: off, certainty: verified}
  - {id: b, kind: trademark, name: Efgh, evasion: [nocase], certainty: verified}
  - {id: c, kind: trademark, name: Ijkl, evasion: high, certainty: verified}
)"});
  const auto hits = [&](const std::string& title) {
    return set->Evaluate(Titled(title), On("2026-01-01")).hits.size();
  };
  CHECK(hits("Abcd Efgh Ijkl") == 3);
  CHECK(hits("abcd efgh ijkl") == 2);
  CHECK(hits("Ａbcd Ｅfgh Ｉjkl") == 1);
}

TEST_CASE("rule set: a bare text stands in text and is reported there") {
  const auto set = CompileTexts({kSmall});
  extractors::Listing line;
  line.text = "耐克 高仿";
  EvaluateOptions options = On("2026-01-01");
  options.unknown_facts = true;
  const Evaluation evaluation = set->Evaluate(line, options);
  REQUIRE(evaluation.suspicions.size() == 1);
  CHECK(evaluation.hits.at(0).field == "text");
  CHECK(evaluation.suspicions[0].signs.at(0).field == "text");
}

TEST_CASE("rule set: an expired special mark tells so instead of citing its regulation") {
  const auto& set = BuiltIn();
  const auto suspicion = [&](const std::string& day) {
    return set.Evaluate(Titled("杭州亚运会 琮琮 徽章 批发"), On(day)).suspicions.at(0);
  };
  const auto cites = [](const Suspicion& s, const std::string& law) {
    return std::any_of(s.legal_basis.begin(), s.legal_basis.end(),
                       [&](const Citation& c) { return c.law == law; });
  };
  const auto notes = [](const Suspicion& s, const std::string& text) {
    return std::find(s.notes.begin(), s.notes.end(), text) != s.notes.end();
  };
  const std::string expired = "特殊标志保护期已届满，核对商标/著作权";
  CHECK(cites(suspicion("2026-08-28"), "特殊标志管理条例"));
  CHECK_FALSE(notes(suspicion("2026-08-28"), expired));
  CHECK_FALSE(cites(suspicion("2026-08-29"), "特殊标志管理条例"));
  CHECK(cites(suspicion("2026-08-29"), "商标法"));
  CHECK(notes(suspicion("2026-08-29"), expired));
}

TEST_CASE("rule set: a rule without marks has the wording as its hits, with their folds") {
  const Evaluation evaluation = BuiltIn().Evaluate(Titled("馳名商標 羊毛衫"), On("2026-01-01"));
  REQUIRE(evaluation.hits.size() == 1);
  CHECK(evaluation.hits[0].text == "馳名商標");
  CHECK(evaluation.hits[0].mark == "");
  CHECK(evaluation.hits[0].rule == "well-known-claim");
  CHECK(evaluation.hits[0].folds == std::vector<std::string>{"traditional"});
  // Without signs, what the condition itself saw.
  const auto set = CompileTexts({R"(rules:
  - id: r
    family: f
    title: 题
    category: agency
    when: {terms: [包授权]}
    samples: {hit: [包授权, 包授权了], miss: [甲, 乙]}
)"});
  CHECK(set->Evaluate(Titled("专利包授权"), On("2026-01-01")).hits.size() == 1);
}

TEST_CASE("rule set: the hash names files, texts and nothing else") {
  const auto a = CompileTexts({kSmall});
  const auto b = CompileTexts({kSmall});
  const auto c = CompileTexts({std::string(kSmall) + "\n# remark\n"});
  CHECK(a->hash() == b->hash());
  CHECK(a->hash() != c->hash());
  CHECK(a->hash().size() == 64);
  REQUIRE(a->files().size() == 1);
  CHECK(a->files()[0].text == kSmall);
}

TEST_CASE("rule set: summaries of marks and rules") {
  const auto set = CompileTexts({kSmall});
  REQUIRE(set->marks().size() == 2);
  CHECK(set->marks()[0].id == "nike");
  CHECK(set->marks()[0].aliases == std::vector<std::string>{"NIKE", "Nike"});
  CHECK(set->marks()[0].verified);
  REQUIRE(set->rules().size() == 1);
  CHECK(set->rules()[0].samples == 4);
}

TEST_CASE("rule set: one set serves many threads") {
  const auto& set = BuiltIn();
  const std::vector<std::string> titles = {"阿迪达斯 高仿 卫衣", "潍县萝卜 产地河南",
                                           "国家专利产品 拖把", "耐克官方旗舰店 运动鞋",
                                           "ＮＩＫＥ 一比一 板鞋"};
  std::vector<Evaluation> expected;
  for (const std::string& title : titles)
    expected.push_back(set.Evaluate(Titled(title), On("2026-01-01")));
  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&, t] {
      for (size_t i = 0; i < 400; ++i) {
        const size_t n = (i + t) % titles.size();
        const Evaluation e = set.Evaluate(Titled(titles[n]), On("2026-01-01"));
        if (!(e.hits == expected[n].hits && e.suspicions == expected[n].suspicions)) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("rule set: offsets slice the listing's own fields, on random texts with signs inside") {
  const auto& set = BuiltIn();
  RandomText random(42);
  const std::vector<std::string> pieces = {
      "ＮＩＫＥ",         "高仿", "潍縣蘿蔔", "产地河南", "亞運會", "徽章",  "驰名商标",
      "ZL202010123456.7", "专利", "LV",       "1:1",      "复刻",   "手提包"};
  size_t hits = 0, signs = 0;
  for (int round = 0; round < 1500; ++round) {
    extractors::Listing listing;
    for (int i = 0; i < 4; ++i) {
      listing.title += random.Make(random.Below(8), false);
      listing.title += pieces[random.Below(static_cast<uint32_t>(pieces.size()))];
      listing.text += random.Make(random.Below(60), round % 7 == 0);
      listing.text += pieces[random.Below(static_cast<uint32_t>(pieces.size()))];
    }
    listing.seller = random.Make(5, false) + "耐克";
    const auto field = [&](const std::string& name) -> const std::string& {
      return name == "title" ? listing.title : name == "text" ? listing.text : listing.seller;
    };
    const Evaluation evaluation = set.Evaluate(listing, On("2026-01-01"));
    for (const Hit& hit : evaluation.hits) {
      REQUIRE(hit.end <= field(hit.field).size());
      REQUIRE(field(hit.field).substr(hit.begin, hit.end - hit.begin) == hit.text);
      if (round % 7 != 0) REQUIRE(IsValidUtf8(hit.text));
      ++hits;
    }
    for (const Suspicion& suspicion : evaluation.suspicions) {
      REQUIRE(suspicion.score >= 0);
      REQUIRE(suspicion.score <= 100);
      for (const Sign& sign : suspicion.signs) {
        if (sign.field.empty()) continue;
        REQUIRE(field(sign.field).substr(sign.begin, sign.end - sign.begin) == sign.text);
        ++signs;
      }
    }
  }
  CHECK(hits > 3000);
  CHECK(signs > 1000);
}

TEST_CASE("rule set: a hostile text costs no more than its length") {
  const auto& set = BuiltIn();
  std::string text;
  while (text.size() < extractors::Listing::kMaxText) text += "耐克高仿非高仿产地河南潍县萝卜1:1";
  extractors::Listing listing = Titled(text.substr(0, extractors::Listing::kMaxTitle));
  listing.text = TruncateUtf8(text, extractors::Listing::kMaxText);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10; ++i) set.Evaluate(listing, On("2026-01-01"));
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CHECK(took.count() / 10 < 0.5);  // seconds, with room for sanitizers; a few milliseconds without
}

namespace {

constexpr char kWeighted[] = R"(
words: {grade: {terms: [高仿]}}
marks: [{id: m, kind: trademark, name: 示例牌, certainty: verified}]
weights:
  - {id: dear, label: 贵, points: 7, note: 很贵, if: {price: {at_least: 100}}}
  - {id: known, label: 熟人, points: 10, categories: [trademark], if: {seller: watched}}
  - {id: other, label: 别类, points: 50, categories: [gi], if: {price: {at_least: 1}}}
rules:
  - id: r
    family: trademark
    title: 仿冒
    category: trademark
    marks: {kinds: [trademark]}
    score: 20
    signs: [{name: s, label: 措辞, points: 30, if: {words: grade}}]
    when: s
    samples:
      hit: [示例牌 高仿, {title: 高仿 示例牌, seller: 甲, watched: true}]
      miss: [示例牌, 高仿]
)";

}  // namespace

TEST_CASE("ours: a weight counts for every rule of its categories, with its note") {
  const auto set = CompileTexts({kWeighted});
  extractors::Listing listing = Titled("示例牌 高仿");
  listing.price = "200";
  listing.seller = "甲";
  Evaluation evaluation = set->Evaluate(listing, On("2026-01-01"));
  REQUIRE(evaluation.suspicions.size() == 1);
  CHECK(evaluation.suspicions[0].score == 57);
  CHECK(evaluation.suspicions[0].score_parts.back() == ScorePart{"贵", 7});
  CHECK(evaluation.suspicions[0].notes == std::vector<std::string>{"很贵"});
  const SellerList watched({{"", "", "甲"}});
  EvaluateOptions options = On("2026-01-01");
  options.watched = &watched;
  CHECK(set->Evaluate(listing, options).suspicions[0].score == 67);
}

TEST_CASE("ours: a later file replaces or retires a weight, also for rules of earlier files") {
  extractors::Listing listing = Titled("示例牌 高仿");
  listing.price = "200";
  const auto score = [&](const std::string& change) {
    return CompileTexts({kWeighted, change})
        ->Evaluate(listing, On("2026-01-01"))
        .suspicions[0]
        .score;
  };
  CHECK(score("weights: [{id: dear, change: retire}]") == 50);
  CHECK(score("weights: [{id: dear, change: replace, label: 贵, points: -5, "
              "if: {price: {at_least: 100}}}]") == 45);
}

}  // namespace cluehound::rules
