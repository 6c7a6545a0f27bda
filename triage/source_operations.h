#pragma once

#include <string_view>

#include "base/clock.h"
#include "store/store.h"
#include "triage/operations.h"

namespace cluehound::triage {

// What a person may ask of sources, as the ledger knows them.
//
//   sources.request    action source        run, pause, resume or drain, by the crawl role; audited
//   sources.standings  sources              of each (ids, one a line; none: all that are noted): mode, next visit, what
//                                           came of it, requests that wait
//   sources.list                            the same of all; a deployment says more (app/source_desk.h)
class SourceOperations {
 public:
  // Both must outlive it.
  SourceOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation) { return operation.starts_with("sources."); }
  Response Call(const Request& request);

 private:
  Response Ask(const Request& request);
  Response Standings(const Request& request);

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace cluehound::triage
