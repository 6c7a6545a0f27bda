#include "triage/proposal_operations.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rules/rule_set.h"

namespace cluehound::triage {
namespace {

using store::RuleProposal;
using Json = nlohmann::ordered_json;

constexpr size_t kMaxNote = 2000;

std::string ProposalLine(const RuleProposal& proposal) {
  const auto by = [](const store::Actor& actor) {
    return actor.claimed_name.empty() ? actor.user : actor.claimed_name;
  };
  Json object{{"proposal", proposal.number}, {"rule_set", proposal.set},
              {"base", proposal.base},       {"state", Name(proposal.state)},
              {"note", proposal.note},       {"user", proposal.author.user},
              {"by", by(proposal.author)},   {"at", FormatTime(proposal.at)}};
  if (proposal.reviewed != Instant{}) {
    object["reviewer"] = by(proposal.reviewer);
    object["reviewed"] = FormatTime(proposal.reviewed);
    object["review"] = proposal.review;
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<std::string> CompiledHash(std::string_view set) {
  ASSIGN_OR_RETURN(const auto files, rules::ParseRuleFiles(set));
  Diagnostics diagnostics;
  ASSIGN_OR_RETURN(const auto compiled, rules::RuleSet::Compile(files, diagnostics));
  return compiled->hash();
}

bool ProposalOperations::Has(std::string_view operation) {
  return operation == "rules.propose" || operation == "rules.proposals" ||
         operation == "rules.review" || operation == "rules.withdraw";
}

Response ProposalOperations::Call(const Request& request) {
  if (request.operation == "rules.propose") return Propose(request);
  if (request.operation == "rules.review") return Review(request);
  if (request.operation == "rules.withdraw") return Withdraw(request);
  return List();
}

Result<std::string> ProposalOperations::InForce() {
  ASSIGN_OR_RETURN(const auto publications, store_.RuleSetPublications(1));
  return publications.empty() ? std::string() : publications.front().hash;
}

Response ProposalOperations::Propose(const Request& request) {
  const std::string set = request.Get("set");
  const auto hash = CompiledHash(set);
  if (!hash.ok()) return Failed(hash.status());
  const auto in_force = InForce();
  if (!in_force.ok()) return Failed(in_force.status());
  if (*in_force == *hash) return Failed(Status::InvalidArgument("this set is in force already"));
  const auto known = store_.office_book().Proposals();
  if (!known.ok()) return Failed(known.status());
  RuleProposal proposal;
  proposal.number = known->empty() ? 1 : known->back().number + 1;
  proposal.set = *hash;
  proposal.base = *in_force;
  proposal.note = TruncateUtf8(request.Get("note"), kMaxNote);
  proposal.author = request.actor;
  proposal.at = clock_.Now();
  Status status = store_.PutRuleSet(*hash, set, request.actor, proposal.at);
  if (status.ok()) {
    status = store_.office_book().Write({store::Added(proposal)},
                                        {{0, proposal.at, request.actor, "rules.propose", *hash,
                                          proposal.base, *hash, proposal.note}});
  }
  if (!status.ok()) return Failed(std::move(status));
  return {Status::Ok(), {ProposalLine(proposal)}, ""};
}

Response ProposalOperations::List() {
  const auto proposals = store_.office_book().Proposals();
  if (!proposals.ok()) return Failed(proposals.status());
  Response response;
  for (auto at = proposals->rbegin(); at != proposals->rend(); ++at)
    response.lines.push_back(ProposalLine(*at));
  return response;
}

Result<RuleProposal> ProposalOperations::FindOpen(const Request& request) {
  const auto number = ParseInt(request.Get("proposal"));
  ASSIGN_OR_RETURN(const auto proposals, store_.office_book().Proposals());
  for (const RuleProposal& proposal : proposals) {
    if (!number || proposal.number != static_cast<uint64_t>(*number)) continue;
    if (proposal.state == RuleProposal::State::kOpen) return proposal;
    return Status::Conflict("proposal " + request.Get("proposal") + " is " +
                            std::string(Name(proposal.state)) + " already");
  }
  return Status::NotFound("no proposal \"" + request.Get("proposal") + "\"");
}

Response ProposalOperations::Close(const RuleProposal& before, const RuleProposal& after,
                                   const Request& request) {
  Status closed = store_.office_book().Write(
      {store::Changed(before, after)},
      {{0, clock_.Now(), request.actor, "rules." + std::string(Name(after.state)), after.set,
        std::string(Name(before.state)), std::string(Name(after.state)), after.review}});
  if (!closed.ok()) return Failed(std::move(closed));
  return {Status::Ok(), {ProposalLine(after)}, ""};
}

Response ProposalOperations::Review(const Request& request) {
  const auto before = FindOpen(request);
  if (!before.ok()) return Failed(before.status());
  const std::string verdict = request.Get("verdict");
  if (verdict != "approve" && verdict != "reject")
    return Failed(Status::InvalidArgument("verdict must be approve or reject"));
  if (before->author.user == request.actor.user)
    return Failed(Status::Denied("a second person reviews what one has proposed"));
  RuleProposal after = *before;
  after.reviewer = request.actor;
  after.reviewed = clock_.Now();
  after.review = TruncateUtf8(request.Get("note"), kMaxNote);
  after.state =
      verdict == "approve" ? RuleProposal::State::kApproved : RuleProposal::State::kRejected;
  if (after.state == RuleProposal::State::kApproved) {
    const auto in_force = InForce();
    if (!in_force.ok()) return Failed(in_force.status());
    // It may be in force because the last review ended between the two writes.
    if (*in_force != before->set) {
      if (*in_force != before->base)
        return Failed(Status::Conflict("another set came in force since; propose it anew"));
      const std::string note = before->note + (before->note.empty() ? "" : " ") + "(proposal " +
                               std::to_string(before->number) + " of " + before->author.user + ")";
      Status published = store_.PublishRuleSet(before->set, request.actor, after.reviewed, note);
      if (!published.ok()) return Failed(std::move(published));
    }
  }
  return Close(*before, after, request);
}

Response ProposalOperations::Withdraw(const Request& request) {
  const auto before = FindOpen(request);
  if (!before.ok()) return Failed(before.status());
  if (before->author.user != request.actor.user)
    return Failed(Status::Denied("only its author withdraws a proposal"));
  RuleProposal after = *before;
  after.state = RuleProposal::State::kWithdrawn;
  return Close(*before, after, request);
}

}  // namespace cluehound::triage
