#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/clock.h"
#include "crawler/campaign.h"
#include "rules/rule_set.h"

namespace cluehound::app {

// Something that a campaign would stumble over.
struct CampaignFinding {
  // missing-date, stale-source, unknown-source, unknown-weight, expired-mark, expired-seller,
  // too-many-pages
  std::string kind;
  bool error = false;    // else a warning
  std::string campaign;  // id; empty: of all
  std::string object;    // source, mark, year: what it is about
  std::string text;      // for officers
};

// How much a campaign asks of its sources, and how much their pace lets through.
struct CampaignLoad {
  const crawler::Campaign* campaign = nullptr;
  Instant begin{};
  struct OfSource {
    std::string source;
    double factor = 1;
    uint64_t asked = 0;    // pages a day, by page budget and interval
    uint64_t allowed = 0;  // pages a day, by pace and number of hosts
  };
  std::vector<OfSource> sources;
};

struct CampaignCheckInput {
  const Config* config = nullptr;  // with its sources
  const crawler::Campaigns* campaigns = nullptr;
  const rules::RuleSet* rules = nullptr;
  // When each source was last read; zero: never. Absent: nobody knows, there is no ledger yet.
  std::optional<std::map<std::string, Instant>> last_read;
  int stale_after = 3;  // intervals without a success
  Instant now{};
};

struct CampaignCheck {
  std::vector<CampaignFinding> findings;  // errors first
  std::vector<CampaignLoad> loads;        // of the coming year, by begin
  bool ok() const;                        // no error
};

CampaignCheck CheckCampaigns(const CampaignCheckInput& input);

std::vector<std::string> CheckLines(const CampaignCheck& check);
std::string RenderCheck(const CampaignCheck& check, int columns);

}  // namespace cluehound::app
