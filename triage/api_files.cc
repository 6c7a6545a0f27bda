// The API's part that takes and gives files, and what is done with many leads at once.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/docx.h"
#include "base/text.h"
#include "evidence/mime_coding.h"
#include "store/papers.h"
#include "triage/api.h"
#include "triage/media_type.h"
#include "triage/paper_json.h"
#include "triage/permission.h"
#include "triage/report_file.h"
#include "triage/share_text.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxBulk = 500;
constexpr size_t kMaxFiles = 10;

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// {"name","base64"} -> {"name","hex"}, as papers.put has it; `bytes` gets what was in it.
Result<Json> FileObject(const Json& file, std::string& bytes) {
  if (!file.is_object() || !file.contains("base64") || !file["base64"].is_string())
    return Status::InvalidArgument("a file must be an object with name and base64");
  const std::string& coded = file["base64"].get_ref<const std::string&>();
  bytes = evidence::DecodeBase64(coded, store::PaperLedger::kMaxAttachment + 1);
  if (bytes.size() > store::PaperLedger::kMaxAttachment)
    return Status::InvalidArgument("a file has at most 8 MiB");
  std::string name = "file";
  if (file.contains("name") && file["name"].is_string()) name = file["name"];
  return Json{{"name", name}, {"hex", ToHexText(bytes)}};
}

// Of a list of files, as FileObject() gives them.
Result<Json> FileList(const Json& files) {
  Json list = Json::array();
  if (!files.is_array() || files.size() > kMaxFiles)
    return Status::InvalidArgument("files must be a list of at most 10");
  for (const Json& file : files) {
    std::string bytes;
    ASSIGN_OR_RETURN(Json one, FileObject(file, bytes));
    list.push_back(std::move(one));
  }
  return list;
}

// Of an argument: a text, or several as one, one a line.
std::optional<std::string> TextOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return std::nullopt;
  std::string lines;
  for (const Json& each : value) {
    if (!each.is_string()) return std::nullopt;
    lines += (lines.empty() ? "" : "\n") + each.get<std::string>();
  }
  return lines;
}

std::string MediaTypeFor(const std::string& format) {
  if (format == "xlsx") return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  return format == "json" ? "application/json; charset=utf-8" : "text/csv; charset=utf-8";
}

}  // namespace

HttpResponse Api::Bulk(const Call& call) {
  static constexpr std::string_view kActions[] = {"decide", "register",  "undo",     "assign",
                                                  "place",  "sign",      "feedback", "return",
                                                  "urge",   "supervise", "tag"};
  const std::string action = call.Get("action");
  if (std::find(std::begin(kActions), std::end(kActions), action) == std::end(kActions))
    return ErrorAnswer(Status::InvalidArgument("no action \"" + action + "\" for many leads"));
  const std::string operation = "leads." + action;
  if (Status s = CheckPermission(operation, call.visit->account.role, call.visit->account.county);
      !s.ok())
    return ErrorAnswer(s);
  const std::string given = call.Get("arguments");
  const Json json = Json::parse(given.empty() ? "{}" : given, nullptr, false);
  if (!json.is_object()) return ErrorAnswer(Status::InvalidArgument("arguments must be an object"));
  std::map<std::string, std::string> arguments;
  for (const auto& [name, value] : json.items()) {
    const auto text = TextOf(value);
    if (!text || name == "lead" || name == "row" || name == "revision")
      return ErrorAnswer(Status::InvalidArgument("argument " + name + " does not fit"));
    arguments[name] = *text;
  }
  const std::string ids = call.Get("leads");
  const auto leads = SplitAscii(ids, " ");
  if (leads.empty() || leads.size() > kMaxBulk)
    return ErrorAnswer(Status::InvalidArgument("leads must be 1 to 500 ids"));
  std::vector<std::string> lines;
  for (const std::string_view lead : leads) {
    // "ID@7": as it was seen at revision 7.
    const size_t at = lead.find('@');
    arguments["lead"] = lead.substr(0, at);
    arguments.erase("revision");
    if (at != std::string_view::npos) arguments["revision"] = lead.substr(at + 1);
    const Response response = Do(call, operation, arguments);
    Json object{{"lead", arguments["lead"]}, {"ok", response.status.ok()}};
    if (response.status.ok()) {
      const Json now = Json::parse(response.lines.front(), nullptr, false);
      object["status"] = now.value("status", "");
      object["revision"] = now.value("revision", 0);
    } else {
      object["code"] = CodeName(response.status.code());
      object["message"] = response.status.message();
    }
    lines.push_back(Dump(object));
  }
  return ListAnswer(lines);
}

