#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/store.h"

namespace cluehound::store {

// The leads of a cluster, strongest first; none of one that does not stand. As of one snapshot. Not
// thread-safe; must not outlive the database.
class ClusterMembers {
 public:
  ClusterMembers(const Database& database, const std::string& cluster, const Snapshot* snapshot);
  // The next ones, at most `max`; none at the end.
  Result<std::vector<LeadId>> Next(size_t max);

 private:
  Status Begin();

  const Database& database_;
  const Snapshot* snapshot_;
  const std::string cluster_;
  const std::string prefix_;
  std::unique_ptr<Cursor> cursor_;  // null: not begun
  bool stands_ = false;
};

}  // namespace cluehound::store
