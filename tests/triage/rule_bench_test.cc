#include "triage/rule_bench.h"

#include <thread>

#include "tests/triage/site.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using store::Role;

constexpr char kDraft[] = "words:\n  copy_grade: {change: extend, terms: [示例暗语]}\n";

Json Files(const std::string& text) {
  return Json::array({{{"name", "local.yaml"}, {"text", text}}});
}

Json WaitForJob(Site& site, const Site::Caller& who, int number) {
  for (int i = 0; i < 3000; ++i) {
    const Json job = site.Good(who, "GET", "/jobs/" + std::to_string(number));
    if (job["state"] != "waiting" && job["state"] != "running") return job;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return {};
}

}  // namespace

TEST_CASE(
    "ours: a draft is checked, proposed, reviewed by another person, in force, and taken back") {
  Site site;
  const Site::Caller wang = site.SignedIn("wang", Role::kAnalyst);
  const Site::Caller zhao = site.SignedIn("zhao", Role::kAnalyst);
  const Json bad =
      site.Good(wang, "POST", "/rules/check", {{"files", Files("words:\n  copy_grade: 3\n")}});
  CHECK(bad["ok"] == false);
  REQUIRE_FALSE(bad["diagnostics"].empty());
  CHECK(bad["diagnostics"][0]["file"] == "local.yaml");
  CHECK(bad["diagnostics"][0]["line"].get<int>() > 0);
  const Json good = site.Good(wang, "POST", "/rules/check", {{"files", Files(kDraft)}});
  CHECK(good["ok"] == true);
  const Json first =
      site.Good(wang, "POST", "/proposals", {{"files", Files(kDraft)}, {"note", "暗语"}});
  CHECK(first["rule_set"] == good["rule_set"]);
  const Json stale =
      site.Good(wang, "POST", "/proposals",
                {{"files", Files("words:\n  copy_grade: {change: extend, terms: [另一暗语]}\n")},
                 {"note", "二"}});
  const std::string path = "/proposals/" + first["proposal"].dump();
  const std::string approve = R"({"verdict":"approve"})";
  CHECK(site.Ask(wang, "POST", path + "/review", approve).status == 403);
  CHECK(site.Ask(zhao, "POST", path + "/withdraw").status == 403);
  CHECK(site.Good(zhao, "POST", path + "/review",
                  {{"verdict", "approve"}, {"note", "好"}})["state"] == "approved");
  CHECK(site.Ask(zhao, "POST", path + "/review", approve).status == 409);
  CHECK(site.Good(zhao, "GET", "/rules/history")["items"][0]["rule_set"] == first["rule_set"]);
  // The second one was made against what was in force before.
  const std::string late = "/proposals/" + stale["proposal"].dump();
  CHECK(site.Ask(zhao, "POST", late + "/review", approve).status == 409);
  CHECK(site.Good(wang, "POST", late + "/withdraw")["state"] == "withdrawn");
  bool there = false;
  const Json files = site.Good(wang, "GET", "/rules/files");
  for (const Json& file : files["items"]) there = there || file["text"] == kDraft;
  CHECK(there);
  const Json explained = site.Good(wang, "POST", "/rules/explain", {{"text", "示例暗语 包"}});
  CHECK(explained.contains("rules"));
  CHECK(site.Ask(wang, "POST", "/proposals",
                 Json{{"files", {{{"name", "../x.yaml"}, {"text", ""}}}}, {"note", "x"}}.dump())
            .status == 400);
  const auto entries = site.store().Audit(0, 100).value();
  CHECK(std::count_if(entries.begin(), entries.end(), [](const auto& entry) {
          return entry.action == "rules.propose" || entry.action == "rules.approved";
        }) == 3);
}

TEST_CASE("ours: a job says what a draft gains and loses, and how it does on what people decided") {
  Site site;
  const Site::Caller wang = site.SignedIn("wang", Role::kAnalyst);
  const Site::Caller boss = site.SignedIn("boss", Role::kAdmin);
  const std::string kept = site.AddLead("1", "鸿雁 高仿", "东风小店", Site::kOwn);
  site.Good(boss, "POST", "/leads/" + kept + "/register");
  const std::string error = site.AddLead("2", "鸿雁 高仿 二", "东风小店", Site::kOwn);
  site.Good(boss, "POST", "/leads/" + error + "/decide",
            {{"status", "ruled_out"}, {"reason", "rule_error"}});
  const Json diff = WaitForJob(
      site, wang,
      site.Good(wang, "POST", "/jobs", {{"kind", "diff"}, {"files", Files(kDraft)}})["job"]);
  CHECK(diff["state"] == "done");
  CHECK(diff["result"]["listings"] == 2);
  const Json backtest =
      WaitForJob(site, wang, site.Good(wang, "POST", "/jobs", {{"kind", "backtest"}})["job"]);
  CHECK(backtest["state"] == "done");
  CHECK(backtest["result"]["leads"] == 2);
  // Neither is made by the built-in rules, which know no such mark.
  CHECK(backtest["result"]["lost"] == 1);
  CHECK(backtest["result"]["errors_gone"] == 1);
  CHECK(site.Good(wang, "GET", "/jobs")["items"].size() == 2);
  CHECK(site.Ask(wang, "GET", "/jobs/99").status == 404);
  CHECK(site.Ask(wang, "POST", "/jobs",
                 R"({"kind":"diff","files":[{"name":"a.yaml","text":"rules: 3"}]})")
            .status == 200);
  CHECK(WaitForJob(site, wang, 3)["state"] == "failed");
}

}  // namespace cluehound::triage
