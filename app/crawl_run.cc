#include "app/crawl_run.h"

#include <condition_variable>
#include <map>
#include <thread>

#include "app/clock_jump.h"
#include "app/in_force.h"
#include "app/newer_task.h"
#include "app/page_work.h"
#include "app/rematching.h"
#include "app/robots_overrides.h"
#include "app/rule_source.h"
#include "app/search_terms.h"
#include "app/source_modes.h"
#include "app/source_tally.h"
#include "app/watched_sellers.h"
#include "base/log.h"
#include "crawler/discoveries.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::seconds kNoteEvery{5};  // standings of sources: whoever just added one looks
// After a start: a second for each source, ten minutes for all.
constexpr std::chrono::seconds kTurn{1};
constexpr std::chrono::minutes kLongestTurns{10};
// A room that was captured is not hurried to again so soon.
constexpr std::chrono::minutes kRoomAgain{10};

}  // namespace

class CrawlRun::Impl {
 public:
  Impl(const Config& config, const Pipeline& pipeline, const extractors::PageReader& reader,
       store::Store& store, Options options)
      : config_(config), store_(store), overrides_(store.log()), options_(std::move(options)) {
    in_force_.Put(std::make_shared<const Pipeline>(pipeline));
    configured_ = Wanted(config.sources);
    Expand(pipeline.rules());
    crawler::FetcherOptions fetch;
    fetch.transfer.user_agent = config.UserAgent();
    fetch.once = options_.once;
    fetch.max_in_flight = config.max_in_flight;
    fetch.extractor_revision = reader.revision();
    revision_ = reader.revision();
    if (options_.in_turn) fetch.polite.asked_before = SteadyClock().Now();
    fetch.log = [](std::string_view line) { LogWarning(line); };
    fetch.connections_per_address = config.connections_per_address;
    fetch.on_override = [this](const crawler::SourceSettings& source,
                               const std::string& authority) {
      return overrides_.Note(source, authority);
    };
    fetcher_ = std::make_unique<crawler::Fetcher>(
        std::move(fetch), configured_, store,
        [this](crawler::FetchResult result) { work_.Take(std::move(result)); });
    modes_.emplace(store_, *fetcher_);
  }

  Status Run() {
    RETURN_IF_ERROR(KeepRules(pipeline()->rules()));
    ASSIGN_OR_RETURN(const auto publications, store_.RuleSetPublications(1));
    if (!publications.empty()) publication_ = publications[0].number;
    RETURN_IF_ERROR(AddSeeds());
    RETURN_IF_ERROR(TakeStandings());
    if (options_.in_turn) fetcher_->OpenInTurn(kTurn, kLongestTurns);
    Correlate(pipeline()->rules());
    RETURN_IF_ERROR(FollowWatches());
    RETURN_IF_ERROR(FollowCampaigns());
    rematching_.Start(pipeline());
    ASSIGN_OR_RETURN(const auto pending, store_.PendingRequests("crawl", 16));
    // Before pages are fetched from what is to pause.
    for (const store::RoleRequest& request : pending) Execute(request);
    const size_t threads =
        config_.workers > 0 ? config_.workers : std::max(1u, std::thread::hardware_concurrency());
    work_.Start(threads);
    std::thread requests([this] { WatchRequests(); });
    const Status status = fetcher_->Run();
    work_.Finish();
    stopping_ = true;
    something_to_do_.notify_all();
    requests.join();
    const Status rematched = rematching_.Wait();
    const Status correlated = correlating_.Wait();
    NoteGains();
    for (const Status& part : {status, work_.failure(), rematched}) RETURN_IF_ERROR(part);
    return correlated;
  }

  void Stop() {
    stopping_ = true;
    correlating_.Stop();
    rematching_.Stop();
    fetcher_->Stop();
  }

  void Reload(std::shared_ptr<const CrawlSetup> setup,
              std::shared_ptr<const rules::RuleSet> rules) {
    {
      const std::lock_guard lock(wanted_mutex_);
      reload_ = {std::move(setup), std::move(rules)};
    }
    something_to_do_.notify_one();
  }

  std::map<std::string, store::SourceStanding> standings() const { return tally_.Now(); }
  std::map<std::string, crawler::SourceProgress> progress_of_sources() const {
    return fetcher_->sources();
  }
  Histogram::Counts latencies() const { return work_.latencies(); }
  Instant last_turn() const { return fetcher_->last_turn(); }
  std::optional<Instant> oldest_page() const { return work_.oldest_page(); }

  std::shared_ptr<const Pipeline> pipeline() const { return in_force_.pipeline(); }

