#include "tests/triage/desk.h"
#include "triage/campaign_comparison.h"

namespace cluehound::triage {
namespace {

using store::testing::Goods;

// A market whose every figure is planted: of each source and day so many pages of 10 listings, of
// which the first so many are suspect.
class Plot {
 public:
  explicit Plot(Desk& desk) : desk_(desk) {}

  // On the day of the desk's clock.
  void Day(const std::string& source, int pages, int suspects) {
    for (int page = 0; page < pages; ++page) {
      const std::string number = std::to_string(++pages_);
      auto address = store::testing::Found(source, number, source);
      store::PageCommit commit = store::testing::ReadPage({0, address, {}}, desk_.clock().Now());
      for (int i = 0; i < 10; ++i) {
        const auto goods = Goods("鸿雁 " + number, number + "-" + std::to_string(i));
        if (suspects > 0) {
          store::testing::AddSuspect(commit, goods, store::testing::Suspect("brand"));
          --suspects;
        } else {
          commit.listings.push_back(goods);
        }
      }
      REQUIRE_OK(store::testing::CommitOne(desk_.store(), std::move(commit)).status);
    }
    REQUIRE(suspects == 0);
  }

  // Of the undecided leads of a day and source.
  void Decide(const std::string& day, const std::string& source, int count,
              std::map<std::string, std::string> decision) {
    const auto leads =
        desk_.Lines("leads.list", {{"day", day}, {"source", source}, {"status", "new"}});
    REQUIRE(leads.size() >= static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
      decision["lead"] = leads[static_cast<size_t>(i)]["lead"];
      desk_.Lines("leads.decide", decision);
    }
  }

  // The pages of a day's leads are gone: the first `count` leads of a source are taken down.
  void TakeDown(const std::string& page, const std::string& source, size_t expected) {
    auto address = store::testing::Found(source, page, source);
    REQUIRE_OK(desk_.store().AddSeeds({address}));
    store::ClaimRequest request;
    request.owner = "test";
    request.sources = {source};
    request.now = request.due_until = desk_.clock().Now();
    const auto leases = desk_.store().Claim(request);
    REQUIRE_OK(leases);
    REQUIRE(leases->size() == 1);
    store::PageCommit commit;
    commit.lease = leases->front();
    commit.change = store::PageChange::kFailed;
    commit.outcome = Outcome::kGone;
    commit.http_status = 404;
    commit.seen = desk_.clock().Now();
    commit.state = commit.lease.page;
    CHECK(commit.state.leads.size() == expected);
    REQUIRE_OK(store::testing::CommitOne(desk_.store(), std::move(commit)).status);
  }

  int pages() const { return pages_; }

