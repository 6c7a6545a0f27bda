#include <set>

#include "base/digest.h"
#include "store/identity.h"
#include "store/record_fields.h"
#include "store/rocksdb/lead_query.h"
#include "store/rocksdb/seller_keys.h"

namespace cluehound::store {
namespace {

constexpr size_t kReadAhead = 64;  // leads read at a time

// The members of a cluster behind a position, in the order of every list.
class Members {
 public:
  Members(const Database& database, const std::string& cluster, std::string_view after,
          const Snapshot* snapshot)
      : prefix_(MemberPrefix(cluster)),
        cursor_(database.Walk(Table::kClusters,
                              after.empty() ? prefix_ : prefix_ + std::string(after) + '\0',
                              PrefixEnd(prefix_), snapshot)) {}

  // The next ones; none at the end.
  Result<std::vector<LeadId>> Next() {
    std::vector<LeadId> ids;
    for (; cursor_->Valid() && ids.size() < kReadAhead; cursor_->Next()) {
      const auto position = LeadPosition::Parse(cursor_->key().substr(prefix_.size()));
      if (!position) return Status::Corruption("a cluster has a member that is none");
      ids.push_back(position->id);
    }
    RETURN_IF_ERROR(cursor_->status());
    return ids;
  }

 private:
  const std::string prefix_;
  const std::unique_ptr<Cursor> cursor_;
};

std::string PositionOf(const Lead& lead) { return LeadPosition::Of(lead).Bytes(); }

}  // namespace

Result<bool> LeadQuery::ClusterStands(const std::string& cluster, const Snapshot* snapshot) const {
  ASSIGN_OR_RETURN(const auto state, FindRecord<BunchState>(database_, Table::kClusters,
                                                            BunchKey(cluster), "bunch", snapshot));
  return state && state->indexed != 0;
}

Result<LeadPage> LeadQuery::ClusterLeads(const LeadFilter& filter, const Scope& scope,
                                         std::string_view after, size_t max) const {
  LeadPage page;
  if (max == 0) return page;
  const auto snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(const bool stands, ClusterStands(filter.cluster, snapshot.get()));
  if (!stands) return page;
  const std::string behind = FromHex(after);
  Members members(database_, filter.cluster, behind.size() == kPositionSize ? behind : "",
                  snapshot.get());
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, members.Next());
    if (ids.empty()) return page;
    ASSIGN_OR_RETURN(auto leads, Read(ids, snapshot.get()));
    for (auto& lead : leads) {
      if (!lead || !Matches(*lead, filter, scope)) continue;
      if (page.leads.size() == max) {
        page.next = Hex(PositionOf(page.leads.back()));
        return page;
      }
      page.leads.push_back(*std::move(lead));
    }
  }
}

Result<RowPage> LeadQuery::ClusterRows(const LeadFilter& filter, const Scope& scope,
                                       std::string_view after, size_t max) const {
  RowPage page;
  if (max == 0) return page;
  const auto snapshot = database_.TakeSnapshot();
  ASSIGN_OR_RETURN(const bool stands, ClusterStands(filter.cluster, snapshot.get()));
  if (!stands) return page;
  const std::string behind = FromHex(after);
  Members members(database_, filter.cluster, "", snapshot.get());
  std::set<std::string> met;  // rows, those of earlier pages included
  while (true) {
    ASSIGN_OR_RETURN(const auto ids, members.Next());
    if (ids.empty()) return page;
    ASSIGN_OR_RETURN(const auto leads, Read(ids, snapshot.get()));
    for (const auto& lead : leads) {
      if (!lead || !Matches(*lead, filter, scope) || !met.insert(RowKey(*lead)).second) continue;
      if (PositionOf(*lead) <= behind) continue;
      if (page.rows.size() == max) {
        page.next = Hex(PositionOf(page.rows.back().strongest));
        return page;
      }
      ASSIGN_OR_RETURN(LeadRow row, RowOf(*lead, filter, scope, snapshot.get()));
      page.rows.push_back(std::move(row));
    }
  }
}

}  // namespace cluehound::store
