#include "crawler/campaign_plan.h"

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;

Instant Time(std::string_view text) {
  const auto time = ParseTime(text);
  REQUIRE(time);
  return *time;
}

std::shared_ptr<const Campaigns> Parsed(const std::string& text) {
  Diagnostics diagnostics;
  auto campaigns =
      std::make_shared<const Campaigns>(Campaigns::Parse(text, "campaigns.yaml", diagnostics));
  INFO(diagnostics.Render());
  REQUIRE(diagnostics.ok());
  return campaigns;
}

rules::Suspicion Suspect(const std::string& mark, const std::string& category = "trademark") {
  rules::Suspicion suspicion;
  suspicion.rule = "rule-1";
  suspicion.family = "trademark";
  suspicion.mark = mark;
  suspicion.category = category;
  suspicion.score = 50;
  return suspicion;
}

const std::string kCampaigns =
    "campaigns:\n"
    "  - id: sale\n"
    "    name: 大促专项\n"
    "    yearly: 11-01..11-11\n"
    "    sources: [{ids: [all], factor: 3}]\n"
    "    weights: [{categories: [trademark], points: 6}]\n"
    "  - id: expo\n"
    "    name: 进博会专项\n"
    "    yearly: 11-05..11-10\n"
    "    sources: [{ids: [shop], factor: 4}]\n"
    "    weights: [{marks: [ciie], points: 15}, {categories: [special_mark], points: 5}]\n"
    "  - {id: launch, name: 发射专项, template: true, sources: [{ids: [all], factor: 2}]}\n";

TEST_CASE("ours: the highest factor of what runs counts, from the first day to the last") {
  const Instant built = Time("2026-10-20T12:00:00+08:00");
  const CampaignPlan plan(Parsed(kCampaigns), {}, built);
  CHECK(plan.Factor("shop", Time("2026-10-31T23:59:59+08:00")) == 1);
  CHECK(plan.Factor("shop", Time("2026-11-01T00:00:00+08:00")) == 3);
  CHECK(plan.Factor("shop", Time("2026-11-05T00:00:00+08:00")) == 4);
  CHECK(plan.Factor("mall", Time("2026-11-05T00:00:00+08:00")) == 3);
  CHECK(plan.Factor("shop", Time("2026-11-11T23:59:59+08:00")) == 3);
  CHECK(plan.Factor("shop", Time("2026-11-12T00:00:00+08:00")) == 1);
  CHECK(plan.NextChange(built) == Time("2026-11-01T00:00:00+08:00"));
  CHECK(plan.NextChange(Time("2026-11-05T00:00:00+08:00")) == Time("2026-11-11T00:00:00+08:00"));
  CHECK(CampaignPlan().Factor("shop", built) == 1);
  CHECK(CampaignPlan(nullptr, {}, built).Running(built).empty());
}

TEST_CASE("ours: a lead is noted with the campaign that is about it") {
  const Instant now = Time("2026-11-06T12:00:00+08:00");
  const CampaignPlan plan(Parsed(kCampaigns), {}, now);
  const PackNames packs;
  const auto note = [&](const char* source, const rules::Suspicion& suspicion) {
    const auto made = plan.NoteOf(source, suspicion, packs, now);
    return made.campaign + " " + std::to_string(made.points);
  };
  CHECK(note("shop", Suspect("nike")) == "大促专项 6");
  CHECK(note("shop", Suspect("ciie", "special_mark")) == "进博会专项 15");
  CHECK(note("shop", Suspect("games", "special_mark")) == "进博会专项 5");
  CHECK(note("mall", Suspect("ciie", "special_mark")) == "大促专项 0");  // expo is of shop alone
  CHECK(note("shop", Suspect("", "agency")) == "进博会专项 0");          // the shorter one
  CHECK(plan.NoteOf("shop", Suspect("nike"), packs, Time("2026-12-06T12:00:00+08:00"))
            .campaign.empty());
}

TEST_CASE("ours: a campaign that a person started runs beside the calendar until it ends") {
  const Instant now = Time("2026-12-01T09:30:00+08:00");
  store::CampaignStart start;
  start.campaign = "launch";
  start.begin = now;
  start.end = Time("2026-12-04T00:00:00+08:00");
  store::CampaignStart unknown = start;
  unknown.campaign = "gone";
  const CampaignPlan plan(Parsed(kCampaigns), {start, unknown}, now);
  CHECK(plan.Factor("mall", now - Duration(1)) == 1);
  CHECK(plan.Factor("mall", now) == 2);
  CHECK(plan.Factor("mall", start.end) == 1);
  CHECK(plan.NoteOf("mall", Suspect("x"), PackNames(), now).campaign == "发射专项");
  REQUIRE(plan.Running(now).size() == 1);
  CHECK(plan.Running(now)[0].started);
  CHECK(FormatDaySpan(plan.Running(now)[0].window.span) == "2026-12-01..2026-12-03");
  CHECK(plan.NextChange(now) == start.end);
}

TEST_CASE("ours: packs are known by the file of the mark or of the rule") {
  Diagnostics diagnostics;
  const auto rules = rules::RuleSet::Compile(rules::BuiltInRuleFiles(), diagnostics);
  REQUIRE_OK(rules);
  const PackNames packs(**rules);
  CHECK(packs.OfMark("ciie") == "events");
  CHECK(packs.OfMark("no-such-mark").empty());
  CHECK(packs.all().contains("gi_weifang"));
  const Instant now = Time("2026-11-06T12:00:00+08:00");
  const CampaignPlan plan(Parsed("campaigns:\n"
                                 "  - {id: a, name: 甲, yearly: 11-06, weights: [{packs: [events], "
                                 "points: 7}]}\n"),
                          {}, now);
  CHECK(plan.NoteOf("shop", Suspect("ciie"), packs, now).points == 7);
  CHECK(plan.NoteOf("shop", Suspect("nike"), packs, now).points == 0);
}

TEST_CASE("ours: what the shipped campaigns name as weights is in the shipped packs") {
  Diagnostics diagnostics;
  const auto rules = rules::RuleSet::Compile(rules::BuiltInRuleFiles(), diagnostics);
  REQUIRE_OK(rules);
  const auto shipped = Campaigns::Load({});
  REQUIRE_OK(shipped);
  CHECK(UnknownWeights(*shipped, **rules).empty());
  const Campaigns wrong = *Parsed(
      "campaigns:\n"
      "  - id: a\n"
      "    name: 甲\n"
      "    yearly: 11-06\n"
      "    weights:\n"
      "      - {packs: [evnts], marks: [ciie, nobody], families: [trademark], points: 7}\n");
  const auto unknown = UnknownWeights(wrong, **rules);
  REQUIRE(unknown.size() == 2);
  CHECK(unknown[0].message.find("evnts") != std::string::npos);
  CHECK(unknown[0].remedy.find("events") != std::string::npos);
  CHECK(unknown[0].where.line == 6);
}

}  // namespace
}  // namespace cluehound::crawler
