#include "triage/operations.h"

#include <algorithm>
#include <iterator>

#include "base/diagnostic.h"
#include "base/text.h"
#include "store/identity.h"
#include "triage/account_operations.h"
#include "triage/campaign_operations.h"
#include "triage/channel_operations.h"
#include "triage/custody_operations.h"
#include "triage/figure_operations.h"
#include "triage/permission.h"
#include "triage/proposal_operations.h"
#include "triage/record_json.h"
#include "triage/report.h"
#include "triage/seller_operations.h"
#include "triage/source_operations.h"
#include "triage/watch_operations.h"

namespace cluehound::triage {
namespace {

struct Known {
  std::string_view operation;
  std::vector<std::string_view> arguments;
};

const std::vector<Known>& KnownOperations() {
  static const std::vector<std::string_view> kListArguments = {
      "day",      "category", "mark",     "source",   "rule",     "status", "notice",  "due",
      "row",      "county",   "dispatch", "silenced", "platform", "seller", "cluster", "officer",
      "campaign", "tag",      "place",    "score",    "text",     "sort",   "after",   "limit"};
  static const std::vector<std::string_view> kCountArguments(kListArguments.begin(),
                                                             kListArguments.end() - 3);
  static const std::vector<Known> known = {
      {"leads.list", kListArguments},
      {"leads.rows", kListArguments},
      {"leads.count", kCountArguments},
      {"leads.show", {"lead"}},
      {"leads.decide",
       {"lead", "row", "status", "reason", "note", "revision", "to", "case", "until", "of"}},
      {"leads.register", {"lead", "note", "revision"}},
      {"leads.undo", {"lead", "row", "note", "revision"}},
      {"leads.merge", {"lead", "into", "note", "revision"}},
      {"leads.unmerge", {"lead", "note", "revision"}},
      {"leads.extend", {"lead", "approver", "note", "revision"}},
      {"leads.place", {"lead", "place", "county", "note", "revision"}},
      {"leads.assign", {"lead", "county", "note", "revision"}},
      {"leads.sign", {"lead", "note", "revision"}},
      {"leads.feedback", {"lead", "note", "revision"}},
      {"leads.return", {"lead", "note", "revision"}},
      {"leads.urge", {"lead", "note", "revision"}},
      {"leads.supervise", {"lead", "note", "revision"}},
      {"leads.tag", {"lead", "add", "remove", "note", "revision"}},
      {"counties.stats", {}},
      {"silences.list", {}},
      {"silences.add",
       {"seller", "phrase", "lead", "mark", "rule", "family", "reason", "proof", "until"}},
      {"silences.end", {"number"}},
      {"sellers.list", {"text", "platform", "mark", "watched", "official", "after", "limit"}},
      {"sellers.show", {"seller"}},
      {"sellers.watch", {"seller", "platform", "shop", "reason", "until"}},
      {"sellers.unwatch", {"number", "seller"}},
      {"sellers.watches", {}},
      {"sellers.import", {"list", "file", "rows"}},
      {"sellers.proposals", {"limit"}},
      {"sellers.accept", {"proposal", "note"}},
      {"sellers.reject", {"proposal", "note"}},
      {"sellers.repeat", {"seller", "document", "date", "note"}},
      {"clusters.list", {"kind", "after", "limit"}},
      {"clusters.show", {"cluster"}},
      {"clusters.undo", {"cluster", "leads", "reason"}},
      {"sources.request", {"action", "source"}},
      {"sources.list", {}},
      {"sources.standings", {"sources"}},
      {"campaigns.start", {"campaign", "name", "days"}},
      {"campaigns.end", {"campaign"}},
      {"campaigns.starts", {}},
      {"campaigns.reads", {"seeds"}},
      {"campaigns.compare", {"a", "a_day", "b", "b_day", "sources"}},
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
      {"rules.stats", {}},
      {"reports.data", {"kind", "from", "to"}},
      {"rules.propose", {"set", "note"}},
      {"rules.proposals", {}},
      {"rules.review", {"proposal", "verdict", "note"}},
      {"rules.withdraw", {"proposal"}},
      {"changes.since", {"since"}},
      {"figures.days", {"from", "to", "dimension", "event"}},
      {"leads.rule", {"lead"}},
      {"leads.captures", {"lead"}},
      {"users.list", {}},
      {"users.add", {"user", "role", "county", "display", "email"}},
      {"users.change", {"user", "role", "county", "display", "email"}},
      {"users.disable", {"user"}},
      {"users.enable", {"user"}},
      {"users.password", {"user"}},
      {"users.totp_off", {"user"}},
      {"channels.list", {}},
      {"channels.add", {"kind", "name", "target", "secret", "county", "digest_at", "alerts"}},
      {"channels.change", {"channel", "name", "target", "secret", "county", "digest_at", "alerts"}},
      {"channels.enable", {"channel"}},
      {"channels.disable", {"channel"}},
      {"channels.remove", {"channel"}},
      {"sessions.list", {"user"}},
      {"sessions.end", {"session", "user"}},
  };
  return known;
}

Status CheckArguments(const Request& request) {
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

std::vector<std::string_view> Operations::ArgumentsOf(std::string_view operation) {
  for (const Known& known : KnownOperations()) {
    if (known.operation == operation) return known.arguments;
  }
  return PaperOperations::ArgumentsOf(operation);
}

Response Operations::Call(const Request& request) {
  if (Status s = CheckPermission(request.operation, request.role, request.scope.county); !s.ok())
    return Failed(std::move(s));
  if (PaperOperations::Handles(request.operation)) return papers_.Call(request);
  if (Status s = CheckArguments(request); !s.ok()) return Failed(std::move(s));
  if (WatchOperations::Has(request.operation)) return WatchOperations(store_, clock_).Call(request);
  if (request.operation.starts_with("leads.")) {
    const auto returned = store_.ReturnDue(clock_.Now());
    returned.status().IgnoreError("a store that cannot be written can still be read");
  }
  if (request.operation == "leads.list") return ListLeads(request, false);
  if (request.operation == "leads.rows") return ListLeads(request, true);
  if (request.operation == "leads.count") return CountLeads(request);
  if (request.operation == "leads.show") return ShowLead(request);
  if (request.operation == "leads.decide") return DecideLead(request);
  if (request.operation == "leads.register") return Register(request);
  if (request.operation == "leads.undo") return Undo(request);
  if (request.operation == "leads.merge") return Merge(request);
  if (request.operation == "leads.unmerge") return Unmerge(request);
  if (request.operation == "leads.extend") return Extend(request);
  if (request.operation == "leads.tag") return Tag(request);
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
  if (SellerOperations::Has(request.operation))
    return SellerOperations(store_, clock_).Call(request);
  if (SourceOperations::Has(request.operation))
    return SourceOperations(store_, clock_).Call(request);
  if (CampaignOperations::Has(request.operation))
    return CampaignOperations(store_, clock_).Call(request);
  if (request.operation == "store.stats") return Stats();
  if (request.operation == "audit.list") return ListAudit(request);
  if (CustodyOperations::Has(request.operation))
    return CustodyOperations(store_, clock_).Call(request);
  if (AccountOperations::Has(request.operation))
    return AccountOperations(store_, clock_, office_).Call(request);
  if (ChannelOperations::Has(request.operation))
    return ChannelOperations(store_, clock_, office_).Call(request);
  if (ProposalOperations::Has(request.operation))
    return ProposalOperations(store_, clock_).Call(request);
  if (request.operation == "rules.publish") return PublishRules(request);
  if (request.operation == "rules.rollback") return RollBackRules(request);
  if (request.operation == "rules.history") return RulesHistory(request);
  if (request.operation == "rules.stats") return FigureOperations(store_, clock_).RuleStats();
  if (request.operation == "reports.data") return ReportData(request);
  return RuleSetTexts(request);
}

Result<LeadContext> Operations::AboutLead(const store::Lead& lead) {
  LeadContext context;
  ASSIGN_OR_RETURN(context.clusters, store_.sellers().ClustersOf(lead.id));
  // The line is of what a party turned over: the row of the seller, not one offer, is held against it.
  ASSIGN_OR_RETURN(const auto sales, store_.sellers().SalesOfRow(store::RowKey(lead)));
  size_t marks = 1;
  const store::LeadFact fact = store::FactOf(lead);
  int64_t cents = sales.cents;
  if (!fact.parties.empty()) {
    const auto seller = store_.sellers().FindSeller(fact.parties.front().id, clock_.Now());
    if (seller.ok()) {
      marks = std::max<size_t>(seller->marks.size(), 1);
      cents = std::max(cents, seller->totals.sales_cents);
    }
  }
  context.lines =
      LinesReached(office_.lines, lead.suspicion.category, cents, marks, lead.last_seen);
  context.compared_cents = cents;
  return context;
}

Response Operations::ShowLead(const Request& request) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  const auto sightings = store_.Sightings(lead->id, 100);
  if (!sightings.ok()) return Failed(sightings.status());
  const auto about = AboutLead(*lead);
  if (!about.ok()) return Failed(about.status());
  Response response;
  response.lines.push_back(LeadJson(*lead, clock_.Now(), *about));
  std::transform(sightings->begin(), sightings->end(), std::back_inserter(response.lines),
                 SightingJson);
  const auto entries = store_.Entries(lead->id, 100);
  if (!entries.ok()) return Failed(entries.status());
  for (const store::LeadEntry& entry : *entries)
    response.lines.push_back(EntryJson(entry, lead->id));
  return response;
}

Response Operations::ReportData(const Request& request) {
  const auto kind = ReportKindFromName(request.Get("kind"));
  if (!kind.ok()) return Failed(kind.status());
  if (*kind != ReportKind::kStatistics && *kind != ReportKind::kCoverage)
    return FigureOperations(store_, clock_).ReportData(request);
  const std::string today = FormatDay(clock_.Now());
  ReportSpan span{request.Get("from"), request.Get("to").empty() ? today : request.Get("to")};
  Request figures = request;
  if (*kind == ReportKind::kStatistics) {
    if (span.from.empty()) span.from = span.to.substr(0, 4) + "-01-01";
    figures.operation = "cases.stats";
    figures.arguments = {{"from", span.from}, {"to", span.to}};
  } else {
    if (!span.from.empty() && span.from != span.to)
      return Failed(Status::InvalidArgument("coverage is of one day: give it with to alone"));
    span.from = span.to;
    figures.operation = "gi.coverage";
    figures.arguments = {{"day", span.to}};
  }
  Response response = papers_.Call(figures);
  if (response.status.ok())
    response.lines.insert(response.lines.begin(), ReportHeader(*kind, span));
  return response;
}

Response Operations::Stats() {
  const auto stats = store_.Stats();
  if (!stats.ok()) return Failed(stats.status());
  return {Status::Ok(), {StatsJson(*stats)}, ""};
}

Response Operations::ListAudit(const Request& request) {
  const auto limit = ParseLimit(request, 100);
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