HttpResponse Api::ExportLeads(const Call& call) {
  const Response response = Do(call, "leads.export", call.arguments);
  if (!response.status.ok()) return ErrorAnswer(response.status);
  const Json line = Json::parse(response.lines.front(), nullptr, false);
  auto bytes = FromHexText(line.value("hex", ""));
  if (!bytes.ok()) return ErrorAnswer(bytes.status());
  const std::string format = line.value("format", "csv");
  HttpResponse file =
      FileAnswer("线索上报-" + std::to_string(line.value("handover", 0)) + "." + format,
                 MediaTypeFor(format), *std::move(bytes));
  file.headers["X-Cluehound-Handover"] = std::to_string(line.value("handover", 0));
  file.headers["X-Cluehound-SHA256"] = line.value("sha256", "");
  return file;
}

HttpResponse Api::ViewCapture(const Call& call) {
  if (parts_.captures == nullptr)
    return ErrorAnswer(Status::Unavailable("captures are not served here"));
  const auto lead = parts_.store.FindLead(call.Get("lead"), {call.visit->account.county});
  if (!lead.ok()) return ErrorAnswer(Status::NotFound("there is none of this name"));
  const auto sightings = parts_.store.Sightings(lead->id, 1000);
  if (!sightings.ok()) return ErrorAnswer(sightings.status());
  std::vector<evidence::CaptureRef> captures = {lead->capture};
  for (const store::Sighting& sighting : *sightings) captures.push_back(sighting.capture);
  const std::string wanted = call.Get("capture");
  const auto found = std::find_if(captures.begin(), captures.end(), [&](const auto& capture) {
    return capture.present() && capture.file + "@" + std::to_string(capture.offset) == wanted;
  });
  if (found == captures.end()) return ErrorAnswer(Status::NotFound("the lead has no such capture"));
  store::AuditEntry entry;
  entry.at = parts_.clock.Now();
  entry.actor = {call.visit->account.name, call.visit->account.display};
  entry.action = "evidence.read";
  entry.object = lead->id;
  entry.reason = wanted;
  if (Status s = parts_.store.log().Append(entry); !s.ok()) return ErrorAnswer(s);
  return JsonAnswer(
      200,
      Dump(Json{{"url", parts_.captures->OriginFor(call.http) + parts_.captures->Grant(*found)}}));
}

HttpResponse Api::PaperFile(const Call& call) {
  const Response response =
      Do(call, "papers.file", {{"digest", call.Get("digest")}, {"paper", call.Get("paper")}});
  if (!response.status.ok()) return ErrorAnswer(response.status);
  const Json line = Json::parse(response.lines.front(), nullptr, false);
  auto bytes = FromHexText(line.value("hex", ""));
  if (!bytes.ok()) return ErrorAnswer(bytes.status());
  // Pictures are shown, everything else is only saved.
  const std::string media = MediaTypeOf(*bytes);
  if (!IsImage(media))
    return FileAnswer(call.Get("digest").substr(0, 12) + ".bin", "application/octet-stream",
                      *std::move(bytes));
  return {200, media, *std::move(bytes), {{"Cache-Control", "no-store"}}, {}};
}

HttpResponse Api::PutPapers(const Call& call) {
  Json rows = Json::parse(call.Get("rows"), nullptr, false);
  if (!rows.is_array()) return ErrorAnswer(Status::InvalidArgument("rows must be a list"));
  for (Json& row : rows) {
    if (!row.is_object() || !row.contains("files")) continue;
    auto files = FileList(row["files"]);
    if (!files.ok()) return ErrorAnswer(files.status());
    row["files"] = *std::move(files);
  }
  auto arguments = call.arguments;
  arguments["rows"] = Dump(rows);
  return Answer(call, Do(call, "papers.put", std::move(arguments)));
}

