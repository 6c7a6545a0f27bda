#include "app/crawl_run.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "app/clock_jump.h"
#include "app/live_rooms.h"
#include "app/newer_task.h"
#include "app/rematching.h"
#include "app/robots_overrides.h"
#include "app/rule_source.h"
#include "app/search_terms.h"
#include "app/source_modes.h"
#include "app/source_tally.h"
#include "app/watched_sellers.h"
#include "base/log.h"
#include "base/url.h"
#include "crawler/discoveries.h"
#include "crawler/sitemaps.h"
#include "crawler/trap_guard.h"

namespace cluehound::app {
namespace {

// Fetched pages on their way to the workers. The fetcher's in-flight limit bounds it.
class WorkQueue {
 public:
  void Push(crawler::FetchResult result) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(result));
    }
    ready_.notify_one();
  }
  // Nothing once the queue is closed and empty.
  std::optional<crawler::FetchResult> Pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
    if (waiting_.empty()) return std::nullopt;
    crawler::FetchResult result = std::move(waiting_.front());
    waiting_.pop_front();
    return result;
  }
  void Close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<crawler::FetchResult> waiting_;
  bool closed_ = false;
};

constexpr std::chrono::seconds kNoteEvery{5};  // standings of sources: whoever just added one looks
// After a start: a second for each source, ten minutes for all.
constexpr std::chrono::seconds kTurn{1};
constexpr std::chrono::minutes kLongestTurns{10};
// A room that was captured is not hurried to again so soon.
constexpr std::chrono::minutes kRoomAgain{10};

using Sources = std::map<std::string, crawler::SourceSettings>;

struct Counters {
  std::atomic<uint64_t> pages_read{0}, listings{0}, new_leads{0}, changed_leads{0}, sightings{0};
  std::array<std::atomic<uint64_t>, 32> outcomes{};
};

}  // namespace

class CrawlRun::Impl {
 public:
  Impl(const Config& config, const Pipeline& pipeline, const extractors::PageReader& reader,
       store::Store& store, Options options)
      : config_(config),
        pipeline_(std::make_shared<const Pipeline>(pipeline)),
        store_(store),
        overrides_(store.log()),
        options_(std::move(options)) {
    configured_ = Wanted(config.sources);
    Expand(pipeline_->rules());
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
        std::move(fetch), configured_, store, [this](crawler::FetchResult result) {
          const uint64_t bytes = result.page ? result.page->answer().coded_body.size() : 0;
          under_way_.Begin(result.lease.token, SteadyClock().Now(), bytes);
          queue_.Push(std::move(result));
        });
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
    // Before pages are fetched from what is to pause, or found unchanged.
    for (const store::RoleRequest& request : pending) Execute(request);
    const size_t threads =
        config_.workers > 0 ? config_.workers : std::max(1u, std::thread::hardware_concurrency());
    std::vector<std::thread> workers;
    for (size_t i = 0; i < threads; ++i) workers.emplace_back([this] { Work(); });
    std::thread requests([this] { WatchRequests(); });
    const Status status = fetcher_->Run();
    queue_.Close();
    for (std::thread& worker : workers) worker.join();
    store_.Flush();
    stopping_ = true;
    something_to_do_.notify_all();
    requests.join();
    const Status rematched = rematching_.Wait();
    const Status correlated = correlating_.Wait();
    NoteGains();
    const std::lock_guard lock(failure_mutex_);
    for (const Status& part : {status, failure_, rematched}) RETURN_IF_ERROR(part);
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
  Histogram::Counts latencies() const { return latencies_.Read(); }
  Instant last_turn() const { return fetcher_->last_turn(); }
  std::optional<Instant> oldest_page() const { return under_way_.Oldest(); }

  // The one in force; what is under way finishes with the one that it began with.
  std::shared_ptr<const Pipeline> pipeline() const {
    const std::lock_guard lock(pipeline_mutex_);
    return pipeline_;
  }

  CrawlFigures figures() const {
    CrawlFigures figures;
    figures.fetch = fetcher_->progress();
    figures.pages_read = counters_.pages_read;
    figures.listings = counters_.listings;
    figures.new_leads = counters_.new_leads;
    figures.changed_leads = counters_.changed_leads;
    figures.sightings = counters_.sightings;
    figures.rematched_pages = rematching_.pages();
    figures.page_bytes = under_way_.bytes();
    for (size_t i = 0; i < figures.outcomes.size(); ++i)
      figures.outcomes[i] = counters_.outcomes[i];
    figures.traps = traps_.refused();
    return figures;
  }

