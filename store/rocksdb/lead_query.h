#pragma once

#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/lead_index.h"
#include "store/store.h"

namespace cluehound::store {

// The questions about single leads, each answered from one snapshot; lists are LeadLists'.
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
  // With the sightings counted; in the order of the ids (32 digits). Nothing: there is none.
  Result<std::vector<std::optional<Lead>>> Read(const std::vector<LeadId>& ids,
                                                const Snapshot* snapshot) const;

 private:
  const Database& database_;
};

}  // namespace cluehound::store
