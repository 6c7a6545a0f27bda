#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/held_store.h"
#include "crawler/source.h"
#include "store/store.h"

namespace cluehound::app {

// What a crawl would do now with the pages of a source at one host, and why.
struct PlanLine {
  std::string source;
  std::string host;  // empty: of the source as a whole
  std::string
      reason;  // due, blocked, outside_hours, paused, budget, robots_refused, robots_unreachable, not_due
  uint64_t pages = 0;
  std::optional<Instant> until;  // when that may change
  std::string detail;            // what robots.txt says, or that it would be asked for first
};

// Nothing is fetched, and nothing in the frontier moves, but that seeds become known. At most `max` pages of a source are
// looked at. Those that a running crawl is fetching are not among them.
Result<std::vector<PlanLine>> PlanCrawl(store::Store& store,
                                        const std::vector<crawler::SourceSettings>& sources,
                                        const Clock& clock, size_t max = 100'000);

// A line for other programs, and all as a table for people.
std::string PlanJson(const PlanLine& line);
std::string RenderPlan(const std::vector<std::string>& lines, int columns);

// Has the control socket answer "crawl.plan": argument `sources`, ids one a line or parted by commas (none: all). `configured` gives the sources
// in force, with their searches.
void AnswerPlans(HeldStore& held, std::function<std::vector<crawler::SourceSettings>()> configured);

}  // namespace cluehound::app
