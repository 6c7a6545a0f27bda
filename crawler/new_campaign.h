#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crawler/campaign.h"

namespace cluehound::crawler {

// A campaign as a person describes it, as text; empty: its default.
struct NewCampaign {
  std::string id;
  std::string name;
  std::string kind;                // fixed, yearly, lunar, open
  std::vector<std::string> dates;  // as the file has them; several only of an open one
  std::string lead_in, tail, prepare;
  std::vector<std::pair<std::string, std::string>> factors;  // source (or "all") and factor
  std::vector<std::pair<std::string, std::string>> weights;  // pack and points
  std::string basis;
  std::string certainty;  // verified; empty or unverified: nobody has read the source yet
};

// What is wrong with a field of it, in words for officers. `field`: as triage's operation names it
// ("campaign", "name", "kind", "dates", "lead_in", "factors", ...).
struct FieldProblem {
  std::string field;
  std::string text;
};

// Everything that stands against it, beside `known`.
std::vector<FieldProblem> ProblemsOf(const NewCampaign& campaign, const Campaigns& known);

// It as an item of the file of campaigns. In a block: without the dash, which stands `indent` deep.
std::string BlockItem(const NewCampaign& campaign, size_t indent);
std::string FlowItem(const NewCampaign& campaign);

}  // namespace cluehound::crawler
