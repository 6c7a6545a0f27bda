#include "triage/operations.h"

#include <algorithm>
#include <iterator>

#include "base/diagnostic.h"
#include "base/text.h"
#include "triage/custody_operations.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kMaxPage = 1000;  // rows in one answer; a caller pages on

struct Known {
  std::string_view operation;
  std::vector<std::string_view> arguments;
};

const std::vector<Known>& KnownOperations() {
  static const std::vector<std::string_view> kListArguments = {
      "day", "category", "mark",   "source",   "rule",     "status", "notice",
      "due", "row",      "county", "dispatch", "silenced", "after",  "limit"};
  static const std::vector<Known> known = {
      {"leads.list", kListArguments},
      {"leads.rows", kListArguments},
      {"leads.show", {"lead"}},
      {"leads.decide",
       {"lead", "row", "status", "reason", "note", "revision", "to", "case", "until", "of"}},
      {"leads.register", {"lead", "note", "revision"}},
      {"leads.undo", {"lead", "row", "note", "revision"}},
      {"leads.extend", {"lead", "approver", "note", "revision"}},
      {"leads.place", {"lead", "place", "county", "note", "revision"}},
      {"leads.assign", {"lead", "county", "note", "revision"}},
      {"leads.sign", {"lead", "note", "revision"}},
      {"leads.feedback", {"lead", "note", "revision"}},
      {"leads.return", {"lead", "note", "revision"}},
      {"leads.urge", {"lead", "note", "revision"}},
      {"leads.supervise", {"lead", "note", "revision"}},
      {"counties.stats", {}},
      {"silences.list", {}},
      {"silences.add",
       {"seller", "phrase", "lead", "mark", "rule", "family", "reason", "proof", "until"}},
      {"silences.end", {"number"}},
      {"sources.request", {"action", "source"}},
      {"store.stats", {}},
      {"audit.list", {"after", "limit"}},
      {"log.head", {}},
      {"log.records", {"after", "limit"}},
      {"log.sign", {}},
      {"log.note", {"action", "object", "note"}},
      {"store.copy", {}},
      {"store.drop_copy", {"copy"}},
      {"holds.list", {}},
      {"holds.add", {"lead", "reason"}},
      {"holds.end", {"lead", "reason"}},
      {"retention.log", {"before", "after", "dry_run", "reason"}},
      {"retention.leads", {"before", "after", "dry_run", "reason"}},
      {"rules.publish", {"set", "note"}},
      {"rules.rollback", {"hash", "note"}},
      {"rules.history", {"limit"}},
      {"rules.set", {"hash"}},
  };
  return known;
}

Status CheckArguments(const Request& request) {
  std::vector<std::string_view> names;
  for (const Known& known : KnownOperations()) names.push_back(known.operation);
  const auto known = std::find_if(KnownOperations().begin(), KnownOperations().end(),
                                  [&](const Known& k) { return k.operation == request.operation; });
  if (known == KnownOperations().end()) {
    return Status::InvalidArgument("no operation \"" + request.operation + "\"");
  }
  for (const auto& [name, value] : request.arguments) {
    if (std::find(known->arguments.begin(), known->arguments.end(), name) ==
        known->arguments.end()) {
      return Status::InvalidArgument(request.operation + " has no argument \"" + name + "\"");
    }
  }
  return Status::Ok();
}

Result<int64_t> Limit(const Request& request, int64_t fallback) {
  const std::string text = request.Get("limit");
  if (text.empty()) return fallback;
  const auto limit = ParseInt(text);
  if (!limit || *limit < 1 || *limit > kMaxPage) {
    return Status::InvalidArgument("limit must be a number from 1 to " + std::to_string(kMaxPage));
  }
  return *limit;
}

