// The API's part for analysts: rules and marks in force, drafts, explanations, jobs.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "rules/explain.h"
#include "triage/api.h"
#include "triage/explanation_json.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;
using rules::RuleFile;

constexpr size_t kMaxDraftFiles = 200;
constexpr int64_t kMarksPage = 200;
constexpr int64_t kMaxMarksPage = 1000;
constexpr int64_t kDefaultJobListings = 100'000;

std::string Dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// [{"name","text"}]
Result<std::vector<RuleFile>> DraftFiles(const std::string& text) {
  std::vector<RuleFile> files;
  if (text.empty()) return files;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_array() || json.size() > kMaxDraftFiles)
    return Status::InvalidArgument("files must be a list of at most 200 objects");
  for (const Json& each : json) {
    if (!each.is_object() || !each.contains("name") || !each["name"].is_string() ||
        !each.contains("text") || !each["text"].is_string())
      return Status::InvalidArgument("a file must be an object with name and text");
    RuleFile file{each["name"], each["text"]};
    const bool plain = file.name.ends_with(".yaml") && file.name.size() <= 100 &&
                       file.name.find_first_of("/\\") == std::string::npos &&
                       !file.name.starts_with(".");
    if (!plain)
      return Status::InvalidArgument("\"" + file.name + "\" is no name such as local.yaml");
    files.push_back(std::move(file));
  }
  return files;
}

Result<extractors::Listing> ListingOf(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Status::InvalidArgument("listing must be an object");
  const auto in = [&](const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : "";
  };
  extractors::Listing listing;
  listing.title = TruncateUtf8(in("title"), extractors::Listing::kMaxTitle);
  listing.text = TruncateUtf8(in("text"), extractors::Listing::kMaxText);
  listing.seller = in("seller");
  listing.price = in("price");
  if (!listing.price.empty()) listing.currency = "CNY";
  listing.platform = in("platform");
  listing.location = in("location");
  listing.origin = in("origin");
  return listing;
}

Json DiagnosticObject(const Diagnostic& diagnostic) {
  return Json{{"severity", diagnostic.severity == Severity::kError     ? "error"
                           : diagnostic.severity == Severity::kWarning ? "warning"
                                                                       : "info"},
              {"code", diagnostic.code},
              {"file", diagnostic.where.file},
              {"line", diagnostic.where.line},
              {"column", diagnostic.where.column},
              {"message", diagnostic.message},
              {"remedy", diagnostic.remedy}};
}

Json JobObject(const RuleBench::Job& job, bool whole) {
  Json object{{"job", job.number}, {"kind", Name(job.kind)},   {"state", Name(job.state)},
              {"user", job.user},  {"at", FormatTime(job.at)}, {"done", job.done},
              {"limit", job.limit}};
  if (job.ended != Instant{}) object["ended"] = FormatTime(job.ended);
  if (!job.error.empty()) object["error"] = job.error;
  if (whole && !job.result.empty()) object["result"] = Json::parse(job.result, nullptr, false);
  return object;
}

}  // namespace

HttpResponse Api::ListRules(const Call& call) {
  const auto files = parts_.bench.Compose(call.Get("set"), {});
  if (!files.ok()) return ErrorAnswer(files.status());
  const auto set = parts_.bench.Compile(*files);
  if (!set.ok()) return ErrorAnswer(set.status());
  // A county sees the rules, not what they did elsewhere.
  std::map<std::string, Json> figures;
  if (call.visit->account.county.empty()) {
    const Response stats = Do(call, "rules.stats", {});
    for (const std::string& line : stats.lines) {
      Json one = Json::parse(line, nullptr, false);
      const std::string rule = one.value("rule", "");
      figures[rule] = std::move(one);
    }
  }
  std::vector<std::string> lines;
  for (const rules::RuleSummary& rule : (*set)->rules()) {
    Json object{{"rule", rule.id},
                {"rev", rule.rev},
                {"family", rule.family},
                {"title", rule.title},
                {"category", rule.category},
                {"level", rule.level},
                {"mode", Name(rule.mode)},
                {"status", rule.status},
                {"owner", rule.owner},
                {"blind_spots", rule.blind_spots},
                {"checklist", rule.checklist},
                {"samples", rule.samples},
                {"file", rule.file},
                {"line", rule.where.line}};
    if (const auto found = figures.find(rule.id); found != figures.end()) {
      for (const char* key : {"hits", "leads", "decided", "errors", "precision", "last_fired"}) {
        if (found->second.contains(key)) object[key] = found->second[key];
      }
    }
    lines.push_back(Dump(object));
  }
  return ListAnswer(lines);
}

