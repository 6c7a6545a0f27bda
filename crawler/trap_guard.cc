#include "crawler/trap_guard.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace cluehound::crawler {
namespace {

constexpr uint32_t kEnough = 200;     // pages, before a shape is judged
constexpr uint32_t kWindow = 300;     // then the older half counts no more
constexpr uint32_t kCloseBelow = 50;  // closed when fewer than one in so many is fresh
constexpr uint32_t kOpenAbove = 20;   // opened when one in so many is
constexpr size_t kSample = 32;        // of a closed shape one link in so many passes

std::string_view NameOf(const extractors::Listing& listing) {
  if (!listing.id.empty()) return listing.id;
  return listing.url.empty() ? listing.title : listing.url;
}

size_t HashOf(std::string_view text) { return std::hash<std::string_view>()(text); }

}  // namespace

bool TrapGuard::Items::Generation::Add(const std::array<size_t, 4>& bits) {
  bool added = false;
  for (const size_t bit : bits) {
    uint64_t& word = words[bit / 64];
    const uint64_t mask = uint64_t{1} << (bit % 64);
    added = added || (word & mask) == 0;
    word |= mask;
  }
  return added;
}

bool TrapGuard::Items::Generation::Contains(const std::array<size_t, 4>& bits) const {
  return std::all_of(bits.begin(), bits.end(),
                     [&](size_t bit) { return (words[bit / 64] >> (bit % 64) & 1) != 0; });
}

bool TrapGuard::Items::Add(std::string_view item) {
  std::array<size_t, 4> bits{};
  const size_t hash = HashOf(item);
  const size_t step = (hash >> 32) | 1;
  for (size_t i = 0; i < bits.size(); ++i) bits[i] = (hash + i * step) % kBits;
  const bool known = now_.Contains(bits) || before_.Contains(bits);
  if (now_.Add(bits) && ++count_ >= kMax) {
    before_ = std::exchange(now_, Generation());
    count_ = 0;
  }
  return !known;
}

TrapGuard::Shape& TrapGuard::ShapeFor(const std::string& name) {
  const auto [place, is_new] = shapes_.try_emplace(name);
  Shape& shape = place->second;
  if (!is_new) {
    turns_.splice(turns_.begin(), turns_, shape.turn);
    return shape;
  }
  turns_.push_front(name);
  shape.turn = turns_.begin();
  if (shapes_.size() > kMaxShapes) {
    const auto last = shapes_.find(turns_.back());
    closed_ -= last->second.closed ? 1 : 0;
    shapes_.erase(last);
    turns_.pop_back();
  }
  return shape;
}

bool TrapGuard::Learn(const store::PageCommit& commit) {
  const bool read = commit.change == store::PageChange::kRead;
  const store::PageState& before = commit.lease.page;
  if (before.read_before() || before.failures > 0 ||
      (read ? commit.listings.empty() : commit.outcome != Outcome::kGone))
    return true;
  const std::string name = ShapeOf(commit.lease.address.url);
  Shape& shape = ShapeFor(name);
  bool fresh = false;
  if (read) {
    if (!shape.items) shape.items = std::make_unique<Items>();
    for (const extractors::Listing& listing : commit.listings)
      fresh = shape.items->Add(NameOf(listing)) || fresh;
  }
  Judge(name, shape, fresh);
  return fresh;
}

void TrapGuard::Judge(const std::string& name, Shape& shape, bool fresh) {
  ++shape.judged;
  shape.fresh += fresh ? 1 : 0;
  if (shape.judged == kWindow) {
    shape.judged /= 2;
    shape.fresh /= 2;
  }
  if (shape.judged < kEnough) return;
  if (!shape.closed && shape.fresh * kCloseBelow < shape.judged) {
    shape.closed = true;
    ++closed_;
    LogWarning("links like " + name + " bring nothing new: one in " + std::to_string(kSample) +
               " is followed from now on");
  } else if (shape.closed && shape.fresh * kOpenAbove >= shape.judged) {
    shape.closed = false;
    --closed_;
    LogInfo("links like " + name + " bring something new again");
  }
}

void TrapGuard::Pass(store::PageCommit& commit) {
  const Instant now = clock_.Now();
  const std::lock_guard lock(mutex_);
  const bool fresh = Learn(commit);
  const auto trap = [&](const store::Discovery& link) -> std::optional<Trap> {
    if (const auto sign = TrapSign(link.url, now)) return sign;
    const bool next_page = link.priority == 0;
    if (closed_ == 0 || (next_page && fresh)) return std::nullopt;
    const auto shape = shapes_.find(ShapeOf(link.url));
    if (shape == shapes_.end() || !shape->second.closed || HashOf(link.url) % kSample == 0)
      return std::nullopt;
    return Trap::kNothingNew;
  };
  std::erase_if(commit.links, [&](const store::Discovery& link) {
    const auto found = trap(link);
    if (found) ++refused_[static_cast<size_t>(*found)];
    return found.has_value();
  });
}

std::array<uint64_t, kTrapCount> TrapGuard::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

std::vector<std::string> TrapGuard::closed() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, shape] : shapes_) {
    if (shape.closed) names.push_back(name);
  }
  return names;
}

}  // namespace cluehound::crawler
