#pragma once

#include "triage/operations.h"

namespace cluehound::triage {

// What a page that stays open asks for. Part of Operations, which checks the names of arguments.
//
//   changes.since  since        which leads were changed behind this entry of the log, and what else;
//                  without it only how far the log has come
//   figures.days   from to dimension event     what is counted of each day (store/figure.h)
//   leads.rule     lead         the text of the rule that found it, as it was then
//   leads.captures lead         the captures behind it, each once, newest first
class WatchOperations {
 public:
  WatchOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation);
  Response Call(const Request& request);

 private:
  Response Changes(const Request& request);
  Response Figures(const Request& request);
  Response RuleOfLead(const Request& request);
  Response Captures(const Request& request);

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace cluehound::triage
