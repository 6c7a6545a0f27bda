#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crawler/campaign.h"
#include "rules/rule_set.h"
#include "store/campaign_ledger.h"

namespace cluehound::crawler {

// Of which pack (file without .yaml) each mark and each rule of a set is. Immutable; any thread.
class PackNames {
 public:
  PackNames() = default;
  explicit PackNames(const rules::RuleSet& rules);

  std::string_view OfMark(std::string_view id) const;  // empty: of none
  std::string_view OfRule(std::string_view id) const;
  const std::set<std::string, std::less<>>& all() const { return all_; }

 private:
  std::map<std::string, std::string, std::less<>> marks_, rules_;
  std::set<std::string, std::less<>> all_;
};

// The points that a campaign gives a suspicion: those of its highest weight that means it.
int PointsOf(const Campaign& campaign, const rules::Suspicion& suspicion, const PackNames& packs);

// What the weights of campaigns name and the rules do not have; warnings at the weight's place.
std::vector<Diagnostic> UnknownWeights(const Campaigns& campaigns, const rules::RuleSet& rules);

// What the campaigns of the calendar and those that people started make of a moment: made anew when
// one of them begins or ends (NextChange). Immutable; any thread.
class CampaignPlan {
 public:
  CampaignPlan() = default;  // no campaign, ever
  // Knows kReach before and after `now`. A start of a campaign that `campaigns` does not have runs
  // nothing.
  CampaignPlan(std::shared_ptr<const Campaigns> campaigns,
               const std::vector<store::CampaignStart>& starts, Instant now);

  // How many times more often a source runs: the highest factor of what runs; 1: no more than ever.
  double Factor(std::string_view source, Instant now) const;

  // What a new lead of a suspicion is noted with. Of several campaigns the one that gives the most
  // points; else one that a person started, else the shortest, which is about the least else. Empty:
  // none runs for the source.
  struct Note {
    std::string campaign;  // name, for officers
    int points = 0;
  };
  Note NoteOf(std::string_view source, const rules::Suspicion& suspicion, const PackNames& packs,
              Instant now) const;

  // A run under way: of the calendar, or started by a person.
  struct Run {
    CampaignWindow window;
    Instant begin{}, end{};  // exclusive
    bool started = false;    // by a person
  };
  std::vector<Run> Running(Instant now) const;  // by begin
  // When something begins or ends next; at the latest when this plan ends.
  Instant NextChange(Instant now) const;

  static constexpr std::chrono::hours kReach{24 * 60};

 private:
  std::shared_ptr<const Campaigns> campaigns_;  // windows point into it
  std::vector<Run> runs_;                       // by begin
  Instant until_ = Instant::max();
};

}  // namespace cluehound::crawler
