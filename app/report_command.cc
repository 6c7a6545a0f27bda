#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "triage/report.h"

namespace cluehound::app {
namespace {

struct Options {
  CommonOptions common;
  std::string kind, from, to, format = "json";
};

int RunReport(const Options& options) {
  if (options.format != "json" && options.format != "csv") {
    return Report(
        Status::InvalidArgument("--format \"" + options.format + "\" is none of: json, csv"));
  }
  if (const auto kind = triage::ReportKindFromName(options.kind); !kind.ok())
    return Report(kind.status());
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "reports.data";
  request.arguments = {{"kind", options.kind}, {"from", options.from}, {"to", options.to}};
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.format == "json") {
    PrintLines(response.lines);
  } else {
    std::cout << triage::ReportCsv(response.lines);
  }
  return kExitDone;
}

}  // namespace

void AddReportCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("report", "The data of reports");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "kind", options->kind,
          "daily, measures, half-year, year, campaign, ledger, candidates, statistics or coverage")
      ->required();
  command->add_option("--from", options->from, "First day, 2026-11-22 (default: today)");
  command->add_option("--to", options->to, "Last day, that one included (default: today)");
  command->add_option("--format", options->format, "json (default) or csv");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunReport(*options); }; });
}

}  // namespace cluehound::app
