#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "triage/letter.h"
#include "triage/operations.h"
#include "triage/paper_json.h"
#include "triage/paper_operations.h"

namespace cluehound::triage {
namespace {

using store::Paper;
using store::PaperKind;
using Json = nlohmann::ordered_json;

constexpr size_t kMaxLeads = 5000;

Result<std::string> Render(const TextTable& table, const std::string& format) {
  if (format == "csv") return WriteCsv(table);
  if (format == "json") return HandoverJson(table);
  if (format == "xlsx") return WriteXlsx(table);
  return Status::InvalidArgument("format \"" + format + "\" must be csv, xlsx or json");
}

}  // namespace

// The entry in the ledger is written before the file is given away, so that no file leaves that the
// log does not know.
Response PaperOperations::Export(const Request& request) {
  const std::string format = request.Get("format").empty() ? "csv" : request.Get("format");
  const std::string outside = request.Get("outside");
  if (!outside.empty() && outside != "yes" && outside != "no")
    return Failed(Status::InvalidArgument("outside must be yes or no"));
  const bool masked = outside == "yes";
  std::vector<HandoverLead> leads;
  store::PaperChange change;
  const std::string ids = request.Get("leads");
  for (const std::string_view id : SplitAscii(ids, ", ")) {
    auto lead = store_.FindLead(id, request.scope);
    if (!lead.ok()) return Failed(lead.status());
    store::PaperFilter filter;
    filter.kind = PaperKind::kClue;
    filter.lead = lead->id;
    auto clues = AllPapers(filter, request.scope);
    if (!clues.ok()) return Failed(clues.status());
    std::reverse(clues->begin(), clues->end());  // the first that came
    change.paper.leads.push_back(lead->id);
    leads.push_back({*std::move(lead), *std::move(clues)});
    if (leads.size() > kMaxLeads)
      return Failed(Status::InvalidArgument("more than " + std::to_string(kMaxLeads) +
                                            " leads in one file; export them in parts"));
  }
  if (leads.empty()) return Failed(Status::InvalidArgument("no lead to export"));
  const auto file = Render(HandoverTable(office_.handover, leads, masked), format);
  if (!file.ok()) return Failed(file.status());
  const std::string digest = Hex(Sha256(*file));
  const Instant now = clock_.Now();
  const FormValues values = {{"to", request.Get("to")},
                             {"purpose", request.Get("purpose")},
                             {"document", request.Get("document")},
                             {"format", format},
                             {"scope", masked ? "masked" : "whole"},
                             {"count", std::to_string(leads.size())},
                             {"sha256", digest},
                             {"sent", FormatDay(now)}};
  std::vector<FormProblem> problems;
  change.paper.kind = PaperKind::kHandover;
  Settle(CheckForm(FormOf(PaperKind::kHandover), values, office_, problems), office_, change.paper,
         problems);
  if (!problems.empty())
    return Failed(Status::InvalidArgument(ProblemText(FormOf(PaperKind::kHandover), problems)));
  change.reason = masked ? "outside, masked" : "inside, whole";
  const auto receipts = store_.papers().PutAll({change}, request.scope, request.actor, now);
  if (!receipts.ok()) return Failed(receipts.status());
  const Json line = {{"handover", receipts->front().paper.number},
                     {"leads", leads.size()},
                     {"format", format},
                     {"masked", masked},
                     {"sha256", digest},
                     {"hex", ToHexText(*file)}};
  return {Status::Ok(), {line.dump()}, ""};
}

// As with a hand-over, the entry stands in the log before the draft is given away.
Response PaperOperations::DraftLetter(const Request& request) {
  LetterRequest letter;
  letter.letter = request.Get("letter");
  const std::string outside = request.Get("outside");
  if (!outside.empty() && outside != "yes" && outside != "no")
    return Failed(Status::InvalidArgument("outside must be yes or no"));
  letter.outside = outside == "yes";
  const std::string texts = request.Get("texts");
  const Json json = Json::parse(texts.empty() ? "{}" : texts, nullptr, false);
  if (!json.is_object()) return Failed(Status::InvalidArgument("texts must be an object"));
  letter.texts = {{"office", office_.name},
                  {"officer", request.actor.claimed_name.empty() ? request.actor.user
                                                                 : request.actor.claimed_name}};
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string()) return Failed(Status::InvalidArgument("text " + name + " is none"));
    letter.texts[name] = value;
  }
  const std::string ids = request.Get("leads");
  std::string named;
  for (const std::string_view id : SplitAscii(ids, ", ")) {
    auto lead = store_.FindLead(id, request.scope);
    if (!lead.ok()) return Failed(lead.status());
    named += (named.empty() ? "" : " ") + lead->id;
    letter.leads.push_back(*std::move(lead));
    if (letter.leads.size() > kMaxLeads)
      return Failed(Status::InvalidArgument("too many leads for a letter"));
  }
  const Instant now = clock_.Now();
  const auto file = MakeLetter(office_, letter, now);
  if (!file.ok()) return Failed(file.status());
  const std::string digest = Hex(Sha256(*file));
  if (Status s = store_.log().Append({0, now, request.actor, "letter.draft", letter.letter, "",
                                      (letter.outside ? "masked " : "whole ") + digest, named});
      !s.ok())
    return Failed(std::move(s));
  const Json line = {{"letter", letter.letter},
                     {"leads", letter.leads.size()},
                     {"masked", letter.outside},
                     {"sha256", digest},
                     {"hex", ToHexText(*file)}};
  return {Status::Ok(), {line.dump()}, ""};
}

}  // namespace cluehound::triage
