#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "store/records.h"

namespace cluehound::store {

// The lists of leads that the MemoryStore gives: walks over everything, sorted each time.
class MemoryLeadQuery {
 public:
  // All must outlive the query, and stay as they are while it is used. `members`: of the cluster that
  // the filter asks for.
  MemoryLeadQuery(const std::map<LeadId, Lead>& leads,
                  const std::map<std::string, RowStanding>& rows, const std::set<LeadId>& members)
      : leads_(leads), rows_(rows), members_(members) {}

  LeadPage Leads(const LeadFilter& filter, const Scope& scope, std::string_view after,
                 size_t max) const;
  RowPage Rows(const LeadFilter& filter, const Scope& scope, std::string_view after,
               size_t max) const;

 private:
  std::vector<const Lead*> Matching(const LeadFilter& filter, const Scope& scope) const;

  const std::map<LeadId, Lead>& leads_;
  const std::map<std::string, RowStanding>& rows_;
  const std::set<LeadId>& members_;
};

}  // namespace cluehound::store