 private:
  Desk& desk_;
  int pages_ = 0;
};

TEST_CASE("ours: a campaign against an earlier window, every figure as it was planted") {
  Desk desk;  // 2026-11-22
  Plot plot(desk);
  // The earlier window: 11-22 to 11-24, its day is 11-23. Listings, leads:
  plot.Day("shop", 10, 2);  // 100, 2
  plot.Day("mall", 5, 1);   // 50, 1
  plot.Day("old", 3, 3);    // a source that is gone later
  desk.Advance(std::chrono::hours(24));
  plot.Day("shop", 20, 4);  // 200, 4
  desk.Advance(std::chrono::hours(24));
  plot.Day("mall", 5, 0);  // 50, 0
  // Between the windows nothing counts.
  desk.Advance(std::chrono::hours(24));
  plot.Day("shop", 9, 9);
  desk.Advance(std::chrono::hours(24 * 5));
  // The campaign: 11-30 to 12-02, its day is 12-01.
  const int first_page = plot.pages() + 1;
  plot.Day("shop", 30, 12);  // 300, 12: ten on the first page, two on the second
  plot.Day("new", 2, 2);     // a source of the campaign alone
  desk.Advance(std::chrono::hours(24));
  plot.Day("shop", 30, 9);  // 300, 9
  plot.Day("mall", 10, 3);  // 100, 3
  desk.Advance(std::chrono::hours(24));
  plot.Day("mall", 10, 6);  // 100, 6

  plot.Decide("2026-11-22", "shop", 1, {{"status", "ruled_out"}, {"reason", "fair_use"}});
  plot.Decide("2026-11-23", "shop", 2, {{"status", "checking"}, {"reason", "suspected"}});
  plot.Decide("2026-11-30", "shop", 3, {{"status", "checking"}, {"reason", "suspected"}});
  {
    auto checking = desk.Lines("leads.list", {{"day", "2026-11-30"}, {"status", "checking"}});
    REQUIRE(checking.size() == 3);
    for (int i = 0; i < 2; ++i) {
      desk.Lines("leads.decide", {{"lead", checking[static_cast<size_t>(i)]["lead"]},
                                  {"status", "filed"},
                                  {"reason", "suspected"},
                                  {"case", "潍市监立〔2026〕" + std::to_string(i)}});
    }
    // A case that is closed was filed all the same.
    desk.Lines("leads.decide",
               {{"lead", checking[0]["lead"]}, {"status", "closed"}, {"reason", "handled"}});
  }
  plot.Decide("2026-12-01", "mall", 2, {{"status", "platform"}, {"reason", "suspected"}});
  plot.TakeDown(std::to_string(first_page), "shop", 10);

  const auto lines = desk.Lines("campaigns.compare", {{"a", "2026-11-22..2026-11-24"},
                                                      {"a_day", "2026-11-23"},
                                                      {"b", "2026-11-30..2026-12-02"},
                                                      {"b_day", "2026-12-01"}});
  CHECK(lines[0]["sources"] == std::vector<std::string>{"mall", "shop"});
  CHECK(lines[0]["a"]["sources"] == std::vector<std::string>{"mall", "old", "shop"});
  CHECK(lines[0]["b"]["sources"] == std::vector<std::string>{"mall", "new", "shop"});
  CHECK(lines[0]["a"]["first"] == "2026-11-22");
  CHECK_FALSE(lines[0]["a"].contains("cut"));
  const auto& a = lines[1]["a"];
  CHECK(a["listings"] == 400);
  CHECK(a["leads"] == 7);
  CHECK(a["leads_per_10000"] == 175.0);
  CHECK(a["decided"] == 3);
  CHECK(a["ruled_out"] == 1);
  CHECK(a["filed"] == 0);
  CHECK(a["platform"] == 0);
  CHECK(a["taken_down"] == 0);
  const auto& b = lines[1]["b"];
  CHECK(b["listings"] == 800);
  CHECK(b["leads"] == 30);
  CHECK(b["leads_per_10000"] == 375.0);
  CHECK(b["decided"] == 5);
  CHECK(b["ruled_out"] == 0);
  CHECK(b["filed"] == 2);
  CHECK(b["platform"] == 2);
  CHECK(b["taken_down"] == 10);
  // By day: -1, 0, 1 of both.
  REQUIRE(lines.size() == 5);
  CHECK(lines[2]["offset"] == -1);
  CHECK(lines[2]["a"]["listings"] == 150);
  CHECK(lines[2]["a"]["leads"] == 3);
  CHECK(lines[2]["a"]["leads_per_10000"] == 200.0);
  CHECK(lines[2]["a"]["decided"] == 1);
  CHECK(lines[2]["b"]["listings"] == 300);
  CHECK(lines[2]["b"]["leads"] == 12);
  CHECK(lines[2]["b"]["filed"] == 2);
  CHECK(lines[2]["b"]["taken_down"] == 10);
  CHECK(lines[3]["offset"] == 0);
  CHECK(lines[3]["a"]["leads"] == 4);
  CHECK(lines[3]["b"]["listings"] == 400);
  CHECK(lines[3]["b"]["leads"] == 12);
  CHECK(lines[3]["b"]["leads_per_10000"] == 300.0);
  CHECK(lines[3]["b"]["platform"] == 2);
  CHECK(lines[4]["offset"] == 1);
  CHECK(lines[4]["a"]["listings"] == 50);
  CHECK(lines[4]["a"]["leads"] == 0);
  CHECK(lines[4]["b"]["leads"] == 6);

  // One source alone.
  const auto mall = desk.Lines(
      "campaigns.compare",
      {{"a", "2026-11-22..2026-11-24"}, {"b", "2026-11-30..2026-12-02"}, {"sources", "mall"}});
  CHECK(mall[0]["sources"] == std::vector<std::string>{"mall"});
  CHECK(mall[1]["a"]["listings"] == 100);
  CHECK(mall[1]["b"]["leads"] == 9);
  CHECK(desk.Refused("campaigns.compare", {{"a", "2026-11-24..2026-11-22"}, {"b", "2026-11-30"}})
            .find("no span") != std::string::npos);
}

TEST_CASE("ours: a campaign is started by the city, once, and ended") {
  Desk desk;
  const auto started = desk.Line("campaigns.start",
                                 {{"campaign", "mid-autumn"}, {"name", "中秋专项"}, {"days", "3"}});
  CHECK(started["running"] == true);
  CHECK(started["end"] == "2026-11-25T00:00:00+08:00");
  CHECK(started["by"] == "李雷");
  CHECK_FALSE(desk.Refused("campaigns.start",
                           {{"campaign", "mid-autumn"}, {"name", "中秋专项"}, {"days", "3"}})
                  .empty());
  CHECK_FALSE(
      desk.Refused("campaigns.start", {{"campaign", "a"}, {"name", "甲"}, {"days", "0"}}).empty());
  CHECK_FALSE(
      desk.Refused("campaigns.start", {{"campaign", "a"}, {"name", "甲"}, {"days", "2"}}, "寿光市")
          .empty());
  desk.Advance(std::chrono::hours(1));
  CHECK(desk.Line("campaigns.end", {{"campaign", "mid-autumn"}})["running"] == false);
  CHECK(desk.Lines("campaigns.starts", {}).size() == 1);
  const auto audit = desk.Lines("audit.list", {});
  REQUIRE(audit.size() == 2);
  CHECK(audit[0]["action"] == "campaigns.start");
  CHECK(audit[1]["action"] == "campaigns.end");
}

}  // namespace
}  // namespace cluehound::triage
