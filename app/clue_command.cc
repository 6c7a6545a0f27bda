#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/clue_reader.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "app/terminal.h"
#include "base/file.h"
#include "base/join.h"
#include "base/log.h"
#include "base/text.h"
#include "base/url.h"
#include "store/papers.h"
#include "triage/listing_intake.h"
#include "triage/media_type.h"
#include "triage/paper_json.h"
#include "triage/share_text.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxInput = 64u << 20;

struct AddOptions {
  CommonOptions common;
  std::string what, key, by;
  std::vector<std::string> files;
  triage::FormValues fields;
};

struct Input {
  std::string page;  // bytes of a saved page; empty: none
  Json files = Json::array();
};

bool IsFile(const std::string& path) {
  std::error_code error;
  return path.size() < 4096 && std::filesystem::is_regular_file(path, error);
}

// The file is kept as it came; a saved page is read, too.
Status TakeFile(const std::string& path, Input& input) {
  ASSIGN_OR_RETURN(std::string bytes, ReadFile(path, kMaxInput));
  const std::string type = triage::MediaTypeOf(bytes);
  if (type.empty())
    return Status::InvalidArgument(path + ": only JPEG, PNG, WebP, HTML and MHTML files are taken");
  if (bytes.size() > store::PaperLedger::kMaxAttachment)
    return Status::InvalidArgument(path + ": larger than " +
                                   std::to_string(store::PaperLedger::kMaxAttachment >> 20) +
                                   " MiB");
  input.files.push_back({{"name", std::filesystem::path(path).filename().string()},
                         {"hex", triage::ToHexText(bytes)}});
  if (triage::IsImage(type)) return Status::Ok();
  if (!input.page.empty()) return Status::InvalidArgument(path + ": one saved page in one clue");
  input.page = std::move(bytes);
  return Status::Ok();
}

// An address, a share text, words, or the name of a file.
Status TakeWhat(std::string what, triage::FormValues& fields, Input& input) {
  if (what == "-") {
    what.assign(std::istreambuf_iterator<char>(std::cin), {});
    if (what.size() > kMaxInput) return Status::InvalidArgument("stdin: too much");
  } else if (IsFile(what)) {
    return TakeFile(what, input);
  }
  const triage::SharedItem item = triage::ReadShareText(what);
  if (!item.url.empty()) fields.try_emplace("url", item.url);
  if (!item.title.empty() && !item.url.empty()) fields.try_emplace("title", item.title);
  if (CollapseSpace(what) != item.url) fields.try_emplace("description", what);
  return Status::Ok();
}

void PrintAdded(const Json& line) {
  const Json& paper = line["paper"];
  std::cout << "已登记线索来源 " << paper.value("paper", 0);
  if (paper.contains("document")) std::cout << "（" << paper.value("document", "") << "）";
  std::cout << "：新线索 " << line.value("new_leads", 0) << "，并入已有线索 "
            << line.value("joined_leads", 0) << '\n';
  for (const Json& lead : paper["leads"]) std::cout << "  线索 " << lead.get<std::string>() << '\n';
  if (paper.contains("due")) std::cout << "  办理期限 " << paper.value("due", "") << '\n';
  if (paper.contains("warning")) std::cout << "  注意：" << paper.value("warning", "") << '\n';
  for (const Json& file : paper.value("files", Json::array())) {
    std::cout << "  文件 " << file.value("name", "") << " SHA-256 " << file.value("sha256", "")
              << '\n';
  }
}

bool IsTable(const std::string& path) {
  const std::string ending = std::filesystem::path(path).extension().string();
  return EqualsIgnoreAsciiCase(ending, ".xlsx") || EqualsIgnoreAsciiCase(ending, ".csv");
}

void PrintListings(const Json& report) {
  for (const Json& problem : report["problems"]) {
    std::string text = "第 " + std::to_string(problem.value("row", 0)) + " 行";
    if (const std::string column = problem.value("column", ""); !column.empty())
      text += " " + column;
    text += "：" + problem.value("message", "") + "；" + problem.value("remedy", "");
    std::string out;
    AppendFlowed(out, Printable(text), 4, 0, TerminalColumns());
    std::cout << out;
  }
  std::cout << "共 " << report.value("rows", 0) << " 行：条目 " << report.value("listings", 0)
            << "，新线索 " << report.value("new_leads", 0) << "，已有线索 "
            << report.value("known_leads", 0) << "，未构成线索 " << report.value("clear", 0)
            << "，有误 " << report.value("bad", 0) << '\n';
  const std::string unused =
      Join(report["unused"], "、", [](const Json& name) { return name.get<std::string>(); });
  if (!unused.empty()) std::cout << "未使用的列：" << Printable(unused) << '\n';
}

