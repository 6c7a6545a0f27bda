#include "store/campaign_ledger.h"

namespace cluehound::store {

Status CheckStart(const std::vector<CampaignStart>& known, const CampaignStart& start) {
  if (start.campaign.empty()) return Status::InvalidArgument("which campaign?");
  if (start.end <= start.begin)
    return Status::InvalidArgument("campaign " + start.campaign + " would end before it begins");
  for (const CampaignStart& other : known) {
    if (other.campaign == start.campaign && other.Runs(start.begin)) {
      return Status::Conflict("campaign " + start.campaign +
                              " was started already and runs until " + FormatTime(other.end));
    }
  }
  return Status::Ok();
}

Result<CampaignStart> EndedStart(const std::vector<CampaignStart>& known, std::string_view campaign,
                                 const Actor& actor, Instant at) {
  for (const CampaignStart& start : known) {
    if (start.campaign != campaign || !start.Runs(at)) continue;
    CampaignStart ended = start;
    ended.end = at;
    ended.ended = at;
    ended.ended_by = actor;
    return ended;
  }
  return Status::NotFound("no campaign \"" + std::string(campaign) +
                          "\" runs that a person started");
}

AuditEntry AuditOfStart(const CampaignStart& start) {
  return {0,
          start.begin,
          start.by,
          "campaigns.start",
          start.campaign,
          "",
          FormatTime(start.begin) + " to " + FormatTime(start.end),
          start.name};
}

AuditEntry AuditOfEnd(const CampaignStart& start, Instant planned_end) {
  return {0,
          start.ended,
          start.ended_by,
          "campaigns.end",
          start.campaign,
          FormatTime(planned_end),
          FormatTime(start.end),
          start.name};
}

}  // namespace cluehound::store
