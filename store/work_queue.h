#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/records.h"

namespace cluehound::store {

struct ClaimRequest {
  std::string owner;  // who will fetch; for messages
  size_t max = 64;    // leases at most
  size_t max_per_authority =
      8;  // leases outstanding for one authority, those of earlier claims included
  std::vector<std::string> sources;  // only these; empty: all
  Instant due_until{};               // addresses due at or before this
  Instant now{};                     // hosts blocked beyond this are passed over
};

// robots.txt as last fetched, kept so that a restart does not ask again.
struct RobotsRecord {
  Instant fetched{};
  int status = 0;    // of the final answer; 0: none came
  std::string body;  // at most 512 KiB (RFC 9309 2.5)
};

// What a crawler needs of the store: addresses to fetch, and what it keeps about hosts.
//
// Thread-safety: every method from any thread. Durability: as store/store.h, but for BlockAuthority
// and PutRobots, which say so.
class WorkQueue {
 public:
  virtual ~WorkQueue() = default;

  // Makes addresses known and due at once. Known ones keep their state; a seed that was "not again"
  // becomes due, and one that belonged to another source belongs to the one that names it now.
  virtual Status AddSeeds(const std::vector<Discovery>& seeds) = 0;
  // From now on, until the store is closed, links make no more than `per_authority` addresses of one
  // authority known to the source; what is known stays. The first link that finds no room is logged.
  // Without it there is no bound. Seeds are not refused, but count.
  virtual void BoundAddresses(std::string_view source, uint64_t per_authority) = 0;
  // Leases due addresses, highest priority and longest due first within an authority, authorities
  // in turn. Leases are held in memory: after a crash the addresses are simply due again.
  virtual Result<std::vector<Lease>> Claim(const ClaimRequest& request) = 0;
  // Gives leases back unfetched; the addresses are due again.
  virtual void Release(const std::vector<Lease>& leases) = 0;
  // No claims on this authority before `until` (Retry-After, robots unreachable); a later call
  // replaces it. In force at once and written with the next sync, so that no network thread waits
  // for a disk: a crash may lose the blocks of its last moments.
  virtual Status BlockAuthority(std::string_view authority, Instant until) = 0;

  virtual Result<std::optional<RobotsRecord>> FindRobots(std::string_view authority) = 0;
  // Visible at once and written with the next sync, as BlockAuthority.
  virtual Status PutRobots(std::string_view authority, const RobotsRecord& record) = 0;
};

}  // namespace cluehound::store
