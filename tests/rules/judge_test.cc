// What each condition means, decided alone.
#include "rules/judge.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

constexpr char kFacts[] = R"(
words:
  near_words: {terms: [近, 远]}
  anchor: {terms: [锚]}
  style: {terms: [种, 型, 风味], except: [种子]}
  both: {include: [near_words, anchor]}
  origin_before: {terms: [产地]}
  origin_after: {terms: [特产, 种植]}
  shoes: {classes: [25], terms: [鞋]}
  bags: {classes: [18], terms: [包]}
places:
  - name: 山东
    contains: [{name: 潍坊, aliases: [鸢都], contains: [昌乐, 安丘]}, 济南]
  - 河南
marks:
  - id: m
    kind: gi
    name: 昌乐西瓜
    cloaks: [常乐西瓜]
    place: 昌乐
    product: 西瓜
    classes: [25]
    valid_from: 2020-01-01
    valid_to: 2026-01-01
    extensions: [{until: 2026-07-01}]
    origin: {area: [昌乐], places: [尧沟]}
    reference_price: [{goods: [礼盒], price: 100, sold: 200}, {goods: [精品], price: 50}]
    authorised:
      - {seller: 瓜农合作社, proof: 名单第3号}
      - {seller_id: "8812", platform: mall, until: 2026-06-01}
    certainty: verified
)";

// Decides one condition on listings.
class Probe {
 public:
  explicit Probe(const std::string& condition) {
    Diagnostics diagnostics;
    catalog_ = ReadCatalog(
        {{"facts.yaml", kFacts}, {"probe.yaml", "conditions:\n  c: " + condition + "\n"}},
        diagnostics);
    // The style list is known to the marks only through a condition that asks for it.
    binding_ = Bind(catalog_, diagnostics);
    INFO(diagnostics.Render());
    REQUIRE(diagnostics.ok());
  }

  Truth operator()(const std::string& title, const std::string& day = "2026-01-15") {
    extractors::Listing listing;
    listing.title = title;
    return (*this)(listing, day);
  }
  Truth operator()(const extractors::Listing& listing, const std::string& day = "2026-01-15") {
    Reading reading;
    reading.Read(binding_.vocabulary, listing, false);
    reading.Sort();
    AllMarkHits hits;
    FindMarks(catalog_, binding_.vocabulary, reading, hits);
    Judge judge(catalog_, binding_, listing, reading, *ParseDay(day), watched);
    if (!hits.marks.empty()) judge.Bind(&hits.marks[0], kWording);
    evidence.clear();
    return judge.Holds(catalog_.conditions.back().condition, &evidence);
  }

  std::vector<Evidence> evidence;
  const SellerList* watched = nullptr;

 private:
  Catalog catalog_;
  Binding binding_;
};

constexpr Truth kNo = Truth::kFalse, kYes = Truth::kTrue, kDunno = Truth::kUnknown;

}  // namespace

TEST_CASE("words: in the fields that are named") {
  Probe title("{words: near_words, fields: [title]}");
  CHECK(title("昌乐西瓜 近") == kYes);
  REQUIRE(title.evidence.size() == 1);
  CHECK(title.evidence[0].field == Field::kTitle);
  CHECK(title("昌乐西瓜") == kNo);
  Probe either("{words: near_words}");
  extractors::Listing listing = Titled("昌乐西瓜");
  listing.text = "很远";
  CHECK(either(listing) == kYes);
  CHECK(title(listing) == kNo);
}

TEST_CASE("words: a field that says nothing is unknown, title and text are not") {
  Probe seller("{words: near_words, fields: [seller]}");
  CHECK(seller("昌乐西瓜") == kDunno);
  extractors::Listing listing = Titled("昌乐西瓜");
  listing.seller = "好店";
  CHECK(seller(listing) == kNo);
  listing.seller = "近店";
  CHECK(seller(listing) == kYes);
}

