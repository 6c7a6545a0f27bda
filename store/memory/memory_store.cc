#include "store/memory/memory_store.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "store/memory/memory_audit.h"
#include "store/memory/memory_campaigns.h"
#include "store/memory/memory_figures.h"
#include "store/memory/memory_frontier.h"
#include "store/memory/memory_leads.h"
#include "store/memory/memory_office_book.h"
#include "store/memory/memory_papers.h"
#include "store/memory/memory_retention.h"
#include "store/memory/memory_sellers.h"
#include "store/memory/memory_sources.h"
#include "store/page_findings.h"
#include "store/recheck.h"
#include "store/rule_set_prefix.h"

namespace cluehound::store {
namespace {

class MemoryStoreImpl final : public MemoryStore {
 public:
  MemoryStoreImpl(evidence::CaptureSink* captures, const Clock& clock)
      : captures_(captures), clock_(clock), worker_([this] { Work(); }) {}

  ~MemoryStoreImpl() override {
    {
      const std::lock_guard lock(jobs_mutex_);
      stop_ = true;
    }
    jobs_changed_.notify_all();
    worker_.join();
  }

  // ---- frontier

  Status AddSeeds(const std::vector<Discovery>& seeds) override {
    const std::lock_guard lock(mutex_);
    for (const Discovery& seed : seeds) frontier_.AddSeed(seed, clock_.Now());
    return Status::Ok();
  }

  void BoundAddresses(std::string_view source, uint64_t per_authority) override {
    const std::lock_guard lock(mutex_);
    frontier_.Bound(source, per_authority);
  }

  Result<std::vector<Lease>> Claim(const ClaimRequest& request) override {
    const std::lock_guard lock(mutex_);
    std::vector<Lease> leases = frontier_.Claim(request);
    for (Lease& lease : leases) {
      if (const PageState* page = Find(pages_, lease.address.url)) lease.page = *page;
    }
    return leases;
  }

  Status ClaimExactly(const std::vector<Lease>& leases, const ClaimRequest& request) override {
    const std::lock_guard lock(mutex_);
    return frontier_.ClaimExactly(leases, request);
  }

  void Release(const std::vector<Lease>& leases) override {
    const std::lock_guard lock(mutex_);
    frontier_.Release(leases);
  }

  Status BlockAuthority(std::string_view authority, Instant until) override {
    const std::lock_guard lock(mutex_);
    frontier_.Block(authority, until);
    return Status::Ok();
  }

  Result<std::optional<Instant>> NextDue(const std::vector<std::string>& sources) override {
    const std::lock_guard lock(mutex_);
    return frontier_.NextDue(sources, clock_.Now());
  }

  Result<std::optional<Instant>> OldestDue(const std::string& source) override {
    const std::lock_guard lock(mutex_);
    return frontier_.OldestDue(source, clock_.Now());
  }

  Status VisitNow(const std::vector<Discovery>& pages) override {
    const std::lock_guard lock(mutex_);
    for (const Discovery& page : pages) frontier_.VisitNow(page, clock_.Now());
    return Status::Ok();
  }

  Status MakeDue(std::string_view source) override {
    const std::lock_guard lock(mutex_);
    frontier_.MakeDue(source, clock_.Now());
    return Status::Ok();
  }

  Status Hasten(std::string_view source, double factor, Duration within, Duration until) override {
    const std::lock_guard lock(mutex_);
    frontier_.Hasten(source, clock_.Now(), factor, within, until);
    return Status::Ok();
  }

  Result<std::optional<RobotsRecord>> FindRobots(std::string_view authority) override {
    const std::lock_guard lock(mutex_);
    const RobotsRecord* record = Find(robots_, std::string(authority));
    return record ? std::optional<RobotsRecord>(*record) : std::nullopt;
  }

  Status PutRobots(std::string_view authority, const RobotsRecord& record) override {
    const std::lock_guard lock(mutex_);
    robots_[std::string(authority)] = record;
    return Status::Ok();
  }

