#include "triage/paper_operations.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "store/clue.h"
#include "store/decision.h"
#include "store/record_fields.h"
#include "triage/media_type.h"
#include "triage/operations.h"
#include "triage/paper_json.h"

namespace cluehound::triage {
namespace {

using store::Paper;
using store::PaperKind;
using Json = nlohmann::ordered_json;

constexpr size_t kMaxRows = 500;      // of one put
constexpr size_t kMaxFindings = 200;  // of one clue
constexpr char kLetterPrefix[] = "XC";
constexpr char kAskPrefix[] = "QS";  // 疑难请示

const std::map<std::string, std::set<std::string_view>>& Known() {
  static const std::map<std::string, std::set<std::string_view>> kKnown = {
      {"papers.put", {"kind", "mode", "rows"}},
      {"papers.change", {"kind", "paper", "fields", "leads", "note", "revision"}},
      {"papers.list",
       {"kind", "state", "county", "lead", "document", "due", "field", "value", "after", "limit"}},
      {"papers.show", {"kind", "paper"}},
      {"papers.file", {"digest", "paper"}},
      {"papers.form", {"kind"}},
      {"leads.export", {"leads", "format", "outside", "to", "purpose", "document"}},
      {"cases.stats", {"from", "to"}},
      {"gi.scan", {"gi", "after", "limit"}},
      {"gi.coverage", {"gi", "day"}},
      {"gi.sample", {"gi", "seed", "size", "day"}}};
  return kKnown;
}

Result<FormValues> ValuesIn(const Json& json) {
  FormValues values;
  if (!json.is_object()) return Status::InvalidArgument("fields must be an object");
  for (const auto& [name, value] : json.items()) {
    if (value.is_string()) {
      values[name] = value;
    } else if (value.is_number() || value.is_boolean()) {
      values[name] = value.dump();
    } else if (!value.is_null()) {
      return Status::InvalidArgument("field " + name + " must be text");
    }
  }
  return values;
}

std::string TextIn(const Json& json, const char* name) {
  return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
}

// What a clue says when nobody read a page: its own fields.
store::ClueFindings FindingsOf(const FormValues& values, const Office& office) {
  const auto in = [&](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
  store::ClueFinding finding;
  extractors::Listing& listing = finding.listing;
  listing.found_by = extractors::FoundBy::kPerson;
  listing.title = TruncateUtf8(in("title").empty() ? in("description") : in("title"),
                               extractors::Listing::kMaxTitle);
  listing.text = TruncateUtf8(in("description"), extractors::Listing::kMaxText);
  listing.url = in("url");
  listing.seller = in("seller");
  listing.price = in("price");
  if (!listing.price.empty()) listing.currency = "CNY";
  listing.platform = in("platform");
  finding.page_url = listing.url;
  finding.own_page = !listing.url.empty();
  finding.jurisdiction = office.jurisdictions.Resolve(listing);
  store::ClueFindings findings;
  findings.findings.push_back(std::move(finding));
  return findings;
}

// The day that a person would write who enters a paper today.
std::string_view TodayField(PaperKind kind) {
  switch (kind) {
    case PaperKind::kClue:
      return "received";
    case PaperKind::kLetter:
    case PaperKind::kHandover:
      return "sent";
    default:
      return "";
  }
}

}  // namespace

struct PaperOperations::Row {
  int64_t row = 0;
  FormValues fields;
  std::string key;
  std::vector<std::string> leads;
  std::string clue;  // hex
  std::vector<store::AttachmentBytes> files;
  // What becomes of it.
  std::vector<FormProblem> problems;
  store::PaperChange change;

