#pragma once

#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "store/store.h"

namespace cluehound::testing {

// The frontier side of a store, in memory, for tests of the crawler: addresses with a due time,
// leases, blocked hosts, robots.txt. Everything else fails with kUnavailable. Thread-safe.
class FakeFrontier final : public store::Store {
 public:
  // ---- what tests do and see

  // What a pipeline does with a finished lease: links become known and are due as long as their
  // page, which is due again at `next_due`.
  void Commit(const store::Lease& lease, const std::vector<store::Discovery>& links,
              std::optional<Instant> next_due) {
    const std::lock_guard lock(mutex_);
    const auto leased = leases_.find(lease.token);
    if (leased == leases_.end()) return;
    Address& address = addresses_.at(leased->second);
    for (const store::Discovery& link : links) Add(link, address.due);
    address.leased = false;
    address.committed = true;
    address.due = next_due;
    --outstanding_[address.what.authority];
    leases_.erase(leased);
  }
  void SetPageState(const std::string& url, store::PageState state) {
    const std::lock_guard lock(mutex_);
    addresses_.at(url).page = std::move(state);
  }
  std::map<std::string, Instant> blocked() const {
    const std::lock_guard lock(mutex_);
    return blocked_;
  }
  std::map<std::string, store::RobotsRecord> robots() const {
    const std::lock_guard lock(mutex_);
    return robots_;
  }
  size_t leased() const {
    const std::lock_guard lock(mutex_);
    return leases_.size();
  }
  size_t most_leased() const {
    const std::lock_guard lock(mutex_);
    return most_leased_;
  }
  int claims() const {
    const std::lock_guard lock(mutex_);
    return claims_;
  }
  // Addresses that were never committed and are not leased.
  std::set<std::string> untouched() const {
    const std::lock_guard lock(mutex_);
    std::set<std::string> urls;
    for (const auto& [url, address] : addresses_) {
      if (!address.leased && !address.committed) urls.insert(url);
    }
    return urls;
  }
  // From now on the named method fails.
  void Break(const std::string& method) {
    const std::lock_guard lock(mutex_);
    broken_ = method;
  }

  // ---- Store

  Status AddSeeds(const std::vector<store::Discovery>& seeds) override {
    const std::lock_guard lock(mutex_);
    for (const store::Discovery& seed : seeds) Add(seed, Instant());
    return Status::Ok();
  }
  Result<std::vector<store::Lease>> Claim(const store::ClaimRequest& request) override {
    const std::lock_guard lock(mutex_);
    if (broken_ == "Claim") return No();
    ++claims_;
    std::vector<store::Lease> given;
    // In turn: one of each authority, then another of each.
    for (bool any = true; any && given.size() < request.max;) {
      any = false;
      std::set<std::string> served;
      for (auto& [url, address] : addresses_) {
        if (given.size() >= request.max) break;
        if (!Claimable(address, request) || !served.insert(address.what.authority).second) continue;
        address.leased = true;
        ++outstanding_[address.what.authority];
        leases_[++last_token_] = url;
        given.push_back({last_token_, address.what, address.page});
        any = true;
      }
    }
    most_leased_ = std::max(most_leased_, leases_.size());
    return given;
  }
  void Release(const std::vector<store::Lease>& leases) override {
    const std::lock_guard lock(mutex_);
    for (const store::Lease& lease : leases) {
      const auto leased = leases_.find(lease.token);
      if (leased == leases_.end()) continue;
      Address& address = addresses_.at(leased->second);
      address.leased = false;
      --outstanding_[address.what.authority];
      leases_.erase(leased);
    }
  }
  Status BlockAuthority(std::string_view authority, Instant until) override {
    const std::lock_guard lock(mutex_);
    if (broken_ == "BlockAuthority") return No();
    blocked_[std::string(authority)] = until;
    return Status::Ok();
  }
  Result<std::optional<store::RobotsRecord>> FindRobots(std::string_view authority) override {
    const std::lock_guard lock(mutex_);
    if (broken_ == "FindRobots") return No();
    const auto it = robots_.find(std::string(authority));
    if (it == robots_.end()) return std::optional<store::RobotsRecord>();
    return std::optional<store::RobotsRecord>(it->second);
  }
  Status PutRobots(std::string_view authority, const store::RobotsRecord& record) override {
    const std::lock_guard lock(mutex_);
    if (broken_ == "PutRobots") return No();
    robots_[std::string(authority)] = record;
    return Status::Ok();
  }