HttpResponse Api::AddClue(const Call& call) {
  FormValues fields;
  const std::string given = call.Get("fields");
  const Json json = Json::parse(given.empty() ? "{}" : given, nullptr, false);
  if (!json.is_object()) return ErrorAnswer(Status::InvalidArgument("fields must be an object"));
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string())
      return ErrorAnswer(Status::InvalidArgument("field " + name + " must be text"));
    if (!value.get_ref<const std::string&>().empty()) fields[name] = value;
  }
  if (const std::string what = call.Get("what"); !what.empty()) {
    const SharedItem item = ReadShareText(what);
    if (!item.url.empty()) fields.try_emplace("url", item.url);
    if (!item.title.empty() && !item.url.empty()) fields.try_emplace("title", item.title);
    if (CollapseSpace(what) != item.url) fields.try_emplace("description", what);
  }
  fields.try_emplace("origin", "own");
  const std::string coded = call.Get("files");
  const Json given_files = Json::parse(coded.empty() ? "[]" : coded, nullptr, false);
  if (!given_files.is_array() || given_files.size() > kMaxFiles)
    return ErrorAnswer(Status::InvalidArgument("files must be a list of at most 10"));
  Json files = Json::array();
  std::string page;
  for (const Json& file : given_files) {
    std::string bytes;
    auto one = FileObject(file, bytes);
    if (!one.ok()) return ErrorAnswer(one.status());
    files.push_back(*std::move(one));
    if (page.empty() && !IsImage(MediaTypeOf(bytes))) page = std::move(bytes);
  }
  if (fields.size() == 1 && files.empty()) {
    return ErrorAnswer(Status::InvalidArgument(
        "nothing to add: give an address, a share text, a file or a description"));
  }
  Json row{{"row", 1}};
  if (parts_.read_clue) {
    FormValues said;
    const auto clue = parts_.read_clue(page, fields, said);
    if (!clue.ok()) return ErrorAnswer(clue.status());
    for (const auto& [name, value] : said) {
      if (!value.empty()) fields.try_emplace(name, value);
    }
    row["clue"] = *clue;
  }
  row["fields"] = fields;
  row["files"] = std::move(files);
  return Answer(call, Do(call, "papers.put",
                         {{"kind", "clue"}, {"rows", Dump(Json::array({std::move(row)}))}}));
}

HttpResponse Api::DraftLetter(const Call& call) {
  const Response response = Do(call, "letters.draft", call.arguments);
  if (!response.status.ok()) return ErrorAnswer(response.status);
  const Json line = Json::parse(response.lines.front(), nullptr, false);
  auto bytes = FromHexText(line.value("hex", ""));
  if (!bytes.ok()) return ErrorAnswer(bytes.status());
  return FileAnswer(call.Get("letter") + "-" + FormatDay(parts_.clock.Now()) + ".docx",
                    std::string(kDocxMediaType), *std::move(bytes));
}

HttpResponse Api::ReportFile(const Call& call) {
  auto arguments = call.arguments;
  const std::string format = arguments["format"];
  arguments.erase("format");
  const Response response = Do(call, "reports.data", arguments);
  if (!response.status.ok()) return ErrorAnswer(response.status);
  auto file = MakeReportFile(response.lines, format);
  if (!file.ok()) return ErrorAnswer(file.status());
  const Json header = Json::parse(response.lines.front(), nullptr, false);
  const std::string span = header.value("from", "") + "_" + header.value("to", "");
  // The entry first: no file leaves that the log does not know.
  store::AuditEntry entry;
  entry.at = parts_.clock.Now();
  entry.actor = {call.visit->account.name, call.visit->account.display};
  entry.action = "report.file";
  entry.object = call.Get("kind");
  entry.after = span + " " + format + " sha256 " + Hex(Sha256(file->bytes));
  if (Status s = parts_.store.log().Append(entry); !s.ok()) return ErrorAnswer(s);
  return FileAnswer(header.value("title", "report") + "-" + span + file->ending, file->media_type,
                    std::move(file->bytes));
}

}  // namespace cluehound::triage
