#include "triage/listing_intake.h"

#include "store/record_fields.h"
#include "tests/triage/desk.h"
#include "tests/triage/site.h"
#include "triage/paper_json.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using store::testing::Goods;

// Clues of these listings, each suspected.
ListingIntake IntakeOf(const std::vector<extractors::Listing>& listings) {
  store::ClueFindings findings;
  findings.families = {"brand"};
  for (const extractors::Listing& listing : listings) {
    store::ClueFinding finding;
    finding.listing = listing;
    finding.suspicions = {store::testing::Suspect("brand")};
    finding.page_url = listing.url;
    finding.own_page = true;
    findings.findings.push_back(finding);
  }
  ListingIntake intake;
  intake.sha256 = std::string(64, 'a');
  intake.rule_set = std::string(64, 'b');
  intake.rows = listings.size() + 2;
  intake.listings = listings.size() + 1;
  intake.suspected = listings.size();
  intake.bad = 1;
  intake.problems = {{4, "C 列（价格）", "“一百”不是价格", "填写数字"}};
  intake.clues = {ToHexText(store::EncodeRecord(findings))};
  return intake;
}

extractors::Listing At(const std::string& title, const std::string& url) {
  extractors::Listing listing = Goods(title, "");
  listing.url = url;
  return listing;
}

Result<std::string> Take(Desk& desk, const ListingIntake& intake, FormValues more = {}) {
  FormValues fields = {{"origin", "own"}, {"received", "2026-11-22"}};
  fields.merge(more);
  return TakeListings(
      intake, "巡查.xlsx", fields,
      [&](const std::string& operation, std::map<std::string, std::string> arguments) {
        return desk.Call(operation, std::move(arguments));
      });
}

TEST_CASE("ours: what became of a table is said at once, and the same table is taken once") {
  Desk desk;
  const ListingIntake intake =
      IntakeOf({At("甲", "http://a.example/1"), At("乙", "http://a.example/2"),
                At("甲", "http://a.example/1")});
  const auto first = Take(desk, intake);
  REQUIRE_OK(first);
  const Json report = Json::parse(*first);
  CHECK(report["rows"] == 5);
  CHECK(report["listings"] == 4);
  CHECK(report["new_leads"] == 2);
  CHECK(report["known_leads"] == 0);
  CHECK(report["clear"] == 1);
  CHECK(report["bad"] == 1);
  CHECK(report["problems"][0]["column"] == "C 列（价格）");
  CHECK(report["leads"].size() == 2);
  const Json again = Json::parse(*Take(desk, intake));
  CHECK(again["new_leads"] == 0);
  CHECK(again["known_leads"] == 2);
  CHECK(again["papers"] == report["papers"]);
  const auto clues = desk.Lines("papers.list", {{"kind", "clue"}});
  REQUIRE(clues.size() == 1);
  CHECK(clues[0]["fields"]["description"].get<std::string>().starts_with(
      "批量导入条目表 巡查.xlsx，共 5 行（SHA-256 aaaa"));
}

TEST_CASE("ours: a table of another county is another clue, and its leads are known already") {
  Desk desk;
  const ListingIntake intake = IntakeOf({At("甲", "http://a.example/1")});
  REQUIRE_OK(Take(desk, intake, {{"county", "寿光市"}}));
  const auto other = Take(desk, intake, {{"county", "诸城市"}});
  REQUIRE_OK(other);
  CHECK(Json::parse(*other)["known_leads"] == 1);
  CHECK(desk.Lines("papers.list", {{"kind", "clue"}}).size() == 2);
}

TEST_CASE("ours: a wrong field of the form is named, and nothing is taken") {
  Desk desk;
  const auto refused =
      Take(desk, IntakeOf({At("甲", "http://a.example/1")}), {{"deadline", "明年"}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.status().code() == Code::kInvalidArgument);
  CHECK_THAT(refused.status().message(), Catch::Contains("办理期限"));
  CHECK(desk.Lines("leads.list", {}).empty());
}

TEST_CASE("ours: where nothing reads tables, the API says so") {
  Site site;
  const auto officer = site.SignedIn("li", store::Role::kOfficer);
  CHECK(site.Ask(officer, "GET", "/listings/template").status == 503);
  const std::string body = R"({"table":{"name":"a.csv","base64":"eA=="}})";
  CHECK(site.Ask(officer, "POST", "/listings", body).status == 503);
  CHECK(site.Ask(officer, "POST", "/listings", "{}").status == 400);
  const auto viewer = site.SignedIn("wang", store::Role::kViewer);
  CHECK(site.Ask(viewer, "POST", "/listings", body).status == 403);
}

}  // namespace
}  // namespace cluehound::triage
