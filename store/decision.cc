#include "store/decision.h"

#include <algorithm>
#include <array>

#include "base/join.h"
#include "base/work_calendar.h"
#include "store/lead_update.h"
#include "store/silence.h"
#include "store/tag.h"

namespace cluehound::store {
namespace {

using S = LeadStatus;

std::string Both(LeadStatus status) {
  return std::string(Name(status)) + " (" + std::string(ChineseName(status)) + ")";
}

void Stand(Lead& lead, const Standing& standing) {
  lead.status = standing.status;
  lead.reason = standing.reason;
  lead.note = standing.note;
  lead.target = standing.target;
  lead.case_number = standing.case_number;
  lead.until = standing.until;
  lead.original = standing.original;
  lead.merged = standing.merged;
  lead.decided_by = standing.by;
  lead.decided_at = standing.at;
}

// A standing in a line, for people.
std::string Text(const Standing& standing) {
  std::string text(ChineseName(standing.status));
  for (const std::string* part :
       {&standing.reason, &standing.target, &standing.case_number, &standing.original}) {
    if (!part->empty()) text += " " + *part;
  }
  if (standing.until) text += " 至 " + FormatDay(*standing.until);
  if (!standing.note.empty()) text += "：" + standing.note;
  return text;
}

std::string Text(const LeadClock& clock) {
  return FormatDay(clock.due) + (clock.approver.empty() ? "" : " 批准人 " + clock.approver);
}

// With the standings before and after as texts.
LeadStep Enter(const Lead& before, Lead after, EntryKind kind, const Actor& by, Instant at,
               std::string action) {
  LeadStep step = MakeStep(std::move(after), kind, by, at, std::move(action));
  step.entry.before = Text(StandingOf(before));
  step.entry.after = Text(StandingOf(step.lead));
  step.entry.reason = step.lead.reason;
  return step;
}

// Of one family, or one of them is a clue that no rule spoke of.
bool MayMerge(const Lead& lead, const Lead& original) {
  const std::string& a = lead.suspicion.family;
  const std::string& b = original.suspicion.family;
  return a == b || a == kClueFamily || b == kClueFamily;
}

Status CheckOriginal(const Lead& lead, const Decision& decision, DecisionTable& table) {
  if (decision.original.empty()) {
    return Status::InvalidArgument("a duplicate needs the lead that it repeats");
  }
  if (decision.original == lead.id) {
    return Status::InvalidArgument("lead " + lead.id + " cannot be a duplicate of itself");
  }
  ASSIGN_OR_RETURN(const auto original, table.FindLead(decision.original));
  if (!original) return Status::NotFound("no lead " + decision.original);
  if (original->status == S::kDuplicate) {
    return Status::InvalidArgument("lead " + original->id +
                                   " is a duplicate itself; the original is " + original->original);
  }
  if (decision.merge && lead.merged) {
    return Status::InvalidArgument("lead " + lead.id + " is merged into " + lead.original +
                                   " already; unmerge it first");
  }
  if (decision.merge && !MayMerge(lead, *original)) {
    return Status::InvalidArgument("lead " + lead.id + " is of the family " +
                                   lead.suspicion.family + " and lead " + original->id + " of " +
                                   original->suspicion.family +
                                   ": what pages say of one cannot be said of the other");
  }
  return Status::Ok();
}

Status CheckStatus(const Lead& lead, const Decision& decision, DecisionTable& table) {
  const auto& possible = StatusesAfter(lead.status);
  if (std::find(possible.begin(), possible.end(), decision.status) == possible.end()) {
    std::string names;
    for (const LeadStatus status : possible) {
      if (status != lead.status) names += (names.empty() ? "" : ", ") + Both(status);
    }
    return Status::InvalidArgument("lead " + lead.id + " is " + Both(lead.status) +
                                   " and cannot become " + Both(decision.status) +
                                   "; possible: " + names);
  }
  if (decision.status == S::kDeferred && !decision.until) {
    return Status::InvalidArgument("a deferral needs the day on which the lead comes back");
  }
  if (decision.status == S::kDuplicate) return CheckOriginal(lead, decision, table);
  return Status::Ok();
}

Result<LeadStep> DecideStatus(const Lead& lead, const Decision& decision, DecisionTable& table) {
  RETURN_IF_ERROR(CheckStatus(lead, decision, table));
  Lead after = lead;
  // A longer deferral keeps where the lead comes back to.
  if (lead.status != S::kDeferred || decision.status != S::kDeferred)
    after.previous = StandingOf(lead);
  Standing standing;
  standing.status = decision.status;
  standing.reason = decision.reason;
  standing.note = decision.note;
  standing.by = decision.actor;
  standing.at = decision.at;
  if (decision.status == S::kReferred) standing.target = decision.target;
  // The case stays the lead's when it is closed or handed over with it.
  standing.case_number = decision.case_number.empty() ? lead.case_number : decision.case_number;
  if (decision.status == S::kDeferred) standing.until = decision.until;
  if (decision.status == S::kDuplicate) {
    standing.original = decision.original;
    standing.merged = decision.merge;
  }
  Stand(after, standing);
  after.notice.reset();
  std::string action = standing.merged ? "lead.merge" : "lead.decide";
  if (decision.status == S::kChecking) {
    if (after.number.empty() && !decision.number_prefix.empty()) {
      const int year = OfficeYear(decision.at);
      ASSIGN_OR_RETURN(const uint64_t number, table.NextNumber(decision.number_prefix, year));
      after.number = FormatNumber(decision.number_prefix, year, number);
      after.registered = decision.at;
      action = "lead.register";
    }
    if (!after.clock) after.clock = decision.clock;
  }
  return Enter(lead, std::move(after), EntryKind::kDecided, decision.actor, decision.at,
               std::move(action));
}

Result<LeadStep> Undo(const Lead& lead, const Decision& decision, DecisionTable& table) {
  if (!lead.previous) {
    return Status::InvalidArgument(
        "lead " + lead.id + " has no decision that could be undone: " +
        (lead.decided_at == Instant{} ? "nobody has decided it" : "the last one was undone"));
  }
  if (lead.previous->merged) {  // the original may have become a duplicate since
    ASSIGN_OR_RETURN(const auto original, table.FindLead(lead.previous->original));
    if (!original || original->status == S::kDuplicate) {
      return Status::InvalidArgument("lead " + lead.id + " was merged into " +
                                     lead.previous->original + ", which is a duplicate now");
    }
  }
  Lead after = lead;
  Stand(after, *lead.previous);
  after.previous.reset();
  after.notice.reset();
  LeadStep step = Enter(lead, std::move(after), EntryKind::kUndone, decision.actor, decision.at,
                        lead.merged ? "lead.unmerge" : "lead.undo");
  step.entry.reason = decision.note;
  return step;
}

Result<LeadStep> Extend(const Lead& lead, const Decision& decision) {
  if (!lead.clock) return Status::InvalidArgument("lead " + lead.id + " has no clock that runs");
  if (!decision.clock || decision.clock->due <= lead.clock->due) {
    return Status::InvalidArgument("an extension must end after " + FormatDay(lead.clock->due));
  }
  Lead after = lead;
  after.clock = decision.clock;
  LeadStep step = Enter(lead, std::move(after), EntryKind::kExtended, decision.actor, decision.at,
                        "lead.extend");
  step.entry.before = Text(*lead.clock);
  step.entry.after = Text(*step.lead.clock);
  step.entry.reason = decision.note;
  return step;
}

Result<LeadStep> PutSilence(const Lead& lead, const Decision& decision, DecisionTable& table) {
  ASSIGN_OR_RETURN(const auto silence, table.FindSilence(decision.silence));
  if (!silence) return Status::NotFound("no silence " + std::to_string(decision.silence));
  auto step = Hush(lead, {*silence}, decision.at);
  if (!step || step->lead.silenced != silence->number) {
    return Status::InvalidArgument("silence " + std::to_string(silence->number) +
                                   " does not cover lead " + lead.id);
  }
  step->entry.by = decision.actor;
  return *std::move(step);
}

// Tags for people: "展会、待抽检".
std::string Text(const std::vector<std::string>& tags) { return Join(tags, "、"); }

Result<LeadStep> PutTags(const Lead& lead, const Decision& decision, const Scope& scope) {
  if (!scope.county.empty())
    return Status::Denied("lead " + lead.id + ": only the city may do this");
  auto tags = ChangedTags(lead.tags, decision.add_tags, decision.remove_tags);
  if (!tags.ok()) return tags.status().Within("lead " + lead.id);
  Lead after = lead;
  after.tags = *std::move(tags);
  LeadStep step =
      MakeStep(std::move(after), EntryKind::kTagged, decision.actor, decision.at, "lead.tag");
  step.entry.before = Text(lead.tags);
  step.entry.after = Text(step.lead.tags);
  step.entry.reason = decision.note;
  return step;
}

// A step between city and county: its word, what it does, or why not.
struct DispatchStep {
  EntryKind kind;
  const char* action;
  bool by_city;
  bool needs_note;
};

const DispatchStep& StepOf(DecisionKind kind) {
  static const DispatchStep kSteps[] = {{EntryKind::kPlaced, "lead.place", true, false},
                                        {EntryKind::kAssigned, "lead.assign", true, false},
                                        {EntryKind::kUrged, "lead.urge", true, false},
                                        {EntryKind::kSupervised, "lead.supervise", true, false},
                                        {EntryKind::kSigned, "lead.sign", false, false},
                                        {EntryKind::kFedBack, "lead.feedback", false, true},
                                        {EntryKind::kSentBack, "lead.send_back", false, true}};
  return kSteps[static_cast<size_t>(kind) - static_cast<size_t>(DecisionKind::kPlace)];
}

// Where a lead is on its way, for people.
std::string Whereabouts(const Lead& lead) {
  if (!lead.dispatch) return "市局线索池";
  return std::string(ChineseName(lead.dispatch->state)) + " " + lead.dispatch->county;
}

Status CheckWay(const Lead& lead, const Decision& decision) {
  using State = Dispatch::State;
  const bool open = lead.dispatch && lead.dispatch->open();
  const auto refuse = [&](const std::string& why) {
    return Status::InvalidArgument("lead " + lead.id + " (" + Whereabouts(lead) + "): " + why);
  };
  switch (decision.kind) {
    case DecisionKind::kAssign:
      if (decision.county.empty()) return refuse("an assignment needs its county");
      if (open) return refuse("it is with a county already, which must send it back first");
      return Status::Ok();
    case DecisionKind::kPlace:
      if (open) return refuse("it is with a county, which must send it back first");
      return Status::Ok();
    case DecisionKind::kSign:
      if (!lead.dispatch || lead.dispatch->state != State::kAssigned)
        return refuse("only an assigned lead is signed for");
      return Status::Ok();
    case DecisionKind::kFeedBack:
      if (!lead.dispatch || lead.dispatch->state != State::kSigned)
        return refuse("only what was signed for is fed back");
      return Status::Ok();
    default:
      return open ? Status::Ok() : refuse("it is with no county");
  }
}

Result<LeadStep> Way(const Lead& lead, const Decision& decision, const Scope& scope) {
  const DispatchStep& step_kind = StepOf(decision.kind);
  if (step_kind.by_city && !scope.county.empty())
    return Status::Denied("lead " + lead.id + ": only the city may do this");
  RETURN_IF_ERROR(CheckWay(lead, decision));
  if (step_kind.needs_note && decision.note.empty())
    return Status::InvalidArgument("lead " + lead.id +
                                   ": say what came of it, or why, in the note");
  Lead after = lead;
  switch (decision.kind) {
    case DecisionKind::kPlace:
      after.jurisdiction = {decision.place, decision.county, Jurisdiction::Basis::kOfficer,
                            decision.note, true};
      after.county = decision.county;
      break;
    case DecisionKind::kAssign: {
      Dispatch dispatch;
      if (lead.dispatch) dispatch.returned_by = lead.dispatch->returned_by;
      dispatch.county = decision.county;
      dispatch.assigned = decision.at;
      dispatch.due = decision.due.value_or(Instant{});
      after.dispatch = std::move(dispatch);
      after.county = decision.county;
      break;
    }
    case DecisionKind::kSign:
      after.dispatch->state = Dispatch::State::kSigned;
      after.dispatch->signed_at = decision.at;
      after.dispatch->due = decision.due.value_or(Instant{});
      break;
    case DecisionKind::kFeedBack:
      after.dispatch->state = Dispatch::State::kFedBack;
      after.dispatch->feedback = decision.note;
      break;
    case DecisionKind::kSendBack:
      after.dispatch->state = Dispatch::State::kSentBack;
      after.dispatch->feedback = decision.note;
      after.dispatch->returned_by.push_back(lead.dispatch->county);
      after.county.clear();
      break;
    case DecisionKind::kUrge:
      ++after.dispatch->urged;
      break;
    default:
      after.dispatch->supervised = true;
      break;
  }
  LeadStep step =
      MakeStep(std::move(after), step_kind.kind, decision.actor, decision.at, step_kind.action);
  step.entry.before = decision.kind == DecisionKind::kPlace ? lead.county : Whereabouts(lead);
  step.entry.after = decision.kind == DecisionKind::kPlace
                         ? std::string(ChineseName(decision.place)) + " " + decision.county
                         : Whereabouts(step.lead);
  step.entry.reason = decision.note;
  return step;
}

}  // namespace

Standing StandingOf(const Lead& lead) {
  Standing standing;
  standing.status = lead.status;
  standing.reason = lead.reason;
  standing.note = lead.note;
  standing.target = lead.target;
  standing.case_number = lead.case_number;
  standing.until = lead.until;
  standing.original = lead.original;
  standing.merged = lead.merged;
  standing.by = lead.decided_by;
  standing.at = lead.decided_at;
  return standing;
}

const std::vector<LeadStatus>& StatusesAfter(LeadStatus status) {
  // One table; docs/commands.md shows it. Nothing but an undo leads back to kNew: a lead that was
  // decided is opened again by a check.
  static const std::array<std::vector<LeadStatus>, 10> kAfter = {{
      {},
      {S::kNew, S::kChecking, S::kReferred, S::kPlatform, S::kRuledOut, S::kDeferred,
       S::kDuplicate},
      {S::kChecking, S::kFiled, S::kReferred, S::kPlatform, S::kRuledOut, S::kDeferred,
       S::kDuplicate, S::kClosed},
      {S::kFiled, S::kReferred, S::kClosed},
      {S::kReferred, S::kChecking, S::kClosed},
      {S::kPlatform, S::kChecking, S::kReferred, S::kRuledOut, S::kClosed},
      {S::kRuledOut, S::kChecking},
      {S::kDeferred, S::kChecking, S::kReferred, S::kPlatform, S::kRuledOut, S::kDuplicate},
      {S::kDuplicate, S::kChecking, S::kRuledOut},
      {S::kClosed, S::kChecking},
  }};
  return kAfter[static_cast<size_t>(status)];
}

Result<LeadStep> Decide(const Decision& decision, const Scope& scope, DecisionTable& table) {
  ASSIGN_OR_RETURN(const auto known, table.FindLead(decision.lead));
  if (!known) return Status::NotFound("no lead " + decision.lead);
  if (!scope.county.empty() && scope.county != known->county) {
    return Status::Denied("lead " + known->id + " is of another county");
  }
  if (known->revision != decision.expected_revision) {
    return Status::Conflict("lead " + known->id + " is at revision " +
                            std::to_string(known->revision) + ", not " +
                            std::to_string(decision.expected_revision));
  }
  switch (decision.kind) {
    case DecisionKind::kDecide:
      return DecideStatus(*known, decision, table);
    case DecisionKind::kUndo:
      return Undo(*known, decision, table);
    case DecisionKind::kExtend:
      return Extend(*known, decision);
    case DecisionKind::kSilence:
      return PutSilence(*known, decision, table);
    case DecisionKind::kPlace:
    case DecisionKind::kAssign:
    case DecisionKind::kUrge:
    case DecisionKind::kSupervise:
    case DecisionKind::kSign:
    case DecisionKind::kFeedBack:
    case DecisionKind::kSendBack:
      return Way(*known, decision, scope);
    case DecisionKind::kTag:
      return PutTags(*known, decision, scope);
  }
  return Status::InvalidArgument("no such decision");
}

Result<std::optional<LeadStep>> StepOfOriginal(const Lead& before, const LeadStep& step,
                                               DecisionTable& table) {
  const Lead& after = step.lead;
  if (before.merged == after.merged) return std::optional<LeadStep>();
  const bool took_in = after.merged;
  ASSIGN_OR_RETURN(const auto original, table.FindLead(took_in ? after.original : before.original));
  if (!original) return std::optional<LeadStep>();
  LeadStep entered =
      MakeStep(*original, took_in ? EntryKind::kTookIn : EntryKind::kGaveBack, step.entry.by,
               step.entry.at, took_in ? "lead.take_in" : "lead.give_back");
  entered.entry.after = after.id;
  entered.entry.reason = step.entry.reason;
  return std::optional<LeadStep>(std::move(entered));
}

std::optional<RowStanding> RowStandingOf(const std::vector<Decision>& decisions,
                                         const std::optional<RowStanding>& before) {
  if (decisions.empty() || decisions.front().kind != DecisionKind::kDecide) return std::nullopt;
  const Decision& first = decisions.front();
  const uint32_t others = before && before->at == first.at ? before->covered : 0;
  return RowStanding{first.status, first.reason, first.note,
                     first.actor,  first.at,     others + static_cast<uint32_t>(decisions.size())};
}

LeadStep CameBack(const Lead& lead, Instant now) {
  Lead after = lead;
  // To where it was deferred from; who decided that stays who decided.
  const Standing before = lead.previous.value_or(Standing());
  Stand(after, before);
  after.previous.reset();
  LeadStep step =
      Enter(lead, std::move(after), EntryKind::kCameBack, {"clock", ""}, now, "lead.return");
  step.entry.reason = lead.reason;
  return step;
}

std::string FormatNumber(const std::string& prefix, int year, uint64_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 5) digits.insert(0, 5 - digits.size(), '0');
  return prefix + "-" + std::to_string(year) + "-" + digits;
}

}  // namespace cluehound::store