  CrawlFigures figures() const {
    CrawlFigures figures;
    figures.fetch = fetcher_->progress();
    work_.AddTo(figures);
    figures.rematched_pages = rematching_.pages();
    return figures;
  }

 private:
  // What the setup holds outlives every page that is read with it.
  void Use(Pipeline next) { in_force_.Put(Pin(setup_, std::move(next))); }

  std::vector<crawler::SourceSettings> Wanted(
      const std::vector<crawler::SourceSettings>& sources) const {
    std::vector<crawler::SourceSettings> wanted;
    const auto& only = options_.sources;
    std::copy_if(sources.begin(), sources.end(), std::back_inserter(wanted),
                 [&](const crawler::SourceSettings& source) {
                   return only.empty() ||
                          std::find(only.begin(), only.end(), source.id) != only.end();
                 });
    return wanted;
  }

  // Sets the terms of searches, and makes the sources those by which pages are read.
  void Expand(const rules::RuleSet& rules) {
    std::vector<std::string> warnings;
    ExpandSearches(configured_, rules, SystemClock().Now(), warnings);
    for (const std::string& warning : warnings) LogWarning(warning);
    in_force_.Put(configured_);
  }

  Status AddSeeds() {
    for (const crawler::SourceSettings& source : configured_) {
      RobotsOverrides::WarnOfEnded(source, SystemClock().Now());
      store_.BoundAddresses(source.id, source.max_addresses);
      RETURN_IF_ERROR(store_.AddSeeds(crawler::SeedsOf(source)));
    }
    return Status::Ok();
  }

  Status TakeSources(const rules::RuleSet& rules) {
    Expand(rules);
    fetcher_->Reload(configured_, revision_);
    RETURN_IF_ERROR(AddSeeds());
    fetcher_->Poke();
    return Status::Ok();
  }

  Status TakeStandings() {
    ASSIGN_OR_RETURN(const auto standings, store_.sources().Standings());
    tally_.Start(standings);
    modes_->Take(standings);
    return Status::Ok();
  }

  void NoteGains() {
    const auto gains = tally_.TakeGains();
    const Status noted = store_.sources().Note(gains);
    if (noted.ok()) return;
    tally_.PutBack(gains);
    noted.IgnoreError("the writer says when it cannot write; tried again in a minute");
  }

  Status KeepRules(const rules::RuleSet& rules) {
    return store_.PutRuleSet(rules.hash(), rules::SerialiseRuleFiles(rules.files()),
                             {"crawler", ""}, SystemClock().Now());
  }

  // Puts a newly published set in force. One that does not load is reported once.
  Status FollowPublication() {
    ASSIGN_OR_RETURN(const auto publications, store_.RuleSetPublications(1));
    if (publications.empty() || publications[0].number == publication_) return Status::Ok();
    publication_ = publications[0].number;
    ASSIGN_OR_RETURN(auto rules, PublishedRules(store_));
    if (rules->hash() == pipeline()->rules().hash()) return Status::Ok();
    RETURN_IF_ERROR(KeepRules(*rules));
    LogInfo("rule set " + rules->hash().substr(0, 12) + ", published " +
            FormatTime(publications[0].at) + " by " + publications[0].actor.user + ", from now on");
    Correlate(*rules);
    Use(pipeline()->WithRules(std::move(rules)));
    rematching_.Start(pipeline());
    return TakeSources(pipeline()->rules());
  }

  Status FollowReload() {
    std::pair<std::shared_ptr<const CrawlSetup>, std::shared_ptr<const rules::RuleSet>> wanted;
    {
      const std::lock_guard lock(wanted_mutex_);
      wanted.swap(reload_);
    }
    auto& [setup, rules] = wanted;
    if (setup == nullptr) return Status::Ok();
    RETURN_IF_ERROR(KeepRules(*rules));
    Correlate(*rules);
    configured_ = Wanted(setup->config.sources);
    setup_ = setup;
    Use(Pipeline(*setup->reader, rules, &setup->office.jurisdictions, pipeline()->watched()));
    revision_ = setup->reader->revision();
    campaigns_followed_ = false;
    RETURN_IF_ERROR(FollowCampaigns());
    rematching_.Start(pipeline());
    RETURN_IF_ERROR(TakeSources(*rules));
    LogInfo("the configuration was read again: " + std::to_string(configured_.size()) +
            " sources, rule set " + rules->hash().substr(0, 12));
    return Status::Ok();
  }

