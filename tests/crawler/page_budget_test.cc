#include "crawler/page_budget.h"

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;

TEST_CASE("ours: a round of the page budget is as much shorter as a campaign makes it") {
  SourceSettings source;
  source.id = "shop";
  source.max_pages = 2;
  source.schedule.every = hours(6);
  const Instant start = *ParseTime("2026-11-22T08:00:00+08:00");
  PageBudget budget({source}, false, start);
  const auto taken = [&](Instant now) {
    int pages = 0;
    while (pages < 10 && budget.Take("shop", now)) ++pages;
    return pages;
  };
  CHECK(taken(start) == 2);
  CHECK(taken(start + hours(3)) == 0);
  budget.SetFactor("shop", 3);
  CHECK(taken(start + hours(3)) == 2);
  CHECK(taken(start + hours(5)) == 2);
  // The source is configured anew; over, the round is what it was.
  budget.Update({source}, start + hours(5));
  CHECK(taken(start + hours(7)) == 2);
  budget.SetFactor("shop", 1);
  CHECK(taken(start + hours(9)) == 0);
  CHECK(taken(start + hours(13)) == 2);
}

}  // namespace
}  // namespace cluehound::crawler
