#pragma once

#include "triage/operations.h"

namespace cluehound::triage {

// Where notices go. For administrators; a target or secret that was given is never shown again. Part of
// Operations, which checks the names of arguments.
//
//   channels.list
//   channels.add     kind name target secret county digest_at alerts     kind mail (target: receivers),
//                    dingtalk, wecom, feishu or webhook (target: address); digest_at "08:10" of the office's
//                    time; alerts: alert overdue trouble, with blanks between
//   channels.change  channel and those but kind; what is not given stays
//   channels.enable  channel; channels.disable; channels.remove
class ChannelOperations {
 public:
  ChannelOperations(store::Store& store, const Clock& clock, const Office& office)
      : store_(store), clock_(clock), office_(office) {}

  static bool Has(std::string_view operation) { return operation.starts_with("channels."); }
  Response Call(const Request& request);

 private:
  Response List();
  Response Add(const Request& request);
  Response Change(const Request& request);
  Status Fill(const Request& request, store::Channel& channel) const;
  store::AuditEntry Entry(const Request& request, const store::Channel& channel) const;

  store::Store& store_;
  const Clock& clock_;
  const Office& office_;
};

}  // namespace cluehound::triage