  // Takes over who is watched. What is stored meets it when "rematch" is requested.
  Status FollowWatches() {
    const Instant now = SystemClock().Now();
    ASSIGN_OR_RETURN(auto numbers, WatchesInForce(store_, now));
    if (watches_ && *watches_ == numbers) return Status::Ok();
    ASSIGN_OR_RETURN(auto watched, WatchedSellers(store_, now));
    watches_ = std::move(numbers);
    Use(pipeline()->WithWatched(std::move(watched)));
    return Status::Ok();
  }

  // Takes over what begins and ends. Where a source now runs more often, what was to be visited later is brought forward;
  // so it is after a restart, which changes nothing when that was done before.
  Status FollowCampaigns() {
    const Instant now = SystemClock().Now();
    ASSIGN_OR_RETURN(auto starts, store_.campaigns().Starts(store::kStartsInUse));
    if (campaigns_followed_ && starts == starts_ && now < campaigns_change_) return Status::Ok();
    const auto plan = std::make_shared<const crawler::CampaignPlan>(
        setup_ != nullptr ? setup_->config.campaigns : config_.campaigns, starts, now);
    Use(pipeline()->WithCampaigns(plan));
    for (const crawler::CampaignPlan::Run& run : plan->Running(now)) {
      LogInfo("campaign " + run.window.campaign->id + " (" + run.window.campaign->name +
              ") runs until " + FormatTime(run.end));
    }
    for (const crawler::SourceSettings& source : configured_)
      RETURN_IF_ERROR(Hurry(source, plan->Factor(source.id, now)));
    starts_ = std::move(starts);
    campaigns_change_ = plan->NextChange(now);
    campaigns_followed_ = true;
    return Status::Ok();
  }

  // The source runs `factor` times more often from now on.
  Status Hurry(const crawler::SourceSettings& source, double factor) {
    fetcher_->SetFactor(source.id, factor);
    double& before = factors_.try_emplace(source.id, 1).first->second;
    if (factor > before) {
      const Duration round = source.schedule.Round();
      const auto within = std::chrono::duration_cast<Duration>(round / factor);
      // Pages that hardly change wait longer than a round. After a start nobody knows whether they were brought forward
      // before, and twice would be too much.
      const Duration until = campaigns_followed_ ? round * crawler::kSlower : round;
      RETURN_IF_ERROR(store_.Hasten(source.id, factor / before, within, until));
      fetcher_->Poke();
    }
    before = factor;
    return Status::Ok();
  }

  // All stored leads meet them, beside the crawl: with millions that takes minutes.
  void Correlate(const rules::RuleSet& rules) {
    correlating_.Start([this, correlations = rules.correlations()](const std::stop_token& stop) {
      return store_.sellers().UseCorrelations(correlations, stop);
    });
  }

  // Has rooms visited next. The store's thread must not wait for a write, so the requests' thread does it.
  void Hurry(const std::vector<store::Discovery>& rooms) {
    {
      const std::lock_guard lock(wanted_mutex_);
      rooms_.insert(rooms_.end(), rooms.begin(), rooms.end());
    }
    something_to_do_.notify_one();
  }

  Status VisitRooms() {
    std::vector<store::Discovery> rooms;
    {
      const std::lock_guard lock(wanted_mutex_);
      rooms.swap(rooms_);
    }
    const Instant now = SteadyClock().Now();
    std::erase_if(hurried_, [&](const auto& entry) { return entry.second + kRoomAgain < now; });
    std::erase_if(rooms, [&](const store::Discovery& room) {
      return !hurried_.emplace(room.url, now).second;
    });
    if (rooms.empty()) return Status::Ok();
    RETURN_IF_ERROR(store_.VisitNow(rooms));
    std::vector<std::string> urls;
    for (const store::Discovery& room : rooms) urls.push_back(room.url);
    fetcher_->GoFirst(std::move(urls));
    return Status::Ok();
  }

  // What people ask of this role, what is published, and what comes with time.
  void WatchRequests() {
    Instant noted = SteadyClock().Now();
    while (!stopping_) {
      if (const Status s = VisitRooms(); !s.ok()) LogError("live rooms: " + s.message());
      if (const Status s = FollowCampaigns(); !s.ok()) LogError("campaigns: " + s.message());
      Follow();
      if (SteadyClock().Now() > noted + kNoteEvery) {
        noted = SteadyClock().Now();
        NoteGains();
      }
      if (const auto jump = clock_.Look()) {
        LogWarning(*jump);
        fetcher_->Poke();
      }
      std::unique_lock lock(wanted_mutex_);
      something_to_do_.wait_for(lock, std::chrono::seconds(1), [this] {
        return stopping_ || !rooms_.empty() || reload_.first != nullptr;
      });
    }
  }

