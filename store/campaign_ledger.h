#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/records.h"

namespace cluehound::store {

// A campaign (专项行动) that a person started, beside what the calendar starts.
struct CampaignStart {
  uint64_t number = 0;   // from 1
  std::string campaign;  // id in config/campaigns.yaml
  std::string name;      // as officers saw it
  Instant begin{};
  Instant end{};  // exclusive; brought forward when a person ends it
  Actor by;
  Instant ended{};  // zero: it ends by itself
  Actor ended_by;

  bool Runs(Instant now) const { return begin <= now && now < end; }
  friend bool operator==(const CampaignStart&, const CampaignStart&) = default;
};

// Campaigns that people started. Thread-safe; durability as store/store.h.
class CampaignLedger {
 public:
  virtual ~CampaignLedger() = default;

  // With its line in the audit log. Gives it with its number. kInvalidArgument: no id, or no time;
  // kConflict: it was started already and still runs at `begin`.
  virtual Result<CampaignStart> Start(const CampaignStart& start) = 0;
  // Ends the one that runs at `at`, with its line in the audit log. kNotFound: none does.
  virtual Result<CampaignStart> End(std::string_view campaign, const Actor& actor, Instant at) = 0;
  // Newest first, also those that are over.
  virtual Result<std::vector<CampaignStart>> Starts(size_t max) = 0;
};

// How many starts are looked at to find those that run: more do not run at once.
inline constexpr size_t kStartsInUse = 64;

// What both stores make of it. `known`: the newest, as Starts() gives them.
Status CheckStart(const std::vector<CampaignStart>& known, const CampaignStart& start);
Result<CampaignStart> EndedStart(const std::vector<CampaignStart>& known, std::string_view campaign,
                                 const Actor& actor, Instant at);
// Lines of the audit log.
AuditEntry AuditOfStart(const CampaignStart& start);
AuditEntry AuditOfEnd(const CampaignStart& start, Instant planned_end);

}  // namespace cluehound::store
