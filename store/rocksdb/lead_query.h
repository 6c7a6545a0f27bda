#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/lead_index.h"
#include "store/store.h"

namespace cluehound::store {

// The questions about leads, each answered from one snapshot. A query walks the index of the facet
// with the fewest leads among those it asks for, and reads the leads whose other facets fit.
// Thread-safe.
class LeadQuery {
 public:
  explicit LeadQuery(const Database& database) : database_(database) {}

  Result<Lead> Find(std::string_view id, const Scope& scope) const;
  Result<std::vector<Sighting>> Sightings(std::string_view lead_id, size_t max) const;
  Result<std::vector<LeadEntry>> Entries(std::string_view lead_id, size_t max) const;
  Result<std::vector<Silence>> Silences() const;
  // Leads that a silence holds.
  Result<std::vector<LeadId>> Silenced(uint64_t silence, size_t max) const;
  // Deferred leads whose day has come.
  Result<std::vector<LeadId>> ComeBack(Instant now, size_t max) const;
  Result<LeadPage> Leads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                         size_t max) const;
  Result<RowPage> Rows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                       size_t max) const;

 private:
  class Walk;

  Result<std::vector<std::optional<Lead>>> Read(const std::vector<LeadId>& ids,
                                                const Snapshot* snapshot) const;
  Result<std::string> NarrowestIndex(const LeadFilter& filter, const Scope& scope,
                                     const Snapshot* snapshot) const;
  // The same of the leads of a cluster (store/rocksdb/cluster_query.cc).
  Result<LeadPage> ClusterLeads(const LeadFilter& filter, const Scope& scope,
                                std::string_view after, size_t max) const;
  Result<RowPage> ClusterRows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                              size_t max) const;
  Result<bool> ClusterStands(const std::string& cluster, const Snapshot* snapshot) const;
  Result<LeadRow> RowOf(const Lead& strongest, const LeadFilter& filter, const Scope& scope,
                        const Snapshot* snapshot) const;

  const Database& database_;
};

}  // namespace cluehound::store