TEST_CASE("words: lists include lists, and words can stand in the condition itself") {
  CHECK(Probe("{words: both}")("锚") == kYes);
  CHECK(Probe("{words: both}")("远") == kYes);
  CHECK(Probe("{terms: [乙, {term: 丙, except: [丙丁]}]}")("丙丁") == kNo);
  CHECK(Probe("{terms: [乙, {term: 丙, except: [丙丁]}]}")("丙") == kYes);
  CHECK(Probe("{words: near_words, terms: [乙]}")("乙") == kYes);
}

TEST_CASE("words: a word inside the mark's own name is no sign") {
  CHECK(Probe("{terms: [西瓜]}")("昌乐西瓜") == kNo);
  CHECK(Probe("{terms: [西瓜]}")("昌乐西瓜 西瓜") == kYes);
}

TEST_CASE("near, before, after: distances to the mark in characters") {
  CHECK(Probe("{words: near_words, near: 2}")("昌乐西瓜ab近") == kYes);
  CHECK(Probe("{words: near_words, near: 2}")("昌乐西瓜abc近") == kNo);
  CHECK(Probe("{words: near_words, near: 2}")("近一二昌乐西瓜") == kYes);
  CHECK(Probe("{words: near_words, before: 0}")("近昌乐西瓜") == kYes);
  CHECK(Probe("{words: near_words, before: 0}")("近 昌乐西瓜") == kNo);
  CHECK(Probe("{words: near_words, before: 5}")("昌乐西瓜近") == kNo);
  CHECK(Probe("{words: near_words, after: 1}")("昌乐西瓜 近") == kYes);
  CHECK(Probe("{words: near_words, after: 1}")("近昌乐西瓜") == kNo);
}

TEST_CASE("near: any of several places of the mark will do, in the same field") {
  Probe near("{words: near_words, near: 0}");
  CHECK(near("昌乐西瓜 甜 昌乐西瓜近") == kYes);
  extractors::Listing listing = Titled("昌乐西瓜");
  listing.text = "近";
  CHECK(near(listing) == kNo);
}

TEST_CASE("near: to the words of another list") {
  Probe near("{words: near_words, before: 2, to: anchor}");
  CHECK(near("近一二锚") == kYes);
  CHECK(near("近一二三锚") == kNo);
  CHECK(near("锚近") == kNo);
}

TEST_CASE("regex: over the folded text, with distances too") {
  CHECK(Probe("{regex: 'a[0-9]+b'}")("昌乐西瓜 Ａ１２B") == kYes);
  CHECK(Probe("{regex: 'a[0-9]+b'}")("昌乐西瓜 ab") == kNo);
  CHECK(Probe("{regex: 'a[0-9]', near: 1}")("昌乐西瓜 a1") == kYes);
  CHECK(Probe("{regex: 'a[0-9]', near: 1}")("昌乐西瓜 xxxx a1") == kNo);
  CHECK(Probe("{regex: 'a', fields: [location]}")("昌乐西瓜") == kDunno);
}

TEST_CASE("all, any, none, at_least: unknown satisfies none of them") {
  const std::string yes = "{terms: [瓜皮]}", no = "{terms: [没有的]}",
                    unknown = "{terms: [甲], fields: [seller]}";
  const auto truth = [&](const std::string& condition) { return Probe(condition)("瓜皮"); };
  CHECK(truth("{all: [" + yes + "," + yes + "]}") == kYes);
  CHECK(truth("{all: [" + yes + "," + unknown + "]}") == kDunno);
  CHECK(truth("{all: [" + unknown + "," + no + "]}") == kNo);
  CHECK(truth("{any: [" + no + "," + yes + "]}") == kYes);
  CHECK(truth("{any: [" + no + "," + unknown + "]}") == kDunno);
  CHECK(truth("{any: [" + no + "," + no + "]}") == kNo);
  CHECK(truth("{none: [" + no + "]}") == kYes);
  CHECK(truth("{none: [" + no + "," + unknown + "]}") == kDunno);
  CHECK(truth("{none: [" + unknown + "," + yes + "]}") == kNo);
  CHECK(truth("{at_least: 2, of: [" + yes + "," + no + "," + yes + "]}") == kYes);
  CHECK(truth("{at_least: 2, of: [" + yes + "," + no + "," + unknown + "]}") == kDunno);
  CHECK(truth("{at_least: 2, of: [" + yes + "," + no + "," + no + "]}") == kNo);
  CHECK(truth("{unknown: " + unknown + "}") == kYes);
  CHECK(truth("{unknown: " + yes + "}") == kNo);
}

