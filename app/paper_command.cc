#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "app/terminal.h"
#include "base/join.h"
#include "triage/paper_form.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;
using store::PaperKind;

// What all of these commands take.
struct Options {
  CommonOptions common;
  std::string paper, by, note;
  std::vector<std::string> leads;
  triage::FormValues fields;
  std::map<std::string, std::string> arguments;
  size_t limit = 0;
};

std::string FieldsJson(const triage::FormValues& fields, bool with_empty) {
  Json object = Json::object();
  for (const auto& [name, value] : fields) {
    if (with_empty || !value.empty()) object[name] = value;
  }
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

triage::Request RequestOf(const Options& options, const std::string& operation, PaperKind kind) {
  triage::Request request;
  request.operation = operation;
  request.arguments["kind"] = store::Name(kind);
  request.actor.claimed_name = options.by;
  return request;
}

// One call, one paper back.
int RunOne(const Options& options, const triage::Request& request) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (request.operation == "papers.put") {
    const Json line = Json::parse(response.lines.at(0), nullptr, false);
    response.lines = {line["paper"].dump()};
  }
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderPaper(response.lines, TerminalColumns());
  }
  return kExitDone;
}

int RunAdd(const Options& options, PaperKind kind) {
  triage::Request request = RequestOf(options, "papers.put", kind);
  Json row = {{"row", 1},
              {"fields", Json::parse(FieldsJson(options.fields, false))},
              {"leads", options.leads}};
  request.arguments["rows"] =
      Json::array({row}).dump(-1, ' ', false, Json::error_handler_t::replace);
  return RunOne(options, request);
}

int RunChange(const Options& options, PaperKind kind) {
  triage::Request request = RequestOf(options, "papers.change", kind);
  request.arguments["paper"] = options.paper;
  request.arguments["fields"] = FieldsJson(options.fields, false);
  if (!options.leads.empty()) request.arguments["leads"] = Join(options.leads, ",");
  if (!options.note.empty()) request.arguments["note"] = options.note;
  return RunOne(options, request);
}

int RunShow(const Options& options, PaperKind kind) {
  triage::Request request = RequestOf(options, "papers.show", kind);
  request.arguments["paper"] = options.paper;
  return RunOne(options, request);
}

int RunList(const Options& options, PaperKind kind) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request = RequestOf(options, "papers.list", kind);
  for (const auto& [name, value] : options.arguments) {
    if (!value.empty()) request.arguments[name] = value;
  }
  const size_t limit = options.limit > 0 ? options.limit : options.common.json ? SIZE_MAX : 50;
  const triage::Response response = (*ledger)->CallAll(request, limit);
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderPapers(response.lines, TerminalColumns());
    if (!response.next.empty()) std::cout << "还有更多；用 --limit 多看一些\n";
  }
  return kExitDone;
}

// An operation that counts or chooses.
int RunLines(const Options& options, const std::string& operation, bool all) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  for (const auto& [name, value] : options.arguments) {
    if (!value.empty()) request.arguments[name] = value;
  }
  request.actor.claimed_name = options.by;
  triage::Response response;
  do {
    const triage::Response part = (*ledger)->Call(request);
    if (!part.status.ok()) return Report(part.status);
    response.lines.insert(response.lines.end(), part.lines.begin(), part.lines.end());
    response.next = part.next;
    request.arguments["after"] = part.next;
  } while (all && !response.next.empty());
  if (options.common.json) {
    PrintLines(response.lines);
  } else if (operation == "gi.sample") {
    std::cout << RenderPapers(response.lines, TerminalColumns());
  } else {
    std::cout << RenderFigures(operation, response.lines);
  }
  return kExitDone;
}

std::shared_ptr<Options> Common(CLI::App& command) {
  auto options = std::make_shared<Options>();
  command.add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(command, options->common);
  AddStoreOption(command, options->common);
  AddJsonOption(command, options->common);
  return options;
}

// An option for each field of the form, "--counter-reached" for counter_reached.
void AddFields(CLI::App& command, Options& options, PaperKind kind, bool required) {
  for (const triage::FormField& field : triage::FormOf(kind).fields) {
    const std::string name(field.name);
    if (name == "note" && !required) continue;  // of a change it is the reason
    std::string help(field.chinese);
    for (const auto& [code, chinese] : field.choices)
      help += " " + std::string(code) + "=" + std::string(chinese);
    std::string flag = "--" + name;
    std::replace(flag.begin() + 2, flag.end(), '_', '-');
    command.add_option(flag, options.fields[name], help);
  }
}

using Runner = int (*)(const Options&, PaperKind);

void Callback(CLI::App& command, Run& run, const std::shared_ptr<Options>& options, Runner runner,
              PaperKind kind) {
  command.callback([options, runner, kind, &run] { run = [=] { return runner(*options, kind); }; });
}

void AddAdd(CLI::App& parent, Run& run, PaperKind kind, const std::string& help) {
  CLI::App* command = parent.add_subcommand("add", help);
  auto options = Common(*command);
  AddFields(*command, *options, kind, true);
  command->add_option("--lead", options->leads, "Leads that belong to it");
  Callback(*command, run, options, RunAdd, kind);
}

void AddShow(CLI::App& parent, Run& run, PaperKind kind) {
  CLI::App* command = parent.add_subcommand("show", "One of them, with its leads");
  auto options = Common(*command);
  command->add_option("number", options->paper, "Its number or 文号")->required();
  Callback(*command, run, options, RunShow, kind);
}

