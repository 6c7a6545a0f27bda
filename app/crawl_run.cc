#include "app/crawl_run.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <thread>

#include "app/rule_source.h"
#include "app/watched_sellers.h"
#include "base/log.h"
#include "crawler/discoveries.h"

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

struct Counters {
  std::atomic<uint64_t> pages_read{0}, listings{0}, new_leads{0}, changed_leads{0}, sightings{0},
      rematched{0};
  std::array<std::atomic<uint64_t>, 32> outcomes{};
};

}  // namespace

class CrawlRun::Impl {
 public:
  Impl(const Config& config, const Pipeline& pipeline, const extractors::PageReader& reader,
       store::Store& store, Options options)
      : config_(config),
        reader_(reader),
        pipeline_(std::make_shared<const Pipeline>(pipeline)),
        store_(store),
        options_(std::move(options)) {
    for (const crawler::SourceSettings& source : config.sources) {
      const auto& only = options_.sources;
      if (only.empty() || std::find(only.begin(), only.end(), source.id) != only.end())
        sources_[source.id] = source;
    }
    crawler::FetcherOptions fetch;
    fetch.transfer.user_agent = config.UserAgent();
    fetch.once = options_.once;
    fetch.max_in_flight = config.max_in_flight;
    fetch.extractor_revision = reader.revision();
    fetch.log = [](std::string_view line) { LogWarning(line); };
    std::vector<crawler::SourceSettings> sources;
    for (const auto& [id, source] : sources_) sources.push_back(source);
    fetcher_ = std::make_unique<crawler::Fetcher>(
        std::move(fetch), std::move(sources), store,
        [this](crawler::FetchResult result) { queue_.Push(std::move(result)); });
  }

  Status Run() {
    RETURN_IF_ERROR(KeepRules(pipeline()->rules()));
    ASSIGN_OR_RETURN(const auto publications, store_.RuleSetPublications(1));
    if (!publications.empty()) publication_ = publications[0].number;
    for (const auto& [id, source] : sources_)
      RETURN_IF_ERROR(store_.AddSeeds(crawler::SeedsOf(source)));
    RETURN_IF_ERROR(store_.sellers().UseCorrelations(pipeline()->rules().correlations()));
    RETURN_IF_ERROR(FollowWatches());
    RETURN_IF_ERROR(FollowCampaigns());
    RETURN_IF_ERROR(RematchPages(pipeline()->rules().hash()));
    ASSIGN_OR_RETURN(const auto pending, store_.PendingRequests("crawl", 16));
    for (const store::RoleRequest& request : pending) {
      if (request.action == "rematch") Execute(request);  // before pages are found unchanged
    }
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
    requests.join();
    const std::lock_guard lock(failure_mutex_);
    return status.ok() ? failure_ : status;
  }

  void Stop() {
    stopping_ = true;
    fetcher_->Stop();
  }

  CrawlFigures figures() const {
    CrawlFigures figures;
    figures.fetch = fetcher_->progress();
    figures.pages_read = counters_.pages_read;
    figures.listings = counters_.listings;
    figures.new_leads = counters_.new_leads;
    figures.changed_leads = counters_.changed_leads;
    figures.sightings = counters_.sightings;
    figures.rematched_pages = counters_.rematched;
    for (size_t i = 0; i < figures.outcomes.size(); ++i)
      figures.outcomes[i] = counters_.outcomes[i];
    return figures;
  }

 private:
  // The one in force; what is under way finishes with the one that it began with.
  std::shared_ptr<const Pipeline> pipeline() const {
    const std::lock_guard lock(pipeline_mutex_);
    return pipeline_;
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
    RETURN_IF_ERROR(store_.sellers().UseCorrelations(rules->correlations()));
    {
      const std::lock_guard lock(pipeline_mutex_);
      pipeline_ = std::make_shared<const Pipeline>(pipeline_->WithRules(std::move(rules)));
    }
    return RematchPages(pipeline()->rules().hash());
  }

  // Takes over who is watched. What is stored meets it when "rematch" is requested.
  Status FollowWatches() {
    const Instant now = SystemClock().Now();
    ASSIGN_OR_RETURN(auto numbers, WatchesInForce(store_, now));
    if (watches_ && *watches_ == numbers) return Status::Ok();
    ASSIGN_OR_RETURN(auto watched, WatchedSellers(store_, now));
    watches_ = std::move(numbers);
    const std::lock_guard lock(pipeline_mutex_);
    pipeline_ = std::make_shared<const Pipeline>(pipeline_->WithWatched(std::move(watched)));
    return Status::Ok();
  }

  // Takes over what begins and ends. Where a source now runs more often, what was to be visited later is brought forward;
  // so it is after a restart, which changes nothing when that was done before.
  Status FollowCampaigns() {
    const Instant now = SystemClock().Now();
    ASSIGN_OR_RETURN(auto starts, store_.campaigns().Starts(store::kStartsInUse));
    if (campaigns_followed_ && starts == starts_ && now < campaigns_change_) return Status::Ok();
    const auto plan = std::make_shared<const crawler::CampaignPlan>(config_.campaigns, starts, now);
    {
      const std::lock_guard lock(pipeline_mutex_);
      pipeline_ = std::make_shared<const Pipeline>(pipeline_->WithCampaigns(plan));
    }
    for (const crawler::CampaignPlan::Run& run : plan->Running(now)) {
      LogInfo("campaign " + run.window.campaign->id + " (" + run.window.campaign->name +
              ") runs until " + FormatTime(run.end));
    }
    for (const auto& [id, source] : sources_) {
      const double factor = plan->Factor(id, now);
      double& before = factors_.try_emplace(id, 1).first->second;
      if (factor > before) {
        RETURN_IF_ERROR(store_.Hasten(id, factor / before, plan->Interval(id, source.every, now),
                                      source.every));
        fetcher_->Poke();
      }
      before = factor;
    }
    starts_ = std::move(starts);
    campaigns_change_ = plan->NextChange(now);
    campaigns_followed_ = true;
    return Status::Ok();
  }