  // ---- pages

  void CommitPages(std::vector<PageCommit> pages, CommitDone done) override {
    {
      const std::lock_guard lock(jobs_mutex_);
      jobs_.push_back({std::move(pages), std::move(done)});
    }
    jobs_changed_.notify_all();
  }

  void Flush() override {
    std::unique_lock lock(jobs_mutex_);
    jobs_changed_.wait(lock, [this] { return jobs_.empty(); });
  }

  Result<evidence::CaptureRef> LastCapture() override {
    const std::lock_guard lock(mutex_);
    return last_capture_;
  }

  Result<std::optional<PageState>> FindPage(std::string_view url) override {
    const std::lock_guard lock(mutex_);
    const PageState* page = Find(pages_, std::string(url));
    return page ? std::optional<PageState>(*page) : std::nullopt;
  }

  Result<std::vector<extractors::Listing>> PageListings(std::string_view url) override {
    const std::lock_guard lock(mutex_);
    const auto* listings = Find(listings_, std::string(url));
    return listings ? *listings : std::vector<extractors::Listing>();
  }

  Result<std::vector<StalePage>> PagesMatchedOtherwise(std::string_view rule_set,
                                                       std::string_view after_url,
                                                       size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<StalePage> stale;
    for (auto page = pages_.upper_bound(std::string(after_url));
         page != pages_.end() && stale.size() < max; ++page) {
      const auto& [url, state] = *page;
      if (state.rule_set == rule_set || state.listing_count == 0) continue;
      const MemoryFrontier::Address* known = frontier_.Find(url);
      stale.push_back({known ? known->discovery : Discovery(), state, listings_[url]});
      stale.back().address.url = url;
      stale.back().address.source = state.source;
    }
    return stale;
  }

  // ---- leads

