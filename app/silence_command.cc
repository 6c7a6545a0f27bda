#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/life_text.h"
#include "app/terminal.h"

namespace cluehound::app {
namespace {

struct Options {
  CommonOptions common;
  std::map<std::string, std::string> arguments;
  std::string by;
};

int RunCall(const Options& options, const std::string& operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  for (const auto& [name, value] : options.arguments) {
    if (!value.empty()) request.arguments[name] = value;
  }
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderSilences(response.lines, TerminalColumns());
  }
  return kExitDone;
}

CLI::App* AddCall(CLI::App& silence, Run& run, const std::string& name, const char* help,
                  const std::shared_ptr<Options>& options) {
  CLI::App* command = silence.add_subcommand(name, help);
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback(
      [options, name, &run] { run = [=] { return RunCall(*options, "silences." + name); }; });
  return command;
}

}  // namespace

void AddSilenceCommand(CLI::App& program, Run& run) {
  CLI::App* silence = program.add_subcommand("silence", "Recorded exceptions (屏蔽)");
  silence->require_subcommand(1);
  AddCall(*silence, run, "list", "All of them, with their hits and expiry",
          std::make_shared<Options>());
  auto end = std::make_shared<Options>();
  AddCall(*silence, run, "end", "Ends one; its leads are shown again", end)
      ->add_option("number", end->arguments["number"], "Its number")
      ->required();
  auto add = std::make_shared<Options>();
  CLI::App* command =
      AddCall(*silence, run, "add",
              "One seller, phrase or lead, with the mark, rule or family that is silenced", add);
  for (const auto& [name, help] :
       {std::pair{"seller", "Name or number of the shop"},
        {"phrase", "Words in title or text"},
        {"lead", "The listing of this lead, as it is worded now"},
        {"mark", "Id of a mark"},
        {"rule", "Id of a rule"},
        {"family", "Family of rules (of a lead: its own is the default)"},
        {"reason", "Coded reason, as for ruled_out"},
        {"proof", "What shows it: a licence, a letter"},
        {"until", "Expiry: the day from which it no longer holds"}}) {
    command->add_option(std::string("--") + name, add->arguments[name], help);
  }
  command->get_option("--reason")->required();
}

}  // namespace cluehound::app
