#include "store/source_ledger.h"

#include <algorithm>

namespace cluehound::store {

std::string_view Name(SourceMode mode) {
  switch (mode) {
    case SourceMode::kRunning:
      return "running";
    case SourceMode::kPaused:
      return "paused";
    case SourceMode::kDraining:
      return "draining";
  }
  return "";
}

std::string_view ChineseName(SourceMode mode) {
  switch (mode) {
    case SourceMode::kRunning:
      return "采集中";
    case SourceMode::kPaused:
      return "已暂停";
    case SourceMode::kDraining:
      return "收尾中";
  }
  return "";
}

SourceStanding Gained(SourceStanding known, const SourceStanding& gain) {
  known.source = gain.source;
  known.read = std::max(known.read, gain.read);
  known.pages += gain.pages;
  known.listings += gain.listings;
  known.leads += gain.leads;
  return known;
}

AuditEntry AuditOf(const RoleRequest& request) {
  return {0, request.at, request.actor, "request." + request.action, request.argument, "", "", ""};
}

}  // namespace cluehound::store