  Result<Lead> FindLead(std::string_view id, const Scope& scope) override {
    const std::lock_guard lock(mutex_);
    return leads_.Find(id, scope);
  }
  Result<std::vector<LeadEntry>> Entries(std::string_view lead_id, size_t max) override {
    const std::lock_guard lock(mutex_);
    return leads_.Entries(lead_id, max);
  }
  Result<std::vector<Sighting>> Sightings(std::string_view lead_id, size_t max) override {
    const std::lock_guard lock(mutex_);
    return leads_.Sightings(lead_id, max);
  }
  Result<LeadPage> QueryLeads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                              size_t max) override {
    const std::lock_guard lock(mutex_);
    return leads_.Query(MembersOf(filter)).Leads(filter, scope, after, max);
  }
  Result<RowPage> QueryRows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                            size_t max) override {
    const std::lock_guard lock(mutex_);
    return leads_.Query(MembersOf(filter)).Rows(filter, scope, after, max);
  }
  Result<LeadCount> CountLeads(const LeadFilter& filter, const Scope& scope) override {
    const std::lock_guard lock(mutex_);
    return leads_.Query(MembersOf(filter)).Count(filter, scope);
  }
  Result<std::vector<Lead>> DecideAll(const std::vector<Decision>& decisions, const Scope& scope,
                                      std::string_view row) override {
    const std::lock_guard lock(mutex_);
    auto leads = leads_.DecideAll(decisions, scope, row);
    ApplyRechecks();
    return leads;
  }
  Result<Silence> AddSilence(const Silence& silence) override {
    const std::lock_guard lock(mutex_);
    return leads_.AddSilence(silence);
  }
  Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at) override {
    const std::lock_guard lock(mutex_);
    return leads_.EndSilence(number, actor, at);
  }
  Result<std::vector<Silence>> Silences() override {
    const std::lock_guard lock(mutex_);
    return leads_.silences();
  }
  Result<uint32_t> ReturnDue(Instant now) override {
    const std::lock_guard lock(mutex_);
    const uint32_t count = leads_.ReturnDue(now);
    ApplyRechecks();
    return count;
  }

  // ---- the rest

  SellerLedger& sellers() override { return sellers_; }
  OfficeBook& office_book() override { return office_book_; }

  Status PutRuleSet(std::string_view hash, std::string_view bytes, const Actor& actor,
                    Instant at) override {
    const std::lock_guard lock(mutex_);
    if (!rule_sets_.try_emplace(std::string(hash), bytes).second) return Status::Ok();
    audit_.Append({0, at, actor, "rules.import", std::string(hash), "", "", ""});
    return Status::Ok();
  }

  Result<std::string> FindRuleSet(std::string_view hash) override {
    const std::lock_guard lock(mutex_);
    const std::string* bytes = Find(rule_sets_, std::string(hash));
    if (bytes == nullptr) return Status::NotFound("no rule set " + std::string(hash));
    return *bytes;
  }

  Result<std::string> RuleSetHash(std::string_view prefix) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(CheckHashPrefix(prefix));
    std::string found;
    for (const auto& [hash, bytes] : rule_sets_) {
      if (!hash.starts_with(prefix)) continue;
      if (!found.empty()) return SeveralRuleSets(prefix);
      found = hash;
    }
    if (found.empty()) return Status::NotFound("no rule set " + std::string(prefix));
    return found;
  }

  Status PublishRuleSet(std::string_view hash, const Actor& actor, Instant at,
                        std::string_view note) override {
    const std::lock_guard lock(mutex_);
    if (Find(rule_sets_, std::string(hash)) == nullptr)
      return Status::NotFound("no rule set " + std::string(hash));
    const std::string before = publications_.empty() ? "" : publications_.back().hash;
    publications_.push_back(
        {publications_.size() + 1, std::string(hash), at, actor, std::string(note)});
    audit_.Append({0, at, actor, "rules.publish", std::string(hash), before, std::string(hash),
                   std::string(note)});
    return Status::Ok();
  }

  Result<std::vector<RuleSetPublication>> RuleSetPublications(size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<RuleSetPublication> newest(publications_.rbegin(), publications_.rend());
    if (newest.size() > max) newest.resize(max);
    return newest;
  }

  Result<uint64_t> EnqueueRequest(const RoleRequest& request) override {
    const std::lock_guard lock(mutex_);
    RoleRequest numbered = request;
    numbered.number = ++last_request_;
    requests_[numbered.number] = numbered;
    audit_.Append(AuditOf(numbered));
    return numbered.number;
  }

  Result<std::vector<RoleRequest>> PendingRequests(std::string_view role, size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<RoleRequest> pending;
    for (const auto& [number, request] : requests_) {
      if (request.role == role && pending.size() < max) pending.push_back(request);
    }
    return pending;
  }

  Status FinishRequest(uint64_t number) override {
    const std::lock_guard lock(mutex_);
    if (requests_.erase(number) == 1) return Status::Ok();
    return Status::NotFound("no pending request " + std::to_string(number));
  }

  PaperLedger& papers() override { return papers_; }

  Result<std::vector<AuditEntry>> Audit(uint64_t after_number, size_t max) override {
    const std::lock_guard lock(mutex_);
    return audit_.Read(after_number, max);
  }

  Result<StoreLoad> Load() override { return StoreLoad(); }
  SourceLedger& sources() override { return sources_; }

  Figures& figures() override { return figures_; }
  CampaignLedger& campaigns() override { return campaigns_; }
  AuditLog& log() override { return log_; }
  Retention& retention() override { return retention_; }
  Result<std::string> MakeCopy() override { return NoCopies(); }
  Status DropCopy(const std::string&) override { return NoCopies(); }

  Result<StoreStats> Stats() override {
    const std::lock_guard lock(mutex_);
    StoreStats stats;
    stats.addresses = frontier_.size();
    for (const auto& [url, page] : pages_) {
      stats.pages += page.read_before() ? 1 : 0;
      stats.listings += page.listing_count;
    }
    stats.leads = leads_.all().size();
    for (const auto& [id, lead] : leads_.all()) {
      stats.sightings += lead.sightings;
      stats.silenced += lead.silenced != 0 ? 1 : 0;
    }
    return stats;
  }

 private:
  static Status NoCopies() { return Status::Unavailable("a store in memory has no copies"); }

  struct Job {
    std::vector<PageCommit> pages;
    CommitDone done;
  };

  template <class K, class V>
  static const V* Find(const std::map<K, V>& map, const K& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }

  std::vector<Lead> LeadsNow() const {
    std::vector<Lead> leads;
    for (const auto& [id, lead] : leads_.all()) leads.push_back(lead);
    return leads;
  }
  std::set<LeadId> MembersOf(const LeadFilter& filter) const {
    return filter.cluster.empty() ? std::set<LeadId>()
                                  : sellers_.MembersOf(filter.cluster, LeadsNow());
  }

  void Work() {
    std::unique_lock lock(jobs_mutex_);
    while (true) {
      jobs_changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      Job& job = jobs_.front();
      lock.unlock();
      std::vector<CommitReceipt> receipts;
      {
        const std::lock_guard data(mutex_);
        for (const PageCommit& page : job.pages) receipts.push_back(Apply(page));
        for (const auto& [link, due] : std::exchange(outbox_, {})) frontier_.AddLink(link, due);
        ApplyRechecks();
      }
      if (job.done) job.done(receipts);
      lock.lock();
      jobs_.pop_front();
      jobs_changed_.notify_all();
    }
  }

  void ApplyRechecks() {
    for (const auto& [url, due] : leads_.TakeRechecks()) frontier_.DueBy(url, due);
    for (const auto& [url, due] : std::exchange(changed_, {})) frontier_.DueBy(url, due);
  }

  CommitReceipt Apply(const PageCommit& commit) {
    CommitReceipt receipt;
    receipt.status = Check(commit);
    if (!receipt.status.ok()) return receipt;
    PageState& state = pages_[commit.lease.address.url];
    if (commit.change != PageChange::kRematched) TakeLinks(commit, receipt);
    switch (commit.change) {
      case PageChange::kFailed:
        leads_.TakeGone(commit, state);
        state.outcome = commit.outcome;
        ++state.failures;
        break;
      case PageChange::kUnchanged:
        SeeAgain(commit, state, receipt);
        break;
      case PageChange::kRead:
        Read(commit, state, receipt);
        break;
      case PageChange::kRematched:
        Rematch(commit, state, receipt);
        break;
    }
    if (commit.lease.token != 0 && commit.change != PageChange::kRematched) {
      const bool rechecked =
          std::any_of(state.leads.begin(), state.leads.end(),
                      [this](const LeadId& id) { return IsRechecked(leads_.all().at(id)); });
      frontier_.Finish(commit.lease, rechecked ? RecheckDue(commit) : commit.next_due);
    }
    return receipt;
  }

  Status Check(const PageCommit& commit) const {
    RETURN_IF_ERROR(CheckCommit(commit));
    const std::string& url = commit.lease.address.url;
    if (commit.change == PageChange::kRematched) {
      const PageState* state = Find(pages_, url);
      if (state == nullptr || state->fetched != commit.state.fetched ||
          state->body_digest != commit.state.body_digest) {
        return Status::Conflict(url + " was read again meanwhile");
      }
    } else if (commit.lease.token != 0 && !frontier_.Holds(commit.lease)) {
      return Status::Conflict(url + " is leased to someone else");
    }
    return Status::Ok();
  }

  void SeeAgain(const PageCommit& commit, PageState& state, CommitReceipt& receipt) {
    state.outcome = commit.outcome;
    state.fetched = commit.seen;
    state.failures = 0;
    if (!commit.state.etag.empty()) state.etag = commit.state.etag;
    if (!commit.state.last_modified.empty()) state.last_modified = commit.state.last_modified;
    if (commit.state.interval != 0) state.interval = commit.state.interval;
    leads_.TakeUnchanged(commit, state, receipt);
  }

  void Read(const PageCommit& commit, PageState& state, CommitReceipt& receipt) {
    figures_.Fire(commit);
    const std::string& url = commit.lease.address.url;
    const PageState before = state;
    state = commit.state;
    state.fetched = commit.seen;
    state.outcome = commit.outcome;
    state.failures = 0;
    state.source = commit.lease.address.source;
    state.listing_count = static_cast<uint32_t>(commit.listings.size());
    if (commit.listings.empty()) {
      listings_.erase(url);
    } else {
      listings_[url] = commit.listings;
    }
    TakeFindings(commit, before, state, receipt);
  }

  void TakeLinks(const PageCommit& commit, CommitReceipt& receipt) {
    for (const Discovery& link : commit.links) {
      if (link.authority != commit.lease.address.authority) {
        outbox_.emplace_back(link, commit.links_due);
      } else if (frontier_.AddLink(link, commit.links_due)) {
        ++receipt.new_addresses;
      }
    }
    for (const std::string& url : commit.changed) changed_.emplace_back(url, commit.links_due);
  }

  void Rematch(const PageCommit& commit, PageState& state, CommitReceipt& receipt) {
    const PageState before = state;
    state = commit.state;
    state.outcome = before.outcome;
    state.listing_count = before.listing_count;
    state.failures = before.failures;
    state.source = before.source;
    TakeFindings(commit, before, state, receipt);
  }

  void TakeFindings(const PageCommit& commit, const PageState& before, PageState& state,
                    CommitReceipt& receipt) {
    leads_.TakeFindings(commit, before, state, receipt,
                        [this](const PageCommit& page) { return Capture(page); });
  }

  evidence::CaptureRef Capture(const PageCommit& commit) {
    if (captures_ == nullptr || commit.page == nullptr) return {};
    const auto ref = captures_->Append(*commit.page);
    captures_->Sync().IgnoreError("what is in memory has nothing to outlive");
    if (!ref.ok()) return {};
    last_capture_ = *ref;
    return *ref;
  }

  evidence::CaptureSink* captures_;
  const Clock& clock_;

  std::mutex mutex_;  // guards the data
  MemoryFrontier frontier_;
  MemoryAudit audit_;
  MemoryLog log_{audit_, mutex_};
  MemoryLeads leads_{audit_};
  MemoryPapers papers_{mutex_, leads_, audit_};
  MemoryOfficeBook office_book_{mutex_, audit_};
  MemoryFigures figures_{leads_, mutex_};
  MemorySources sources_{audit_, mutex_};
  MemoryCampaigns campaigns_{audit_, mutex_};
  MemoryRetention retention_{leads_, audit_, mutex_};
  std::vector<std::pair<Discovery, Instant>> outbox_;  // links to other authorities
  std::vector<std::pair<std::string, Instant>> changed_;
  std::map<std::string, PageState> pages_;
  std::map<std::string, std::vector<extractors::Listing>> listings_;
  std::map<std::string, RobotsRecord> robots_;
  std::map<std::string, std::string> rule_sets_;
  std::vector<RuleSetPublication> publications_;  // oldest first
  std::map<uint64_t, RoleRequest> requests_;
  uint64_t last_request_ = 0;
  evidence::CaptureRef last_capture_;
  MemorySellers sellers_{[this] {
                           const std::lock_guard lock(mutex_);
                           return LeadsNow();
                         },
                         [this](AuditEntry entry) {
                           const std::lock_guard lock(mutex_);
                           audit_.Append(std::move(entry));
                         }};

  std::mutex jobs_mutex_;  // guards what follows; taken before mutex_
  std::condition_variable jobs_changed_;
  std::deque<Job> jobs_;
  bool stop_ = false;
  std::jthread worker_;
};

}  // namespace

std::unique_ptr<MemoryStore> NewMemoryStore(evidence::CaptureSink* captures, const Clock& clock) {
  return std::make_unique<MemoryStoreImpl>(captures, clock);
}

}  // namespace cluehound::store
