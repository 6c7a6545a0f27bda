#include "store/memory/memory_campaigns.h"

#include <algorithm>

namespace cluehound::store {

Result<CampaignStart> MemoryCampaigns::Start(const CampaignStart& start) {
  const std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CheckStart(starts_, start));
  CampaignStart made = start;
  made.number = starts_.size() + 1;
  starts_.insert(starts_.begin(), made);
  audit_.Append(AuditOfStart(made));
  return made;
}

Result<CampaignStart> MemoryCampaigns::End(std::string_view campaign, const Actor& actor,
                                           Instant at) {
  const std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(CampaignStart ended, EndedStart(starts_, campaign, actor, at));
  for (CampaignStart& start : starts_) {
    if (start.number != ended.number) continue;
    audit_.Append(AuditOfEnd(ended, start.end));
    start = ended;
  }
  return ended;
}

Result<std::vector<CampaignStart>> MemoryCampaigns::Starts(size_t max) {
  const std::lock_guard lock(mutex_);
  return std::vector<CampaignStart>(
      starts_.begin(), starts_.begin() + static_cast<ptrdiff_t>(std::min(max, starts_.size())));
}

}  // namespace cluehound::store
