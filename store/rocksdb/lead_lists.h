#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "store/rocksdb/database.h"
#include "store/rocksdb/lead_query.h"
#include "store/rocksdb/lead_walk.h"
#include "store/store.h"

namespace cluehound::store {

// Lists and counts of leads, each answered from one snapshot. A list walks the index of the facet, or
// pair of facets, with the fewest leads among those it asks for, and reads the leads whose entries
// fit; where few leads can be meant at all (some words, or a narrow facet in another order), those
// are gathered and sorted instead, or merged from the rows of a seller. docs/queries.md says what that
// costs. Thread-safe.
class LeadLists {
 public:
  LeadLists(const Database& database, const LeadQuery& query)
      : database_(database), query_(query) {}

  Result<LeadPage> Leads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                         size_t max) const;
  Result<RowPage> Rows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                       size_t max) const;
  Result<LeadCount> Count(const LeadFilter& filter, const Scope& scope) const;

 private:
  class Asking;

  const Database& database_;
  const LeadQuery& query_;
};

}  // namespace cluehound::store