HttpResponse Api::ListMarks(const Call& call) {
  const auto files = parts_.bench.Compose("", {});
  if (!files.ok()) return ErrorAnswer(files.status());
  const auto set = parts_.bench.Compile(*files);
  if (!set.ok()) return ErrorAnswer(set.status());
  const std::string text = ToAsciiLower(call.Get("text"));
  const std::string kind = call.Get("kind");
  const auto from = ParseInt(call.Get("after")).value_or(0);
  const auto limit = ParseInt(call.Get("limit")).value_or(kMarksPage);
  if (from < 0 || limit < 1 || limit > kMaxMarksPage)
    return ErrorAnswer(Status::InvalidArgument("limit must be a number from 1 to 1000"));
  const auto holds = [&](const std::string& name) {
    return ToAsciiLower(name).find(text) != std::string::npos;
  };
  std::vector<std::string> lines;
  int64_t at = 0;
  bool more = false;
  for (const rules::MarkSummary& mark : (*set)->marks()) {
    if (!kind.empty() && mark.kind != kind) continue;
    if (!text.empty() && !holds(mark.name) && !holds(mark.id) &&
        std::none_of(mark.aliases.begin(), mark.aliases.end(), holds))
      continue;
    if (at++ < from) continue;
    if (static_cast<int64_t>(lines.size()) == limit) {
      more = true;
      break;
    }
    lines.push_back(Dump(Json{{"mark", mark.id},
                              {"name", mark.name},
                              {"kind", mark.kind},
                              {"aliases", mark.aliases},
                              {"owner", mark.owner},
                              {"number", mark.number},
                              {"tags", mark.tags},
                              {"valid_to", mark.valid_to},
                              {"verified", mark.verified},
                              {"file", mark.file},
                              {"line", mark.where.line}}));
  }
  return ListAnswer(lines, more ? std::to_string(from + limit) : "");
}

HttpResponse Api::RuleFiles(const Call& call) {
  const auto files = parts_.bench.Compose(call.Get("set"), {});
  if (!files.ok()) return ErrorAnswer(files.status());
  std::vector<std::string> lines;
  for (const RuleFile& file : *files)
    lines.push_back(Dump(Json{{"name", file.name}, {"text", file.text}}));
  return ListAnswer(lines);
}

HttpResponse Api::Explain(const Call& call) {
  const auto changed = DraftFiles(call.Get("files"));
  if (!changed.ok()) return ErrorAnswer(changed.status());
  const auto files = parts_.bench.Compose(call.Get("set"), *changed);
  if (!files.ok()) return ErrorAnswer(files.status());
  const auto set = parts_.bench.Compile(*files);
  if (!set.ok()) return ErrorAnswer(set.status());
  extractors::Listing listing;
  rules::EvaluateOptions evaluate;
  evaluate.now = parts_.clock.Now();
  if (const std::string id = call.Get("lead"); !id.empty()) {
    const auto lead = parts_.store.FindLead(id, {call.visit->account.county});
    if (!lead.ok()) return ErrorAnswer(Status::NotFound("no lead " + id));
    listing = lead->listing;
    evaluate.now = lead->last_seen;
  } else if (const std::string given = call.Get("listing"); !given.empty()) {
    auto read = ListingOf(given);
    if (!read.ok()) return ErrorAnswer(read.status());
    listing = *std::move(read);
  } else {
    listing.text = TruncateUtf8(call.Get("text"), extractors::Listing::kMaxText);
    evaluate.unknown_facts = true;
  }
  const auto explained = (*set)->Explain(listing, evaluate, {call.Get("rule"), call.Get("mark")});
  if (!explained.ok()) return ErrorAnswer(explained.status());
  return JsonAnswer(200, ExplanationJson(*explained));
}

