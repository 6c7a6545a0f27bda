#include "base/text.h"
#include "store/silence.h"
#include "triage/operations.h"
#include "triage/reasons.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr size_t kSlice = 200;  // leads put under a silence in one write

}  // namespace

Response Operations::ListSilences(const Request& request) {
  const auto silences = store_.Silences();
  if (!silences.ok()) return Failed(silences.status());
  Response response;
  for (const store::Silence& silence : *silences) {
    // That of one listing speaks of a lead, which may be another county's.
    if (request.scope.county.empty() || silence.listing.empty())
      response.lines.push_back(SilenceJson(silence, clock_.Now()));
  }
  return response;
}

Response Operations::AddSilence(const Request& request) {
  if (!request.scope.county.empty())
    return Failed(Status::Denied("only the city may silence: it holds for all counties"));
  store::Silence silence;
  silence.seller = request.Get("seller");
  silence.phrase = request.Get("phrase");
  silence.mark = request.Get("mark");
  silence.rule = request.Get("rule");
  silence.family = request.Get("family");
  silence.reason = request.Get("reason");
  if (Status s = CheckReason(silence.reason, store::LeadStatus::kRuledOut); !s.ok())
    return Failed(std::move(s));
  silence.proof = request.Get("proof");
  silence.author = request.actor;
  silence.at = clock_.Now();
  if (const std::string until = request.Get("until"); !until.empty()) {
    silence.until = ParseDay(until);
    if (!silence.until)
      return Failed(Status::InvalidArgument("\"" + until + "\" is no day such as 2026-12-01"));
  }
  if (const std::string id = request.Get("lead"); !id.empty()) {
    const auto lead = store_.FindLead(id, request.scope);
    if (!lead.ok()) return Failed(lead.status());
    silence.listing = lead->listing_identity;
    silence.wordings = lead->wordings;
    if (silence.mark.empty() && silence.rule.empty() && silence.family.empty())
      silence.family = lead->suspicion.family;
  }
  const auto added = store_.AddSilence(silence);
  if (!added.ok()) return Failed(added.status());
  if (Status s = PutSilence(*added, request.actor); !s.ok())
    return Failed(s.Within("silence " + std::to_string(added->number) +
                           " is in force for what comes, but not on all leads that are there"));
  const auto silences = store_.Silences();
  if (!silences.ok()) return Failed(silences.status());
  return {Status::Ok(), {SilenceJson((*silences)[added->number - 1], clock_.Now())}, ""};
}

Status Operations::PutSilence(const store::Silence& silence, const store::Actor& actor) {
  store::LeadFilter filter;
  filter.status = store::LeadStatus::kNew;
  filter.mark = silence.mark;
  filter.rule = silence.rule;
  std::string after;
  do {
    ASSIGN_OR_RETURN(const auto page, store_.QueryLeads(filter, {}, after, kSlice));
    std::vector<store::Decision> decisions;
    for (const store::Lead& lead : page.leads) {
      if (!store::Covers(silence, lead)) continue;
      store::Decision decision;
      decision.kind = store::DecisionKind::kSilence;
      decision.lead = lead.id;
      decision.expected_revision = lead.revision;
      decision.silence = silence.number;
      decision.actor = actor;
      decision.at = clock_.Now();
      decisions.push_back(std::move(decision));
    }
    // One that a page changes at this very moment meets the silence there.
    for (const store::Decision& decision : decisions) {
      const auto put = store_.Decide(decision, {});
      if (!put.ok() && put.status().code() != Code::kConflict) return put.status();
    }
    after = page.next;
  } while (!after.empty());
  return Status::Ok();
}

Response Operations::EndSilence(const Request& request) {
  if (!request.scope.county.empty())
    return Failed(Status::Denied("only the city may end a silence"));
  const auto number = ParseInt(request.Get("number"));
  if (!number || *number < 1)
    return Failed(Status::InvalidArgument("which silence? Give its number (silence list)"));
  const auto ended = store_.EndSilence(static_cast<uint64_t>(*number), request.actor, clock_.Now());
  if (!ended.ok()) return Failed(ended.status());
  if (const auto back = store_.ReturnDue(clock_.Now()); !back.ok()) return Failed(back.status());
  const auto silences = store_.Silences();
  if (!silences.ok()) return Failed(silences.status());
  return {Status::Ok(), {SilenceJson((*silences)[ended->number - 1], clock_.Now())}, ""};
}

}  // namespace cluehound::triage
