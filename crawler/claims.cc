#include "crawler/claims.h"

#include <algorithm>

namespace cluehound::crawler {
namespace {

// After the store had nothing more, commits trickle in one by one; asking after each would cost
// more than it gives.
constexpr Duration kShortestLook{5};

}  // namespace

Claims::Claims(ClaimOptions options, store::WorkQueue& store, PageBudget budget, const Clock& wall,
               const Clock& steady, std::function<void()> wake)
    : options_(std::move(options)),
      store_(store),
      budget_(std::move(budget)),
      wall_(wall),
      steady_(steady),
      wake_(std::move(wake)) {}

Result<std::vector<store::Lease>> Claims::Refill() {
  const Instant now = steady_.Now();
  const size_t room = options_.max_leased - std::min(begun_.size(), options_.max_leased);
  const auto look = NextLook();
  if (!look || *look > now) return std::vector<store::Lease>();
  store::ClaimRequest request;
  request.owner = options_.owner;
  request.max = room;
  request.max_per_authority = options_.max_per_authority;
  request.sources = budget_.Open(now);
  request.now = wall_.Now();
  if (!run_began_) run_began_ = request.now;
  request.due_until = options_.once ? *run_began_ : request.now;
  last_asked_ = now;
  worth_asking_ = false;
  if (request.sources.empty()) return std::vector<store::Lease>();  // an empty list would mean all
  ASSIGN_OR_RETURN(std::vector<store::Lease> leases, store_.Claim(request));
  worth_asking_ = leases.size() == room;
  std::vector<store::Lease> kept;
  std::vector<store::Lease> beyond;
  for (store::Lease& lease : leases) {
    if (budget_.Take(lease.address.source, now)) {
      begun_.emplace(lease.token, false);
      kept.push_back(std::move(lease));
    } else {
      beyond.push_back(std::move(lease));
    }
  }
  if (!beyond.empty()) store_.Release(beyond);
  return kept;
}

void Claims::GiveBack(const std::vector<store::Lease>& leases) {
  if (leases.empty()) return;
  for (const store::Lease& lease : leases) {
    const auto it = begun_.find(lease.token);
    if (it == begun_.end()) continue;
    if (it->second) --in_flight_;
    begun_.erase(it);
    budget_.Refund(lease.address.source);
  }
  store_.Release(leases);
  worth_asking_ = true;
}

void Claims::Begin(uint64_t token) {
  const auto it = begun_.find(token);
  if (it == begun_.end() || it->second) return;
  it->second = true;
  ++in_flight_;
}

void Claims::Done(uint64_t token) {
  {
    const std::lock_guard lock(mutex_);
    done_.push_back(token);
  }
  wake_();
}

void Claims::Poke() {
  {
    const std::lock_guard lock(mutex_);
    poked_ = true;
  }
  wake_();
}

void Claims::Collect() {
  std::vector<uint64_t> done;
  {
    const std::lock_guard lock(mutex_);
    done.swap(done_);
    worth_asking_ |= std::exchange(poked_, false);
  }
  for (const uint64_t token : done) {
    const auto it = begun_.find(token);
    if (it == begun_.end()) continue;
    if (it->second) --in_flight_;
    begun_.erase(it);
    worth_asking_ = true;  // its links may be due by now
  }
}

std::optional<Instant> Claims::NextLook() const {
  // A quarter at a time: each question has a price of its own.
  if (begun_.size() > options_.max_leased - std::max<size_t>(options_.max_leased / 4, 1)) {
    return std::nullopt;
  }
  if (last_asked_ == Instant()) return Instant();
  if (worth_asking_) return begun_.empty() ? Instant() : last_asked_ + kShortestLook;
  if (options_.once) return std::nullopt;
  return last_asked_ + options_.look_again;
}

}  // namespace cluehound::crawler