  Result<std::optional<Instant>> NextDue(const std::vector<std::string>&) override { return No(); }
  Status MakeDue(std::string_view) override { return No(); }
  void CommitPages(std::vector<store::PageCommit>, CommitDone) override {}
  void Flush() override {}
  Result<evidence::CaptureRef> LastCapture() override { return No(); }
  Result<std::optional<store::PageState>> FindPage(std::string_view) override { return No(); }
  Result<std::vector<extractors::Listing>> PageListings(std::string_view) override { return No(); }
  Result<std::vector<StalePage>> PagesMatchedOtherwise(std::string_view, std::string_view,
                                                       size_t) override {
    return No();
  }
  Result<store::Lead> FindLead(std::string_view, const store::Scope&) override { return No(); }
  Result<std::vector<store::Sighting>> Sightings(std::string_view, size_t) override { return No(); }
  Result<store::LeadPage> QueryLeads(const store::LeadFilter&, const store::Scope&,
                                     std::string_view, size_t) override {
    return No();
  }
  Result<store::RowPage> QueryRows(const store::LeadFilter&, const store::Scope&, std::string_view,
                                   size_t) override {
    return No();
  }
  Result<std::vector<store::Lead>> DecideAll(const std::vector<Decision>&, const store::Scope&,
                                             std::string_view) override {
    return No();
  }
  Result<uint32_t> ReturnDue(Instant) override { return No(); }
  Result<store::Silence> AddSilence(const store::Silence&) override { return No(); }
  Result<store::Silence> EndSilence(uint64_t, const store::Actor&, Instant) override {
    return No();
  }
  Result<std::vector<store::Silence>> Silences() override { return No(); }
  Result<std::vector<store::LeadEntry>> Entries(std::string_view, size_t) override { return No(); }
  Status PutRuleSet(std::string_view, std::string_view, const store::Actor&, Instant) override {
    return No();
  }
  Result<std::string> FindRuleSet(std::string_view) override { return No(); }
  Result<std::string> RuleSetHash(std::string_view) override { return No(); }
  Status PublishRuleSet(std::string_view, const store::Actor&, Instant, std::string_view) override {
    return No();
  }
  Result<std::vector<store::RuleSetPublication>> RuleSetPublications(size_t) override {
    return No();
  }
  Result<uint64_t> EnqueueRequest(const store::RoleRequest&) override { return No(); }
  Result<std::vector<store::RoleRequest>> PendingRequests(std::string_view, size_t) override {
    return No();
  }
  Status FinishRequest(uint64_t) override { return No(); }
  Result<std::vector<store::AuditEntry>> Audit(uint64_t, size_t) override { return No(); }
  store::SellerLedger& sellers() override { std::abort(); }
  Result<store::StoreStats> Stats() override { return No(); }

 private:
  struct Address {
    store::Discovery what;
    store::PageState page;
    std::optional<Instant> due;
    bool leased = false;
    bool committed = false;
  };

  static Status No() { return Status::Unavailable("not in the fake frontier, or broken"); }

  void Add(const store::Discovery& discovery, std::optional<Instant> due) {
    const auto [it, fresh] = addresses_.try_emplace(discovery.url);
    if (fresh) it->second = {discovery, {}, due};
  }
  bool Claimable(const Address& address, const store::ClaimRequest& request) const {
    if (address.leased || !address.due || *address.due > request.due_until) return false;
    const auto& sources = request.sources;
    if (!sources.empty() &&
        std::find(sources.begin(), sources.end(), address.what.source) == sources.end()) {
      return false;
    }
    const auto blocked = blocked_.find(address.what.authority);
    if (blocked != blocked_.end() && blocked->second > request.now) return false;
    const auto outstanding = outstanding_.find(address.what.authority);
    return outstanding == outstanding_.end() || outstanding->second < request.max_per_authority;
  }

  mutable std::mutex mutex_;
  std::map<std::string, Address> addresses_;
  std::map<uint64_t, std::string> leases_;
  std::map<std::string, size_t> outstanding_;
  std::map<std::string, Instant> blocked_;
  std::map<std::string, store::RobotsRecord> robots_;
  uint64_t last_token_ = 0;
  size_t most_leased_ = 0;
  int claims_ = 0;
  std::string broken_;
};

}  // namespace cluehound::testing
