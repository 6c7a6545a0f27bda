#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "store/store.h"
#include "triage/handover.h"
#include "triage/office.h"
#include "triage/paper_form.h"

namespace cluehound::triage {

struct Request;
struct Response;

// What a person may do with papers; the part of Operations that stands here. Thread-safe; all three
// must outlive it.
//
//   papers.put     kind mode rows       makes papers. rows: JSON array of {"row":3,"fields":{..},
//                  "key":..,"leads":[..],"clue":HEX,"files":[{"name":..,"hex":..}]}; clue: a record
//                  store::ClueFindings. One line a row: its paper, or what is wrong with it by
//                  field. mode "import" merges with what is known by the key; "add" (default) refuses
//                  other content under a known key, and fails when a row is wrong
//   papers.change  kind paper fields leads note revision      fields: JSON; "" clears one
//   papers.list    kind state county lead document due field value after limit
//   papers.show    kind paper           with the leads' statuses
//   papers.file    digest paper         {"hex":..}; a county names a paper of its own that has the file
//   papers.form    kind                 the fields of a form
//   leads.export   leads format outside to purpose document   writes the hand-over into the ledger
//                  and gives the file, {"hex":..}
//   cases.stats    from to              by behaviour; cases alone are counted
//   gi.scan        gi after limit       looks through stored listings for the lawful users
//   gi.coverage    gi day               use rate over registered lawful users
//   gi.sample      gi seed size day     a 抽查 list that the seed decides
class PaperOperations {
 public:
  PaperOperations(store::Store& store, const Clock& clock, const Office& office)
      : store_(store), clock_(clock), office_(office) {}

  static bool Handles(const std::string& operation);
  Response Call(const Request& request);

 private:
  struct Row;

  Response Put(const Request& request);
  Response Change(const Request& request);
  Response List(const Request& request);
  Response Show(const Request& request);
  Response File(const Request& request);
  Response Form(const Request& request);
  Response Export(const Request& request);
  Response CaseStats(const Request& request);
  Response ScanSigns(const Request& request);
  Response SignCoverage(const Request& request);
  Response SignSample(const Request& request);

  Result<store::Paper> FindPaper(const Request& request);
  // The only paper of the kind with this key; nothing when there is none.
  Result<std::optional<store::Paper>> FindByKey(store::PaperKind kind, const std::string& key,
                                                const store::Scope& scope);
  // Fills in the change of a row, or says in `row.problems` why not.
  Status Prepare(const Request& request, bool import, Row& row);
  Status PrepareLeads(const Request& request, const std::vector<std::string>& leads,
                      store::PaperChange& change);
  // Cases file or close their leads where that is possible.
  void DecideLeads(const Request& request, const std::vector<store::Lead>& leads,
                   store::PaperChange& change) const;
  // Every registered user of the sign (of all signs), valid on the day.
  Result<std::vector<store::Paper>> SignUsers(const Request& request, Instant day);
  Result<std::vector<store::Paper>> AllPapers(store::PaperFilter filter, const store::Scope& scope);

  store::Store& store_;
  const Clock& clock_;
  const Office& office_;
};

// A paper on one line.
std::string PaperJson(const store::Paper& paper, Instant now);

// "2026-11-22" in an argument, or the day of `now` when it is not given.
Result<Instant> DayArgument(const std::string& text, Instant now, std::string_view name);
Result<store::PaperKind> KindArgument(const Request& request);

}  // namespace cluehound::triage
