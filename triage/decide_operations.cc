#include <algorithm>

#include "base/text.h"
#include "triage/operations.h"
#include "triage/reasons.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

using store::LeadStatus;

// Leads of a row in one write: of a row that has more, what others decide goes in between.
constexpr size_t kPart = 500;
// In a row, that a part was changed by others while it was decided.
constexpr int kMaxConflicts = 3;

// "2026-12-01", in the future.
Result<Instant> FutureDay(const std::string& text, Instant now) {
  const auto day = ParseDay(text);
  if (!day) return Status::InvalidArgument("\"" + text + "\" is no day such as 2026-12-01");
  if (*day <= now) return Status::InvalidArgument(text + " is not in the future");
  return *day;
}

// What was decided since the caller looked is not decided over. A decision that comes between this
// and the write has changed the leads, and their revisions say so.
Status CheckRowRevision(const Request& request, const std::optional<store::RowStanding>& row) {
  const std::string text = request.Get("revision");
  if (text.empty()) return Status::Ok();
  const auto revision = ParseInt(text);
  if (!revision || *revision < 0) return Status::InvalidArgument("revision must be a number");
  const int64_t now = RevisionOf(row);
  if (*revision == now) return Status::Ok();
  return Status::Conflict("row " + request.Get("row") + " is at revision " + std::to_string(now) +
                          ", not " + text);
}

// Arguments that only go with some statuses.
Status CheckExtras(const Request& request, LeadStatus status) {
  const std::pair<const char*, std::vector<LeadStatus>> kExtras[] = {
      {"to", {LeadStatus::kReferred}},
      {"case", {LeadStatus::kFiled, LeadStatus::kClosed, LeadStatus::kReferred}},
      {"until", {LeadStatus::kDeferred}},
      {"of", {LeadStatus::kDuplicate}}};
  for (const auto& [name, statuses] : kExtras) {
    if (request.Get(name).empty() ||
        std::find(statuses.begin(), statuses.end(), status) != statuses.end())
      continue;
    return Status::InvalidArgument("\"" + std::string(name) + "\" does not go with " +
                                   std::string(store::Name(status)));
  }
  return Status::Ok();
}

// Of an argument: one a line, as no tag holds a line break.
std::vector<std::string> TagsOf(const std::string& lines) {
  const auto tags = SplitAscii(lines, "\n");
  return {tags.begin(), tags.end()};
}

}  // namespace

Result<store::Decision> Operations::Begin(const Request& request, store::Lead& lead) {
  ASSIGN_OR_RETURN(lead, store_.FindLead(request.Get("lead"), request.scope));
  store::Decision decision;
  decision.lead = lead.id;
  decision.expected_revision = lead.revision;
  if (const std::string revision = request.Get("revision"); !revision.empty()) {
    const auto number = ParseInt(revision);
    if (!number || *number < 1)
      return Status::InvalidArgument("revision must be a positive number");
    decision.expected_revision = static_cast<uint64_t>(*number);
  }
  decision.note = request.Get("note");
  decision.actor = request.actor;
  decision.at = clock_.Now();
  return decision;
}

Result<store::LeadClock> Operations::StartClock(const store::Lead& lead, Instant now) const {
  ASSIGN_OR_RETURN(const Term term, office_.FindTerm("check"));
  const Instant start = term.from == Term::From::kFound ? lead.first_seen : now;
  const Deadline deadline = DeadlineOf(term, start, term.days, office_.calendar);
  return store::LeadClock{term.id, start, deadline.due, 0, "", deadline.warning};
}

Response Operations::Decide(const Request& request, const store::Decision& decision) {
  const auto decided = store_.Decide(decision, request.scope);
  if (!decided.ok()) return Failed(decided.status());
  return {Status::Ok(), {LeadJson(*decided, clock_.Now())}, ""};
}

Status Operations::FillStatus(const Request& request, LeadStatus status,
                              store::Decision& decision) const {
  if (status == LeadStatus::kNew) {
    return Status::InvalidArgument(
        "no decision makes a lead new; to take the last decision back, use undo");
  }
  decision.status = status;
  decision.reason = request.Get("reason");
  RETURN_IF_ERROR(CheckReason(decision.reason, status));
  RETURN_IF_ERROR(CheckExtras(request, status));
  decision.target = request.Get("to");
  if (!decision.target.empty()) RETURN_IF_ERROR(CheckTarget(decision.target));
  decision.case_number = request.Get("case");
  decision.number_prefix = office_.number_prefix;
  if (status == LeadStatus::kDeferred) {
    if (const std::string until = request.Get("until"); !until.empty()) {
      ASSIGN_OR_RETURN(decision.until, FutureDay(until, decision.at));
    } else {
      ASSIGN_OR_RETURN(const Term term, office_.FindTerm("defer"));
      decision.until = DeadlineOf(term, decision.at, term.days, office_.calendar).due;
    }
  }
  if (const std::string of = request.Get("of"); !of.empty()) {
    ASSIGN_OR_RETURN(const store::Lead original, store_.FindLead(of, request.scope));
    decision.original = original.id;
  }
  return Status::Ok();
}

