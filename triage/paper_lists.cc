#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/spreadsheet.h"
#include "base/text.h"
#include "base/work_calendar.h"
#include "triage/operations.h"
#include "triage/paper_json.h"
#include "triage/paper_operations.h"
#include "triage/record_json.h"

// Papers read: lists, one of them, its files, and what is counted from cases.
namespace cluehound::triage {
namespace {

using store::Paper;
using store::PaperKind;
using Json = nlohmann::ordered_json;

constexpr size_t kMaxPage = 1000;
constexpr std::chrono::hours kDay{24};

// Behind the last moment of a day; "over": of yesterday, for a term runs through its last day.
Result<Instant> DueBefore(const std::string& text, Instant now) {
  if (text == "over") return OfficeDay(now);
  ASSIGN_OR_RETURN(const Instant day, DayArgument(text, now, "due"));
  return day + kDay;
}

struct CaseFigures {
  uint64_t filed = 0;
  uint64_t not_filed = 0;
  uint64_t decided = 0;
  uint64_t simple = 0;
  uint64_t ordinary = 0;
  uint64_t referred = 0;
  uint64_t large = 0;  // 案值 of half a million and more
  uint64_t mediated = 0;
  uint64_t supervised = 0;
  uint64_t foreign = 0;
  int64_t value = 0;  // cents, as all sums
  int64_t fine = 0;
  int64_t confiscated = 0;
  int64_t recovered = 0;
};

constexpr int64_t kLargeValue = 50'000'000;  // cents: ¥500,000, a column of the form

void Count(const Paper& paper, Instant from, Instant to, CaseFigures& figures) {
  const auto within = [&](std::string_view name) {
    const auto day = ParseDay(paper.Get(name));
    return day && *day >= from && *day < to + kDay;
  };
  const bool filed = paper.Get("result") == "filed";
  if (within("filed_on")) ++(filed ? figures.filed : figures.not_filed);
  if (within("referred")) ++figures.referred;
  if (!within("decided")) return;
  ++figures.decided;
  if (paper.Get("procedure") == "simple") ++figures.simple;
  if (paper.Get("procedure") == "ordinary") ++figures.ordinary;
  if (paper.Get("mediated") == "yes") ++figures.mediated;
  if (paper.Get("supervised") == "yes") ++figures.supervised;
  if (paper.Get("foreign") == "yes") ++figures.foreign;
  const int64_t value = CentsOf(paper.Get("value"));
  if (value >= kLargeValue) ++figures.large;
  figures.value += value;
  figures.fine += CentsOf(paper.Get("fine"));
  figures.confiscated += CentsOf(paper.Get("confiscated"));
  figures.recovered += CentsOf(paper.Get("recovered"));
}

std::string FiguresJson(const std::string& code, const Office& office, const CaseFigures& f) {
  Json object;
  object["behaviour"] = code;
  const Behaviour* behaviour = office.FindBehaviour(code);
  object["name"] = code == "all" ? "合计" : behaviour == nullptr ? "未填行为类型" : behaviour->name;
  if (behaviour != nullptr) {
    object["group"] = behaviour->group;
    if (!behaviour->number.empty()) object["number"] = behaviour->number;
  }
  object["filed"] = f.filed;
  object["not_filed"] = f.not_filed;
  object["decided"] = f.decided;
  object["simple"] = f.simple;
  object["ordinary"] = f.ordinary;
  object["mediated"] = f.mediated;
  object["large"] = f.large;
  object["supervised"] = f.supervised;
  object["foreign"] = f.foreign;
  object["referred"] = f.referred;
  object["value"] = FormatCents(f.value);
  object["fine"] = FormatCents(f.fine);
  object["confiscated"] = FormatCents(f.confiscated);
  object["recovered"] = FormatCents(f.recovered);
  return object.dump();
}

}  // namespace

Result<Instant> DayArgument(const std::string& text, Instant now, std::string_view name) {
  if (text.empty() || text == "today") return OfficeDay(now);
  const auto day = ParseDay(text);
  if (day) return *day;
  return Status::InvalidArgument(std::string(name) + " \"" + text +
                                 "\" must be today or a day such as 2026-11-22");
}

Result<PaperKind> KindArgument(const Request& request) {
  const auto kind = store::PaperKindFromName(request.Get("kind"));
  if (kind) return *kind;
  return Status::InvalidArgument("kind \"" + request.Get("kind") +
                                 "\" must be clue, letter, notice, case, sign_user or handover");
}

Result<std::vector<Paper>> PaperOperations::AllPapers(store::PaperFilter filter,
                                                      const store::Scope& scope) {
  std::vector<Paper> papers;
  std::string after;
  do {
    ASSIGN_OR_RETURN(auto page, store_.papers().Query(filter, scope, after, kMaxPage));
    std::move(page.papers.begin(), page.papers.end(), std::back_inserter(papers));
    after = page.next;
  } while (!after.empty());
  return papers;
}

Response PaperOperations::List(const Request& request) {
  store::PaperFilter filter;
  if (!request.Get("kind").empty()) {
    const auto kind = KindArgument(request);
    if (!kind.ok()) return Failed(kind.status());
    filter.kind = *kind;
  }
  filter.state = request.Get("state");
  filter.document = request.Get("document");
  filter.field = {request.Get("field"), request.Get("value")};
  if (const std::string county = request.Get("county"); !county.empty()) {
    const auto* division = office_.jurisdictions.Find(county);
    if (division == nullptr)
      return Failed(Status::InvalidArgument("county \"" + county + "\" is not known"));
    filter.county = division->name;
  }
  if (const std::string lead = request.Get("lead"); !lead.empty()) {
    const auto found = store_.FindLead(lead, request.scope);
    if (!found.ok()) return Failed(found.status());
    filter.lead = found->id;
  }
  const Instant now = clock_.Now();
  if (const std::string due = request.Get("due"); !due.empty()) {
    const auto before = DueBefore(due, now);
    if (!before.ok()) return Failed(before.status());
    filter.due_before = *before;
  }
  const std::string limit_text = request.Get("limit");
  const auto limit = ParseInt(limit_text.empty() ? "100" : limit_text);
  if (!limit || *limit < 1 || *limit > static_cast<int64_t>(kMaxPage))
    return Failed(Status::InvalidArgument("limit must be a number from 1 to 1000"));
  auto page = store_.papers().Query(filter, request.scope, request.Get("after"),
                                    static_cast<size_t>(*limit));
  if (!page.ok()) return Failed(page.status());
  Response response;
  for (const Paper& paper : page->papers) response.lines.push_back(PaperJson(paper, now));
  response.next = page->next;
  return response;
}

Response PaperOperations::Show(const Request& request) {
  const auto paper = FindPaper(request);
  if (!paper.ok()) return Failed(paper.status());
  Response response;
  response.lines.push_back(PaperJson(*paper, clock_.Now()));
  for (size_t i = 0; i < paper->leads.size() && i < kMaxPage; ++i) {
    const auto lead = store_.FindLead(paper->leads[i], request.scope);
    if (!lead.ok()) continue;  // of another county: its number is all that is shown
    response.lines.push_back(LeadJson(*lead, clock_.Now()));
  }
  return response;
}

Response PaperOperations::File(const Request& request) {
  const auto digest = FromHexText(request.Get("digest"));
  Digest sha256{};
  if (!digest.ok() || digest->size() != sha256.size())
    return Failed(Status::InvalidArgument("digest must be a SHA-256 in hex"));
  std::copy(digest->begin(), digest->end(), sha256.begin());
  if (!request.scope.county.empty()) {
    const auto number = ParseInt(request.Get("paper"));
    if (!number || *number < 1)
      return Failed(Status::Denied("a county reads files of its own papers: give the paper"));
    const auto paper = store_.papers().Find(static_cast<uint64_t>(*number), request.scope);
    if (!paper.ok()) return Failed(paper.status());
    const bool has = std::any_of(paper->attachments.begin(), paper->attachments.end(),
                                 [&](const auto& file) { return file.sha256 == sha256; });
    if (!has)
      return Failed(Status::NotFound("paper " + request.Get("paper") + " has no such file"));
  }
  const auto bytes = store_.papers().AttachmentBytes(sha256);
  if (!bytes.ok()) return Failed(bytes.status());
  store::AuditEntry entry;
  entry.at = clock_.Now();
  entry.actor = request.actor;
  entry.action = "evidence.read";
  entry.object = "file " + Hex(sha256);
  if (Status s = store_.log().Append(entry); !s.ok()) return Failed(std::move(s));
  return {Status::Ok(), {"{\"hex\":\"" + ToHexText(*bytes) + "\"}"}, ""};
}

Response PaperOperations::Form(const Request& request) {
  const auto kind = KindArgument(request);
  if (!kind.ok()) return Failed(kind.status());
  return {Status::Ok(), {FormJson(FormOf(*kind))}, ""};
}

Response PaperOperations::CaseStats(const Request& request) {
  const Instant now = clock_.Now();
  const auto from = DayArgument(
      request.Get("from").empty() ? FormatDay(now).substr(0, 4) + "-01-01" : request.Get("from"),
      now, "from");
  if (!from.ok()) return Failed(from.status());
  const auto to = DayArgument(request.Get("to"), now, "to");
  if (!to.ok()) return Failed(to.status());
  store::PaperFilter filter;
  filter.kind = PaperKind::kCase;
  const auto cases = AllPapers(filter, request.scope);
  if (!cases.ok()) return Failed(cases.status());
  std::map<std::string, CaseFigures> figures;
  CaseFigures all;
  for (const Paper& paper : *cases) {
    Count(paper, *from, *to, figures[std::string(paper.Get("behaviour"))]);
    Count(paper, *from, *to, all);
  }
  Response response;
  for (const Behaviour& behaviour : office_.behaviours) {
    const auto found = figures.find(behaviour.code);
    if (found != figures.end())
      response.lines.push_back(FiguresJson(behaviour.code, office_, found->second));
  }
  for (const auto& [code, each] : figures) {
    if (office_.FindBehaviour(code) == nullptr)
      response.lines.push_back(FiguresJson(code, office_, each));
  }
  response.lines.push_back(FiguresJson("all", office_, all));
  return response;
}

}  // namespace cluehound::triage
