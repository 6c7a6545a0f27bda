#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "base/digest.h"
#include "base/file.h"
#include "triage/report.h"
#include "triage/report_file.h"

namespace cluehound::app {
namespace {

struct Options {
  CommonOptions common;
  std::string kind, from, to, output, by, format = "json";
};

int RunReport(const Options& options) {
  if (options.format == "xlsx" || options.format == "docx") {
    if (options.output.empty())
      return Report(Status::InvalidArgument("--format " + options.format + " needs --output FILE"));
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
  if (options.format == "json" && options.output.empty()) {
    PrintLines(response.lines);
    return kExitDone;
  }
  const auto file = triage::MakeReportFile(response.lines, options.format);
  if (!file.ok()) return Report(file.status());
  // The entry first: no file leaves that the log does not know.
  triage::Request note;
  note.operation = "log.note";
  note.arguments = {{"action", "report.file"},
                    {"object", options.kind},
                    {"note", options.format + " sha256 " + Hex(Sha256(file->bytes))}};
  note.actor.claimed_name = options.by;
  if (const Status noted = (*ledger)->Call(note).status; !noted.ok()) return Report(noted);
  if (options.output.empty()) {
    std::cout << file->bytes;
    return kExitDone;
  }
  if (const Status s = WriteFileAtomically(options.output, file->bytes); !s.ok()) return Report(s);
  return kExitDone;
}

}  // namespace

void AddReportCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("report", "Reports, as data or as files");
  auto options = std::make_shared<Options>();
  command
      ->add_option(
          "kind", options->kind,
          "daily, measures, half-year, year, campaign, ledger, candidates, statistics or coverage")
      ->required();
  command->add_option("--from", options->from, "First day, 2026-11-22 (default: today)");
  command->add_option("--to", options->to, "Last day, that one included (default: today)");
  command->add_option("--format", options->format, "json (default), csv, html, xlsx or docx");
  command->add_option("--output", options->output, "File to write; needed for xlsx and docx");
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunReport(*options); }; });
}

}  // namespace cluehound::app