Result<std::optional<store::RowStanding>> Operations::FindRow(const Request& request) {
  store::LeadFilter filter;
  filter.row = request.Get("row");
  ASSIGN_OR_RETURN(const auto page, store_.QueryRows(filter, request.scope, "", 1));
  if (page.rows.empty()) return Status::NotFound("no row " + filter.row);
  return page.rows.front().decided;
}

Result<std::vector<store::Lead>> Operations::PartOfRow(
    const Request& request, const std::optional<store::RowStanding>& decided,
    const std::set<store::LeadId>& done) {
  store::LeadFilter filter;
  filter.row = request.Get("row");
  filter.status = decided ? decided->status : LeadStatus::kNew;
  std::vector<store::Lead> leads;
  std::string after;
  do {
    ASSIGN_OR_RETURN(auto page, store_.QueryLeads(filter, request.scope, after, kPart));
    for (store::Lead& lead : page.leads) {
      const bool meant = !decided || lead.decided_at == decided->at;
      if (meant && leads.size() < kPart && !done.contains(lead.id))
        leads.push_back(std::move(lead));
    }
    after = page.next;
  } while (!after.empty() && leads.size() < kPart);
  return leads;
}

Response Operations::DecideParts(const Request& request,
                                 const std::optional<store::RowStanding>& decided,
                                 const DecisionOf& decision_of) {
  Response response;
  // In one millisecond a decision looks like the one before it.
  std::set<store::LeadId> done;
  int conflicts = 0;
  while (true) {
    const auto leads = PartOfRow(request, decided, done);
    if (!leads.ok()) return Failed(leads.status());
    if (leads->empty()) return response;
    std::vector<store::Decision> decisions;
    for (const store::Lead& lead : *leads) {
      auto decision = decision_of(lead);
      if (!decision.ok()) return Failed(decision.status());
      decisions.push_back(*std::move(decision));
    }
    const auto decided_now = store_.DecideAll(decisions, request.scope, request.Get("row"));
    if (decided_now.ok()) {
      conflicts = 0;
      for (const store::Lead& lead : *decided_now) {
        response.lines.push_back(LeadJson(lead, clock_.Now()));
        done.insert(lead.id);
      }
    } else if (decided_now.status().code() != Code::kConflict || response.lines.empty() ||
               ++conflicts == kMaxConflicts) {
      return Failed(decided_now.status());  // what is decided by then stays so
    }
  }
}

Response Operations::DecideRow(const Request& request) {
  const auto status = ParseLeadStatus(request.Get("status"));
  if (!status.ok()) return Failed(status.status());
  store::Decision common;
  common.note = request.Get("note");
  common.actor = request.actor;
  common.at = clock_.Now();
  if (Status s = FillStatus(request, *status, common); !s.ok()) return Failed(std::move(s));
  const auto row = FindRow(request);
  if (!row.ok()) return Failed(row.status());
  if (Status s = CheckRowRevision(request, *row); !s.ok()) return Failed(std::move(s));
  // The time is the revision of the row.
  if (*row) common.at = std::max(common.at, (*row)->at + std::chrono::milliseconds(1));
  const auto decision_of = [&](const store::Lead& lead) -> Result<store::Decision> {
    store::Decision decision = common;
    decision.lead = lead.id;
    decision.expected_revision = lead.revision;
    if (*status == LeadStatus::kChecking) {
      ASSIGN_OR_RETURN(decision.clock, StartClock(lead, decision.at));
    }
    return decision;
  };
  Response response = DecideParts(request, std::nullopt, decision_of);
  if (!response.status.ok() || !response.lines.empty()) return response;
  if (*row) response = DecideParts(request, *row, decision_of);
  if (!response.status.ok() || !response.lines.empty()) return response;
  return Failed(Status::InvalidArgument(
      "every lead of the row was decided by itself; decide them one by one"));
}

