#include "crawler/claims.h"

#include <algorithm>
#include <iterator>

namespace cluehound::crawler {
namespace {

// After the store had nothing more, commits trickle in one by one; asking after each would cost
// more than it gives.
constexpr Duration kShortestLook{5};

}  // namespace

Claims::Claims(ClaimOptions options, store::WorkQueue& store,
               const std::vector<SourceSettings>& sources, const Clock& wall, const Clock& steady,
               std::function<void()> wake)
    : options_(std::move(options)),
      store_(store),
      budget_(sources, options_.once, steady.Now()),
      gates_(sources),
      wall_(wall),
      steady_(steady),
      wake_(std::move(wake)) {}

void Claims::Update(const std::vector<SourceSettings>& sources) {
  budget_.Update(sources, steady_.Now());
  gates_.Update(sources);
  worth_asking_ = true;
}

Result<std::vector<store::Lease>> Claims::Refill() {
  const Instant now = steady_.Now();
  const size_t room = options_.max_leased - std::min(held_.size(), options_.max_leased);
  const auto look = NextLook();
  if (!look || *look > now) return std::vector<store::Lease>();
  store::ClaimRequest request;
  request.owner = options_.owner;
  request.max_per_authority = options_.max_per_authority;
  request.now = wall_.Now();
  if (!run_began_) run_began_ = request.now;
  const Instant due_until = options_.once ? *run_began_ : request.now;
  last_asked_ = now;
  worth_asking_ = false;
  std::vector<store::Lease> leases;
  for (SourceGates::Group& group : gates_.Open(budget_.Open(now), request.now)) {
    request.max = room - leases.size();
    if (request.max == 0) break;
    request.sources = std::move(group.sources);
    request.due_until = std::min(due_until, group.due_until.value_or(due_until));
    ASSIGN_OR_RETURN(std::vector<store::Lease> more, store_.Claim(request));
    std::move(more.begin(), more.end(), std::back_inserter(leases));
  }
  worth_asking_ = leases.size() == room;
  std::vector<store::Lease> kept;
  std::vector<store::Lease> beyond;
  for (store::Lease& lease : leases) {
    const std::string& source = lease.address.source;
    if (budget_.Take(source, now)) {
      held_.emplace(lease.token, Held{source, false});
      ++leased_of_[source];
      kept.push_back(std::move(lease));
    } else {
      beyond.push_back(std::move(lease));
    }
  }
  if (!beyond.empty()) store_.Release(beyond);
  return kept;
}

void Claims::Drop(HeldLeases::iterator held) {
  if (held->second.begun) --in_flight_;
  const auto count = leased_of_.find(held->second.source);
  if (--count->second == 0) leased_of_.erase(count);
  held_.erase(held);
}

void Claims::GiveBack(const std::vector<store::Lease>& leases) {
  if (leases.empty()) return;
  for (const store::Lease& lease : leases) {
    const auto it = held_.find(lease.token);
    if (it == held_.end()) continue;
    Drop(it);
    budget_.Refund(lease.address.source);
  }
  store_.Release(leases);
  worth_asking_ = true;
}

void Claims::Begin(uint64_t token) {
  const auto it = held_.find(token);
  if (it == held_.end() || it->second.begun) return;
  it->second.begun = true;
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
    const auto it = held_.find(token);
    if (it == held_.end()) continue;
    Drop(it);
    worth_asking_ = true;  // its links may be due by now
  }
}

std::optional<Instant> Claims::NextLook() const {
  // A quarter at a time: each question has a price of its own.
  if (held_.size() > options_.max_leased - std::max<size_t>(options_.max_leased / 4, 1)) {
    return std::nullopt;
  }
  if (last_asked_ == Instant()) return Instant();
  if (worth_asking_) return held_.empty() ? Instant() : last_asked_ + kShortestLook;
  if (options_.once) return std::nullopt;
  return last_asked_ + options_.look_again;
}

}  // namespace cluehound::crawler