TEST_CASE("evidence: parts that held do not speak for a whole that did not") {
  Probe probe("{any: [{all: [{terms: [甲]}, {terms: [没有]}]}, {terms: [乙]}]}");
  CHECK(probe("甲乙") == kYes);
  REQUIRE(probe.evidence.size() == 1);
  CHECK(probe.evidence[0].slice == Slice{3, 6});
}

TEST_CASE("price: absolute and against the reference for the goods in the title") {
  extractors::Listing listing = Titled("昌乐西瓜 礼盒");
  CHECK(Probe("{price: {below: 30}}")(listing) == kDunno);
  listing.price = "29.90";
  CHECK(Probe("{price: {below: 30}}")(listing) == kYes);
  CHECK(Probe("{price: {below: 29.9}}")(listing) == kNo);
  CHECK(Probe("{price: {at_least: 10, below: 30}}")(listing) == kYes);
  CHECK(Probe("{price: {below_reference: 0.3}}")(listing) == kYes);
  CHECK(Probe("{price: {below_reference: 0.2}}")(listing) == kNo);
  CHECK(Probe("{price: {at_least_reference: 0.2}}")(listing) == kYes);
  listing.title = "昌乐西瓜";  // no goods that a reference is known for
  CHECK(Probe("{price: {below_reference: 0.3}}")(listing) == kDunno);
  listing.title = "昌乐西瓜 精品 礼盒";  // of two references the lower
  CHECK(Probe("{price: {below_reference: 0.5}}")(listing) == kNo);
  listing.title = "昌乐西瓜 礼盒";
  listing.currency = "USD";
  CHECK(Probe("{price: {below_reference: 0.3}}")(listing) == kDunno);
  listing.price = "about 30";
  CHECK(Probe("{price: {below: 30}}")(listing) == kDunno);
}

TEST_CASE("price: the evidence is a fact in words") {
  extractors::Listing listing = Titled("昌乐西瓜 礼盒");
  listing.price = "11";
  Probe probe("{price: {below_reference: 0.3}}");
  CHECK(probe(listing) == kYes);
  REQUIRE(probe.evidence.size() == 1);
  CHECK(probe.evidence[0].fact == "¥11.00，参考价 ¥100.00 的 11%");
}

TEST_CASE("sold: a lower bound does not say what it does not say") {
  extractors::Listing listing = Titled("昌乐西瓜");
  CHECK(Probe("{sold: {at_least: 100}}")(listing) == kDunno);
  listing.sold = 50;
  CHECK(Probe("{sold: {at_least: 100}}")(listing) == kNo);
  CHECK(Probe("{sold: {below: 100}}")(listing) == kYes);
  listing.sold_at_least = true;
  CHECK(Probe("{sold: {at_least: 100}}")(listing) == kDunno);
  CHECK(Probe("{sold: {below: 100}}")(listing) == kDunno);
  listing.sold = 200;
  CHECK(Probe("{sold: {at_least: 100}}")(listing) == kYes);
}

TEST_CASE("seller: on the list, by folded name or by number, until the day it ends") {
  Probe probe("{seller: authorised}");
  extractors::Listing listing = Titled("昌乐西瓜");
  CHECK(probe(listing) == kDunno);
  listing.seller = "瓜農合作社";
  CHECK(probe(listing) == kYes);
  listing.seller = "瓜农合作社分店";
  CHECK(probe(listing) == kNo);
  listing.seller_id = "8812";
  listing.platform = "mall";
  CHECK(probe(listing, "2026-05-31") == kYes);
  CHECK(probe(listing, "2026-06-01") == kNo);
  listing.platform = "other";
  CHECK(probe(listing, "2026-05-31") == kNo);
  extractors::Listing live = Titled("昌乐西瓜");
  live.merchants = {"甲公司", "瓜农合作社"};
  CHECK(probe(live) == kYes);
}

