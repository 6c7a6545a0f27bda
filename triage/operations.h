#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "store/store.h"
#include "triage/office.h"
#include "triage/paper_operations.h"
#include "triage/record_json.h"

namespace cluehound::triage {

// One thing that a person, a command or the page asks for.
struct Request {
  std::string operation;                         // "leads.rows"
  std::map<std::string, std::string> arguments;  // unknown names are refused
  store::Actor actor;
  store::Scope scope;
  // Of the account behind it. Who reaches the ledger through the system (the store's owner and group) may do all.
  store::Role role = store::Role::kAdmin;

  // Empty when it was not given.
  std::string Get(const std::string& name) const;
};

struct Response {
  Status status;
  std::vector<std::string> lines;  // one JSON object each
  std::string next;  // of a list: the argument "after" for what follows; empty: no more
};

inline Response Failed(Status status) { return {std::move(status), {}, ""}; }
Result<store::LeadStatus> ParseLeadStatus(const std::string& text);
// Of a list: the argument "limit".
Result<int64_t> ParseLimit(const Request& request, int64_t fallback);
// What a list of leads asks for.
Result<store::LeadFilter> ParseLeadFilter(const Request& request, Instant now);

// What a person may do with the ledger. The control socket, the commands and the REST API all stand on this, so there is
// one place for roles (permission.h), scope, validation and audit. Thread-safe; the store and the clock must outlive it.
//
//   leads.list   day category mark source rule status notice due row county dispatch silenced platform
//                seller cluster officer campaign score text sort after limit    leads, strongest first
//   leads.rows   the same                                   rows seller x mark
//   leads.count  the same but sort, after, limit            how many leads, exact to 1,000
//   leads.show   lead                                       the lead, its sightings, its entries
//   leads.decide lead|row status reason note revision to case until of   the lead as it is now; of a
//                row: every lead in it that nobody has decided (or, with none, that stands as the
//                last decision on the row left it), all or none
//   leads.register lead note revision                       under check: number and clock
//   leads.undo   lead|row note revision                     takes the last decision back
//   leads.merge  lead into note revision                    a duplicate of another, and what pages say
//                of it from now on is said of the other; leads.unmerge lead note   takes that back
//   leads.extend lead approver note revision                the clock runs longer, as its term allows
//   leads.place  lead place county note                     where it belongs, said by a person
//   leads.assign lead county note                           分派; leads.sign, leads.feedback,
//   leads.return, leads.urge, leads.supervise  lead note    签收 反馈 退回 催办 督办
//   leads.tag    lead add remove note                       标签: tags to add and to remove, one a line
//   counties.stats                                          of each county: received, overdue, returned
//   silences.list after limit                               all silences, with their hits
//   silences.add seller|phrase|lead mark|rule|family reason proof until    屏蔽
//   silences.end number
//   sellers.*, clusters.*                                   triage/seller_operations.h
//   sources.*                                                triage/source_operations.h
//   campaigns.*      triage/campaign_operations.h
//   store.stats
//   audit.list   after limit
//   log., store.copy, holds., retention.    triage/custody_operations.h
//   rules.publish   set note    makes a set (rules::SerialiseRuleFiles) the one in force, if it compiles
//   rules.rollback  hash note   an earlier one again; without hash the one before the present one
//   rules.history   limit       the sets that were in force, newest first
//   rules.set       hash        the texts of a stored set
//   rules.propose and what follows          triage/proposal_operations.h
//   changes.since, figures.days, leads.rule, leads.captures      triage/watch_operations.h
//   users.* sessions.*                      triage/account_operations.h
//   channels.*                              triage/channel_operations.h
//   papers.* cases.* gi.* leads.export    triage/paper_operations.h
//   rules.stats                             triage/figure_operations.h
//   reports.data kind from to               the same; of statistics and coverage the lines of cases.stats
//                                           and gi.coverage behind a header
class Operations {
 public:
  Operations(store::Store& store, const Clock& clock, Office office = Office::BuiltIn())
      : store_(store),
        clock_(clock),
        office_(std::move(office)),
        papers_(store_, clock_, office_) {}

  Response Call(const Request& request);
  // The arguments that an operation takes; empty for one that there is not.
  static std::vector<std::string_view> ArgumentsOf(std::string_view operation);

 private:
  Response ListLeads(const Request& request, bool rows);
  Response CountLeads(const Request& request);
  Response ShowLead(const Request& request);
  // Its clusters, and the statutory lines that its seller's estimate reaches.
  Result<LeadContext> AboutLead(const store::Lead& lead);
  Response DecideLead(const Request& request);
  Response DecideRow(const Request& request);
  Response UndoRow(const Request& request);
  // Some leads of the row that stand as `decided` left them; without it, of those that nobody decided. None of `done`.
  Result<std::vector<store::Lead>> PartOfRow(const Request& request,
                                             const std::optional<store::RowStanding>& decided,
                                             const std::set<store::LeadId>& done);
  Result<std::optional<store::RowStanding>> FindRow(const Request& request);
  using DecisionOf = std::function<Result<store::Decision>(const store::Lead&)>;
  // All of those, part by part, each whole: a crash leaves the other parts as they were. Gives the
  // leads as they are then.
  Response DecideParts(const Request& request, const std::optional<store::RowStanding>& decided,
                       const DecisionOf& decision_of);
  Response Dispatch(const Request& request, store::DecisionKind kind);
  Response CountyStats(const Request& request);
  Response ListSilences(const Request& request);
  Response AddSilence(const Request& request);
  Response EndSilence(const Request& request);
  // Puts a new silence on the leads that are there.
  Status PutSilence(const store::Silence& silence, const store::Actor& actor);
  Response Register(const Request& request);
  Response Undo(const Request& request);
  Response Merge(const Request& request);
  Response Unmerge(const Request& request);
  Response Extend(const Request& request);
  Response Tag(const Request& request);
  // The named lead with who, when and which revision; the rest is the caller's.
  Result<store::Decision> Begin(const Request& request, store::Lead& lead);
  Result<store::LeadClock> StartClock(const store::Lead& lead, Instant now) const;
  // Status, reason and what goes with them.
  Status FillStatus(const Request& request, store::LeadStatus status,
                    store::Decision& decision) const;
  Response Decide(const Request& request, const store::Decision& decision);
  Response ReportData(const Request& request);
  Response Stats();
  Response ListAudit(const Request& request);
  Response PublishRules(const Request& request);
  Response RollBackRules(const Request& request);
  Response RulesHistory(const Request& request);
  Response RuleSetTexts(const Request& request);
  Response PutInForce(const std::string& hash, const Request& request);

  store::Store& store_;
  const Clock& clock_;
  const Office office_;
  PaperOperations papers_;
};

}  // namespace cluehound::triage
