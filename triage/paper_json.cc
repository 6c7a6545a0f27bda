#include "triage/paper_json.h"

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "triage/paper_operations.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

std::string OneLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void PutActor(Json& object, const store::Actor& actor) {
  object["user"] = actor.user;
  if (!actor.claimed_name.empty()) object["by"] = actor.claimed_name;
}

Json PaperObject(const store::Paper& paper, Instant now) {
  Json object;
  object["paper"] = paper.number;
  object["kind"] = store::Name(paper.kind);
  object["revision"] = paper.revision;
  if (!paper.document.empty()) object["document"] = paper.document;
  object["state"] = paper.state;
  object["state_name"] = StateChinese(paper.kind, paper.state);
  if (!paper.county.empty()) object["county"] = paper.county;
  Json fields = Json::object();
  for (const store::PaperField& field : paper.fields) fields[field.name] = field.value;
  object["fields"] = std::move(fields);
  if (paper.clock) {
    object["due"] = FormatDay(paper.clock->due);
    object["over"] = !paper.answered && IsOver(paper.clock->due, now);
    if (!paper.clock->warning.empty()) object["warning"] = paper.clock->warning;
  }
  if (paper.answered) object["answered"] = FormatDay(*paper.answered);
  object["leads"] = paper.leads;
  Json files = Json::array();
  for (const store::Attachment& file : paper.attachments) {
    files.push_back({{"name", file.name},
                     {"type", file.media_type},
                     {"size", file.size},
                     {"sha256", Hex(file.sha256)}});
  }
  if (!files.empty()) object["files"] = std::move(files);
  object["at"] = FormatTime(paper.at);
  PutActor(object, paper.by);
  if (paper.changed_at != Instant{}) {
    Json changed = {{"at", FormatTime(paper.changed_at)}};
    PutActor(changed, paper.changed_by);
    object["changed"] = std::move(changed);
  }
  return object;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string PaperJson(const store::Paper& paper, Instant now) {
  return OneLine(PaperObject(paper, now));
}

std::string ReceiptJson(int64_t row, const store::PaperReceipt& receipt, Instant now) {
  static constexpr const char* kOutcomes[] = {"new", "changed", "same"};
  return OneLine(Json{{"row", row},
                      {"outcome", kOutcomes[static_cast<size_t>(receipt.outcome)]},
                      {"new_leads", receipt.new_leads},
                      {"joined_leads", receipt.joined_leads},
                      {"paper", PaperObject(receipt.paper, now)}});
}

std::string ProblemsJson(int64_t row, const PaperForm& form,
                         const std::vector<FormProblem>& problems) {
  Json list = Json::array();
  for (const FormProblem& problem : problems) {
    const FormField* field = form.Find(problem.field);
    list.push_back({{"field", problem.field},
                    {"name", field == nullptr ? problem.field : std::string(field->chinese)},
                    {"message", problem.message}});
  }
  return OneLine(Json{{"row", row}, {"problems", std::move(list)}});
}

std::string ProblemText(const PaperForm& form, const std::vector<FormProblem>& problems) {
  std::string text;
  for (const FormProblem& problem : problems) {
    const FormField* field = form.Find(problem.field);
    text += text.empty() ? "" : "；";
    if (!problem.field.empty()) {
      text += problem.field;
      if (field != nullptr) text += "（" + std::string(field->chinese) + "）";
      text += "：";
    }
    text += problem.message;
  }
  return text;
}

std::string FormJson(const PaperForm& form) {
  static constexpr const char* kTypes[] = {"text",    "day",    "money",  "count",
                                           "address", "county", "choice", "behaviour"};
  Json fields = Json::array();
  for (const FormField& field : form.fields) {
    Json object = {{"field", field.name},
                   {"name", field.chinese},
                   {"type", kTypes[static_cast<size_t>(field.type)]}};
    if (field.required) object["required"] = true;
    if (field.personal) object["personal"] = true;
    if (!field.choices.empty()) {
      Json choices = Json::object();
      for (const auto& [code, chinese] : field.choices) choices[std::string(code)] = chinese;
      object["choices"] = std::move(choices);
    }
    fields.push_back(std::move(object));
  }
  return OneLine(Json{{"kind", store::Name(form.kind)},
                      {"name", store::ChineseName(form.kind)},
                      {"fields", std::move(fields)}});
}

std::string ToHexText(std::string_view bytes) { return Hex(bytes); }

Result<std::string> FromHexText(std::string_view hex) {
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    const int high = HexDigit(hex[i]);
    const int low = HexDigit(hex[i + 1]);
    if (high < 0 || low < 0) return Status::InvalidArgument("these are no bytes in hex");
    bytes += static_cast<char>(high * 16 + low);
  }
  if (hex.size() % 2 != 0) return Status::InvalidArgument("these are no bytes in hex");
  return bytes;
}

}  // namespace cluehound::triage
