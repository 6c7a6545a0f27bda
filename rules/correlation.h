#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "rules/mark.h"
#include "rules/suspicion.h"

namespace cluehound::rules {

// A lead, as far as correlations look at it.
struct LeadEvent {
  Instant at;           // when it was first seen
  std::string listing;  // what names the offer
  std::string platform;
  std::string seller;  // the shop; events of an unknown one belong to no group
  std::string mark;
  std::string rule;
  std::string category;
};

// What several leads together mean: "three or more of one seller within seven days". It makes no
// lead from a page; whoever holds the leads asks Correlate().
struct Correlation {
  // What the leads of a group have in common, and of what there must be many different ones.
  enum class By : uint8_t { kSeller, kPlatform, kMark, kRule, kCategory };
  enum class Count : uint8_t { kLeads, kListings, kSellers, kMarks, kRules, kCategories };

  std::string id;
  Change change = Change::kNew;
  int rev = 1;
  std::string title;
  std::string level = "medium";
  Mode mode = Mode::kLead;
  std::string status = "experimental";
  std::string owner;
  std::vector<By> group_by;
  Count count = Count::kLeads;
  int at_least = 2;
  Duration within{};                    // from the first lead counted to the last
  std::vector<std::string> categories;  // of the leads counted; empty: all
  std::vector<std::string> rules;       // that made them; empty: all
  std::vector<std::string> not_rules;
  std::vector<std::string> blind_spots;
  std::vector<std::string> checklist;
  Location where;

  // Made up to show what it finds, and what it does not.
  struct Sample {
    std::vector<LeadEvent> leads;
    Location where;
  };
  std::vector<Sample> hits, misses;
};

// What the leads of a group share, as one text; nothing when the correlation does not look at this one,
// or it does not tell what groups it. A shop is known on its platform only.
std::optional<std::string> GroupOf(const Correlation& correlation, const LeadEvent& event);

// Leads of one group that a correlation finds together.
struct Correlated {
  std::vector<size_t> events;  // indices, oldest first
  int count = 0;               // of what the correlation counts
};

// The groups in which so many stand within the time, each with its fullest window, in the order of
// their first event. n log n in the events.
std::vector<Correlated> Correlate(const Correlation& correlation,
                                  std::span<const LeadEvent> events);

// Mistakes go to `diagnostics`; what is returned then is not to be used. Needs two hit and two miss
// samples, and runs them.
Correlation ReadCorrelation(const YamlNode& node, Diagnostics& diagnostics);

}  // namespace cluehound::rules
