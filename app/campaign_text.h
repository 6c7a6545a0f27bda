#pragma once

#include <string>
#include <vector>

#include "crawler/campaign.h"

namespace cluehound::app {

// A run that is compared: as it was named, its days, and the one that is laid over the other's.
struct ComparedName {
  std::string name;
  crawler::DaySpan span;
  Instant day{};
};

// The lines of "campaigns.compare" as a table of `columns` columns (100 or more).
std::string RenderComparison(const std::vector<std::string>& lines, const std::string& a,
                             const std::string& b, int columns);

}  // namespace cluehound::app