Result<store::LeadFilter> ParseFilter(const Request& request, const Clock& clock) {
  store::LeadFilter filter;
  filter.day = request.Get("day");
  if (filter.day == "today") filter.day = FormatDay(clock.Now());
  if (!filter.day.empty() && !ParseDay(filter.day)) {
    return Status::InvalidArgument("day \"" + filter.day +
                                   "\" must be \"today\" or a day such as 2026-11-22");
  }
  filter.category = request.Get("category");
  filter.mark = request.Get("mark");
  filter.source = request.Get("source");
  filter.rule = request.Get("rule");
  filter.row = request.Get("row");
  if (const std::string status = request.Get("status"); !status.empty()) {
    ASSIGN_OR_RETURN(filter.status, ParseLeadStatus(status));
  }
  if (const std::string notice = request.Get("notice"); !notice.empty()) {
    filter.notice = store::EntryKindFromName(notice);
    if (!filter.notice) {
      return Status::InvalidArgument("notice \"" + notice +
                                     "\" must be changed_after, seen_again, gone, on_sale, "
                                     "rule_changed or reworded");
    }
  }
  filter.county = request.Get("county");
  if (const std::string state = request.Get("dispatch"); !state.empty()) {
    filter.dispatch = store::DispatchStateFromName(state);
    if (!filter.dispatch) {
      return Status::InvalidArgument("dispatch \"" + state +
                                     "\" must be assigned, signed, fed_back or sent_back");
    }
  }
  if (const std::string silenced = request.Get("silenced"); !silenced.empty()) {
    if (silenced != "only" && silenced != "all")
      return Status::InvalidArgument("silenced must be only or all");
    filter.silenced = silenced == "only" ? store::LeadFilter::Silenced::kOnly
                                         : store::LeadFilter::Silenced::kShown;
  }
  if (const std::string due = request.Get("due"); !due.empty()) {
    const auto day = due == "over" ? std::optional(OfficeDay(clock.Now())) : ParseDay(due);
    if (!day) {
      return Status::InvalidArgument("due \"" + due + "\" must be \"over\" or a day");
    }
    filter.due_before = due == "over" ? *day : *day + std::chrono::hours(24);
  }
  return filter;
}

}  // namespace

std::string Request::Get(const std::string& name) const {
  const auto it = arguments.find(name);
  return it == arguments.end() ? "" : it->second;
}

Result<store::LeadStatus> ParseLeadStatus(const std::string& text) {
  if (const auto status = store::LeadStatusFromName(text)) return *status;
  std::string names;
  for (int i = 1; i <= static_cast<int>(store::LeadStatus::kClosed); ++i) {
    names += (i > 1 ? ", " : "") + std::string(store::Name(static_cast<store::LeadStatus>(i)));
  }
  return Status::InvalidArgument("status \"" + text + "\" is none of: " + names);
}

Response Operations::Call(const Request& request) {
  if (Status s = CheckArguments(request); !s.ok()) return Failed(std::move(s));
  if (request.operation.starts_with("leads.")) {
    const auto returned = store_.ReturnDue(clock_.Now());
    returned.status().IgnoreError("a store that cannot be written can still be read");
  }
  if (request.operation == "leads.list") return ListLeads(request, false);
  if (request.operation == "leads.rows") return ListLeads(request, true);
  if (request.operation == "leads.show") return ShowLead(request);
  if (request.operation == "leads.decide") return DecideLead(request);
  if (request.operation == "leads.register") return Register(request);
  if (request.operation == "leads.undo") return Undo(request);
  if (request.operation == "leads.extend") return Extend(request);
  static const std::map<std::string_view, store::DecisionKind> kDispatch = {
      {"leads.place", store::DecisionKind::kPlace},
      {"leads.assign", store::DecisionKind::kAssign},
      {"leads.sign", store::DecisionKind::kSign},
      {"leads.feedback", store::DecisionKind::kFeedBack},
      {"leads.return", store::DecisionKind::kSendBack},
      {"leads.urge", store::DecisionKind::kUrge},
      {"leads.supervise", store::DecisionKind::kSupervise}};
  if (const auto kind = kDispatch.find(request.operation); kind != kDispatch.end())
    return Dispatch(request, kind->second);
  if (request.operation == "counties.stats") return CountyStats(request);
  if (request.operation == "silences.list") return ListSilences(request);
  if (request.operation == "silences.add") return AddSilence(request);
  if (request.operation == "silences.end") return EndSilence(request);
  if (request.operation == "sources.request") return RequestSource(request);
  if (request.operation == "store.stats") return Stats();
  if (request.operation == "audit.list") return ListAudit(request);
  if (CustodyOperations::Has(request.operation))
    return CustodyOperations(store_, clock_).Call(request);
  if (request.operation == "rules.publish") return PublishRules(request);
  if (request.operation == "rules.rollback") return RollBackRules(request);
  if (request.operation == "rules.history") return RulesHistory(request);
  return RuleSetTexts(request);
}