CLI::App* AddChange(CLI::App& parent, Run& run, PaperKind kind, const std::string& name,
                    const std::string& help,
                    const std::vector<std::pair<std::string, std::string>>& fields) {
  CLI::App* command = parent.add_subcommand(name, help);
  auto options = Common(*command);
  command->add_option("number", options->paper, "Its number or 文号")->required();
  if (name == "link") {
    command->add_option("lead", options->leads, "Leads that belong to it")->required();
  } else {
    command->add_option("--lead", options->leads, "Further leads that belong to it");
  }
  if (name == "change") AddFields(*command, *options, kind, false);
  for (const auto& [flag, field] : fields) {
    command->add_option("--" + flag, options->fields[field],
                        std::string(triage::FormOf(kind).Find(field)->chinese));
  }
  command->add_option("--note", options->note, "Why");
  Callback(*command, run, options, RunChange, kind);
  return command;
}

CLI::App* AddPapers(CLI::App& program, Run& run, const std::string& name, const std::string& help,
                    PaperKind kind, const std::string& add_help) {
  CLI::App* parent = program.add_subcommand(name, help);
  parent->require_subcommand(1);
  AddPaperList(*parent, run, kind);
  AddShow(*parent, run, kind);
  AddAdd(*parent, run, kind, add_help);
  AddChange(*parent, run, kind, "change", "Changes fields of one", {});
  return parent;
}

void AddLines(CLI::App& parent, Run& run, const std::string& name, const std::string& help,
              const std::string& operation, bool all,
              const std::vector<std::pair<std::string, std::string>>& arguments) {
  CLI::App* command = parent.add_subcommand(name, help);
  auto options = Common(*command);
  for (const auto& [argument, text] : arguments)
    command->add_option("--" + argument, options->arguments[argument], text);
  command->callback([options, operation, all, &run] {
    run = [=] { return RunLines(*options, operation, all); };
  });
}

}  // namespace

void AddPaperList(CLI::App& parent, Run& run, PaperKind kind, const std::string& name) {
  CLI::App* command = parent.add_subcommand(name, "Newest first");
  auto options = Common(*command);
  for (const auto& [argument, help] : {std::pair{"state", "In this state"},
                                       {"county", "Of this division"},
                                       {"document", "With this 文号"},
                                       {"lead", "Of this lead"},
                                       {"due", "Unanswered and due by this day, or over"}}) {
    command->add_option(std::string("--") + argument, options->arguments[argument], help);
  }
  command->add_option("--limit", options->limit, "At most so many (default: 50; all with --json)");
  Callback(*command, run, options, RunList, kind);
  if (kind == PaperKind::kClue) {
    AddChange(parent, run, kind, "reply", "反馈 of a clue to who sent it: its clock stops",
              {{"on", "replied"}, {"text", "reply"}});
  } else if (kind == PaperKind::kHandover) {
    AddChange(parent, run, kind, "receipt", "Notes the receipt of an export",
              {{"receipt", "receipt"}, {"on", "received"}});
  }
}

void AddPaperCommands(CLI::App& program, Run& run) {
  CLI::App* letters =
      AddPapers(program, run, "letters", "协查函, 线索推送函 and 疑难请示", PaperKind::kLetter,
                "A letter; without --document it gets a number");
  AddChange(*letters, run, PaperKind::kLetter, "reply", "What came back: its clock stops",
            {{"on", "replied"}, {"text", "reply"}});
  AddLetterDraft(*letters, run);
  CLI::App* notices = AddPapers(program, run, "notices", "Notices of right holders to platforms",
                                PaperKind::kNotice, "A notice");
  AddPaperImport(*notices, run, PaperKind::kNotice);
  AddChange(*notices, run, PaperKind::kNotice, "counter",
            "反通知: the term runs from the day it reached the right holder",
            {{"on", "countered"}, {"reached", "counter_reached"}});
  AddChange(*notices, run, PaperKind::kNotice, "end", "What came of it",
            {{"outcome", "outcome"}, {"on", "ended"}});
  CLI::App* cases =
      AddPapers(program, run, "cases", "Cases (立案, 不予立案): what statistics count",
                PaperKind::kCase, "A case; its leads under check are filed with it");
  AddPaperImport(*cases, run, PaperKind::kCase);
  AddChange(*cases, run, PaperKind::kCase, "link", "Leads that belong to a case", {});
  AddLines(*cases, run, "stats", "Cases by behaviour", "cases.stats", false,
           {{"from", "First day (default: of the year)"}, {"to", "Last day (default: today)"}});
  CLI::App* gi = AddPapers(program, run, "gi", "Lawful users of the GI exclusive sign (用标主体)",
                           PaperKind::kSignUser, "A lawful user");
  AddPaperImport(*gi, run, PaperKind::kSignUser);
  AddChange(*gi, run, PaperKind::kSignUser, "note", "What a check on the spot found",
            {{"uses", "uses"}, {"on", "checked"}});
  AddLines(*gi, run, "scan", "Looks through stored listings for the registered users", "gi.scan",
           true, {{"gi", "Of this sign alone"}});
  AddLines(*gi, run, "coverage", "用标覆盖率 over registered lawful users", "gi.coverage", false,
           {{"gi", "Of this sign alone"}, {"day", "As registered on this day"}});
  AddLines(
      *gi, run, "sample", "A 抽查 list that the seed decides", "gi.sample", false,
      {{"gi", "The sign"}, {"seed", "Any text"}, {"size", "So many"}, {"day", "As registered"}});
}

}  // namespace cluehound::app
