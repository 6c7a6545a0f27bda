#include "triage/login_guard.h"

#include <algorithm>

namespace cluehound::triage {
namespace {

constexpr int kFreeOfAccount = 4;
constexpr int kFreeOfAddress = 20;  // an office may share one
constexpr Duration kFirstWait = std::chrono::seconds(1);
constexpr Duration kLongestWait = std::chrono::minutes(15);
constexpr Duration kForget = std::chrono::hours(24);
constexpr size_t kMaxKeys = 10'000;  // some megabytes

}  // namespace

Duration LoginGuard::WaitOf(const Counts& counts, const std::string& key, int free, Instant now) {
  const auto found = counts.find(key);
  if (found == counts.end() || now - found->second.last >= kForget) return Duration::zero();
  const int over = found->second.failures - free;
  if (over <= 0) return Duration::zero();
  const Duration wait = std::min(kLongestWait, kFirstWait * (int64_t{1} << std::min(over - 1, 20)));
  return std::max(Duration::zero(), found->second.last + wait - now);
}

void LoginGuard::Add(Counts& counts, const std::string& key, Instant now) {
  if (counts.size() >= kMaxKeys && !counts.contains(key)) {
    counts.erase(std::min_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
      return a.second.last < b.second.last;
    }));
  }
  Count& count = counts[key];
  if (now - count.last >= kForget) count.failures = 0;
  ++count.failures;
  count.last = now;
}

Duration LoginGuard::Wait(const std::string& account, const std::string& address, bool known,
                          Instant now) {
  const std::lock_guard lock(mutex_);
  const Duration of_address = WaitOf(addresses_, address, kFreeOfAddress, now);
  return known ? of_address : std::max(of_address, WaitOf(accounts_, account, kFreeOfAccount, now));
}

void LoginGuard::Failed(const std::string& account, const std::string& address, Instant now) {
  const std::lock_guard lock(mutex_);
  Add(accounts_, account, now);
  Add(addresses_, address, now);
}

void LoginGuard::Succeeded(const std::string& account, const std::string& address) {
  const std::lock_guard lock(mutex_);
  accounts_.erase(account);
  addresses_.erase(address);
}

}  // namespace cluehound::triage
