#include "app/robots_overrides.h"

#include "base/log.h"

namespace cluehound::app {

Status RobotsOverrides::Note(const crawler::SourceSettings& source, const std::string& authority) {
  const std::lock_guard lock(mutex_);
  if (noted_.count({source.id, authority}) > 0) return Status::Ok();
  const crawler::RobotsOverride& override = *source.access.robots_override;
  store::AuditEntry entry;
  entry.at = SystemClock().Now();
  entry.actor = {"crawler", override.by};
  entry.action = "robots.override";
  entry.object = source.id;
  entry.after = authority;
  entry.reason = override.authority + "，至 " + FormatDay(override.until - std::chrono::hours(24)) +
                 "（含当日）";
  RETURN_IF_ERROR(log_.Append(entry));
  noted_.insert({source.id, authority});
  return Status::Ok();
}

void RobotsOverrides::WarnOfEnded(const crawler::SourceSettings& source, Instant now) {
  const auto& override = source.access.robots_override;
  if (!override || override->InForce(now)) return;
  LogWarning("source " + source.id + ": robots_override by " + override->authority + " ended on " +
             FormatDay(override->until - std::chrono::hours(24)) + "; robots.txt is obeyed again");
}

}  // namespace cluehound::app
