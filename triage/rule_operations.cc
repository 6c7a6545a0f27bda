// The operations on rule sets.

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "triage/operations.h"
#include "triage/proposal_operations.h"
#include "triage/record_json.h"

namespace cluehound::triage {
namespace {

constexpr size_t kMaxHistory = 1000;

}  // namespace

Response Operations::PutInForce(const std::string& hash, const Request& request) {
  if (Status s = store_.PublishRuleSet(hash, request.actor, clock_.Now(), request.Get("note"));
      !s.ok())
    return Failed(std::move(s));
  const auto publications = store_.RuleSetPublications(1);
  if (!publications.ok()) return Failed(publications.status());
  return {Status::Ok(), {PublicationJson(publications->at(0))}, ""};
}

Response Operations::PublishRules(const Request& request) {
  const std::string set = request.Get("set");
  const auto hash = CompiledHash(set);
  if (!hash.ok()) return Failed(hash.status());
  if (Status s = store_.PutRuleSet(*hash, set, request.actor, clock_.Now()); !s.ok())
    return Failed(std::move(s));
  return PutInForce(*hash, request);
}

Response Operations::RollBackRules(const Request& request) {
  std::string hash = request.Get("hash");
  if (hash.empty()) {
    const auto publications = store_.RuleSetPublications(kMaxHistory);
    if (!publications.ok()) return Failed(publications.status());
    const auto other = std::find_if(publications->begin(), publications->end(), [&](const auto& p) {
      return p.hash != publications->front().hash;
    });
    if (other == publications->end())
      return Failed(Status::NotFound("no other rule set was in force before"));
    hash = other->hash;
  }
  auto whole = store_.RuleSetHash(hash);
  if (!whole.ok()) return Failed(whole.status());
  const auto set = store_.FindRuleSet(*whole);
  if (!set.ok()) return Failed(set.status());
  if (const auto compiled = CompiledHash(*set); !compiled.ok())
    return Failed(compiled.status().Within("rule set " + whole->substr(0, 12)));
  return PutInForce(*whole, request);
}

Response Operations::RulesHistory(const Request& request) {
  const auto limit = ParseInt(request.Get("limit").empty() ? "100" : request.Get("limit"));
  if (!limit || *limit < 1 || *limit > static_cast<int64_t>(kMaxHistory))
    return Failed(Status::InvalidArgument("limit must be a number from 1 to 1000"));
  const auto publications = store_.RuleSetPublications(static_cast<size_t>(*limit));
  if (!publications.ok()) return Failed(publications.status());
  Response response;
  std::transform(publications->begin(), publications->end(), std::back_inserter(response.lines),
                 PublicationJson);
  return response;
}

Response Operations::RuleSetTexts(const Request& request) {
  const auto hash = store_.RuleSetHash(request.Get("hash"));
  if (!hash.ok()) return Failed(hash.status());
  const auto set = store_.FindRuleSet(*hash);
  if (!set.ok()) return Failed(set.status());
  return {Status::Ok(), {RuleSetJson(*hash, *set)}, ""};
}

}  // namespace cluehound::triage
