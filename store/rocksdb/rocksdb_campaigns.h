#pragma once

#include <functional>
#include <string>

#include "store/campaign_ledger.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/staging.h"

namespace cluehound::store {

class Ledger;

class RocksDbCampaigns final : public CampaignLedger {
 public:
  using Write = std::function<Status(std::function<Status(Ledger&, Staging&)>)>;
  RocksDbCampaigns(const Database& database, Write write)
      : database_(database), write_(std::move(write)) {}

  Result<CampaignStart> Start(const CampaignStart& start) override;
  Result<CampaignStart> End(std::string_view campaign, const Actor& actor, Instant at) override;
  Result<std::vector<CampaignStart>> Starts(size_t max) override;

 private:
  const Database& database_;
  const Write write_;
};

}  // namespace cluehound::store
