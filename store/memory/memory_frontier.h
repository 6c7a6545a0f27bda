#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/store.h"

namespace cluehound::store {

// The frontier of the MemoryStore: addresses, due times, leases. Not thread-safe.
class MemoryFrontier {
 public:
  struct Address {
    Discovery discovery;
    std::optional<Instant> due;
    uint64_t token = 0;  // of the lease; 0: not leased
  };

  // Whether the address is known now and was not: links beyond the bound of their source are not
  // taken.
  bool AddLink(const Discovery& link, Instant due);
  void AddSeed(const Discovery& seed, Instant now);
  std::vector<Lease> Claim(const ClaimRequest& request);
  Status ClaimExactly(const std::vector<Lease>& leases, const ClaimRequest& request);
  void Release(const std::vector<Lease>& leases);
  bool Holds(const Lease& lease) const;
  // Ends a lease. REQUIRES: Holds(lease)
  void Finish(const Lease& lease, std::optional<Instant> next_due);
  void Bound(std::string_view source, uint64_t per_authority) {
    bounds_[std::string(source)] = per_authority;
  }
  void Block(std::string_view authority, Instant until) { blocks_[std::string(authority)] = until; }
  std::optional<Instant> NextDue(const std::vector<std::string>& sources, Instant now) const;
  std::optional<Instant> OldestDue(const std::string& source, Instant now) const;
  void VisitNow(const Discovery& page, Instant now);
  // A known address that is due later, and not leased, is due then.
  void DueBy(const std::string& url, Instant due);
  void MakeDue(std::string_view source, Instant now);
  void Hasten(std::string_view source, Instant now, double factor, Duration within, Duration until);
  size_t size() const { return addresses_.size(); }
  const Address* Find(const std::string& url) const;

 private:
  bool Add(const Discovery& discovery, Instant due);
  bool Claimable(const Address& address, const ClaimRequest& request) const;
  size_t Outstanding(const std::string& authority) const;
  const Address* Best(const std::string& authority, const ClaimRequest& request) const;
  Lease Take(const std::string& url);

  std::map<std::string, Address> addresses_;  // by address
  std::map<std::string, Instant> blocks_;
  std::map<std::string, uint64_t> bounds_;                         // by source
  std::map<std::pair<std::string, std::string>, uint64_t> known_;  // by authority and source
  std::map<std::string, uint64_t> served_;  // authority -> when its turn was, in claims
  uint64_t turns_ = 0;
  uint64_t tokens_ = 0;
};

}  // namespace cluehound::store