// A table of listings: what the page's 录入线索 does with one.
int RunTable(const AddOptions& options, triage::FormValues fields) {
  const auto bytes = ReadFile(options.what, store::PaperLedger::kMaxAttachment + 1);
  if (!bytes.ok()) return Report(bytes.status());
  const auto reader = ClueReader::Load(options.common);
  if (!reader.ok()) return Report(reader.status());
  const Instant now = SystemClock().Now();
  const auto intake = (*reader)->ReadTable(*bytes, fields, now);
  if (!intake.ok()) return Report(intake.status().Within(options.what));
  fields.try_emplace("origin", "own");
  fields.try_emplace("received", FormatDay(now));
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const auto report = triage::TakeListings(
      *intake, std::filesystem::path(options.what).filename().string(), std::move(fields),
      [&](const std::string& operation, std::map<std::string, std::string> arguments) {
        triage::Request request;
        request.operation = operation;
        request.arguments = std::move(arguments);
        request.actor.claimed_name = options.by;
        return (*ledger)->Call(request);
      });
  if (!report.ok()) return Report(report.status());
  if (options.common.json) {
    std::cout << *report << '\n';
  } else {
    PrintListings(Json::parse(*report, nullptr, false));
  }
  return intake->bad > 0 ? kExitFindings : kExitDone;
}

int RunAdd(const AddOptions& options) {
  SetLogQuiet(true);
  triage::FormValues fields;
  for (const auto& [name, value] : options.fields) {
    if (!value.empty()) fields[name] = value;
  }
  if (IsTable(options.what) && IsFile(options.what)) {
    if (!options.files.empty() || !options.key.empty())
      return Report(Status::InvalidArgument("a table of listings takes neither --file nor --key"));
    return RunTable(options, std::move(fields));
  }
  Input input;
  if (!options.what.empty()) {
    if (Status s = TakeWhat(options.what, fields, input); !s.ok()) return Report(s);
  }
  for (const std::string& file : options.files) {
    if (Status s = TakeFile(file, input); !s.ok()) return Report(s);
  }
  fields.try_emplace("origin", "own");
  const auto reader = ClueReader::Load(options.common);
  if (!reader.ok()) return Report(reader.status());
  const Instant now = SystemClock().Now();
  store::ClueFindings findings;
  if (input.page.empty()) {
    if (fields.count("description") + fields.count("title") + fields.count("url") +
            input.files.size() ==
        0) {
      return Report(Status::InvalidArgument(
          "nothing to add: give an address, a share text, a file, or --description"));
    }
    findings = (*reader)->ReadWords(fields, now);
  } else {
    triage::FormValues said;
    auto read = (*reader)->ReadPage(input.page, fields, now, said);
    if (!read.ok()) return Report(read.status());
    findings = *std::move(read);
    for (const auto& [name, value] : said) {
      if (!value.empty()) fields.try_emplace(name, value);
    }
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  Json row = {{"row", 1}, {"fields", fields}, {"clue", ClueArgument(findings)}};
  if (!options.key.empty()) row["key"] = fields["document"] + "#" + options.key;
  row["files"] = std::move(input.files);
  triage::Request request;
  request.operation = "papers.put";
  request.arguments = {
      {"kind", "clue"},
      {"rows", Json::array({row}).dump(-1, ' ', false, Json::error_handler_t::replace)}};
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  for (const std::string& line : response.lines) {
    if (options.common.json) {
      std::cout << line << '\n';
    } else {
      PrintAdded(Json::parse(line, nullptr, false));
    }
  }
  return kExitDone;
}

void AddAdd(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand(
      "add",
      "A clue from people: an address, a pasted share text, a saved page, a picture, words; or a "
      "table of listings");
  auto options = std::make_shared<AddOptions>();
  command->add_option(
      "what", options->what,
      "Address, share text, file (HTML, MHTML, JPEG, PNG, WebP; XLSX or CSV of listings) "
      "or - for stdin");
  command->add_option("--file", options->files, "Further files that belong to it");
  command->add_option("--key", options->key, "Names it within its document, so that it is one");
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  for (const triage::FormField& field : triage::FormOf(store::PaperKind::kClue).fields) {
    const std::string name(field.name);
    if (name == "replied" || name == "reply") continue;
    std::string help(field.chinese);
    for (const auto& [code, chinese] : field.choices)
      help += " " + std::string(code) + "=" + std::string(chinese);
    command->add_option("--" + name, options->fields[name], help);
  }
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunAdd(*options); }; });
}

}  // namespace

void AddClueCommands(CLI::App& leads, Run& run) {
  AddAdd(leads, run);
  AddPaperImport(leads, run, store::PaperKind::kClue);
  AddPaperList(leads, run, store::PaperKind::kClue, "clues");
}

}  // namespace cluehound::app
