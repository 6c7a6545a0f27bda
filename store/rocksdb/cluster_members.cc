#include "store/rocksdb/cluster_members.h"

#include "store/record_fields.h"
#include "store/rocksdb/lead_index.h"
#include "store/rocksdb/seller_keys.h"

namespace cluehound::store {

ClusterMembers::ClusterMembers(const Database& database, const std::string& cluster,
                               const Snapshot* snapshot)
    : database_(database), snapshot_(snapshot), cluster_(cluster), prefix_(MemberPrefix(cluster)) {}

Status ClusterMembers::Begin() {
  ASSIGN_OR_RETURN(
      const auto state,
      FindRecord<BunchState>(database_, Table::kClusters, BunchKey(cluster_), "bunch", snapshot_));
  stands_ = state && state->indexed != 0;
  cursor_ = database_.Walk(Table::kClusters, prefix_, PrefixEnd(prefix_), snapshot_);
  return Status::Ok();
}

Result<std::vector<LeadId>> ClusterMembers::Next(size_t max) {
  if (!cursor_) RETURN_IF_ERROR(Begin());
  std::vector<LeadId> ids;
  for (; stands_ && cursor_->Valid() && ids.size() < max; cursor_->Next()) {
    const auto position = LeadPosition::Parse(cursor_->key().substr(prefix_.size()));
    if (!position) return Status::Corruption("a cluster has a member that is none");
    ids.push_back(position->id);
  }
  RETURN_IF_ERROR(cursor_->status());
  return ids;
}

}  // namespace cluehound::store
