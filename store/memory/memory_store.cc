#include "store/memory/memory_store.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "base/text.h"
#include "store/decision.h"
#include "store/lead_note.h"
#include "store/memory/memory_frontier.h"
#include "store/memory/memory_sellers.h"
#include "store/page_findings.h"
#include "store/rule_set_prefix.h"
#include "store/silence.h"

namespace cluehound::store {
namespace {

// Strongest first, then newest, then by id: the order of every list.
auto Rank(const Lead& lead) {
  return std::make_tuple(-lead.suspicion.score, -ToMillis(lead.first_seen),
                         std::string_view(lead.id));
}

bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope) {
  const auto agrees = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return agrees(filter.day, FormatDay(lead.first_seen)) &&
         agrees(filter.category, lead.suspicion.category) &&
         agrees(filter.mark, lead.suspicion.mark) && agrees(filter.source, lead.source) &&
         agrees(filter.rule, lead.suspicion.rule) && agrees(filter.row, RowKey(lead)) &&
         agrees(scope.county, lead.county) && (!filter.status || *filter.status == lead.status) &&
         (!filter.notice || filter.notice == lead.notice) && agrees(filter.county, lead.county) &&
         (filter.silenced == LeadFilter::Silenced::kShown ||
          (filter.silenced == LeadFilter::Silenced::kOnly) == (lead.silenced != 0)) &&
         (!filter.dispatch || (lead.dispatch && lead.dispatch->state == *filter.dispatch)) &&
         (!filter.due_before || IsDue(lead, *filter.due_before));
}

class MemoryAliases final : public AliasTable {
 public:
  Result<std::optional<AliasRecord>> FindAlias(const std::string& name_space,
                                               const std::string& alias) override {
    const auto found = aliases_.find({name_space, alias});
    return found == aliases_.end() ? std::optional<AliasRecord>() : found->second;
  }
  Result<std::optional<ListingRecord>> FindListing(const ListingIdentity& identity) override {
    const auto found = listings_.find(identity);
    return found == listings_.end() ? std::optional<ListingRecord>() : found->second;
  }
  void PutAlias(const std::string& name_space, const std::string& alias,
                const AliasRecord& record) override {
    aliases_[{name_space, alias}] = record;
  }
  void PutListing(const ListingIdentity& identity, const ListingRecord& record) override {
    listings_[identity] = record;
  }

 private:
  std::map<std::pair<std::string, std::string>, AliasRecord> aliases_;
  std::map<ListingIdentity, ListingRecord> listings_;
};

class MemoryStoreImpl final : public MemoryStore, private DecisionTable {
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

  Status MakeDue(std::string_view source) override {
    const std::lock_guard lock(mutex_);
    frontier_.MakeDue(source, clock_.Now());
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
    if (id.find('-') != std::string_view::npos) {
      for (const auto& [key, lead] : leads_) {
        if (lead.number == id) return InScope(lead, scope);
      }
      return Status::NotFound("no lead with the number " + std::string(id));
    }
    const std::string prefix = ToAsciiLower(id);
    if (prefix.size() < 6 || prefix.find_first_not_of("0123456789abcdef") != std::string::npos) {
      return Status::InvalidArgument("not the number of a lead: " + prefix);
    }
    auto found = leads_.lower_bound(prefix);
    if (found == leads_.end() || !found->first.starts_with(prefix)) {
      return Status::NotFound("no lead " + prefix);
    }
    const auto next = std::next(found);
    if (next != leads_.end() && next->first.starts_with(prefix)) {
      return Status::InvalidArgument("several leads begin with " + prefix);
    }
    return InScope(found->second, scope);
  }

  Result<std::vector<LeadEntry>> Entries(std::string_view lead_id, size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<LeadEntry> entries;
    if (const auto* all = Find(entries_, std::string(lead_id))) entries = *all;
    std::reverse(entries.begin(), entries.end());
    if (entries.size() > max) entries.resize(max);
    return entries;
  }