TEST_CASE("origin: what is declared, against the area") {
  Probe outside("{origin: outside}"), inside("{origin: inside}");
  const auto both = [&](const std::string& title) {
    return std::make_pair(outside(title), inside(title));
  };
  const auto out = std::make_pair(kYes, kNo), in = std::make_pair(kNo, kYes),
             dunno = std::make_pair(kDunno, kDunno);
  CHECK(both("昌乐西瓜 产地河南") == out);
  CHECK(both("昌乐西瓜 产地：山东安丘") == out);
  CHECK(both("昌乐西瓜 河南大棚种植") == out);
  CHECK(both("昌乐西瓜 产地昌乐") == in);
  CHECK(both("昌乐西瓜 产地尧沟") == in);
  CHECK(both("昌乐西瓜 产地山东省潍坊市昌乐县") == in);
  // Too coarse, not declared, not known.
  CHECK(both("昌乐西瓜 产地山东") == dunno);
  CHECK(both("昌乐西瓜 产地潍坊") == dunno);
  CHECK(both("昌乐西瓜 产地鸢都") == dunno);
  CHECK(both("昌乐西瓜 河南 包邮") == dunno);
  CHECK(both("昌乐西瓜 产地某某") == dunno);
  // The name of the mark declares nothing, and neither does a denial.
  CHECK(both("产地直发昌乐西瓜") == dunno);
  CHECK(both("昌乐西瓜 产地非河南") == dunno);
  // What is announced outweighs what only follows.
  CHECK(both("昌乐特产 昌乐西瓜 产地河南") == out);
}

TEST_CASE("origin: the field of the listing, and where it ships from") {
  Probe outside("{origin: outside}"), ships("{ships_from: outside}");
  extractors::Listing listing = Titled("昌乐西瓜");
  listing.location = "河南 郑州";
  CHECK(outside(listing) == kDunno);
  CHECK(ships(listing) == kYes);
  listing.origin = "河南";
  listing.location = "山东 潍坊";
  CHECK(outside(listing) == kYes);
  CHECK(ships(listing) == kDunno);
}

TEST_CASE("styled: directly behind the name, or between its place and its product") {
  Probe probe("{styled: style}");
  CHECK(probe("昌乐西瓜型") == kYes);
  CHECK(probe("昌乐西瓜 风味") == kYes);
  CHECK(probe("昌乐型西瓜") == kYes);
  CHECK(probe("昌乐西瓜种子") == kNo);
  CHECK(probe("昌乐西瓜 很甜 型") == kNo);
}

TEST_CASE("disguised: a spelling that only hides the name") {
  CHECK(Probe("{disguised: true}")("常乐西瓜") == kYes);
  CHECK(Probe("{disguised: true}")("昌乐西瓜") == kNo);
}

TEST_CASE("goods: own, others, or none that is known") {
  CHECK(Probe("{goods: own}")("昌乐西瓜 鞋") == kYes);
  CHECK(Probe("{goods: own}")("昌乐西瓜 包") == kNo);
  CHECK(Probe("{goods: own}")("昌乐西瓜 杯") == kDunno);
}

TEST_CASE("validity: with extensions, the day after the end is after it") {
  const auto at = [](const std::string& wanted, const std::string& day) {
    return Probe("{validity: " + wanted + "}")("昌乐西瓜", day);
  };
  CHECK(at("in_force", "2026-06-30") == kYes);
  CHECK(at("expired", "2026-06-30") == kNo);
  CHECK(at("expired", "2026-07-01") == kYes);
  CHECK(at("not_yet", "2019-12-31") == kYes);
  CHECK(at("[in_force, not_yet]", "2019-12-31") == kYes);
}

