#include "app/campaign_days.h"

#include <chrono>
#include <nlohmann/json.hpp>

namespace cluehound::app {

Result<std::vector<store::CampaignStart>> ReadStarts(Ledger& ledger) {
  using Json = nlohmann::ordered_json;
  triage::Request request;
  request.operation = "campaigns.starts";
  const triage::Response response = ledger.Call(request);
  RETURN_IF_ERROR(response.status);
  std::vector<store::CampaignStart> starts;
  for (const std::string& line : response.lines) {
    const Json object = Json::parse(line, nullptr, false);
    if (!object.is_object()) return Status::Corruption("campaigns.starts: no JSON object: " + line);
    store::CampaignStart start;
    start.campaign = object.value("campaign", "");
    start.name = object.value("name", "");
    start.begin = ParseTime(object.value("begin", "")).value_or(Instant());
    start.end = ParseTime(object.value("end", "")).value_or(Instant());
    starts.push_back(std::move(start));
  }
  return starts;
}

std::vector<store::DaySpan> CampaignDays(const crawler::Campaigns& campaigns,
                                         const std::vector<store::CampaignStart>& starts,
                                         Instant now, int months) {
  constexpr std::chrono::hours kDay{24};
  std::vector<store::DaySpan> days;
  for (const crawler::CampaignWindow& window :
       campaigns.Windows(store::MonthsBefore(now, months), now + 31 * kDay))
    days.push_back({FormatDay(window.span.first), FormatDay(window.span.last)});
  for (const store::CampaignStart& start : starts) {
    if (start.end > start.begin)
      days.push_back({FormatDay(start.begin), FormatDay(start.end - Duration(1))});
  }
  return days;
}

}  // namespace cluehound::app
