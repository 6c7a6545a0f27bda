#include "store/memory/memory_frontier.h"

#include <algorithm>
#include <tuple>

#include "store/hasten.h"

namespace cluehound::store {
namespace {

bool Among(const std::vector<std::string>& sources, const std::string& source) {
  return sources.empty() || std::find(sources.begin(), sources.end(), source) != sources.end();
}

}  // namespace

bool MemoryFrontier::Add(const Discovery& discovery, Instant due) {
  if (!addresses_.try_emplace(discovery.url, Address{discovery, due, 0}).second) return false;
  ++known_[{discovery.authority, discovery.source}];
  return true;
}

bool MemoryFrontier::AddLink(const Discovery& link, Instant due) {
  const auto bound = bounds_.find(link.source);
  if (bound != bounds_.end() && known_[{link.authority, link.source}] >= bound->second)
    return false;
  return Add(link, due);
}

void MemoryFrontier::AddSeed(const Discovery& seed, Instant now) {
  if (Add(seed, now)) return;
  Address& known = addresses_[seed.url];
  if (known.token != 0) return;
  known.discovery.source = seed.source;
  if (!known.due) known.due = now;
}

bool MemoryFrontier::Claimable(const Address& address, const ClaimRequest& request) const {
  if (address.token != 0 || !address.due || *address.due > request.due_until) return false;
  if (!Among(request.sources, address.discovery.source)) return false;
  const auto block = blocks_.find(address.discovery.authority);
  return block == blocks_.end() || block->second <= request.now;
}

size_t MemoryFrontier::Outstanding(const std::string& authority) const {
  return static_cast<size_t>(
      std::count_if(addresses_.begin(), addresses_.end(), [&](const auto& entry) {
        return entry.second.token != 0 && entry.second.discovery.authority == authority;
      }));
}

const MemoryFrontier::Address* MemoryFrontier::Best(const std::string& authority,
                                                    const ClaimRequest& request) const {
  const Address* best = nullptr;
  const auto rank = [](const Address& a) {
    return std::make_tuple(a.discovery.priority, *a.due, std::string_view(a.discovery.url));
  };
  for (const auto& [url, address] : addresses_) {
    if (address.discovery.authority != authority || !Claimable(address, request)) continue;
    if (best == nullptr || rank(address) < rank(*best)) best = &address;
  }
  return best;
}

Lease MemoryFrontier::Take(const std::string& url) {
  Address& address = addresses_[url];
  address.token = ++tokens_;
  return {address.token, address.discovery, {}};
}

std::vector<Lease> MemoryFrontier::Claim(const ClaimRequest& request) {
  std::set<std::string> names;
  for (const auto& [url, address] : addresses_) {
    if (Claimable(address, request)) names.insert(address.discovery.authority);
  }
  std::vector<std::string> turns(names.begin(), names.end());
  std::stable_sort(turns.begin(), turns.end(),
                   [&](const auto& a, const auto& b) { return served_[a] < served_[b]; });
  std::vector<Lease> leases;
  bool gave = true;
  while (gave && leases.size() < request.max) {
    gave = false;
    for (const std::string& authority : turns) {
      if (leases.size() == request.max) break;
      if (Outstanding(authority) >= request.max_per_authority) continue;
      const Address* best = Best(authority, request);
      if (best == nullptr) continue;
      leases.push_back(Take(best->discovery.url));
      served_[authority] = ++turns_;
      gave = true;
    }
  }
  return leases;
}

Status MemoryFrontier::ClaimExactly(const std::vector<Lease>& leases, const ClaimRequest& request) {
  if (leases.size() > request.max) return Status::Conflict("more leases than asked for");
  for (const Lease& lease : leases) {
    const std::string& authority = lease.address.authority;
    if (Outstanding(authority) >= request.max_per_authority) {
      return Status::Conflict("too many leases of " + authority);
    }
    const Address* best = Best(authority, request);
    if (best == nullptr || !(best->discovery == lease.address)) {
      return Status::Conflict(lease.address.url + " is not the next of " + authority);
    }
    addresses_[lease.address.url].token = lease.token;
  }
  const bool more = std::any_of(addresses_.begin(), addresses_.end(), [&](const auto& entry) {
    return Claimable(entry.second, request) &&
           Outstanding(entry.second.discovery.authority) < request.max_per_authority;
  });
  if (more && leases.size() < request.max) return Status::Conflict("more could have been leased");
  return Status::Ok();
}

void MemoryFrontier::Release(const std::vector<Lease>& leases) {
  for (const Lease& lease : leases) {
    if (Holds(lease)) addresses_[lease.address.url].token = 0;
  }
}

bool MemoryFrontier::Holds(const Lease& lease) const {
  const Address* address = Find(lease.address.url);
  return address != nullptr && lease.token != 0 && address->token == lease.token;
}

void MemoryFrontier::Finish(const Lease& lease, std::optional<Instant> next_due) {
  Address& address = addresses_[lease.address.url];
  address.token = 0;
  address.due = next_due;
}

std::optional<Instant> MemoryFrontier::NextDue(const std::vector<std::string>& sources,
                                               Instant now) const {
  std::optional<Instant> next;
  for (const auto& [url, address] : addresses_) {
    if (address.token != 0 || !address.due || !Among(sources, address.discovery.source)) continue;
    const auto block = blocks_.find(address.discovery.authority);
    Instant at = *address.due;
    if (block != blocks_.end()) at = std::max(at, block->second);
    if (!next || at < *next) next = at;
  }
  return next ? std::optional<Instant>(std::max(*next, now)) : next;
}

std::optional<Instant> MemoryFrontier::OldestDue(const std::string& source, Instant now) const {
  std::optional<Instant> oldest;
  for (const auto& [url, address] : addresses_) {
    if (address.token != 0 || !address.due || address.discovery.source != source) continue;
    const auto block = blocks_.find(address.discovery.authority);
    if (*address.due > now || (block != blocks_.end() && block->second > now)) continue;
    if (!oldest || *address.due < *oldest) oldest = address.due;
  }
  return oldest;
}

void MemoryFrontier::VisitNow(const Discovery& page, Instant now) {
  if (Add(page, now)) return;
  Address& known = addresses_[page.url];
  if (known.token != 0) return;
  known.discovery.priority = std::min(known.discovery.priority, page.priority);
  known.due = std::min(known.due.value_or(now), now);
}

void MemoryFrontier::DueBy(const std::string& url, Instant due) {
  const auto found = addresses_.find(url);
  if (found == addresses_.end() || found->second.token != 0 || !found->second.due) return;
  found->second.due = std::min(*found->second.due, due);
}

void MemoryFrontier::MakeDue(std::string_view source, Instant now) {
  for (auto& [url, address] : addresses_) {
    if (address.token == 0 && address.due && address.discovery.source == source) {
      address.due = std::min(*address.due, now);
    }
  }
}

void MemoryFrontier::Hasten(std::string_view source, Instant now, double factor, Duration within,
                            Duration until) {
  for (auto& [url, address] : addresses_) {
    if (address.token != 0 || !address.due || address.discovery.source != source) continue;
    if (*address.due > now + within && *address.due <= now + until)
      address.due = HastenedDue(*address.due, address.discovery.depth, now, factor);
  }
}

const MemoryFrontier::Address* MemoryFrontier::Find(const std::string& url) const {
  const auto found = addresses_.find(url);
  return found == addresses_.end() ? nullptr : &found->second;
}

}  // namespace cluehound::store
