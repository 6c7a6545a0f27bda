#include "crawler/new_campaign.h"

#include <algorithm>

#include "crawler/campaign_file.h"
#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

NewCampaign KiteFair() {
  NewCampaign campaign;
  campaign.id = "kite-fair";
  campaign.name = "风筝会专项";
  campaign.kind = "fixed";
  campaign.dates = {"2027-04-17..2027-04-22"};
  campaign.lead_in = "14";
  campaign.tail = "3";
  campaign.factors = {{"all", "2"}, {"mall", "5"}, {"live", "5"}};
  campaign.weights = {{"gi_weifang", "10"}, {"tm_weifang", "10"}, {"tm_luxury", "3"}};
  return campaign;
}

constexpr char kFile[] =
    "# our own plan\n"
    "campaigns:\n"
    "  - id: may-day\n"
    "    name: 五一\n"
    "    yearly: 05-01\n"
    "    # 下面是提醒\n"
    "reminders:\n"
    "  - {id: report, name: 半年报, yearly: 06-30}\n";

constexpr char kItem[] =
    "id: kite-fair\n"
    "    name: 风筝会专项\n"
    "    fixed: 2027-04-17..2027-04-22\n"
    "    lead_in: 14\n"
    "    tail: 3\n"
    "    sources: [{ids: [all], factor: 2}, {ids: [mall, live], factor: 5}]\n"
    "    weights: [{packs: [gi_weifang, tm_weifang], points: 10}, {packs: [tm_luxury], points: "
    "3}]\n"
    "    certainty: unverified";

std::string Added(const std::string& text, const NewCampaign& campaign) {
  const auto edit = AddCampaign(text, "campaigns.yaml", campaign);
  REQUIRE_OK(edit);
  CHECK(edit->id == campaign.id);
  return edit->text;
}

Campaign Read(const std::string& text, const std::string& id) {
  Diagnostics diagnostics;
  const Campaigns campaigns = Campaigns::Parse(text, "campaigns.yaml", diagnostics);
  REQUIRE_OK(diagnostics.ToStatus());
  return **campaigns.Find(id);
}

TEST_CASE("ours: a new campaign stands behind the last one, and nothing else of the file changes") {
  std::string expected = kFile;
  const std::string last = "    yearly: 05-01";
  expected.insert(expected.find(last) + last.size(), std::string("\n\n  - ") + kItem);
  CHECK(Added(kFile, KiteFair()) == expected);
  const Campaign made = Read(expected, "kite-fair");
  CHECK(made.FactorOf("live") == 5);
  CHECK(made.FactorOf("other") == 2);
  CHECK(made.weights.size() == 2);
  CHECK_FALSE(made.verified);
}

TEST_CASE("ours: a new campaign finds its place in an empty file, a flow list, the built-in file") {
  CHECK(Added("", KiteFair()) == std::string("campaigns:\n  - ") + kItem + "\n");
  CHECK(Added("reminders: []", KiteFair()).starts_with("reminders: []\ncampaigns:\n  - id: kite"));
  CHECK(Added("campaigns: []\n", KiteFair()).starts_with("campaigns: [{id: kite-fair, name: 风筝"));
  const std::string flow = "campaigns: [{id: a, name: b, yearly: 05-01}]\n";
  CHECK(Read(Added(flow, KiteFair()), "kite-fair").tail == 3);
  CHECK(Read(Added(flow, KiteFair()), "a").name == "b");
  const std::string built_in(BuiltInCampaignsFile());
  CHECK(Read(Added(built_in, KiteFair()), "kite-fair").lead_in == 14);
  CHECK_FALSE(AddCampaign("campaigns: [", "campaigns.yaml", KiteFair()).ok());
  CHECK_FALSE(AddCampaign("campaigns:\n", "campaigns.yaml", KiteFair()).ok());
}

TEST_CASE("ours: what officers write stays text, whatever it means to YAML") {
  NewCampaign campaign = KiteFair();
  campaign.kind = "open";
  campaign.dates = {"2027-04-17..2027-04-22", "2028-04-15"};
  campaign.certainty = "verified";
  for (const std::string name :
       {"3·15: \"诚信\" # 专项", "2027", "- 一", "true", "a\\b", "[x], {y}", "'", "*all", "~"}) {
    INFO(name);
    campaign.name = name;
    campaign.basis = name;
    for (const std::string& text : {std::string(kFile), std::string("campaigns: []\n")}) {
      const Campaign made = Read(Added(text, campaign), "kite-fair");
      CHECK(made.name == name);
      CHECK(made.basis == name);
      CHECK(made.occasion.dates.size() == 2);
      CHECK(made.occasion.dates[0].basis == name);
      CHECK(made.occasion.dates[1].verified);
    }
  }
}

