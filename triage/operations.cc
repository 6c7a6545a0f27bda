#include "triage/operations.h"

#include <algorithm>
#include <iterator>

#include "base/diagnostic.h"
#include "base/text.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr int64_t kMaxPage = 1000;  // rows in one answer; a caller pages on

struct Known {
  std::string_view operation;
  std::vector<std::string_view> arguments;
};

const std::vector<Known>& KnownOperations() {
  static const std::vector<Known> known = {
      {"leads.list", {"day", "category", "mark", "source", "rule", "status", "after", "limit"}},
      {"leads.rows", {"day", "category", "mark", "source", "rule", "status", "after", "limit"}},
      {"leads.show", {"lead"}},
      {"leads.decide", {"lead", "status", "reason", "note", "revision"}},
      {"sources.request", {"action", "source"}},
      {"store.stats", {}},
      {"audit.list", {"after", "limit"}},
      {"rules.publish", {"set", "note"}},
      {"rules.rollback", {"hash", "note"}},
      {"rules.history", {"limit"}},
      {"rules.set", {"hash"}},
  };
  return known;
}

// Reasons that the machine branches on are coded; docs/decisions.md gives their meaning.
constexpr std::string_view kReasons[] = {"authorised",        "fair_use",        "place_name",
                                         "not_trademark_use", "expired",         "rule_error",
                                         "extract_error",     "no_jurisdiction", "insufficient",
                                         "removed",           "suspected",       "handled",
                                         "other_office",      "waiting"};

std::string Argument(const Request& request, const std::string& name) {
  const auto it = request.arguments.find(name);
  return it == request.arguments.end() ? "" : it->second;
}

Response Failed(Status status) { return {std::move(status), {}, ""}; }

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
  const std::string text = Argument(request, "limit");
  if (text.empty()) return fallback;
  const auto limit = ParseInt(text);
  if (!limit || *limit < 1 || *limit > kMaxPage) {
    return Status::InvalidArgument("limit must be a number from 1 to " + std::to_string(kMaxPage));
  }
  return *limit;
}

Result<store::LeadStatus> ParseStatus(const std::string& text) {
  if (const auto status = store::LeadStatusFromName(text)) return *status;
  std::string names;
  for (int i = 1; i <= static_cast<int>(store::LeadStatus::kClosed); ++i) {
    names += (i > 1 ? ", " : "") + std::string(store::Name(static_cast<store::LeadStatus>(i)));
  }
  return Status::InvalidArgument("status \"" + text + "\" is none of: " + names);
}

Result<store::LeadFilter> ParseFilter(const Request& request, const Clock& clock) {
  store::LeadFilter filter;
  filter.day = Argument(request, "day");
  if (filter.day == "today") filter.day = FormatDay(clock.Now());
  if (!filter.day.empty() && !ParseDay(filter.day)) {
    return Status::InvalidArgument("day \"" + filter.day +
                                   "\" must be \"today\" or a day such as 2026-11-22");
  }
  filter.category = Argument(request, "category");
  filter.mark = Argument(request, "mark");
  filter.source = Argument(request, "source");
  filter.rule = Argument(request, "rule");
  if (const std::string status = Argument(request, "status"); !status.empty()) {
    ASSIGN_OR_RETURN(filter.status, ParseStatus(status));
  }
  return filter;
}

}  // namespace

Response Operations::Call(const Request& request) {
  if (Status s = CheckArguments(request); !s.ok()) return Failed(std::move(s));
  if (request.operation == "leads.list") return ListLeads(request, false);
  if (request.operation == "leads.rows") return ListLeads(request, true);
  if (request.operation == "leads.show") return ShowLead(request);
  if (request.operation == "leads.decide") return DecideLead(request);
  if (request.operation == "sources.request") return RequestSource(request);
  if (request.operation == "store.stats") return Stats();
  if (request.operation == "audit.list") return ListAudit(request);
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
  const std::string after = Argument(request, "after");
  Response response;
  if (rows) {
    auto page = store_.QueryRows(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    std::transform(page->rows.begin(), page->rows.end(), std::back_inserter(response.lines),
                   RowJson);
    response.next = page->next;
  } else {
    auto page = store_.QueryLeads(*filter, request.scope, after, static_cast<size_t>(*limit));
    if (!page.ok()) return Failed(page.status());
    std::transform(page->leads.begin(), page->leads.end(), std::back_inserter(response.lines),
                   LeadJson);
    response.next = page->next;
  }
  return response;
}

Response Operations::ShowLead(const Request& request) {
  const auto lead = store_.FindLead(Argument(request, "lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto sightings = store_.Sightings(lead->id, 100);
  if (!sightings.ok()) return Failed(sightings.status());
  Response response;
  response.lines.push_back(LeadJson(*lead));
  std::transform(sightings->begin(), sightings->end(), std::back_inserter(response.lines),
                 SightingJson);
  return response;
}

Response Operations::DecideLead(const Request& request) {
  const auto lead = store_.FindLead(Argument(request, "lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto status = ParseStatus(Argument(request, "status"));
  if (!status.ok()) return Failed(status.status());
  store::Store::Decision decision;
  decision.lead = lead->id;
  decision.expected_revision = lead->revision;
  if (const std::string revision = Argument(request, "revision"); !revision.empty()) {
    const auto number = ParseInt(revision);
    if (!number || *number < 1)
      return Failed(Status::InvalidArgument("revision must be a positive number"));
    decision.expected_revision = static_cast<uint64_t>(*number);
  }
  decision.status = *status;
  decision.reason = Argument(request, "reason");
  const std::vector<std::string_view> reasons(std::begin(kReasons), std::end(kReasons));
  if (std::find(reasons.begin(), reasons.end(), decision.reason) == reasons.end()) {
    std::string names;
    for (const std::string_view reason : reasons)
      names += (names.empty() ? "" : ", ") + std::string(reason);
    return Failed(
        Status::InvalidArgument("reason \"" + decision.reason + "\" is none of: " + names));
  }
  decision.note = Argument(request, "note");
  decision.actor = request.actor;
  decision.at = clock_.Now();
  const auto decided = store_.Decide(decision, request.scope);
  if (!decided.ok()) return Failed(decided.status());
  return {Status::Ok(), {LeadJson(*decided)}, ""};
}

Response Operations::RequestSource(const Request& request) {
  const std::string action = Argument(request, "action");
  if (action != "run") return Failed(Status::InvalidArgument("action must be run"));
  store::RoleRequest entry;
  entry.role = "crawl";
  entry.action = action;
  entry.argument = Argument(request, "source");
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
  const auto after =
      ParseInt(Argument(request, "after").empty() ? "0" : Argument(request, "after"));
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