  static Result<Row> Parse(const Json& json) {
    if (!json.is_object() || !json.contains("fields"))
      return Status::InvalidArgument("a row must be an object with fields");
    Row row;
    if (json.contains("row") && json["row"].is_number_integer()) row.row = json["row"];
    ASSIGN_OR_RETURN(row.fields, ValuesIn(json["fields"]));
    row.key = TextIn(json, "key");
    row.clue = TextIn(json, "clue");
    for (const Json& lead : json.value("leads", Json::array()))
      if (lead.is_string()) row.leads.push_back(lead);
    for (const Json& file : json.value("files", Json::array())) {
      if (!file.is_object()) return Status::InvalidArgument("a file must be an object");
      store::AttachmentBytes bytes;
      bytes.attachment.name = CollapseSpace(TruncateUtf8(TextIn(file, "name"), 200));
      ASSIGN_OR_RETURN(bytes.bytes, FromHexText(TextIn(file, "hex")));
      bytes.attachment.media_type = MediaTypeOf(bytes.bytes);
      if (bytes.attachment.media_type.empty())
        return Status::InvalidArgument(bytes.attachment.name +
                                       ": only JPEG, PNG, WebP, HTML and MHTML files are taken");
      row.files.push_back(std::move(bytes));
    }
    return row;
  }
};

bool PaperOperations::Handles(const std::string& operation) { return Known().count(operation) > 0; }

Response PaperOperations::Call(const Request& request) {
  const auto& known = Known().at(request.operation);
  for (const auto& [name, value] : request.arguments) {
    if (known.count(name) == 0) {
      return Failed(
          Status::InvalidArgument(request.operation + " has no argument \"" + name + "\""));
    }
  }
  if (request.operation == "papers.put") return Put(request);
  if (request.operation == "papers.change") return Change(request);
  if (request.operation == "papers.list") return List(request);
  if (request.operation == "papers.show") return Show(request);
  if (request.operation == "papers.file") return File(request);
  if (request.operation == "papers.form") return Form(request);
  if (request.operation == "leads.export") return Export(request);
  if (request.operation == "cases.stats") return CaseStats(request);
  if (request.operation == "gi.scan") return ScanSigns(request);
  if (request.operation == "gi.coverage") return SignCoverage(request);
  return SignSample(request);
}

Result<std::optional<Paper>> PaperOperations::FindByKey(PaperKind kind, const std::string& key,
                                                        const store::Scope& scope) {
  if (key.empty()) return std::optional<Paper>();
  store::PaperFilter filter;
  filter.kind = kind;
  filter.key = key;
  ASSIGN_OR_RETURN(auto page, store_.papers().Query(filter, scope, "", 1));
  if (page.papers.empty()) return std::optional<Paper>();
  return std::optional<Paper>(std::move(page.papers.front()));
}

void PaperOperations::DecideLeads(const Request& request, const std::vector<store::Lead>& leads,
                                  store::PaperChange& change) const {
  if (change.paper.kind != PaperKind::kCase) return;
  const bool filed = change.paper.state != "not_filed";
  const store::LeadStatus status = filed ? store::LeadStatus::kFiled : store::LeadStatus::kClosed;
  for (const store::Lead& lead : leads) {
    const auto& possible = store::StatusesAfter(lead.status);
    if (lead.status == status ||
        std::find(possible.begin(), possible.end(), status) == possible.end())
      continue;  // it belongs to the case all the same
    store::Decision decision;
    decision.lead = lead.id;
    decision.expected_revision = lead.revision;
    decision.status = status;
    decision.reason = filed ? "suspected" : "not_filed";
    decision.case_number = change.paper.document;
    decision.actor = request.actor;
    decision.at = clock_.Now();
    change.decisions.push_back(std::move(decision));
  }
}

Status PaperOperations::PrepareLeads(const Request& request, const std::vector<std::string>& leads,
                                     store::PaperChange& change) {
  std::vector<store::Lead> found;
  for (const std::string& text : leads) {
    ASSIGN_OR_RETURN(store::Lead lead, store_.FindLead(text, request.scope));
    const auto& known = change.paper.leads;
    if (std::find(known.begin(), known.end(), lead.id) != known.end()) continue;
    change.paper.leads.push_back(lead.id);
    found.push_back(std::move(lead));
  }
  DecideLeads(request, found, change);
  return Status::Ok();
}

Status PaperOperations::Prepare(const Request& request, bool import, Row& row) {
  const PaperForm& form = FormOf(row.change.paper.kind);
  Paper& paper = row.change.paper;
  FormValues values = CheckForm(form, row.fields, office_, row.problems);
  const std::string today(TodayField(paper.kind));
  if (!import && !today.empty()) values.try_emplace(today, FormatDay(clock_.Now()));
  paper.key = row.key;
  Settle(values, office_, paper, row.problems);
  if (import) {
    ASSIGN_OR_RETURN(const auto known, FindByKey(paper.kind, paper.key, request.scope));
    if (known) {
      FormValues merged = ValuesOf(*known);
      for (const auto& [name, value] : values) merged[name] = value;
      paper = *known;
      row.change.expected_revision = known->revision;
      std::erase_if(row.problems,
                    [](const FormProblem& p) { return p.message.starts_with("缺少"); });
      Settle(merged, office_, paper, row.problems);
      paper.leads.clear();
    }
  }
  if (!row.problems.empty()) return Status::Ok();
  if (paper.kind == PaperKind::kClue && paper.number == 0) {
    if (row.clue.empty()) {
      row.change.clue = FindingsOf(values, office_);
    } else {
      ASSIGN_OR_RETURN(const std::string bytes, FromHexText(row.clue));
      ASSIGN_OR_RETURN(row.change.clue, store::DecodeRecord<store::ClueFindings>(bytes, "clue"));
      if (row.change.clue.findings.size() > kMaxFindings)
        return Status::InvalidArgument("more than " + std::to_string(kMaxFindings) +
                                       " listings in one clue");
    }
  }
  if (paper.kind == PaperKind::kLetter)
    row.change.number_prefix = paper.Get("type") == "ask" ? kAskPrefix : kLetterPrefix;
  row.change.files = row.files;
  return PrepareLeads(request, row.leads, row.change);
}

Response PaperOperations::Put(const Request& request) {
  const auto kind = KindArgument(request);
  if (!kind.ok()) return Failed(kind.status());
  if (*kind == PaperKind::kHandover)
    return Failed(Status::InvalidArgument("a handover is made by leads.export alone"));
  const bool import = request.Get("mode") == "import";
  const Json json = Json::parse(request.Get("rows"), nullptr, false);
  if (!json.is_array() || json.empty() || json.size() > kMaxRows) {
    return Failed(Status::InvalidArgument("rows must be an array of 1 to " +
                                          std::to_string(kMaxRows) + " rows"));
  }
  std::vector<Row> rows;
  std::map<std::string, int64_t> keys;
  std::vector<store::PaperChange> changes;
  for (const Json& each : json) {
    auto row = Row::Parse(each);
    if (!row.ok()) return Failed(row.status());
    row->change.paper.kind = *kind;
    if (Status s = Prepare(request, import, *row); !s.ok()) {
      if (!import) return Failed(std::move(s));
      row->problems.push_back({"", s.message()});
    }
    const std::string& key = row->change.paper.key;
    if (row->problems.empty() && !key.empty()) {
      const auto [place, is_new] = keys.emplace(key, row->row);
      if (!is_new)
        row->problems.push_back({"", "与第 " + std::to_string(place->second) + " 行重复"});
    }
    if (row->problems.empty()) changes.push_back(row->change);
    rows.push_back(*std::move(row));
  }
  if (!import) {
    for (const Row& row : rows) {
      if (!row.problems.empty())
        return Failed(Status::InvalidArgument(ProblemText(FormOf(*kind), row.problems)));
    }
  }
  const Instant now = clock_.Now();
  auto receipts = store_.papers().PutAll(changes, request.scope, request.actor, now);
  if (!receipts.ok()) return Failed(receipts.status());
  Response response;
  size_t next = 0;
  for (const Row& row : rows) {
    response.lines.push_back(row.problems.empty()
                                 ? ReceiptJson(row.row, receipts->at(next++), now)
                                 : ProblemsJson(row.row, FormOf(*kind), row.problems));
  }
  return response;
}

Result<Paper> PaperOperations::FindPaper(const Request& request) {
  ASSIGN_OR_RETURN(const PaperKind kind, KindArgument(request));
  const std::string text = request.Get("paper");
  if (const auto number = ParseInt(text); number && *number > 0) {
    ASSIGN_OR_RETURN(Paper paper,
                     store_.papers().Find(static_cast<uint64_t>(*number), request.scope));
    if (paper.kind != kind)
      return Status::NotFound("number " + text + " is no " + std::string(store::Name(kind)));
    return paper;
  }
  store::PaperFilter filter;
  filter.kind = kind;
  filter.document = text;
  if (text.empty()) return Status::InvalidArgument("which paper? Give its number or 文号");
  ASSIGN_OR_RETURN(auto page, store_.papers().Query(filter, request.scope, "", 2));
  if (page.papers.empty())
    return Status::NotFound("no " + std::string(store::Name(kind)) + " " + text);
  if (page.papers.size() > 1)
    return Status::InvalidArgument("several papers are called " + text + "; give the number");
  return std::move(page.papers.front());
}

Response PaperOperations::Change(const Request& request) {
  auto paper = FindPaper(request);
  if (!paper.ok()) return Failed(paper.status());
  const PaperForm& form = FormOf(paper->kind);
  const Json json =
      Json::parse(request.Get("fields").empty() ? "{}" : request.Get("fields"), nullptr, false);
  const auto given = ValuesIn(json);
  if (!given.ok()) return Failed(given.status());
  std::vector<FormProblem> problems;
  FormValues values = ValuesOf(*paper);
  for (const auto& [name, value] : *given) {
    if (value.empty() && form.Find(name) != nullptr) values.erase(name);
  }
  for (const auto& [name, value] : CheckForm(form, *given, office_, problems)) values[name] = value;
  store::PaperChange change;
  change.expected_revision = paper->revision;
  if (const auto revision = ParseInt(request.Get("revision")); revision && *revision > 0)
    change.expected_revision = static_cast<uint64_t>(*revision);
  change.paper = *paper;
  Settle(values, office_, change.paper, problems);
  if (!problems.empty()) return Failed(Status::InvalidArgument(ProblemText(form, problems)));
  std::vector<std::string> leads;
  const std::string ids = request.Get("leads");
  for (const std::string_view lead : SplitAscii(ids, ", ")) leads.emplace_back(lead);
  if (Status s = PrepareLeads(request, leads, change); !s.ok()) return Failed(std::move(s));
  change.reason = request.Get("note");
  const auto receipts =
      store_.papers().PutAll({change}, request.scope, request.actor, clock_.Now());
  if (!receipts.ok()) return Failed(receipts.status());
  return {Status::Ok(), {PaperJson(receipts->front().paper, clock_.Now())}, ""};
}

}  // namespace cluehound::triage