TEST_CASE("present, mark, kind") {
  CHECK(Probe("{present: [seller]}")("昌乐西瓜") == kDunno);
  extractors::Listing listing = Titled("昌乐西瓜");
  listing.seller = "昌乐西瓜店";
  CHECK(Probe("{present: [seller]}")(listing) == kYes);
  CHECK(Probe("{mark: [seller]}")(listing) == kYes);
  CHECK(Probe("{mark: [text]}")(listing) == kNo);
  CHECK(Probe("{kind: [live]}")(listing) == kNo);
  listing.kind = extractors::ListingKind::kLive;
  CHECK(Probe("{kind: [live, agency]}")(listing) == kYes);
}

TEST_CASE("patent_number: faults, and whether there is a number at all") {
  CHECK(Probe("{patent_number: [check_digit]}")("专利号ZL202010123456.7") == kYes);
  CHECK(Probe("{patent_number: [type, year]}")("专利号ZL202010123456.7") == kNo);
  CHECK(Probe("{patent_number: absent}")("专利号ZL202010123456.7") == kNo);
  CHECK(Probe("{patent_number: absent}")("国家专利产品") == kYes);
}

TEST_CASE("a condition under a name is decided where it is used") {
  Probe probe("{all: [{any: [{words: near_words, near: 1}]}, {none: [{words: anchor}]}]}");
  CHECK(probe("昌乐西瓜近") == kYes);
  CHECK(probe("昌乐西瓜近 锚") == kNo);
}

TEST_CASE("sold: against what one offer of the goods usually sells") {
  extractors::Listing listing = Titled("昌乐西瓜 礼盒");
  Probe many("{sold: {at_least_reference: 5}}");
  CHECK(many(listing) == kDunno);
  listing.sold = 1000;
  CHECK(many(listing) == kYes);
  REQUIRE(many.evidence.size() == 1);
  CHECK(many.evidence[0].fact == "已售 1000，参考销量的 500%");
  listing.sold = 999;
  CHECK(many(listing) == kNo);
  listing.sold_at_least = true;
  CHECK(many(listing) == kDunno);
  CHECK(Probe("{sold: {below_reference: 1}}")(listing) == kDunno);
  listing.title = "昌乐西瓜 精品";  // no figure for these
  CHECK(many(listing) == kDunno);
}

TEST_CASE("turnover: price times units sold, in yuan, an estimate") {
  extractors::Listing listing = Titled("昌乐西瓜");
  Probe large("{turnover: {at_least: 50000}}");
  CHECK(large(listing) == kDunno);
  listing.price = "50";
  CHECK(large(listing) == kDunno);
  listing.sold = 1000;
  CHECK(large(listing) == kYes);
  REQUIRE(large.evidence.size() == 1);
  CHECK(large.evidence[0].fact == "估算：¥50.00 × 1000 = ¥50000.00");
  listing.sold = 999;
  CHECK(large(listing) == kNo);
  listing.sold_at_least = true;
  CHECK(large(listing) == kDunno);
  CHECK(Probe("{turnover: {below: 90000}}")(listing) == kDunno);
  listing.sold = 2000;
  CHECK(large(listing) == kYes);
  listing.currency = "USD";
  CHECK(large(listing) == kDunno);
}

TEST_CASE("seller watched: unknown without a list or a seller") {
  extractors::Listing listing = Titled("昌乐西瓜");
  Probe probe("{seller: watched}");
  const SellerList list({{"", "", "老熟人"}});
  listing.seller = "老熟人";
  CHECK(probe(listing) == kDunno);
  probe.watched = &list;
  CHECK(probe(listing) == kYes);
  listing.seller = "别人";
  CHECK(probe(listing) == kNo);
  listing.seller = "";
  CHECK(probe(listing) == kDunno);
}

TEST_CASE("credit code: the check digit of one that is shown") {
  extractors::Listing listing = Titled("昌乐西瓜");
  Probe probe("{credit_code: check_digit}");
  CHECK(probe(listing) == kDunno);
  listing.text = "统一社会信用代码 91330100799655058B";
  CHECK(probe(listing) == kNo);
  listing.text = "统一社会信用代码 91330100799655058C";
  CHECK(probe(listing) == kYes);
  REQUIRE(probe.evidence.size() == 1);
  CHECK(probe.evidence[0].fact == "校验位不符");
}

}  // namespace cluehound::rules