Response Operations::UndoRow(const Request& request) {
  const auto row = FindRow(request);
  if (!row.ok()) return Failed(row.status());
  if (!*row) return Failed(Status::InvalidArgument("the row has no decision that could be undone"));
  if (Status s = CheckRowRevision(request, *row); !s.ok()) return Failed(std::move(s));
  const Instant now = clock_.Now();
  Response response =
      DecideParts(request, *row, [&](const store::Lead& lead) -> Result<store::Decision> {
        store::Decision decision;
        decision.kind = store::DecisionKind::kUndo;
        decision.lead = lead.id;
        decision.expected_revision = lead.revision;
        decision.note = request.Get("note");
        decision.actor = request.actor;
        decision.at = now;
        return decision;
      });
  if (!response.status.ok() || !response.lines.empty()) return response;
  return Failed(Status::InvalidArgument("each lead of the row was decided anew since"));
}

Response Operations::DecideLead(const Request& request) {
  if (!request.Get("row").empty()) return DecideRow(request);
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  const auto status = ParseLeadStatus(request.Get("status"));
  if (!status.ok()) return Failed(status.status());
  if (Status s = FillStatus(request, *status, *decision); !s.ok()) return Failed(std::move(s));
  if (*status == LeadStatus::kChecking) {
    const auto clock = StartClock(lead, decision->at);
    if (!clock.ok()) return Failed(clock.status());
    decision->clock = *clock;
  }
  return Decide(request, *decision);
}

Response Operations::Register(const Request& request) {
  const auto lead = store_.FindLead(request.Get("lead"), request.scope);
  if (!lead.ok()) return Failed(lead.status());
  if (lead->status == LeadStatus::kChecking && !lead->number.empty()) {
    return {Status::Ok(), {LeadJson(*lead, clock_.Now())}, ""};  // done before
  }
  Request decide = request;
  decide.arguments["status"] = "checking";
  decide.arguments["reason"] = lead->status == LeadStatus::kNew ? "suspected" : "reopened";
  return DecideLead(decide);
}

Response Operations::Undo(const Request& request) {
  if (!request.Get("row").empty()) return UndoRow(request);
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  decision->kind = store::DecisionKind::kUndo;
  return Decide(request, *decision);
}

Response Operations::Merge(const Request& request) {
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  Request duplicate = request;
  duplicate.arguments["reason"] = "repeated";
  duplicate.arguments["of"] = request.Get("into");
  if (Status s = FillStatus(duplicate, LeadStatus::kDuplicate, *decision); !s.ok())
    return Failed(std::move(s));
  decision->merge = true;
  return Decide(request, *decision);
}

Response Operations::Unmerge(const Request& request) {
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  if (!lead.merged)
    return Failed(Status::InvalidArgument("lead " + lead.id + " is not merged into another"));
  decision->kind = store::DecisionKind::kUndo;
  return Decide(request, *decision);
}

Response Operations::Extend(const Request& request) {
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  const std::string approver = request.Get("approver");
  if (approver.empty())
    return Failed(Status::InvalidArgument("an extension needs the name of who approved it"));
  if (lead.clock && lead.status == LeadStatus::kChecking) {
    const auto term = office_.FindTerm(lead.clock->term);
    if (!term.ok()) return Failed(term.status());
    if (lead.clock->extensions >= static_cast<uint32_t>(term->extension_times)) {
      return Failed(Status::InvalidArgument(
          "the term \"" + term->id + "\" may be extended " + std::to_string(term->extension_times) +
          " times, and it was " + std::to_string(lead.clock->extensions) + " times"));
    }
    const Deadline deadline =
        DeadlineOf(*term, lead.clock->due, term->extension_days, office_.calendar);
    decision->clock = lead.clock;
    decision->clock->due = deadline.due;
    ++decision->clock->extensions;
    decision->clock->approver = approver;
    if (!deadline.warning.empty()) decision->clock->warning = deadline.warning;
  } else {
    return Failed(
        Status::InvalidArgument("lead " + lead.id + " is not under check: no clock runs"));
  }
  decision->kind = store::DecisionKind::kExtend;
  return Decide(request, *decision);
}

Response Operations::Tag(const Request& request) {
  store::Lead lead;
  auto decision = Begin(request, lead);
  if (!decision.ok()) return Failed(decision.status());
  decision->kind = store::DecisionKind::kTag;
  decision->add_tags = TagsOf(request.Get("add"));
  decision->remove_tags = TagsOf(request.Get("remove"));
  if (decision->add_tags.empty() && decision->remove_tags.empty())
    return Failed(Status::InvalidArgument("say which tags are added or removed"));
  return Decide(request, *decision);
}

}  // namespace cluehound::triage
