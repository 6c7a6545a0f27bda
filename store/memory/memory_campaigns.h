#pragma once

#include <mutex>
#include <vector>

#include "store/campaign_ledger.h"
#include "store/memory/memory_audit.h"

namespace cluehound::store {

// The campaigns of the MemoryStore.
class MemoryCampaigns final : public CampaignLedger {
 public:
  // `mutex` guards the audit log; both must outlive it.
  MemoryCampaigns(MemoryAudit& audit, std::mutex& mutex) : audit_(audit), mutex_(mutex) {}

  Result<CampaignStart> Start(const CampaignStart& start) override;
  Result<CampaignStart> End(std::string_view campaign, const Actor& actor, Instant at) override;
  Result<std::vector<CampaignStart>> Starts(size_t max) override;

 private:
  MemoryAudit& audit_;
  std::mutex& mutex_;
  std::vector<CampaignStart> starts_;  // newest first
};

}  // namespace cluehound::store