Response Operations::ListLeads(const Request& request, bool rows) {
  const auto filter = ParseFilter(request, clock_);
  if (!filter.ok()) return Failed(filter.status());
  const auto limit = Limit(request, 100);
  if (!limit.ok()) return Failed(limit.status());
  const std::string after = request.Get("after");
  Response response;
  if (rows) {
    auto page = store_.QueryRows(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    std::transform(page->rows.begin(), page->rows.end(), std::back_inserter(response.lines),
                   [now = clock_.Now()](const auto& row) { return RowJson(row, now); });
    response.next = page->next;
  } else {
    auto page = store_.QueryLeads(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    std::transform(page->leads.begin(), page->leads.end(), std::back_inserter(response.lines),
                   [now = clock_.Now()](const auto& lead) { return LeadJson(lead, now); });
    response.next = page->next;
  }
  return response;
}

Response Operations::ShowLead(const Request& request) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto sightings = store_.Sightings(lead->id, 100);
  if (!sightings.ok()) return Failed(sightings.status());
  Response response;
  response.lines.push_back(LeadJson(*lead, clock_.Now()));
  std::transform(sightings->begin(), sightings->end(), std::back_inserter(response.lines),
                 SightingJson);
  const auto entries = store_.Entries(lead->id, 100);
  if (!entries.ok()) return Failed(entries.status());
  for (const store::LeadEntry& entry : *entries)
    response.lines.push_back(EntryJson(entry, lead->id));
  return response;
}

Response Operations::RequestSource(const Request& request) {
  const std::string action = request.Get("action");
  if (action != "run") return Failed(Status::InvalidArgument("action must be run"));
  store::RoleRequest entry;
  entry.role = "crawl";
  entry.action = action;
  entry.argument = request.Get("source");
  entry.actor = request.actor;
  entry.at = clock_.Now();
  const auto number = store_.EnqueueRequest(entry);
  if (!number.ok()) return Failed(number.status());
  return {Status::Ok(), {"{\"request\":" + std::to_string(*number) + "}"}, ""};
}

Response Operations::Stats() {
  const auto stats = store_.Stats();
  if (!stats.ok()) return Failed(stats.status());
  return {Status::Ok(), {StatsJson(*stats)}, ""};
}

Response Operations::ListAudit(const Request& request) {
  const auto limit = Limit(request, 100);
  if (!limit.ok()) return Failed(limit.status());
  const auto after = ParseInt(request.Get("after").empty() ? "0" : request.Get("after"));
  if (!after || *after < 0) return Failed(Status::InvalidArgument("after must be a number"));
  const auto entries = store_.Audit(static_cast<uint64_t>(*after), static_cast<size_t>(*limit));
  if (!entries.ok()) return Failed(entries.status());
  Response response;
  std::transform(entries->begin(), entries->end(), std::back_inserter(response.lines), AuditJson);
  if (entries->size() == static_cast<size_t>(*limit))
    response.next = std::to_string(entries->back().number);
  return response;
}

}  // namespace cluehound::triage
