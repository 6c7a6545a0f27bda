#include "app/campaign_starts.h"

#include <nlohmann/json.hpp>

namespace cluehound::app {

Result<std::vector<store::CampaignStart>> ReadCampaignStarts(Ledger& ledger) {
  triage::Request request;
  request.operation = "campaigns.starts";
  const triage::Response response = ledger.Call(request);
  RETURN_IF_ERROR(response.status);
  std::vector<store::CampaignStart> starts;
  for (const std::string& line : response.lines) {
    const auto object = nlohmann::json::parse(line, nullptr, false);
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
  const Instant from = store::MonthsBefore(now, months);
  std::vector<store::DaySpan> days;
  for (const crawler::CampaignWindow& window : campaigns.Windows(from, now))
    days.push_back({FormatDay(window.span.first), FormatDay(window.span.last)});
  for (const store::CampaignStart& start : starts) {
    if (start.end > from && start.end > start.begin)
      days.push_back({FormatDay(start.begin), FormatDay(start.end - Duration(1))});
  }
  return days;
}

}  // namespace cluehound::app
