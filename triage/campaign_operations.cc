#include "triage/campaign_operations.h"

#include <set>

#include "base/text.h"
#include "base/work_calendar.h"
#include "triage/campaign_comparison.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr int64_t kMaxDays = 366;
constexpr size_t kMaxStarts = 1000;

// "2025-09-15..2025-10-09", or one day; `day` may be empty.
Result<ComparedDays> ReadDays(const std::string& text, const std::string& day) {
  const size_t dots = text.find("..");
  const auto first = ParseDay(std::string_view(text).substr(0, dots));
  const auto last = dots == std::string::npos ? first : ParseDay(text.substr(dots + 2));
  if (!first || !last || *last < *first || (*last - *first) / kDay >= kMaxDays)
    return Status::InvalidArgument("\"" + text + "\" is no span such as 2025-09-15..2025-10-09");
  ComparedDays days{*first, *last, *first};
  if (day.empty()) return days;
  const auto over = ParseDay(day);
  if (!over) return Status::InvalidArgument("\"" + day + "\" is no day such as 2025-10-06");
  days.day = *over;
  return days;
}

}  // namespace

Response CampaignOperations::Call(const Request& request) {
  if (request.operation == "campaigns.start") return Start(request);
  if (request.operation == "campaigns.end") return End(request);
  if (request.operation == "campaigns.starts") return Starts();
  if (request.operation == "campaigns.reads") return Reads(request);
  return Compare(request);
}

Response CampaignOperations::Start(const Request& request) {
  if (!request.scope.county.empty())
    return Failed(Status::Denied("only the city may start a campaign: it holds for all counties"));
  const auto days = ParseInt(request.Get("days"));
  if (!days || *days < 1 || *days > kMaxDays) {
    return Failed(Status::InvalidArgument("a campaign runs 1 to " + std::to_string(kMaxDays) +
                                          " days, not \"" + request.Get("days") + "\""));
  }
  store::CampaignStart start;
  start.campaign = request.Get("campaign");
  start.name = request.Get("name");
  start.begin = clock_.Now();
  start.end = OfficeDay(start.begin) + kDay * *days;
  start.by = request.actor;
  const auto started = store_.campaigns().Start(start);
  if (!started.ok()) return Failed(started.status());
  return {Status::Ok(), {CampaignStartJson(*started, clock_.Now())}, ""};
}

Response CampaignOperations::End(const Request& request) {
  if (!request.scope.county.empty())
    return Failed(Status::Denied("only the city may end a campaign: it holds for all counties"));
  const auto ended = store_.campaigns().End(request.Get("campaign"), request.actor, clock_.Now());
  if (!ended.ok()) return Failed(ended.status());
  return {Status::Ok(), {CampaignStartJson(*ended, clock_.Now())}, ""};
}

Response CampaignOperations::Starts() {
  const auto starts = store_.campaigns().Starts(kMaxStarts);
  if (!starts.ok()) return Failed(starts.status());
  Response response;
  for (const store::CampaignStart& start : *starts)
    response.lines.push_back(CampaignStartJson(start, clock_.Now()));
  return response;
}

Response CampaignOperations::Reads(const Request& request) {
  Response response;
  const std::string seeds = request.Get("seeds");
  for (const std::string_view url : SplitAscii(seeds, "\n")) {
    const auto page = store_.FindPage(url);
    if (!page.ok()) return Failed(page.status());
    const Instant read = *page ? (*page)->fetched : Instant{};
    response.lines.push_back(PageReadJson(url, read));
  }
  return response;
}

Response CampaignOperations::Compare(const Request& request) {
  const auto a = ReadDays(request.Get("a"), request.Get("a_day"));
  if (!a.ok()) return Failed(a.status());
  const auto b = ReadDays(request.Get("b"), request.Get("b_day"));
  if (!b.ok()) return Failed(b.status());
  const std::string sources = request.Get("sources");
  std::set<std::string> wanted;
  for (const std::string_view source : SplitAscii(sources, ", ")) wanted.emplace(source);
  const auto comparison = triage::Compare(store_, *a, *b, wanted, request.scope);
  if (!comparison.ok()) return Failed(comparison.status());
  return {Status::Ok(), ComparisonLines(*comparison), ""};
}

}  // namespace cluehound::triage
