#include "store/lead_update.h"

#include "tests/store/samples.h"

namespace cluehound::store::testing {
namespace {

// One page's word on a listing, with what it points to.
struct Said {
  extractors::Listing listing;
  rules::Suspicion suspicion;
  std::string page = "http://a.example/list";
  bool own_page = false;
  std::string source = "shops";

  Finding finding() const {
    return {std::string(32, 'a'),
            std::string(32, 'b'),
            "a.example",
            &listing,
            &suspicion,
            page,
            source,
            "rules-1",
            own_page};
  }
};

TEST_CASE("lead update: the same again is nothing") {
  const Said said{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)};
  Lead lead = NewLead(said.finding(), kStart);
  const Lead before = lead;
  CHECK(UpdateLead(lead, said.finding()) == LeadChange::kNone);
  CHECK(lead == before);
}

TEST_CASE("lead update: a campaign adds to the score of a new lead, for good, and names itself") {
  const Said said{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)};
  Finding during = said.finding();
  during.campaign = "中秋专项";
  during.campaign_points = 10;
  Lead lead = NewLead(during, kStart);
  CHECK(lead.suspicion.score == 70);
  REQUIRE(lead.suspicion.score_parts.size() == 2);
  CHECK(lead.suspicion.score_parts.back() == rules::ScorePart{"专项行动“中秋专项”", 10});
  int sum = 0;
  for (const rules::ScorePart& part : lead.suspicion.score_parts) sum += part.points;
  CHECK(sum == lead.suspicion.score);
  // When it is over, what the page says is the same: nothing changes.
  const Lead before = lead;
  CHECK(UpdateLead(lead, said.finding()) == LeadChange::kNone);
  CHECK(lead == before);
  // Another campaign is nothing to it either.
  Finding later = said.finding();
  later.campaign = "国庆专项";
  later.campaign_points = 30;
  CHECK(UpdateLead(lead, later) == LeadChange::kNone);
  // A change of the suspicion itself keeps the part.
  Said stronger = said;
  stronger.suspicion = Suspect("brand", 80);
  CHECK(UpdateLead(lead, stronger.finding()) == LeadChange::kChanged);
  CHECK(lead.suspicion.score == 90);
  CHECK(lead.suspicion.score_parts.back().points == 10);
  // A lead that was there before the campaign gets nothing of it.
  Lead old = NewLead(said.finding(), kStart);
  CHECK(UpdateLead(old, during) == LeadChange::kNone);
  CHECK(old.suspicion.score == 60);
}

TEST_CASE("lead update: a campaign does not lift a score above 100") {
  const Said said{Goods("鸿雁 高仿", "1"), Suspect("brand", 95)};
  Finding during = said.finding();
  during.campaign = "中秋专项";
  during.campaign_points = 10;
  const Lead lead = NewLead(during, kStart);
  CHECK(lead.suspicion.score == 100);
  CHECK(lead.suspicion.score_parts.back().points == 5);
  Said full = said;
  full.suspicion = Suspect("brand", 100);
  Finding nothing = full.finding();
  nothing.campaign = "中秋专项";
  nothing.campaign_points = 10;
  CHECK(NewLead(nothing, kStart).suspicion.score_parts.size() == 1);
}

TEST_CASE("lead update: another rule set that says the same is no change") {
  const Said said{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)};
  Lead lead = NewLead(said.finding(), kStart);
  Finding later = said.finding();
  later.rule_set = "rules-2";
  CHECK(UpdateLead(lead, later) == LeadChange::kRefreshed);
  CHECK(lead.rule_set == "rules-2");
  CHECK(lead.revision == 1);
}

TEST_CASE("lead update: its own page may make it weaker, another page may not") {
  const Said strong{Goods("鸿雁 高仿 一比一", "1"), Suspect("brand", 80), "http://a.example/item",
                    true};
  const Said list{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)};
  Lead lead = NewLead(strong.finding(), kStart);
  CHECK(UpdateLead(lead, list.finding()) ==
        LeadChange::kRefreshed);  // the wording is remembered, no more
  CHECK(lead.suspicion.score == 80);
  CHECK(lead.revision == 1);
  Said weaker = strong;
  weaker.suspicion = Suspect("brand", 40);
  CHECK(UpdateLead(lead, weaker.finding()) == LeadChange::kChanged);
  CHECK(lead.suspicion.score == 40);
  CHECK(UpdateLead(lead, list.finding()) ==
        LeadChange::kChanged);  // now the list is the stronger one
  CHECK(lead.page_url == list.page);
}

TEST_CASE("lead update: the outcome does not depend on which of two pages is read first") {
  std::vector<Said> pages = {
      {Goods("鸿雁 高仿", "1"), Suspect("brand", 60)},
      {Goods("鸿雁 高仿 行李箱", "1"), Suspect("brand", 60), "http://a.example/item", true},
      {Goods("鸿雁 高仿", "1"), Suspect("brand", 60), "http://a.example/other-list"}};
  std::sort(pages.begin(), pages.end(),
            [](const Said& a, const Said& b) { return a.page < b.page; });
  std::optional<Lead> outcome;
  do {
    Lead lead = NewLead(pages[0].finding(), kStart);
    for (int round = 0; round < 2; ++round) {
      for (const Said& said : pages) UpdateLead(lead, said.finding());
    }
    lead.revision = 0;
    lead.wordings.clear();
    if (!outcome) outcome = lead;
    CHECK(lead == *outcome);
  } while (std::next_permutation(pages.begin(), pages.end(),
                                 [](const Said& a, const Said& b) { return a.page < b.page; }));
  CHECK(outcome->page_url == "http://a.example/item");
}

TEST_CASE("lead update: wordings are remembered up to a bound") {
  Said said{Goods("鸿雁 高仿", "1"), Suspect("brand", 60)};
  Lead lead = NewLead(said.finding(), kStart);
  for (int i = 0; i < 50; ++i) {
    said.listing.price = std::to_string(i);
    CHECK(UpdateLead(lead, said.finding()) == LeadChange::kChanged);
    CHECK(lead.wordings.size() <= kMaxWordings);
  }
  CHECK(lead.wordings.size() == kMaxWordings);
  CHECK(lead.wordings.back() == WordingDigest(said.listing));
}

TEST_CASE("lead update: the offer is its wording and price, not its sales and pictures") {
  const auto listing = Goods("鸿雁 高仿", "1");
  auto other = listing;
  other.sold = 99;
  other.viewers = 3;
  other.images = {"x"};
  other.url = "y";
  other.state = "live";
  other.found_by = extractors::FoundBy::kMined;
  CHECK(WordingDigest(other) == WordingDigest(listing));
  other.origin = "河南";
  CHECK(WordingDigest(other) != WordingDigest(listing));
  auto shifted = listing;
  shifted.title = "鸿雁";
  shifted.price = " 高仿" + listing.price;
  CHECK(WordingDigest(shifted) != WordingDigest(listing));
}

TEST_CASE("lead update: a summary is bounded and cut at characters") {
  Said said{Goods("", "1"), Suspect("brand", 60)};
  for (int i = 0; i < 500; ++i) said.listing.title += "鸿";
  said.listing.text = said.listing.title;
  const std::string summary = Summary(NewLead(said.finding(), kStart));
  CHECK(summary.size() < 2000);
  CHECK(summary.starts_with("status: new\nscore: 60\n"));
}

}  // namespace
}  // namespace cluehound::store::testing
