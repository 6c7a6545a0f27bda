#include "store/recheck.h"

#include <algorithm>

namespace cluehound::store {

bool IsRechecked(const Lead& lead) {
  return lead.status == LeadStatus::kChecking || lead.status == LeadStatus::kPlatform;
}

std::optional<Instant> RecheckDue(const PageCommit& commit) {
  // A failure that passes has its own time, which may be the host's wish; and who is refused by
  // robots.txt does not ask more often.
  const bool waits = commit.change == PageChange::kFailed &&
                     (Info(commit.outcome).retry || commit.outcome == Outcome::kRobotsRefused);
  if (!commit.next_due || waits) return commit.next_due;
  return std::min(*commit.next_due, commit.seen + kRecheckEvery);
}

std::optional<Instant> RecheckAfter(const Lead& before, const Lead& after, Instant at) {
  if (IsRechecked(before) || !IsRechecked(after)) return std::nullopt;
  return at + kRecheckEvery;
}

}  // namespace cluehound::store
