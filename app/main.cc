#include <CLI/CLI.hpp>
#include <csignal>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "base/diagnostic.h"
#include "base/join.h"
#include "base/log.h"

namespace cluehound::app {

void AddConfigOption(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.config,
                     "Configuration folder (default: $CLUEHOUND_CONFIG, else ./config)");
}
void AddStoreOption(CLI::App& command, CommonOptions& options) {
  command.add_option("--store", options.store, "Store folder, over the configured one");
}
void AddRulesOption(CLI::App& command, CommonOptions& options) {
  command.add_option("--rules", options.rules, "Folder of rule packs, over the configured ones");
}
void AddJsonOption(CLI::App& command, CommonOptions& options) {
  command.add_flag("--json", options.json, "One JSON object a line on stdout");
}

namespace {

// The parser would only say that a command is required. Looks at the commands and at those below.
std::string UnknownCommand(const CLI::App& program, int argc, char** argv) {
  const CLI::App* level = &program;
  for (int i = 1; i < argc && i <= 2 && argv[i][0] != '-'; ++i) {
    const CLI::App* chosen = nullptr;
    std::vector<std::string> names;
    for (const CLI::App* command : level->get_subcommands({})) {
      names.push_back(command->get_name());
      if (names.back() == argv[i]) chosen = command;
    }
    if (names.empty()) return "";
    if (chosen != nullptr) {
      level = chosen;
      continue;
    }
    const std::string_view closest = ClosestWord(argv[i], {names.begin(), names.end()});
    const std::string of = level == &program ? "" : level->get_name() + " ";
    return "no command \"" + of + argv[i] + "\"" +
           (closest.empty() ? "; there are " + Join(names, ", ")
                            : "; did you mean \"" + of + std::string(closest) + "\"?");
  }
  return "";
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App program(
      "Cluehound watches shop pages and livestream lists and gives officers a short list of leads.",
      "cluehound");
  program.set_version_flag("--version", CLUEHOUND_VERSION);
  program.require_subcommand(1);
  Run run;
  AddDemoCommand(program, run);
  AddCrawlCommand(program, run);
  AddServeCommand(program, run);
  AddScanCommand(program, run);
  AddMatchCommand(program, run);
  AddLeadsCommand(program, run);
  AddMarksCommand(program, run);
  AddRulesCommand(program, run);
  AddSourcesCommand(program, run);
  AddCampaignsCommand(program, run);
  AddSilenceCommand(program, run);
  AddSellersCommand(program, run);
  AddClustersCommand(program, run);
  AddReportCommand(program, run);
  AddStoreCommand(program, run);
  AddPaperCommands(program, run);
  AddEvidenceCommand(program, run);
  AddUserCommand(program, run);
  if (const std::string problem = UnknownCommand(program, argc, argv); !problem.empty()) {
    return Report(Status::InvalidArgument(problem));
  }
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return program.exit(e) == 0 ? kExitDone : kExitUsage;
  }
  return run();
}

}  // namespace
}  // namespace cluehound::app

int main(int argc, char** argv) {
  try {
    return cluehound::app::Main(argc, argv);
  } catch (const std::exception& e) {  // what a library or bad_alloc throws
    cluehound::LogError(std::string("unexpected: ") + e.what());
    return cluehound::app::kExitFailure;
  }
}