 private:
  // What the setup holds outlives every page that is read with it. REQUIRES: pipeline_mutex_
  void Use(Pipeline next) { pipeline_ = Pin(setup_, std::move(next)); }

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

  // Sets the terms of searches, and makes the sources those by which pages are read. Sources that are gone stay: pages
  // of theirs may be under way.
  void Expand(const rules::RuleSet& rules) {
    std::vector<std::string> warnings;
    ExpandSearches(configured_, rules, SystemClock().Now(), warnings);
    for (const std::string& warning : warnings) LogWarning(warning);
    const std::lock_guard lock(pipeline_mutex_);
    auto sources = sources_ ? std::make_shared<Sources>(*sources_) : std::make_shared<Sources>();
    for (const crawler::SourceSettings& source : configured_) (*sources)[source.id] = source;
    sources_ = std::move(sources);
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
    {
      const std::lock_guard lock(pipeline_mutex_);
      Use(pipeline_->WithRules(std::move(rules)));
    }
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
    {
      const std::lock_guard lock(pipeline_mutex_);
      setup_ = setup;
      Use(Pipeline(*setup->reader, rules, &setup->office.jurisdictions, pipeline_->watched()));
    }
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
    const std::lock_guard lock(pipeline_mutex_);
    Use(pipeline_->WithWatched(std::move(watched)));
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
    {
      const std::lock_guard lock(pipeline_mutex_);
      Use(pipeline_->WithCampaigns(plan));
    }
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

  void Work() {
    while (auto result = queue_.Pop()) {
      const store::Lease lease = result->lease;
      if (result->page != nullptr) {
        const evidence::Exchange& answer = result->page->answer();
        latencies_.Add(answer.ended - answer.started);
      }
      const std::shared_ptr<const Sources> sources = this->sources();
      const crawler::SourceSettings& source = sources->at(lease.address.source);
      const std::vector<std::string> sitemaps = std::move(result->sitemaps);
      store::PageCommit commit = MakeCommit(std::move(*result), source);
      for (auto& seed : crawler::SitemapSeeds(sitemaps, source))
        commit.links.push_back(std::move(seed));
      // What is found in a run belongs to it: --once fetches what was due when it began.
      commit.links_due = options_.once ? started_ : SystemClock().Now();
      traps_.Pass(commit);
      counters_.outcomes[static_cast<size_t>(commit.outcome)] += 1;
      store::SourceStanding gain;
      gain.source = source.id;
      if (commit.change == store::PageChange::kRead) {
        counters_.pages_read += 1;
        counters_.listings += commit.listings.size();
        gain.listings = commit.listings.size();
      }
      if (commit.change != store::PageChange::kFailed) {
        gain.pages = 1;
        gain.read = commit.seen;
      }
      const auto rooms = LiveRooms(commit, source);
      store::ListingArchive::Batch versions = NewVersions(commit);
      std::vector<store::PageCommit> batch;
      batch.push_back(std::move(commit));
      store_.CommitPages(std::move(batch),
                         [this, lease, gain, rooms, versions = std::move(versions)](
                             const std::vector<store::CommitReceipt>& done) mutable {
                           Count(done);
                           Gain(gain, done[0]);
                           if (done[0].status.ok() && options_.listings != nullptr)
                             options_.listings->Add(std::move(versions));
                           if (done[0].new_leads + done[0].changed_leads > 0) Hurry(rooms);
                           under_way_.End(lease.token);
                           // A disk that was full has room again: the next crawl of this process reads it.
                           if (!done[0].status.ok()) store_.Release({lease});
                           fetcher_->Done(lease);
                         });
    }
  }

  // What the archive of listings does not have yet of a page that was read.
  store::ListingArchive::Batch NewVersions(const store::PageCommit& commit) {
    const bool read = commit.change == store::PageChange::kRead && commit.outcome == Outcome::kOk;
    if (options_.listings == nullptr || !read) return {};
    const store::Discovery& address = commit.lease.address;
    std::vector<extractors::Listing> before;
    if (commit.lease.page.listing_count > 0) {
      auto held = store_.PageListings(address.url);
      if (held.ok()) before = *std::move(held);  // else they are archived once more
    }
    return options_.listings->Fresh(
        {commit.seen, address.source, address.url, commit.state.extractor_revision},
        commit.listings, before);
  }

  std::shared_ptr<const Sources> sources() const {
    const std::lock_guard lock(pipeline_mutex_);
    return sources_;
  }

  void Gain(store::SourceStanding gain, const store::CommitReceipt& receipt) {
    if (!receipt.status.ok()) return;
    gain.leads = receipt.new_leads;
    tally_.Add(gain);
  }

  // Has rooms visited next. The store's thread must not wait for a write, so the requests' thread does it.
  void Hurry(const std::vector<store::Discovery>& rooms) {
    if (rooms.empty()) return;
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

  store::PageCommit MakeCommit(crawler::FetchResult result, const crawler::SourceSettings& source) {
    const Instant now = SystemClock().Now();
    if (result.outcome == Outcome::kOk || result.outcome == Outcome::kNotModified) {
      try {
        const auto stored = [&] { return store_.PageListings(result.lease.address.url); };
        return pipeline()->Commit(result.lease, result.page, source, stored,
                                  [&] { return MayOverride(source, *result.page); });
      } catch (const std::exception& e) {  // bad_alloc on a hostile page costs that page only
        LogError("reading " + result.lease.address.url + ": " + e.what());
        result.outcome = Outcome::kTooCostly;
      }
    }
    store::PageCommit commit;
    commit.lease = result.lease;
    commit.change = store::PageChange::kFailed;
    commit.outcome = result.outcome;
    commit.http_status = result.page != nullptr ? result.page->answer().status : 0;
    commit.seen = now;
    commit.state = result.lease.page;
    commit.next_due =
        crawler::NextVisit(LastVisitOf(result.outcome, result.lease, result.lease.page, source,
                                       pipeline()->campaigns().Factor(source.id, now), now),
                           now);
    if (result.retry_at && commit.next_due)
      commit.next_due = std::max(*commit.next_due, *result.retry_at);
    return commit;
  }

  bool MayOverride(const crawler::SourceSettings& source, const evidence::Page& page) {
    const auto& override = source.access.robots_override;
    const auto url = Url::Parse(page.final_url());
    if (!override || !override->InForce(SystemClock().Now()) || !url.ok()) return false;
    const Status noted = overrides_.Note(source, url->authority());
    if (!noted.ok()) LogError("robots override of " + source.id + ": " + noted.message());
    return noted.ok();
  }

  // On the store's thread.
  void Count(const std::vector<store::CommitReceipt>& receipts) {
    for (const store::CommitReceipt& receipt : receipts) {
      if (!receipt.status.ok()) {
        if (receipt.status.code() == Code::kConflict) continue;  // another reading came first
        LogError("commit: " + receipt.status.message());
        const std::lock_guard lock(failure_mutex_);
        if (failure_.ok()) failure_ = receipt.status;
        fetcher_->Stop();
        continue;
      }
      counters_.new_leads += receipt.new_leads;
      counters_.changed_leads += receipt.changed_leads;
      counters_.sightings += receipt.sightings;
    }
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
  mutable std::mutex pipeline_mutex_;        // guards the next three
  std::shared_ptr<const CrawlSetup> setup_;  // null: what the constructor was given
  std::shared_ptr<const Pipeline> pipeline_;
  std::shared_ptr<const Sources> sources_;
  // Of the requests' thread, once the run began:
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
  WorkQueue queue_;
  PagesUnderWay under_way_;
  Histogram latencies_;
  SourceTally tally_;
  ClockJump clock_;                         // of the requests' thread
  std::map<std::string, Instant> hurried_;  // of the requests' thread
  std::mutex wanted_mutex_;                 // guards the two below
  std::condition_variable something_to_do_;
  std::vector<store::Discovery> rooms_;
  std::pair<std::shared_ptr<const CrawlSetup>, std::shared_ptr<const rules::RuleSet>> reload_;
  Counters counters_;
  crawler::TrapGuard traps_{SystemClock()};
  std::unique_ptr<crawler::Fetcher> fetcher_;
  std::optional<SourceModes> modes_;  // of the requests' thread, once the run began
  std::atomic<bool> stopping_{false};
  std::mutex failure_mutex_;
  Status failure_;
  NewerTask correlating_{"leads could not be correlated"};
  Rematching rematching_{store_, [this](const auto& receipts) { Count(receipts); }};
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
