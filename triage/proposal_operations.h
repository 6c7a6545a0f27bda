#pragma once

#include "triage/operations.h"

namespace cluehound::triage {

// Rule sets that wait for a second person. Part of Operations, which checks the names of arguments.
//
//   rules.propose    set note        stores the set, if it compiles, and asks for a review
//   rules.proposals                  all, newest first
//   rules.review     proposal verdict note     verdict approve: puts the set in force; or reject. Not by
//                    its author; kConflict when another set came in force since
//   rules.withdraw   proposal        by its author
class ProposalOperations {
 public:
  ProposalOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation);
  Response Call(const Request& request);

 private:
  Response Propose(const Request& request);
  Response List();
  Response Review(const Request& request);
  Response Withdraw(const Request& request);
  Result<store::RuleProposal> FindOpen(const Request& request);
  // Hash of the set in force; empty: none was published.
  Result<std::string> InForce();
  Response Close(const store::RuleProposal& before, const store::RuleProposal& after,
                 const Request& request);

  store::Store& store_;
  const Clock& clock_;
};

// The hash of a set of rule files (rules::SerialiseRuleFiles) that compiles with this very program.
Result<std::string> CompiledHash(std::string_view set);

}  // namespace cluehound::triage
