#include "app/campaign_desk.h"

#include <nlohmann/json.hpp>

#include "app/campaign_check.h"
#include "base/file.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

// By their seeds: they are visited in every round.
Result<std::map<std::string, Instant>> LastReads(const Config& config, store::Store& store) {
  std::map<std::string, Instant> reads;
  for (const crawler::SourceSettings& source : config.sources) {
    for (const std::string& seed : source.seeds) {
      ASSIGN_OR_RETURN(const auto page, store.FindPage(seed));
      if (page) reads[source.id] = std::max(reads[source.id], page->fetched);
    }
  }
  return reads;
}

triage::Response Check(store::Store& store, const CampaignDesk& desk) {
  const auto setup = desk.setup();
  triage::Response response;
  if (setup->config.campaigns == nullptr) return response;
  const auto rules = desk.rules();
  CampaignCheckInput input;
  input.config = &setup->config;
  input.campaigns = setup->config.campaigns.get();
  input.rules = rules.get();
  input.now = SystemClock().Now();
  auto reads = LastReads(setup->config, store);
  if (!reads.ok()) return triage::Failed(reads.status());
  input.last_read = *std::move(reads);
  response.lines = CheckLines(CheckCampaigns(input));
  return response;
}

triage::Response Copy(const HeldStore& held, const CampaignDesk& desk,
                      const triage::Request& request) {
  const auto year = ParseInt(request.Get("year"));
  if (!year || *year < 2000 || *year > 2100)
    return triage::Failed(Status::InvalidArgument("year must be a year such as 2027"));
  std::optional<crawler::DaySpan> dates;
  if (const std::string text = request.Get("dates"); !text.empty()) {
    dates = crawler::ParseDaySpan(text);
    if (!dates) {
      return triage::Failed(
          Status::InvalidArgument("dates must be a span such as 2027-09-01..2027-09-04"));
    }
  }
  const auto edit = WriteCampaignCopy(desk.setup()->config, request.Get("campaign"),
                                      static_cast<int>(*year), dates);
  if (!edit.ok()) return triage::Failed(edit.status());
  triage::Request note;
  note.operation = "log.note";
  note.actor = request.actor;
  note.arguments = {{"action", "campaigns.copy"},
                    {"object", edit->id},
                    {"note", crawler::FormatDaySpan(edit->dates)}};
  if (triage::Response noted = held.operations()->Call(note); !noted.status.ok()) return noted;
  desk.reload();
  return {Status::Ok(),
          {Json{{"campaign", edit->id}, {"dates", crawler::FormatDaySpan(edit->dates)}}.dump()},
          ""};
}

}  // namespace

void AnswerCampaignDesk(HeldStore& held, CampaignDesk desk) {
  held.AddAnswer([&held, desk = std::move(desk)](
                     const triage::Request& request) -> std::optional<triage::Response> {
    if (request.operation == "campaigns.check") return Check(held.store(), desk);
    if (request.operation == "campaigns.copy") return Copy(held, desk, request);
    return std::nullopt;
  });
}

Result<crawler::CampaignEdit> WriteCampaignCopy(const Config& config, const std::string& campaign,
                                                int year,
                                                const std::optional<crawler::DaySpan>& dates) {
  const std::filesystem::path file = config.dir / crawler::kCampaignsFile;
  std::string text(crawler::BuiltInCampaignsFile());
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    ASSIGN_OR_RETURN(text, ReadFile(file, crawler::kMaxCampaignsFile));
  }
  const auto edit = crawler::CopyCampaign(text, file.string(), campaign, year, dates);
  // A name that is not there is a mistake of who asks, on the command line too.
  if (!edit.ok()) return Status::InvalidArgument(edit.status().message());
  RETURN_IF_ERROR(WriteFileAtomically(file, edit->text));
  return *edit;
}

}  // namespace cluehound::app
