#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "store/work_queue.h"

namespace cluehound::testing {

// A work queue in memory, for tests of the crawler: addresses with a due time, leases, blocked
// hosts, robots.txt. Thread-safe.
class FakeFrontier final : public store::WorkQueue {
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
  void MakeDueAt(const std::string& url, Instant due) {
    const std::lock_guard lock(mutex_);
    addresses_.at(url).due = due;
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

  // ---- WorkQueue

  Status AddSeeds(const std::vector<store::Discovery>& seeds) override {
    const std::lock_guard lock(mutex_);
    for (const store::Discovery& seed : seeds) Add(seed, Instant());
    return Status::Ok();
  }
  void BoundAddresses(std::string_view, uint64_t) override {}
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

 private:
  struct Address {
    store::Discovery what;
    store::PageState page;
    std::optional<Instant> due;
    bool leased = false;
    bool committed = false;
  };

  static Status No() { return Status::Unavailable("broken by the test"); }

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
