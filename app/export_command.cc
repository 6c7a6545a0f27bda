#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "base/file.h"
#include "base/join.h"
#include "triage/paper_json.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxLeads = 5000;  // in one file

struct ExportOptions {
  CommonOptions common;
  std::vector<std::string> leads;
  std::map<std::string, std::string> filter;
  std::map<std::string, std::string> arguments;
  std::string output, by;
  bool outside = false;
};

// The named leads, or those of the filter.
Result<std::string> LeadsOf(const ExportOptions& options, Ledger& ledger) {
  if (!options.leads.empty()) return Join(options.leads, ",");
  triage::Request request;
  request.operation = "leads.list";
  for (const auto& [name, value] : options.filter) {
    if (!value.empty()) request.arguments[name] = value;
  }
  const triage::Response response = ledger.CallAll(request, kMaxLeads);
  if (!response.status.ok()) return response.status;
  if (!response.next.empty())
    return Status::InvalidArgument("more than " + std::to_string(kMaxLeads) +
                                   " leads; narrow the filter");
  if (response.lines.empty()) return Status::InvalidArgument("no lead to export");
  return Join(response.lines, ",", [](const std::string& line) {
    return Json::parse(line, nullptr, false).value("lead", "");
  });
}

std::string FormatOf(const ExportOptions& options) {
  const auto given = options.arguments.find("format");
  if (given != options.arguments.end() && !given->second.empty()) return given->second;
  for (const char* format : {"xlsx", "json"}) {
    if (options.output.ends_with(std::string(".") + format)) return format;
  }
  return "csv";
}

int RunExport(const ExportOptions& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  auto leads = LeadsOf(options, **ledger);
  if (!leads.ok()) return Report(leads.status());
  triage::Request request;
  request.operation = "leads.export";
  for (const auto& [name, value] : options.arguments) {
    if (!value.empty()) request.arguments[name] = value;
  }
  request.arguments["format"] = FormatOf(options);
  request.arguments["leads"] = *std::move(leads);
  request.arguments["outside"] = options.outside ? "yes" : "no";
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  Json line = Json::parse(response.lines.at(0), nullptr, false);
  const auto bytes = triage::FromHexText(line.value("hex", ""));
  if (!bytes.ok()) return Report(bytes.status());
  if (Status s = WriteFileAtomically(options.output, *bytes); !s.ok()) return Report(s);
  line.erase("hex");
  line["output"] = options.output;
  if (options.common.json) {
    std::cout << line.dump() << '\n';
  } else {
    std::cout << "已导出 " << line.value("leads", 0) << " 条线索到 " << options.output << "（"
              << (options.outside ? "对外，已脱敏" : "系统内，全量") << "），上报编号 "
              << line.value("handover", 0) << "\n文件 SHA-256 " << line.value("sha256", "")
              << "\n收到回执后：cluehound leads receipt " << line.value("handover", 0)
              << " --receipt 回执号\n";
  }
  return kExitDone;
}

void AddExport(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand(
      "export", "Leads for another office: CSV, XLSX or JSON, columns of handover.yaml, logged");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("lead", options->leads, "Their ids or numbers; else those of the filter");
  command->add_option("--output", options->output, "The file")->required();
  command->add_option("--format", options->arguments["format"],
                      "csv, xlsx or json (default: by the name of the file)");
  command->add_flag("--outside", options->outside,
                    "For outsiders: names and numbers of persons are masked");
  command->add_option("--to", options->arguments["to"], "Who gets it");
  command->add_option("--purpose", options->arguments["purpose"], "What for");
  command->add_option("--document", options->arguments["document"], "文号 of the letter with it");
  for (const auto& [name, help] : {std::pair{"day", "First seen on this day"},
                                   {"status", "new, checking, ruled_out ..."},
                                   {"category", "trademark, gi, special_mark ..."},
                                   {"mark", "Id of a mark"},
                                   {"source", "Id of a source"},
                                   {"rule", "Id of a rule"},
                                   {"county", "Of this division"},
                                   {"row", "The leads inside this row"}}) {
    command->add_option(std::string("--") + name, options->filter[name], help);
  }
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunExport(*options); }; });
}

}  // namespace

void AddExportCommands(CLI::App& leads, Run& run) {
  AddExport(leads, run);
  AddPaperList(leads, run, store::PaperKind::kHandover, "handovers");
}

}  // namespace cluehound::app