TEST_CASE("ours: each kind of date is read again as it was written") {
  NewCampaign campaign = KiteFair();
  for (const auto& [kind, dates, in_2027] :
       {std::tuple("yearly", "09-20..09-22", "2027-09-20..2027-09-22"),
        {"lunar", "08-15", "2027-09-15"},
        {"fixed", "2027-04-17", "2027-04-17"}}) {
    campaign.kind = kind;
    campaign.dates = {dates};
    CHECK(ProblemsOf(campaign, {}).empty());
    CHECK(Read(Added(kFile, campaign), "kite-fair").occasion.In(2027) == ParseDaySpan(in_2027));
  }
}

TEST_CASE("ours: every mistake is named with its field, in Chinese") {
  Diagnostics diagnostics;
  const Campaigns known = Campaigns::Parse(kFile, "campaigns.yaml", diagnostics);
  CHECK(ProblemsOf(KiteFair(), known).empty());
  const auto wrong = [&](const std::string& field, const std::string& said, auto change) {
    NewCampaign campaign = KiteFair();
    change(campaign);
    const auto problems = ProblemsOf(campaign, known);
    INFO(field << ": " << said);
    CHECK(std::any_of(problems.begin(), problems.end(), [&](const FieldProblem& p) {
      return p.field == field && p.text.find(said) != std::string::npos;
    }));
    CHECK(std::all_of(problems.begin(), problems.end(),
                      [&](const FieldProblem& p) { return p.field == field; }));
  };
  wrong("campaign", "已经有了：五一", [](NewCampaign& c) { c.id = "may-day"; });
  wrong("campaign", "编号用", [](NewCampaign& c) { c.id = "风筝"; });
  wrong("campaign", "编号用", [](NewCampaign& c) { c.id.clear(); });
  wrong("name", "写上名称", [](NewCampaign& c) { c.name = " "; });
  wrong("name", "换行", [](NewCampaign& c) { c.name = "a\nb"; });
  wrong("name", "最多 60 字", [](NewCampaign& c) { c.name = std::string(61, 'a'); });
  wrong("kind", "选择日期类型", [](NewCampaign& c) { c.kind = "template"; });
  wrong("dates", "写上日期", [](NewCampaign& c) { c.dates.clear(); });
  wrong("dates", "不是日期", [](NewCampaign& c) { c.dates = {"2027-04-22..2027-04-17"}; });
  wrong("dates", "一段日期", [](NewCampaign& c) { c.dates.push_back("2028-04-17"); });
  wrong("dates", "不是每年都有的月日", [](NewCampaign& c) {
    c.kind = "yearly";
    c.dates = {"02-29"};
  });
  wrong("dates", "农历", [](NewCampaign& c) {
    c.kind = "lunar";
    c.dates = {"08-31"};
  });
  wrong("dates", "2027 年已有", [](NewCampaign& c) {
    c.kind = "open";
    c.dates = {"2027-04-17", "2027-05-01"};
  });
  wrong("lead_in", "0 至 180", [](NewCampaign& c) { c.lead_in = "181"; });
  wrong("tail", "整数", [](NewCampaign& c) { c.tail = "x"; });
  wrong("prepare", "整数", [](NewCampaign& c) { c.prepare = "-1"; });
  wrong("factors", "1 至 100", [](NewCampaign& c) { c.factors = {{"all", "0.5"}}; });
  wrong("factors", "两次", [](NewCampaign& c) { c.factors.push_back({"all", "3"}); });
  wrong("weights", "1 至 50", [](NewCampaign& c) { c.weights = {{"gi_weifang", "51"}}; });
  wrong("basis", "最多 300 字", [](NewCampaign& c) { c.basis = std::string(301, 'a'); });
  wrong("certainty", "unverified", [](NewCampaign& c) { c.certainty = "maybe"; });
}

}  // namespace
}  // namespace cluehound::crawler