HttpResponse Api::CheckRules(const Call& call) {
  const auto changed = DraftFiles(call.Get("files"));
  if (!changed.ok()) return ErrorAnswer(changed.status());
  const auto files = parts_.bench.Compose(call.Get("set"), *changed);
  if (!files.ok()) return ErrorAnswer(files.status());
  Diagnostics diagnostics;
  const auto set = rules::RuleSet::Compile(*files, diagnostics);
  Json object{{"ok", set.ok()}, {"errors", diagnostics.errors()}};
  if (set.ok()) {
    object["rule_set"] = (*set)->hash();
    object["rules"] = (*set)->rules().size();
    object["marks"] = (*set)->marks().size();
  }
  Json all = Json::array();
  for (const Diagnostic& diagnostic : diagnostics.all())
    all.push_back(DiagnosticObject(diagnostic));
  object["diagnostics"] = std::move(all);
  return JsonAnswer(200, Dump(object));
}

HttpResponse Api::ProposeRules(const Call& call) {
  const auto changed = DraftFiles(call.Get("files"));
  if (!changed.ok()) return ErrorAnswer(changed.status());
  const auto files = parts_.bench.Compose(call.Get("set"), *changed);
  if (!files.ok()) return ErrorAnswer(files.status());
  return Answer(call, Do(call, "rules.propose",
                         {{"set", rules::SerialiseRuleFiles(*files)}, {"note", call.Get("note")}}));
}

HttpResponse Api::ListJobs(const Call&) {
  std::vector<std::string> lines;
  for (const RuleBench::Job& job : parts_.bench.Jobs())
    lines.push_back(Dump(JobObject(job, false)));
  return ListAnswer(lines);
}

HttpResponse Api::StartJob(const Call& call) {
  const std::string kind = call.Get("kind");
  if (kind != "diff" && kind != "backtest")
    return ErrorAnswer(Status::InvalidArgument("kind must be diff or backtest"));
  const auto limit = ParseInt(call.Get("limit")).value_or(kDefaultJobListings);
  if (limit < 1 || limit > static_cast<int64_t>(RuleBench::kMaxLimit))
    return ErrorAnswer(Status::InvalidArgument("limit must be a number from 1 to 1000000"));
  const auto changed = DraftFiles(call.Get("files"));
  if (!changed.ok()) return ErrorAnswer(changed.status());
  auto files = parts_.bench.Compose(call.Get("set"), *changed);
  if (!files.ok()) return ErrorAnswer(files.status());
  const auto job = parts_.bench.Start(
      kind == "diff" ? RuleBench::Job::Kind::kDiff : RuleBench::Job::Kind::kBacktest,
      *std::move(files), static_cast<size_t>(limit), call.visit->account.name);
  return job.ok() ? JsonAnswer(200, Dump(JobObject(*job, true))) : ErrorAnswer(job.status());
}

HttpResponse Api::ShowJob(const Call& call) {
  const auto number = ParseInt(call.Get("job")).value_or(0);
  const auto job = parts_.bench.Find(static_cast<uint64_t>(number));
  return job.ok() ? JsonAnswer(200, Dump(JobObject(*job, true))) : ErrorAnswer(job.status());
}

HttpResponse Api::CancelJob(const Call& call) {
  const auto number = ParseInt(call.Get("job")).value_or(0);
  const auto job = parts_.bench.Cancel(static_cast<uint64_t>(number));
  return job.ok() ? JsonAnswer(200, Dump(JobObject(*job, true))) : ErrorAnswer(job.status());
}

}  // namespace cluehound::triage
