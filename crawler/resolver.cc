#include "crawler/resolver.h"

#include <netdb.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_set>

namespace cluehound::crawler {
namespace {

constexpr size_t kMaxAddresses = 16;  // of one name
constexpr std::chrono::seconds kPatienceAtEnd{1};

}  // namespace

struct Resolver::Shared {
  Lookup lookup;
  std::function<void()> wake;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::string> asked;
  std::unordered_set<std::string> not_begun;  // the same
  std::deque<std::pair<std::string, Resolution>> answered;
  bool stopping = false;
  int alive = 0;
  int idle = 0;  // of those

  static void Work(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->mutex);
    while (true) {
      ++shared->idle;
      shared->changed.wait(lock, [&] { return shared->stopping || !shared->asked.empty(); });
      --shared->idle;
      if (shared->stopping) break;
      const std::string host = std::move(shared->asked.front());
      shared->asked.pop_front();
      shared->not_begun.erase(host);
      lock.unlock();
      Resolution resolution = Resolve(shared->lookup, host);
      lock.lock();
      if (shared->stopping) break;
      shared->answered.emplace_back(host, std::move(resolution));
      shared->wake();
    }
    --shared->alive;
    shared->changed.notify_all();
  }

  static Resolution Resolve(const Lookup& lookup, const std::string& host) {
    Resolution resolution;
    Result<std::vector<IpAddress>> found = lookup(host);
    if (!found.ok()) {
      resolution.error = found.status().message();
      return resolution;
    }
    resolution.addresses = std::move(*found);
    std::stable_partition(resolution.addresses.begin(), resolution.addresses.end(),
                          [](const IpAddress& address) { return address.is_v4(); });
    if (resolution.addresses.size() > kMaxAddresses) resolution.addresses.resize(kMaxAddresses);
    if (resolution.addresses.empty()) resolution.error = "no address";
    return resolution;
  }
};

Resolver::Resolver(ResolverLimits limits, const Clock& clock, std::function<void()> wake,
                   Lookup lookup)
    : limits_(limits), clock_(clock), shared_(std::make_shared<Shared>()) {
  shared_->lookup = std::move(lookup);
  shared_->wake = std::move(wake);
}

Resolver::~Resolver() {
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatienceAtEnd, [&] { return shared_->alive == 0; });
}

const Resolution* Resolver::Find(const std::string& host) {
  if (const auto literal = IpAddress::Parse(host)) {
    literal_.addresses.assign(1, *literal);
    return &literal_;
  }
  const Instant now = clock_.Now();
  if (const auto it = known_.find(host); it != known_.end()) {
    if (it->second.until > now) return &it->second.resolution;
  }
  if (!pending_.emplace(host, now).second) return nullptr;
  by_timeout_.emplace_back(now + limits_.timeout, host);
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->asked.push_back(host);
    shared_->not_begun.insert(host);
    if (shared_->alive < limits_.threads &&
        static_cast<size_t>(shared_->idle) < shared_->asked.size()) {
      ++shared_->alive;
      std::thread([shared = shared_] { Shared::Work(shared); }).detach();
    }
  }
  shared_->changed.notify_one();
  return nullptr;
}

std::vector<std::string> Resolver::TakeFinished() {
  std::deque<std::pair<std::string, Resolution>> answered;
  std::vector<std::string> waiting;
  const Instant now = clock_.Now();
  {
    const std::lock_guard lock(shared_->mutex);
    answered.swap(shared_->answered);
    // Names that wait behind others for a thread have not been asked for yet: their time begins
    // anew.
    for (auto& [due, host] : by_timeout_) {
      if (due > now) break;
      const auto it = pending_.find(host);
      if (it == pending_.end() || shared_->not_begun.count(host) == 0) continue;
      if (it->second + limits_.timeout != due) continue;
      it->second = now;
      waiting.push_back(host);
    }
  }
  for (std::string& host : waiting)
    by_timeout_.emplace_back(now + limits_.timeout, std::move(host));
  std::vector<std::string> finished;
  for (auto& [host, resolution] : answered) {
    Remember(host, std::move(resolution));  // a late answer is still a good one
    if (pending_.erase(host) > 0) finished.push_back(host);
  }
  while (!by_timeout_.empty() && by_timeout_.front().first <= now) {
    const auto [due, host] = std::move(by_timeout_.front());
    by_timeout_.pop_front();
    const auto it = pending_.find(host);
    if (it == pending_.end() || it->second + limits_.timeout != due) continue;
    pending_.erase(it);
    Remember(host, {{}, "no answer from the name servers in " + FormatDuration(limits_.timeout)});
    finished.push_back(host);
  }
  return finished;
}

std::optional<Instant> Resolver::NextTimeout() const {
  if (pending_.empty()) return std::nullopt;
  return by_timeout_.front().first;
}

void Resolver::Remember(const std::string& host, Resolution resolution) {
  const Duration keep = resolution.addresses.empty() ? limits_.keep_failure : limits_.keep;
  const auto [it, fresh] = known_.try_emplace(host);
  it->second = {std::move(resolution), clock_.Now() + keep};
  if (fresh) by_age_.push_back(host);
  while (known_.size() > limits_.max_names) {
    known_.erase(by_age_.front());
    by_age_.pop_front();
  }
}

Result<std::vector<IpAddress>> Resolver::SystemLookup(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (error != 0) return Status::NotFound(gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(list, &freeaddrinfo);
  std::vector<IpAddress> addresses;
  for (const addrinfo* item = list; item != nullptr; item = item->ai_next) {
    if (const auto address = IpAddress::FromSockaddr(item->ai_addr)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace cluehound::crawler