  // Stored listings meet the present rules without a fetch, but for those that met `but` last; none has
  // met the empty one.
  Status RematchPages(const std::string& but) {
    const auto pipeline = this->pipeline();
    std::string after;
    while (!stopping_) {
      ASSIGN_OR_RETURN(auto pages, store_.PagesMatchedOtherwise(but, after, 64));
      if (pages.empty()) break;
      after = pages.back().address.url;
      std::vector<store::PageCommit> batch;
      for (store::Store::StalePage& page : pages) {
        batch.push_back(pipeline->Rematch(page.address, page.state, std::move(page.listings)));
      }
      counters_.rematched += batch.size();
      store_.CommitPages(std::move(batch), [this](const auto& receipts) { Count(receipts); });
      store_.Flush();
    }
    return Status::Ok();
  }

  void Work() {
    while (auto result = queue_.Pop()) {
      const store::Lease lease = result->lease;
      store::PageCommit commit = MakeCommit(std::move(*result));
      counters_.outcomes[static_cast<size_t>(commit.outcome)] += 1;
      if (commit.change == store::PageChange::kRead) {
        counters_.pages_read += 1;
        counters_.listings += commit.listings.size();
      }
      std::vector<store::PageCommit> batch;
      batch.push_back(std::move(commit));
      store_.CommitPages(std::move(batch),
                         [this, lease](const std::vector<store::CommitReceipt>& receipts) {
                           Count(receipts);
                           fetcher_->Done(lease);
                         });
    }
  }

  store::PageCommit MakeCommit(crawler::FetchResult result) {
    const crawler::SourceSettings& source = sources_.at(result.lease.address.source);
    const Instant now = SystemClock().Now();
    if (result.outcome == Outcome::kOk || result.outcome == Outcome::kNotModified) {
      try {
        store::PageCommit commit = pipeline()->Commit(result.lease, result.page, source, [&] {
          return store_.PageListings(result.lease.address.url);
        });
        // What is found in a run belongs to it: --once fetches what was due when it began.
        commit.links_due = options_.once ? started_ : now;
        return commit;
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
    commit.next_due = NextVisit(result.outcome, result.lease, source,
                                pipeline()->campaigns().Factor(source.id, now), now);
    if (result.retry_at && commit.next_due)
      commit.next_due = std::max(*commit.next_due, *result.retry_at);
    return commit;
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

  // Requests that people enqueue for this role.
  void WatchRequests() {
    while (!stopping_) {
      if (const Status s = FollowWatches(); !s.ok()) LogError("watched sellers: " + s.message());
      if (const Status s = FollowCampaigns(); !s.ok()) LogError("campaigns: " + s.message());
      auto pending = store_.PendingRequests("crawl", 16);
      if (pending.ok()) {
        for (const store::RoleRequest& request : *pending) Execute(request);
      }
      if (options_.follow_published) {
        if (const Status s = FollowPublication(); !s.ok())
          LogError(s.message() + "; the rules in force stay");
      }
      for (int i = 0; i < 10 && !stopping_; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }

  void Execute(const store::RoleRequest& request) {
    Status status = Status::Ok();
    if (request.action == "run") {
      status = store_.MakeDue(request.argument);
      fetcher_->Poke();
    } else if (request.action == "rematch") {
      status = FollowWatches();
      if (status.ok()) status = RematchPages("");
    }
    if (status.ok()) status = store_.FinishRequest(request.number);
    if (!status.ok())
      LogWarning("request " + std::to_string(request.number) + ": " + status.message());
  }

  const Config& config_;
  const extractors::PageReader& reader_;
  mutable std::mutex pipeline_mutex_;
  std::shared_ptr<const Pipeline> pipeline_;
  // Of the requests' thread, once the run began:
  uint64_t publication_ = 0;  // the last one seen
  std::optional<std::vector<uint64_t>> watches_;
  bool campaigns_followed_ = false;
  std::vector<store::CampaignStart> starts_;
  std::map<std::string, double> factors_;  // of campaigns, by source
  Instant campaigns_change_{};             // when the next one begins or ends
  store::Store& store_;
  const Options options_;
  const Instant started_ = SystemClock().Now();
  std::map<std::string, crawler::SourceSettings> sources_;
  WorkQueue queue_;
  Counters counters_;
  std::unique_ptr<crawler::Fetcher> fetcher_;
  std::atomic<bool> stopping_{false};
  std::mutex failure_mutex_;
  Status failure_;
};

CrawlRun::CrawlRun(const Config& config, const Pipeline& pipeline,
                   const extractors::PageReader& reader, store::Store& store, Options options)
    : impl_(std::make_unique<Impl>(config, pipeline, reader, store, std::move(options))) {}
CrawlRun::~CrawlRun() = default;
Status CrawlRun::Run() { return impl_->Run(); }
void CrawlRun::Stop() { impl_->Stop(); }
CrawlFigures CrawlRun::figures() const { return impl_->figures(); }

}  // namespace cluehound::app
