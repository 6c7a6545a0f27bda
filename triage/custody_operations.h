#pragma once

#include "triage/operations.h"

namespace cluehound::triage {

// Operations on what the office must be able to show later: the log, copies of the store, what is
// kept and what is erased. Part of Operations, which checks the names of arguments.
//
//   log.head                     how far the log has come
//   log.records  after limit     its entries from index `after`, with salt, bytes and digest
//   log.sign                     a signed checkpoint, and the keys that ever signed
//   log.note     action object note   enters an export or a reading of evidence; the actions are
//                evidence.read, evidence.verify, log.export, report.file, store.backup, store.check,
//                retention.capture, retention.listings
//   store.copy                   a copy of the store as it is now; store.drop_copy  copy  removes it
//   holds.list, holds.add  lead reason, holds.end  lead reason   nothing of a held lead is erased
//   retention.log    before after dry_run reason   erases the texts of entries before a time, some
//   retention.leads  before after dry_run reason   the same of personal data of ended leads
//                    thousand a call; `next` is `after` for the following call
class CustodyOperations {
 public:
  CustodyOperations(store::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  static bool Has(std::string_view operation);
  Response Call(const Request& request);

 private:
  Response Head();
  Response Records(const Request& request);
  Response Sign();
  Response Note(const Request& request);
  Response Copy();
  Response Holds();
  Response ChangeHold(const Request& request, bool add);
  Response Erase(const Request& request, bool leads);

  store::Store& store_;
  const Clock& clock_;
};

}  // namespace cluehound::triage
