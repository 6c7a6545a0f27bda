#include "app/campaign_desk.h"

#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/campaign_add.h"
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

// That the campaigns file was changed, in the audit log.
Status Note(const HeldStore& held, const triage::Request& request, const std::string& campaign,
            const std::string& what) {
  triage::Request note;
  note.operation = "log.note";
  note.actor = request.actor;
  note.arguments = {{"action", request.operation}, {"object", campaign}, {"note", what}};
  return held.operations()->Call(note).status;
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
  desk.reload();  // it is written, whether or not that can be noted
  const Status noted = Note(held, request, edit->id, crawler::FormatDaySpan(edit->dates));
  if (!noted.ok()) return triage::Failed(noted);
  return {Status::Ok(),
          {Json{{"campaign", edit->id}, {"dates", crawler::FormatDaySpan(edit->dates)}}.dump()},
          ""};
}

// Of an object of names and numbers, written as JSON.
Result<std::vector<std::pair<std::string, std::string>>> Pairs(const triage::Request& request,
                                                               const char* argument) {
  std::vector<std::pair<std::string, std::string>> pairs;
  const std::string text = request.Get(argument);
  if (text.empty()) return pairs;
  const Json object = Json::parse(text, nullptr, false);
  if (!object.is_object())
    return Status::InvalidArgument(std::string(argument) + " must be an object");
  for (const auto& [name, value] : object.items())
    pairs.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  return pairs;
}

Result<crawler::NewCampaign> Described(const triage::Request& request) {
  crawler::NewCampaign campaign;
  campaign.id = request.Get("campaign");
  campaign.name = request.Get("name");
  campaign.kind = request.Get("kind");
  const std::string dates = request.Get("dates");
  for (const std::string_view date : SplitAscii(dates, "\n"))
    campaign.dates.emplace_back(TrimAscii(date));
  campaign.lead_in = request.Get("lead_in");
  campaign.tail = request.Get("tail");
  campaign.prepare = request.Get("prepare");
  ASSIGN_OR_RETURN(campaign.factors, Pairs(request, "factors"));
  ASSIGN_OR_RETURN(campaign.weights, Pairs(request, "weights"));
  campaign.basis = request.Get("basis");
  campaign.certainty = request.Get("certainty");
  return campaign;
}

triage::Response AddOrPreview(const HeldStore& held, const CampaignDesk& desk,
                              const triage::Request& request) {
  const auto campaign = Described(request);
  if (!campaign.ok()) return triage::Failed(campaign.status());
  const bool add = request.operation == "campaigns.add";
  const auto setup = desk.setup();
  const auto rules = desk.rules();
  const Instant now = SystemClock().Now();
  const auto preview = add ? AddCampaign(setup->config, *rules, *campaign, now)
                           : PreviewCampaign(setup->config, *rules, *campaign, now);
  if (!preview.ok()) return triage::Failed(preview.status());
  if (add) {
    if (!preview->problems.empty())
      return triage::Failed(Status::InvalidArgument(ProblemsText(*preview)));
    desk.reload();
    if (Status s = Note(held, request, campaign->id, campaign->name); !s.ok())
      return triage::Failed(std::move(s));
  }
  return {Status::Ok(), {PreviewLine(*preview)}, ""};
}

}  // namespace

void AnswerCampaignDesk(HeldStore& held, CampaignDesk desk) {
  // Who changes the file reads it first: one at a time, or what one wrote is lost.
  const auto writing = std::make_shared<std::mutex>();
  held.AddAnswer([&held, desk = std::move(desk),
                  writing](const triage::Request& request) -> std::optional<triage::Response> {
    if (request.operation == "campaigns.check") return Check(held.store(), desk);
    if (request.operation == "campaigns.preview") return AddOrPreview(held, desk, request);
    if (request.operation != "campaigns.copy" && request.operation != "campaigns.add")
      return std::nullopt;
    const std::lock_guard lock(*writing);
    return request.operation == "campaigns.copy" ? Copy(held, desk, request)
                                                 : AddOrPreview(held, desk, request);
  });
}

Result<crawler::CampaignEdit> WriteCampaignCopy(const Config& config, const std::string& campaign,
                                                int year,
                                                const std::optional<crawler::DaySpan>& dates) {
  const std::filesystem::path file = CampaignsFile(config);
  ASSIGN_OR_RETURN(const std::string text, CampaignsText(config));
  const auto edit = crawler::CopyCampaign(text, file.string(), campaign, year, dates);
  // A name that is not there is a mistake of who asks, on the command line too.
  if (!edit.ok()) return Status::InvalidArgument(edit.status().message());
  RETURN_IF_ERROR(WriteFileAtomically(file, edit->text));
  return *edit;
}

}  // namespace cluehound::app
