#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "store/search_text.h"
#include "store/tag.h"
#include "triage/operations.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kMaxPage = 1000;  // rows in one answer; a caller pages on
constexpr int64_t kMaxScore = 100;

// What a rule's category may be.
constexpr std::string_view kCategories[] = {
    "trademark",    "trademark_use", "well_known_claim", "trademark_printing", "gi",
    "special_mark", "olympic",       "official_sign",    "patent_marking",     "agency",
    "overseas"};

Status NoneOf(std::string_view name, const std::string& value, std::string_view known) {
  return Status::InvalidArgument(std::string(name) + " \"" + value +
                                 "\" is none of: " + std::string(known));
}

Status CheckCategory(const std::string& category) {
  if (category.empty() ||
      std::find(std::begin(kCategories), std::end(kCategories), category) != std::end(kCategories))
    return Status::Ok();
  std::string names;
  for (const std::string_view name : kCategories)
    names += (names.empty() ? "" : ", ") + std::string(name);
  return NoneOf("category", category, names);
}

Status ParseStates(const Request& request, store::LeadFilter& filter) {
  if (const std::string status = request.Get("status"); !status.empty()) {
    ASSIGN_OR_RETURN(filter.status, ParseLeadStatus(status));
  }
  if (const std::string notice = request.Get("notice"); !notice.empty()) {
    filter.notice = store::EntryKindFromName(notice);
    if (!filter.notice) {
      return NoneOf("notice", notice,
                    "changed_after, seen_again, gone, on_sale, rule_changed, reworded");
    }
  }
  if (const std::string state = request.Get("dispatch"); !state.empty()) {
    filter.dispatch = store::DispatchStateFromName(state);
    if (!filter.dispatch) return NoneOf("dispatch", state, "assigned, signed, fed_back, sent_back");
  }
  if (const std::string silenced = request.Get("silenced"); !silenced.empty()) {
    if (silenced != "only" && silenced != "all") return NoneOf("silenced", silenced, "only, all");
    filter.silenced = silenced == "only" ? store::LeadFilter::Silenced::kOnly
                                         : store::LeadFilter::Silenced::kShown;
  }
  if (const std::string place = request.Get("place"); !place.empty()) {
    if (place != "here" && place != "elsewhere") return NoneOf("place", place, "here, elsewhere");
    filter.where =
        place == "here" ? store::LeadFilter::Where::kHere : store::LeadFilter::Where::kElsewhere;
  }
  if (const std::string sort = request.Get("sort"); !sort.empty()) {
    if (sort != "score" && sort != "last-seen") return NoneOf("sort", sort, "score, last-seen");
    filter.sort = sort == "score" ? store::LeadSort::kScore : store::LeadSort::kLastSeen;
  }
  return Status::Ok();
}

Status ParseTimes(const Request& request, Instant now, store::LeadFilter& filter) {
  filter.day = request.Get("day");
  if (filter.day == "today") filter.day = FormatDay(now);
  if (!filter.day.empty() && !ParseDay(filter.day)) {
    return Status::InvalidArgument("day \"" + filter.day +
                                   "\" must be \"today\" or a day such as 2026-11-22");
  }
  const std::string due = request.Get("due");
  if (due.empty()) return Status::Ok();
  const auto day = due == "over" ? std::optional(OfficeDay(now)) : ParseDay(due);
  if (!day) return Status::InvalidArgument("due \"" + due + "\" must be \"over\" or a day");
  filter.due_before = due == "over" ? *day : *day + std::chrono::hours(24);
  return Status::Ok();
}

}  // namespace

Result<int64_t> ParseLimit(const Request& request, int64_t fallback) {
  const std::string text = request.Get("limit");
  if (text.empty()) return fallback;
  const auto limit = ParseInt(text);
  if (!limit || *limit < 1 || *limit > kMaxPage) {
    return Status::InvalidArgument("limit must be a number from 1 to " + std::to_string(kMaxPage));
  }
  return *limit;
}

Result<store::LeadFilter> ParseLeadFilter(const Request& request, Instant now) {
  store::LeadFilter filter;
  filter.category = request.Get("category");
  RETURN_IF_ERROR(CheckCategory(filter.category));
  filter.mark = request.Get("mark");
  filter.source = request.Get("source");
  filter.rule = request.Get("rule");
  filter.row = request.Get("row");
  filter.county = request.Get("county");
  filter.platform = request.Get("platform");
  filter.seller = request.Get("seller");
  filter.cluster = request.Get("cluster");
  filter.officer = request.Get("officer");
  filter.campaign = request.Get("campaign");
  if (const std::string tag = request.Get("tag"); !tag.empty()) {
    ASSIGN_OR_RETURN(filter.tag, store::CleanTag(tag));
  }
  filter.text = request.Get("text");
  RETURN_IF_ERROR(store::SearchWords(filter.text).status());
  if (const std::string text = request.Get("score"); !text.empty()) {
    const auto score = ParseInt(text);
    if (!score || *score < 0 || *score > kMaxScore)
      return Status::InvalidArgument("score \"" + text + "\" must be a number from 0 to 100");
    filter.score_from = static_cast<int>(*score);
  }
  RETURN_IF_ERROR(ParseStates(request, filter));
  RETURN_IF_ERROR(ParseTimes(request, now, filter));
  return filter;
}

Response Operations::ListLeads(const Request& request, bool rows) {
  const Instant now = clock_.Now();
  const auto filter = ParseLeadFilter(request, now);
  if (!filter.ok()) return Failed(filter.status());
  const auto limit = ParseLimit(request, 100);
  if (!limit.ok()) return Failed(limit.status());
  const std::string after = request.Get("after");
  Response response;
  if (rows) {
    auto page = store_.QueryRows(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    for (const store::LeadRow& row : page->rows) {
      const auto sales = store_.sellers().SalesOfRow(row.key);
      if (!sales.ok()) return Failed(sales.status());
      response.lines.push_back(RowJson(row, *sales, now, request.scope.county.empty()));
    }
    response.next = page->next;
  } else {
    auto page = store_.QueryLeads(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    for (const store::Lead& lead : page->leads) {
      const auto clusters = store_.sellers().ClustersOf(lead.id);
      if (!clusters.ok()) return Failed(clusters.status());
      response.lines.push_back(LeadJson(lead, now, {*clusters, {}}));
    }
    response.next = page->next;
  }
  return response;
}

Response Operations::CountLeads(const Request& request) {
  const auto filter = ParseLeadFilter(request, clock_.Now());
  if (!filter.ok()) return Failed(filter.status());
  const auto count = store_.CountLeads(*filter, request.scope);
  if (!count.ok()) return Failed(count.status());
  return {Status::Ok(), {CountJson(*count)}, ""};
}

}  // namespace cluehound::triage