  Result<std::vector<Sighting>> Sightings(std::string_view lead_id, size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<Sighting> sightings;
    if (const auto* all = Find(sightings_, std::string(lead_id))) sightings = *all;
    std::stable_sort(sightings.begin(), sightings.end(), [](const Sighting& a, const Sighting& b) {
      return std::tie(b.seen, a.page_url) < std::tie(a.seen, b.page_url);
    });
    if (sightings.size() > max) sightings.resize(max);
    return sightings;
  }

  Result<LeadPage> QueryLeads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                              size_t max) override {
    const std::lock_guard lock(mutex_);
    LeadPage page;
    for (const Lead* lead : Matching(filter, scope)) {
      if (!Behind(*lead, after)) continue;
      if (max == 0) break;
      if (page.leads.size() == max) {
        page.next = Position(page.leads.back());
        break;
      }
      page.leads.push_back(*lead);
    }
    return page;
  }

  Result<RowPage> QueryRows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                            size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<LeadRow> rows;
    std::map<std::string, size_t> places;
    for (const Lead* lead : Matching(filter, scope)) {
      const auto [place, is_new] = places.emplace(RowKey(*lead), rows.size());
      if (is_new) {
        rows.push_back({place->first,
                        lead->listing.seller,
                        lead->suspicion.mark,
                        lead->suspicion.mark_name,
                        0,
                        lead->suspicion.score,
                        lead->first_seen,
                        lead->last_seen,
                        *lead,
                        0,
                        {}});
      }
      LeadRow& row = rows[place->second];
      ++row.lead_count;
      row.first_seen = std::min(row.first_seen, lead->first_seen);
      row.last_seen = std::max(row.last_seen, lead->last_seen);
    }
    if (!filter.cluster.empty()) {  // rows that hold one, whole
      LeadFilter whole = filter;
      whole.cluster.clear();
      for (LeadRow& row : rows) {
        whole.row = row.key;
        const auto leads = Matching(whole, scope);
        row.lead_count = static_cast<uint32_t>(leads.size());
        for (const Lead* lead : leads) {
          row.first_seen = std::min(row.first_seen, lead->first_seen);
          row.last_seen = std::max(row.last_seen, lead->last_seen);
        }
      }
    }
    RowPage page;
    for (LeadRow& row : rows) {
      LeadFilter undecided;
      undecided.row = row.key;
      undecided.status = LeadStatus::kNew;
      undecided.silenced = filter.silenced;
      row.undecided = static_cast<uint32_t>(Matching(undecided, scope).size());
      if (const RowStanding* decided = Find(rows_, row.key)) row.decided = *decided;
      if (!Behind(row.strongest, after)) continue;
      if (max == 0) break;
      if (page.rows.size() == max) {
        page.next = Position(page.rows.back().strongest);
        break;
      }
      page.rows.push_back(std::move(row));
    }
    return page;
  }

  Result<std::vector<Lead>> DecideAll(const std::vector<Decision>& decisions, const Scope& scope,
                                      std::string_view row) override {
    const std::lock_guard lock(mutex_);
    const auto leads_before = leads_;
    const auto numbers_before = numbers_;
    std::vector<std::pair<Lead, LeadStep>> steps;
    std::vector<Lead> leads;
    for (const Decision& decision : decisions) {
      auto step = store::Decide(decision, scope, *this);
      if (!step.ok()) {
        leads_ = leads_before;
        numbers_ = numbers_before;
        return step.status();
      }
      steps.emplace_back(leads_.at(decision.lead), *step);
      leads_[decision.lead] = step->lead;
      leads.push_back(step->lead);
    }
    for (const auto& [before, step] : steps) Enter(before, step);
    if (!row.empty() && !decisions.empty()) {
      rows_.erase(std::string(row));
      if (const auto standing = RowStandingOf(decisions)) rows_[std::string(row)] = *standing;
    }
    return leads;
  }

  Result<Silence> AddSilence(const Silence& silence) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(CheckSilence(silence));
    silences_.push_back(silence);
    silences_.back().number = silences_.size();
    Append(AuditOfSilence(silences_.back(), false));
    return silences_.back();
  }

  Result<Silence> EndSilence(uint64_t number, const Actor& actor, Instant at) override {
    const std::lock_guard lock(mutex_);
    if (number == 0 || number > silences_.size())
      return Status::NotFound("no silence " + std::to_string(number));
    Silence& silence = silences_[number - 1];
    if (!InForce(silence, at)) return Status::InvalidArgument("it is over already");
    silence.ended = at;
    silence.ended_by = actor;
    Append(AuditOfSilence(silence, true));
    return silence;
  }

  Result<std::vector<Silence>> Silences() override {
    const std::lock_guard lock(mutex_);
    return silences_;
  }

  Result<uint32_t> ReturnDue(Instant now) override {
    const std::lock_guard lock(mutex_);
    uint32_t count = 0;
    for (const Silence& silence : std::vector<Silence>(silences_)) {
      if (InForce(silence, now)) continue;
      for (const auto& [id, lead] : std::map<LeadId, Lead>(leads_)) {
        if (lead.silenced != silence.number) continue;
        Take(lead, LetGo(lead, now, "屏蔽已结束"));
        ++count;
      }
    }
    std::vector<std::pair<Instant, LeadId>> due;
    for (const auto& [id, lead] : leads_) {
      if (lead.status == LeadStatus::kDeferred && *lead.until <= now)
        due.emplace_back(*lead.until, id);
    }
    std::sort(due.begin(), due.end());
    for (const auto& [until, id] : due) {
      const Lead before = leads_.at(id);
      Take(before, CameBack(before, now));
    }
    return count + static_cast<uint32_t>(due.size());
  }

  // ---- the rest

  SellerLedger& sellers() override { return sellers_; }

  Status PutRuleSet(std::string_view hash, std::string_view bytes, const Actor& actor,
                    Instant at) override {
    const std::lock_guard lock(mutex_);
    if (!rule_sets_.try_emplace(std::string(hash), bytes).second) return Status::Ok();
    Append({0, at, actor, "rules.import", std::string(hash), "", "", ""});
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
    Append({0, at, actor, "rules.publish", std::string(hash), before, std::string(hash),
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

  Result<std::vector<AuditEntry>> Audit(uint64_t after_number, size_t max) override {
    const std::lock_guard lock(mutex_);
    std::vector<AuditEntry> entries;
    for (size_t i = after_number; i < audit_.size() && entries.size() < max; ++i) {
      entries.push_back(audit_[i]);
    }
    return entries;
  }

  Result<StoreStats> Stats() override {
    const std::lock_guard lock(mutex_);
    StoreStats stats;
    stats.addresses = frontier_.size();
    for (const auto& [url, page] : pages_) {
      stats.pages += page.read_before() ? 1 : 0;
      stats.listings += page.listing_count;
    }
    stats.leads = leads_.size();
    for (const auto& [id, lead] : leads_) {
      stats.sightings += lead.sightings;
      stats.silenced += lead.silenced != 0 ? 1 : 0;
    }
    return stats;
  }

 private:
  struct Job {
    std::vector<PageCommit> pages;
    CommitDone done;
  };

  template <class K, class V>
  static const V* Find(const std::map<K, V>& map, const K& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
  }

  // The id of the lead behind which the next page begins, with its rank as it was.
  static std::string Position(const Lead& lead) {
    return std::to_string(lead.suspicion.score) + " " + std::to_string(ToMillis(lead.first_seen)) +
           " " + lead.id;
  }
  static bool Behind(const Lead& lead, std::string_view position) {
    const auto parts = SplitAscii(position, " ");
    if (parts.size() != 3 || !ParseInt(parts[0]) || !ParseInt(parts[1])) return true;
    return Rank(lead) >
           std::make_tuple(-static_cast<int>(*ParseInt(parts[0])), -*ParseInt(parts[1]), parts[2]);
  }

  std::vector<const Lead*> Matching(const LeadFilter& filter, const Scope& scope) const {
    std::vector<const Lead*> leads;
    std::set<LeadId> members;
    if (!filter.cluster.empty()) members = sellers_.MembersOf(filter.cluster, LeadsNow());
    for (const auto& [id, lead] : leads_) {
      if (!filter.cluster.empty() && !members.contains(id)) continue;
      if (Matches(lead, filter, scope)) leads.push_back(&lead);
    }
    std::sort(leads.begin(), leads.end(),
              [](const Lead* a, const Lead* b) { return Rank(*a) < Rank(*b); });
    return leads;
  }

  std::vector<Lead> LeadsNow() const {
    std::vector<Lead> leads;
    for (const auto& [id, lead] : leads_) leads.push_back(lead);
    return leads;
  }

  static Result<Lead> InScope(const Lead& lead, const Scope& scope) {
    if (scope.county.empty() || scope.county == lead.county) return lead;
    return Status::Denied("lead " + lead.id + " is of another county");
  }

  // DecisionTable
  Result<std::optional<Lead>> FindLead(const LeadId& id) override {
    const Lead* lead = Find(leads_, id);
    return lead ? std::optional<Lead>(*lead) : std::nullopt;
  }
  Result<uint64_t> NextNumber(const std::string& prefix, int year) override {
    return ++numbers_[{prefix, year}];
  }

  Result<std::optional<Silence>> FindSilence(uint64_t number) override {
    const bool known = number > 0 && number <= silences_.size();
    return known ? std::optional<Silence>(silences_[number - 1]) : std::nullopt;
  }

  // The entry and the line in the log.
  void Enter(const Lead& before, const LeadStep& step) {
    entries_[step.lead.id].push_back(step.entry);
    Append(AuditOfStep(before, step));
    if (before.silenced == step.lead.silenced) return;
    if (before.silenced != 0) --silences_[before.silenced - 1].live;
    if (step.lead.silenced == 0) return;
    Silence& silence = silences_[step.lead.silenced - 1];
    ++silence.live;
    ++silence.hits;
    silence.last_hit = step.entry.at;
  }
  void HushLead(const LeadId& id, Instant now) {
    const Lead lead = leads_.at(id);
    if (const auto step = Hush(lead, silences_, now)) Take(lead, *step);
  }
  void Take(const Lead& before, const LeadStep& step) {
    Enter(before, step);
    leads_[step.lead.id] = step.lead;
  }
  void TakeAll(const Result<std::vector<LeadStep>>& steps) {
    for (const LeadStep& step : *steps) Take(Lead(leads_.at(step.lead.id)), step);
  }

  void Append(AuditEntry entry) {
    entry.number = audit_.size() + 1;
    audit_.push_back(std::move(entry));
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
        for (const auto& [link, due] : std::exchange(outbox_, {})) frontier_.Add(link, due);
      }
      if (job.done) job.done(receipts);
      lock.lock();
      jobs_.pop_front();
      jobs_changed_.notify_all();
    }
  }

  CommitReceipt Apply(const PageCommit& commit) {
    CommitReceipt receipt;
    receipt.status = Check(commit);
    if (!receipt.status.ok()) return receipt;
    PageState& state = pages_[commit.lease.address.url];
    switch (commit.change) {
      case PageChange::kFailed:
        TakeAll(AbsencesOfGone(commit, state, [this](auto& id) { return FindLead(id); }));
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
      frontier_.Finish(commit.lease, commit.next_due);
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
    for (const LeadId& id : state.leads) {
      receipt.sightings +=
          See(leads_.at(id), {id, commit.seen, commit.lease.address.url, {}, false});
      const Lead lead = leads_.at(id);
      if (const auto step = NoteSight(lead, commit.seen)) Take(lead, *step);
    }
  }

  void Read(const PageCommit& commit, PageState& state, CommitReceipt& receipt) {
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
    for (const Discovery& link : commit.links) {
      if (link.authority != commit.lease.address.authority) {
        outbox_.emplace_back(link, commit.links_due);
      } else if (frontier_.Add(link, commit.links_due)) {
        ++receipt.new_addresses;
      }
    }
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

  void TakeFindings(const PageCommit& commit, const PageState& page_before, PageState& state,
                    CommitReceipt& receipt) {
    const auto findings = FindingsOf(commit, aliases_);
    const bool rematched = commit.change == PageChange::kRematched;
    const Instant seen = rematched ? state.fetched : commit.seen;
    std::map<LeadId, LeadChange> changes;
    std::vector<LeadId> made;
    for (const Finding& finding : *findings) {
      const auto known = leads_.find(finding.lead);
      if (known == leads_.end()) {
        Lead& lead = leads_[finding.lead] = NewLead(finding, seen);
        Append(AuditOfLead(nullptr, lead, commit.seen));
        HushLead(lead.id, commit.seen);
        made.push_back(lead.id);
        changes[lead.id] = LeadChange::kChanged;
        continue;
      }
      Meeting meeting = MeetLead(known->second, finding, commit.seen, !rematched);
      changes[finding.lead] = meeting.change;
      receipt.changed_leads += meeting.change == LeadChange::kChanged ? 1 : 0;
      for (AuditEntry& entry : meeting.audit) Append(std::move(entry));
      for (LeadEntry& entry : meeting.entries) entries_[finding.lead].push_back(std::move(entry));
      if (meeting.change == LeadChange::kChanged) HushLead(finding.lead, commit.seen);
    }
    TakeAll(AbsencesOf(
        commit, page_before, *findings, [this](auto& id) { return FindLead(id); }, aliases_));
    receipt.new_leads = static_cast<uint32_t>(made.size());
    evidence::CaptureRef capture;
    if (receipt.new_leads + receipt.changed_leads > 0) capture = Capture(commit);
    for (const Finding& finding : *findings) {
      Lead& lead = leads_.at(finding.lead);
      const bool is_new = std::find(made.begin(), made.end(), lead.id) != made.end();
      const bool changed = changes[lead.id] == LeadChange::kChanged;
      if (changed && capture.present()) lead.capture = capture;
      if (rematched && !is_new) continue;
      receipt.sightings +=
          See(lead, {lead.id, seen, commit.lease.address.url, capture, changed && !is_new});
    }
    Remember(*findings, state);
  }

  evidence::CaptureRef Capture(const PageCommit& commit) {
    if (captures_ == nullptr || commit.page == nullptr) return {};
    const auto ref = captures_->Append(*commit.page);
    captures_->Sync().IgnoreError("what is in memory has nothing to outlive");
    if (!ref.ok()) return {};
    last_capture_ = *ref;
    return *ref;
  }

  // How many sightings it is: one, or none when this very one is there already.
  uint32_t See(Lead& lead, const Sighting& sighting) {
    auto& known = sightings_[lead.id];
    for (const Sighting& other : known) {
      if (other.seen == sighting.seen && other.page_url == sighting.page_url) return 0;
    }
    known.push_back(sighting);
    ++lead.sightings;
    lead.last_seen = std::max(lead.last_seen, sighting.seen);
    return 1;
  }

  evidence::CaptureSink* captures_;
  const Clock& clock_;

  std::mutex mutex_;  // guards the data
  MemoryFrontier frontier_;
  MemoryAliases aliases_;
  std::vector<std::pair<Discovery, Instant>> outbox_;  // links to other authorities
  std::map<std::string, PageState> pages_;
  std::map<std::string, std::vector<extractors::Listing>> listings_;
  std::map<LeadId, Lead> leads_;
  std::map<LeadId, std::vector<Sighting>> sightings_;
  std::map<LeadId, std::vector<LeadEntry>> entries_;
  std::map<std::string, RowStanding> rows_;
  std::vector<Silence> silences_;                            // number n at n - 1
  std::map<std::pair<std::string, int>, uint64_t> numbers_;  // last given out
  std::map<std::string, RobotsRecord> robots_;
  std::map<std::string, std::string> rule_sets_;
  std::vector<RuleSetPublication> publications_;  // oldest first
  std::map<uint64_t, RoleRequest> requests_;
  uint64_t last_request_ = 0;
  std::vector<AuditEntry> audit_;
  evidence::CaptureRef last_capture_;
  MemorySellers sellers_{[this] {
                           const std::lock_guard lock(mutex_);
                           return LeadsNow();
                         },
                         [this](AuditEntry entry) {
                           const std::lock_guard lock(mutex_);
                           Append(std::move(entry));
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
