#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/records.h"

namespace cluehound::store {

// The lists of leads that the MemoryStore gives: walks over everything, sorted each time.
class MemoryLeadQuery {
 public:
  // Both must outlive the query, and stay as they are while it is used. `members`: of the cluster
  // that the filter asks for.
  MemoryLeadQuery(const std::map<LeadId, Lead>& leads,
                  const std::map<std::string, RowStanding>& rows, std::set<LeadId> members)
      : leads_(leads), rows_(rows), members_(std::move(members)) {}

  Result<LeadPage> Leads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                         size_t max) const;
  Result<RowPage> Rows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                       size_t max) const;
  Result<LeadCount> Count(const LeadFilter& filter, const Scope& scope) const;

 private:
  // All of the row but who it is.
  Status Fill(LeadRow& row, const LeadFilter& filter, const Scope& scope) const;
  Result<std::vector<const Lead*>> Matching(const LeadFilter& filter, const Scope& scope) const;

  const std::map<LeadId, Lead>& leads_;
  const std::map<std::string, RowStanding>& rows_;
  const std::set<LeadId> members_;
};

}  // namespace cluehound::store
