#include "app/source_modes.h"

#include <vector>

#include "base/log.h"

namespace cluehound::app {

void SourceModes::Take(std::span<const store::SourceStanding> standings) {
  for (const store::SourceStanding& standing : standings) {
    fetcher_.SetMode(standing.source, standing.mode, standing.since);
    if (standing.mode == store::SourceMode::kDraining)
      draining_[standing.source] = {standing.since};
  }
}

Status SourceModes::Set(const std::string& source, store::SourceMode mode,
                        const store::Actor& actor) {
  const Instant now = SystemClock().Now();
  RETURN_IF_ERROR(store_.sources().SetMode(source, mode, actor, now));
  draining_.erase(source);
  if (mode == store::SourceMode::kDraining) draining_[source] = {now};
  fetcher_.SetMode(source, mode, now);
  LogInfo("source " + source + ": " + std::string(Name(mode)) + ", asked for by " + actor.user);
  return Status::Ok();
}

Status SourceModes::EndDrains() {
  const auto progress = fetcher_.sources();
  std::vector<std::string> drained;
  for (auto& [source, drain] : draining_) {
    ASSIGN_OR_RETURN(const auto oldest, store_.OldestDue(source));
    const auto found = progress.find(source);
    const bool busy =
        (oldest && *oldest <= drain.since) || (found != progress.end() && found->second.leased > 0);
    drain.idle_looks = busy ? 0 : drain.idle_looks + 1;
    if (drain.idle_looks > 2) drained.push_back(source);
  }
  for (const std::string& source : drained)
    RETURN_IF_ERROR(Set(source, store::SourceMode::kPaused, {"crawler", ""}));
  return Status::Ok();
}

}  // namespace cluehound::app
