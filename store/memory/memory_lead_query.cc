#include "store/memory/memory_lead_query.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "store/identity.h"

namespace cluehound::store {
namespace {

// Strongest first, then newest, then by id: the order of every list.
auto Rank(const Lead& lead) {
  return std::make_tuple(-lead.suspicion.score, -ToMillis(lead.first_seen),
                         std::string_view(lead.id));
}

bool Matches(const Lead& lead, const LeadFilter& filter, const Scope& scope) {
  const auto agrees = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return agrees(filter.day, FormatDay(lead.first_seen)) &&
         agrees(filter.category, lead.suspicion.category) &&
         agrees(filter.mark, lead.suspicion.mark) && agrees(filter.source, lead.source) &&
         agrees(filter.rule, lead.suspicion.rule) && agrees(filter.row, RowKey(lead)) &&
         agrees(scope.county, lead.county) && (!filter.status || *filter.status == lead.status) &&
         (!filter.notice || filter.notice == lead.notice) && agrees(filter.county, lead.county) &&
         (filter.silenced == LeadFilter::Silenced::kShown ||
          (filter.silenced == LeadFilter::Silenced::kOnly) == (lead.silenced != 0)) &&
         (!filter.dispatch || (lead.dispatch && lead.dispatch->state == *filter.dispatch)) &&
         (!filter.due_before || IsDue(lead, *filter.due_before));
}

// The id of the lead behind which the next page begins, with its rank as it was.
std::string Position(const Lead& lead) {
  return std::to_string(lead.suspicion.score) + " " + std::to_string(ToMillis(lead.first_seen)) +
         " " + lead.id;
}
bool Behind(const Lead& lead, std::string_view position) {
  const auto parts = SplitAscii(position, " ");
  if (parts.size() != 3 || !ParseInt(parts[0]) || !ParseInt(parts[1])) return true;
  return Rank(lead) >
         std::make_tuple(-static_cast<int>(*ParseInt(parts[0])), -*ParseInt(parts[1]), parts[2]);
}

}  // namespace

std::vector<const Lead*> MemoryLeadQuery::Matching(const LeadFilter& filter,
                                                   const Scope& scope) const {
  std::vector<const Lead*> leads;
  for (const auto& [id, lead] : leads_) {
    if (!filter.cluster.empty() && !members_.contains(id)) continue;
    if (Matches(lead, filter, scope)) leads.push_back(&lead);
  }
  std::sort(leads.begin(), leads.end(),
            [](const Lead* a, const Lead* b) { return Rank(*a) < Rank(*b); });
  return leads;
}

LeadPage MemoryLeadQuery::Leads(const LeadFilter& filter, const Scope& scope,
                                std::string_view after, size_t max) const {
  LeadPage page;
  for (const Lead* lead : Matching(filter, scope)) {
    if (!Behind(*lead, after)) continue;
    if (max == 0) break;
    if (page.leads.size() == max) {
      page.next = Position(page.leads.back());
      break;
    }
    page.leads.push_back(*lead);
  }
  return page;
}

RowPage MemoryLeadQuery::Rows(const LeadFilter& filter, const Scope& scope, std::string_view after,
                              size_t max) const {
  std::vector<LeadRow> rows;
  std::map<std::string, size_t> places;
  for (const Lead* lead : Matching(filter, scope)) {
    const auto [place, is_new] = places.emplace(RowKey(*lead), rows.size());
    if (is_new) {
      rows.push_back({place->first,
                      lead->listing.seller,
                      lead->suspicion.mark,
                      lead->suspicion.mark_name,
                      0,
                      lead->suspicion.score,
                      lead->first_seen,
                      lead->last_seen,
                      *lead,
                      0,
                      {}});
    }
    LeadRow& row = rows[place->second];
    ++row.lead_count;
    row.first_seen = std::min(row.first_seen, lead->first_seen);
    row.last_seen = std::max(row.last_seen, lead->last_seen);
  }
  if (!filter.cluster.empty()) {  // rows that hold one, whole
    LeadFilter whole = filter;
    whole.cluster.clear();
    for (LeadRow& row : rows) {
      whole.row = row.key;
      const auto leads = Matching(whole, scope);
      row.lead_count = static_cast<uint32_t>(leads.size());
      for (const Lead* lead : leads) {
        row.first_seen = std::min(row.first_seen, lead->first_seen);
        row.last_seen = std::max(row.last_seen, lead->last_seen);
      }
    }
  }
  RowPage page;
  for (LeadRow& row : rows) {
    LeadFilter undecided;
    undecided.row = row.key;
    undecided.status = LeadStatus::kNew;
    undecided.silenced = filter.silenced;
    row.undecided = static_cast<uint32_t>(Matching(undecided, scope).size());
    if (const auto decided = rows_.find(row.key); decided != rows_.end()) {
      row.decided = decided->second;
    }
    if (!Behind(row.strongest, after)) continue;
    if (max == 0) break;
    if (page.rows.size() == max) {
      page.next = Position(page.rows.back().strongest);
      break;
    }
    page.rows.push_back(std::move(row));
  }
  return page;
}

}  // namespace cluehound::store
