#include "app/source_desk.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/crawl_run.h"
#include "app/new_source.h"
#include "base/outcome.h"
#include "base/url.h"
#include "crawler/address_guard.h"
#include "crawler/ip_address.h"
#include "store/memory/memory_store.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kPreviewTime{20};  // a person waits for it
constexpr size_t kPreviewShown = 20;
constexpr int kStaleAfter = 3;  // intervals without a success, as campaigns are checked

Json Windows(const std::vector<crawler::DayWindow>& windows) {
  Json list = Json::array();
  for (const crawler::DayWindow& window : windows) list.push_back(FormatDayWindow(window));
  return list;
}

Json SettingsJson(const crawler::SourceSettings& source) {
  Json object;
  object["id"] = source.id;
  object["seeds"] = source.seeds;
  if (source.search.searches()) object["search"] = source.search.address;
  const crawler::Schedule& schedule = source.schedule;
  if (schedule.every) object["every"] = FormatDuration(*schedule.every);
  for (const Duration time : schedule.at) object["at"].push_back(crawler::FormatTimeOfDay(time));
  if (!schedule.hours.empty()) object["hours"] = Windows(schedule.hours);
  if (!schedule.evening.empty()) {
    object["evening"] = {{"hours", Windows(schedule.evening)},
                         {"every", FormatDuration(schedule.evening_every)}};
  }
  object["pace"] = FormatDuration(source.pace);
  object["priority"] = Name(source.priority);
  object["max_pages"] = source.max_pages;
  return object;
}

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

triage::Response List(const HeldStore& held, const Config& config) {
  triage::Response response;
  if (config.sources.empty()) return response;
  triage::Request request;
  request.operation = "sources.standings";
  for (const crawler::SourceSettings& source : config.sources)
    request.arguments["sources"] += source.id + "\n";
  const triage::Response standings = held.operations()->Call(request);
  if (!standings.status.ok()) return standings;
  const Instant now = SystemClock().Now();
  for (size_t i = 0; i < config.sources.size() && i < standings.lines.size(); ++i) {
    const crawler::SourceSettings& source = config.sources[i];
    Json object = SettingsJson(source);
    object.erase("id");
    object.update(Json::parse(standings.lines[i]));
    object["open"] = source.schedule.Open(now);
    const auto read = ParseTime(object.value("read", ""));
    object["stale"] = read && now - *read > source.schedule.Round() * kStaleAfter;
    response.lines.push_back(Dump(object));
  }
  return response;
}

Status CheckAddress(const Config& config, const Url& url) {
  const auto address = crawler::IpAddress::Parse(url.host());
  if (!address || crawler::AddressGuard().Allows(*address)) return Status::Ok();
  for (const crawler::SourceSettings& source : config.sources) {
    if (crawler::AddressGuard(source.allow_addresses).Allows(*address)) return Status::Ok();
  }
  return Status::InvalidArgument("private addresses are named in the configuration, not here");
}

// Ends a run that takes too long.
class Alarm {
 public:
  Alarm(CrawlRun& run, std::chrono::seconds time)
      : thread_([this, &run, time] {
          std::unique_lock lock(mutex_);
          if (!changed_.wait_for(lock, time, [this] { return over_; })) run.Stop();
        }) {}
  ~Alarm() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;  // last: begins with the others made
};

// One page of a source that is not there yet, read by the crawler itself with everything that it obeys,
// into a ledger that is gone afterwards.
Result<std::string> Preview(const CrawlSetup& setup, const Pipeline& pipeline, const Url& url) {
  const std::string address = url.Canonical().href();
  Diagnostics diagnostics;
  Config config = setup.config;
  config.sources = crawler::ParseSources(
      "sources: [{id: preview, seeds: [" + Json(address).dump() + "], depth: 0, max_pages: 1}]",
      "the address", diagnostics, config.zone);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  config.campaigns = nullptr;
  config.workers = 1;
  const auto store = store::NewMemoryStore(nullptr, SystemClock());
  CrawlRun::Options options;
  options.once = true;
  CrawlRun run(config, pipeline, *setup.reader, *store, options);
  {
    const Alarm alarm(run, kPreviewTime);
    RETURN_IF_ERROR(run.Run());
  }
  ASSIGN_OR_RETURN(const auto page, store->FindPage(address));
  ASSIGN_OR_RETURN(const auto listings, store->PageListings(address));
  ASSIGN_OR_RETURN(const auto leads, store->QueryLeads({}, {}, "", kPreviewShown));
  const OutcomeInfo& outcome = Info(page ? page->outcome : Outcome::kTimeout);
  Json object{
      {"address", address},       {"outcome", outcome.name},   {"outcome_name", outcome.chinese},
      {"count", listings.size()}, {"listings", Json::array()}, {"leads", Json::array()}};
  for (size_t i = 0; i < std::min(listings.size(), kPreviewShown); ++i)
    object["listings"].push_back(Json::parse(triage::ListingJson(listings[i], address)));
  for (const store::Lead& lead : leads.leads) {
    object["leads"].push_back({{"title", lead.listing.title},
                               {"mark_name", lead.suspicion.mark_name},
                               {"category", lead.suspicion.category},
                               {"rule", lead.suspicion.rule},
                               {"score", lead.suspicion.score}});
  }
  return Dump(object);
}

triage::Response Add(const HeldStore& held, const SourceDesk& desk, const Config& config,
                     const triage::Request& request) {
  NewSource source;
  source.address = request.Get("address");
  source.id = request.Get("id");
  source.every = request.Get("every");
  source.pace = request.Get("pace");
  source.hours = request.Get("hours");
  source.depth = request.Get("depth");
  source.max_pages = request.Get("max_pages");
  const auto added = AddSource(config, source);
  if (!added.ok()) return triage::Failed(added.status());
  triage::Request note;
  note.operation = "log.note";
  note.actor = request.actor;
  note.arguments = {{"action", "sources.add"}, {"object", added->id}, {"note", source.address}};
  if (triage::Response noted = held.operations()->Call(note); !noted.status.ok()) return noted;
  desk.reload();
  return {
      Status::Ok(), {Dump({{"source", added->id}, {"file", added->file.filename().string()}})}, ""};
}

}  // namespace

std::string SourceSettingsJson(const crawler::SourceSettings& source) {
  return Dump(SettingsJson(source));
}

void AnswerSources(HeldStore& held, SourceDesk desk) {
  const auto preview = std::make_shared<std::mutex>();  // one at a time
  held.AddAnswer([&held, desk = std::move(desk),
                  preview](const triage::Request& request) -> std::optional<triage::Response> {
    const auto setup = desk.setup();
    if (request.operation == "sources.list") return List(held, setup->config);
    if (request.operation != "sources.preview" && request.operation != "sources.add")
      return std::nullopt;
    const auto url = Url::Parse(request.Get("address"));
    if (!url.ok()) return triage::Failed(url.status());
    if (url->scheme() != "http" && url->scheme() != "https")
      return triage::Failed(Status::InvalidArgument("an address begins with http:// or https://"));
    if (Status s = CheckAddress(setup->config, *url); !s.ok()) return triage::Failed(std::move(s));
    if (request.operation == "sources.add") return Add(held, desk, setup->config, request);
    const std::unique_lock lock(*preview, std::try_to_lock);
    if (!lock.owns_lock())
      return triage::Failed(Status::Unavailable("another page is being looked at; try again"));
    auto found = Preview(*setup, *desk.reading(), *url);
    if (!found.ok()) return triage::Failed(found.status());
    return triage::Response{Status::Ok(), {*std::move(found)}, ""};
  });
}

}  // namespace cluehound::app
