#pragma once

#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "crawler/source.h"
#include "store/audit_log.h"

namespace cluehound::app {

// The use of robots overrides: each is noted in the audit log before it is made, once for each source
// and host of a program's run. Thread-safe.
class RobotsOverrides {
 public:
  explicit RobotsOverrides(store::AuditLog& log) : log_(log) {}

  // REQUIRES: the source has an override. When it returns ok, the use is noted durably.
  Status Note(const crawler::SourceSettings& source, const std::string& authority);

  // Logs overrides that are no longer in force, as robots.txt is obeyed again.
  static void WarnOfEnded(const crawler::SourceSettings& source, Instant now);

 private:
  store::AuditLog& log_;
  std::mutex mutex_;
  std::set<std::pair<std::string, std::string>> noted_;  // source, authority
};

}  // namespace cluehound::app