  void Follow() {
    if (const Status s = FollowReload(); !s.ok()) LogError("reload: " + s.message());
    if (const Status s = FollowWatches(); !s.ok()) LogError("watched sellers: " + s.message());
    auto pending = store_.PendingRequests("crawl", 16);
    if (pending.ok()) {
      for (const store::RoleRequest& request : *pending) Execute(request);
    }
    if (options_.follow_published) {
      if (const Status s = FollowPublication(); !s.ok())
        LogError(s.message() + "; the rules in force stay");
    }
    if (const Status s = modes_->EndDrains(); !s.ok()) LogError("sources: " + s.message());
  }

  void Execute(const store::RoleRequest& request) {
    static const std::map<std::string_view, store::SourceMode> kModes = {
        {"pause", store::SourceMode::kPaused},
        {"resume", store::SourceMode::kRunning},
        {"drain", store::SourceMode::kDraining}};
    Status status = Status::Ok();
    if (request.action == "run") {
      status = store_.MakeDue(request.argument);
      fetcher_->RunNow(request.argument);
    } else if (const auto mode = kModes.find(request.action); mode != kModes.end()) {
      status = modes_->Set(request.argument, mode->second, request.actor);
    } else if (request.action == "rematch") {
      status = FollowWatches();
      if (status.ok()) return rematching_.StartAll(pipeline(), request.number);
    }
    if (status.ok()) status = store_.FinishRequest(request.number);
    if (!status.ok())
      LogWarning("request " + std::to_string(request.number) + ": " + status.message());
  }

  const Config& config_;
  InForce in_force_;
  // Of the requests' thread, once the run began:
  std::shared_ptr<const CrawlSetup> setup_;  // null: what the constructor was given
  std::vector<crawler::SourceSettings> configured_;
  std::string revision_;
  uint64_t publication_ = 0;  // the last one seen
  std::optional<std::vector<uint64_t>> watches_;
  bool campaigns_followed_ = false;
  std::vector<store::CampaignStart> starts_;
  std::map<std::string, double> factors_;  // of campaigns, by source
  Instant campaigns_change_{};             // when the next one begins or ends
  store::Store& store_;
  RobotsOverrides overrides_;
  const Options options_;
  const Instant started_ = SystemClock().Now();
  SourceTally tally_;
  ClockJump clock_;                         // of the requests' thread
  std::map<std::string, Instant> hurried_;  // of the requests' thread
  std::mutex wanted_mutex_;                 // guards the two below
  std::condition_variable something_to_do_;
  std::vector<store::Discovery> rooms_;
  std::pair<std::shared_ptr<const CrawlSetup>, std::shared_ptr<const rules::RuleSet>> reload_;
  std::unique_ptr<crawler::Fetcher> fetcher_;
  PageWork work_{
      {store_, in_force_, overrides_, tally_, options_.listings,
       // What is found in a run belongs to it: --once fetches what was due when it began.
       options_.once ? std::optional(started_) : std::nullopt,
       [this](const store::Lease& lease) { fetcher_->Done(lease); },
       [this](const auto& rooms) { Hurry(rooms); }, [this] { fetcher_->Stop(); }}};
  std::optional<SourceModes> modes_;  // of the requests' thread, once the run began
  std::atomic<bool> stopping_{false};
  NewerTask correlating_{"leads could not be correlated"};
  Rematching rematching_{store_, [this](const auto& receipts) { work_.Count(receipts); }};
};

CrawlRun::CrawlRun(const Config& config, const Pipeline& pipeline,
                   const extractors::PageReader& reader, store::Store& store, Options options)
    : impl_(std::make_unique<Impl>(config, pipeline, reader, store, std::move(options))) {}
CrawlRun::~CrawlRun() = default;
Status CrawlRun::Run() { return impl_->Run(); }
void CrawlRun::Stop() { impl_->Stop(); }
CrawlFigures CrawlRun::figures() const { return impl_->figures(); }
void CrawlRun::Reload(std::shared_ptr<const CrawlSetup> setup,
                      std::shared_ptr<const rules::RuleSet> rules) {
  impl_->Reload(std::move(setup), std::move(rules));
}
std::map<std::string, store::SourceStanding> CrawlRun::standings() const {
  return impl_->standings();
}
std::map<std::string, crawler::SourceProgress> CrawlRun::progress_of_sources() const {
  return impl_->progress_of_sources();
}
Histogram::Counts CrawlRun::latencies() const { return impl_->latencies(); }
Instant CrawlRun::last_turn() const { return impl_->last_turn(); }
std::optional<Instant> CrawlRun::oldest_page() const { return impl_->oldest_page(); }
std::shared_ptr<const Pipeline> CrawlRun::pipeline() const { return impl_->pipeline(); }

}  // namespace cluehound::app
