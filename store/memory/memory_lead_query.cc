#include "store/memory/memory_lead_query.h"

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "store/identity.h"
#include "store/search_text.h"

namespace cluehound::store {
namespace {

// What lists are sorted by: smaller first.
using Rank = std::tuple<int64_t, int64_t, std::string>;

Rank RankOf(const Lead& lead, LeadSort sort) {
  if (sort == LeadSort::kLastSeen) return {-ToMillis(lead.last_seen), 0, lead.id};
  return {-lead.suspicion.score, -ToMillis(lead.first_seen), lead.id};
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
         (!filter.due_before || IsDue(lead, *filter.due_before)) &&
         agrees(filter.platform, lead.name_space) && agrees(filter.officer, OfficerOf(lead)) &&
         agrees(filter.campaign, lead.campaign) &&
         (filter.tag.empty() ||
          std::find(lead.tags.begin(), lead.tags.end(), filter.tag) != lead.tags.end()) &&
         (filter.where == LeadFilter::Where::kAnywhere ||
          (filter.where == LeadFilter::Where::kElsewhere) == IsElsewhere(lead)) &&
         (agrees(filter.seller, lead.listing.seller) ||
          agrees(filter.seller, lead.listing.seller_id)) &&
         lead.suspicion.score >= filter.score_from;
}

std::string_view OrderName(LeadSort sort) { return sort == LeadSort::kScore ? "score" : "seen"; }

// The rank of the lead behind which the next page begins, as it was.
std::string Position(const Lead& lead, LeadSort sort) {
  const auto& [first, second, id] = RankOf(lead, sort);
  return std::string(OrderName(sort)) + " " + std::to_string(first) + " " + std::to_string(second) +
         " " + id;
}

Result<std::optional<Rank>> ParsePosition(std::string_view after, LeadSort sort) {
  if (after.empty()) return std::optional<Rank>();
  const auto parts = SplitAscii(after, " ");
  const bool whole = parts.size() == 4 && parts[0] == OrderName(sort);
  const auto first = whole ? ParseInt(parts[1]) : std::nullopt;
  const auto second = whole ? ParseInt(parts[2]) : std::nullopt;
  if (!first || !second) return Status::InvalidArgument("no place in this list");
  return std::optional<Rank>({*first, *second, std::string(parts[3])});
}

}  // namespace

Result<std::vector<const Lead*>> MemoryLeadQuery::Matching(const LeadFilter& filter,
                                                           const Scope& scope) const {
  ASSIGN_OR_RETURN(const auto words, SearchWords(filter.text));
  std::vector<const Lead*> leads;
  for (const auto& [id, lead] : leads_) {
    if (!filter.cluster.empty() && !members_.contains(id)) continue;
    if (Matches(lead, filter, scope) && (words.empty() || Holds(SearchText(lead), words)))
      leads.push_back(&lead);
  }
  std::sort(leads.begin(), leads.end(), [&](const Lead* a, const Lead* b) {
    return RankOf(*a, filter.sort) < RankOf(*b, filter.sort);
  });
  return leads;
}

Result<LeadCount> MemoryLeadQuery::Count(const LeadFilter& filter, const Scope& scope) const {
  ASSIGN_OR_RETURN(const auto leads, Matching(filter, scope));
  LeadCount count;
  for (size_t i = 0; i < leads.size() && count.Add(); ++i) continue;
  return count;
}

Result<LeadPage> MemoryLeadQuery::Leads(const LeadFilter& filter, const Scope& scope,
                                        std::string_view after, size_t max) const {
  ASSIGN_OR_RETURN(const auto position, ParsePosition(after, filter.sort));
  ASSIGN_OR_RETURN(const auto leads, Matching(filter, scope));
  LeadPage page;
  for (const Lead* lead : leads) {
    if (position && RankOf(*lead, filter.sort) <= *position) continue;
    if (max == 0) break;
    if (page.leads.size() == max) {
      page.next = Position(page.leads.back(), filter.sort);
      break;
    }
    page.leads.push_back(*lead);
  }
  return page;
}

Result<RowPage> MemoryLeadQuery::Rows(const LeadFilter& filter, const Scope& scope,
                                      std::string_view after, size_t max) const {
  ASSIGN_OR_RETURN(const auto position, ParsePosition(after, filter.sort));
  ASSIGN_OR_RETURN(const auto leads, Matching(filter, scope));
  std::vector<LeadRow> rows;
  std::map<std::string, size_t> places;
  for (const Lead* lead : leads) {
    const auto [place, is_new] = places.emplace(RowKey(*lead), rows.size());
    if (!is_new) continue;
    LeadRow row;
    row.key = place->first;
    row.seller = lead->listing.seller;
    row.mark = lead->suspicion.mark;
    row.mark_name = lead->suspicion.mark_name;
    row.score = lead->suspicion.score;
    row.strongest = *lead;
    rows.push_back(std::move(row));
  }
  RowPage page;
  for (LeadRow& row : rows) {
    if (position && RankOf(row.strongest, filter.sort) <= *position) continue;
    if (max == 0) break;
    if (page.rows.size() == max) {
      page.next = Position(page.rows.back().strongest, filter.sort);
      break;
    }
    RETURN_IF_ERROR(Fill(row, filter, scope));
    page.rows.push_back(std::move(row));
  }
  return page;
}

Status MemoryLeadQuery::Fill(LeadRow& row, const LeadFilter& filter, const Scope& scope) const {
  LeadFilter inside = filter;
  inside.row = row.key;
  inside.cluster.clear();  // a row that holds one lead of it is shown whole
  inside.sort = LeadSort::kScore;
  ASSIGN_OR_RETURN(row.lead_count, Count(inside, scope));
  LeadFilter whole;
  whole.row = row.key;
  whole.silenced = filter.silenced;
  ASSIGN_OR_RETURN(const auto leads, Matching(whole, scope));
  row.first_seen = row.strongest.first_seen;
  for (const Lead* lead : leads) {
    row.first_seen = std::min(row.first_seen, lead->first_seen);
    row.last_seen = std::max(row.last_seen, lead->last_seen);
  }
  whole.status = LeadStatus::kNew;
  ASSIGN_OR_RETURN(row.undecided, Count(whole, scope));
  if (const auto decided = rows_.find(row.key); decided != rows_.end())
    row.decided = decided->second;
  return Status::Ok();
}

}  // namespace cluehound::store
