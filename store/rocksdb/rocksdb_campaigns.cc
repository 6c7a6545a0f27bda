#include "store/rocksdb/rocksdb_campaigns.h"

#include <algorithm>

#include "store/rocksdb/tables.h"

namespace cluehound::store {
namespace {

// The newest, with those of the batch under way.
Result<std::vector<CampaignStart>> Newest(Staging& staging) {
  std::vector<CampaignStart> starts;
  const uint64_t last = staging.counters().last_campaign_start;
  for (uint64_t number = last; number > 0 && starts.size() < kStartsInUse; --number) {
    ASSIGN_OR_RETURN(auto start, staging.campaign_starts().Find(CampaignStartKey(number)));
    if (!start) return Status::Corruption("campaign start " + std::to_string(number) + " is gone");
    starts.push_back(*std::move(start));
  }
  return starts;
}

}  // namespace

Result<CampaignStart> RocksDbCampaigns::Start(const CampaignStart& start) {
  CampaignStart made = start;
  const Status written = write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto known, Newest(staging));
    RETURN_IF_ERROR(CheckStart(known, start));
    made.number = ++staging.counters().last_campaign_start;
    staging.campaign_starts().Put(CampaignStartKey(made.number), made);
    staging.Audit(AuditOfStart(made));
    return Status::Ok();
  });
  RETURN_IF_ERROR(written);
  return made;
}

Result<CampaignStart> RocksDbCampaigns::End(std::string_view campaign, const Actor& actor,
                                            Instant at) {
  CampaignStart ended;
  const Status written = write_([&](Ledger&, Staging& staging) -> Status {
    ASSIGN_OR_RETURN(const auto known, Newest(staging));
    ASSIGN_OR_RETURN(ended, EndedStart(known, campaign, actor, at));
    const auto before = std::find_if(known.begin(), known.end(), [&](const CampaignStart& other) {
      return other.number == ended.number;
    });
    staging.campaign_starts().Put(CampaignStartKey(ended.number), ended);
    staging.Audit(AuditOfEnd(ended, before->end));
    return Status::Ok();
  });
  RETURN_IF_ERROR(written);
  return ended;
}

Result<std::vector<CampaignStart>> RocksDbCampaigns::Starts(size_t max) {
  std::vector<CampaignStart> starts;
  const std::string prefix = CampaignStartPrefix();
  const auto cursor = database_.Walk(Table::kMeta, prefix, PrefixEnd(prefix));
  for (; cursor->Valid() && starts.size() < max; cursor->Next()) {
    ASSIGN_OR_RETURN(CampaignStart start,
                     DecodeRecord<CampaignStart>(cursor->value(), "campaign start"));
    starts.push_back(std::move(start));
  }
  RETURN_IF_ERROR(cursor->status());
  return starts;
}

}  // namespace cluehound::store
