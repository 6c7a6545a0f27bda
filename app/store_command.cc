#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/ledger.h"
#include "app/ledger_command.h"
#include "app/life_text.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

int RunStats(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, false);
  if (!config.ok()) return Report(config.status());
  auto ledger = Ledger::Open(config->store);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "store.stats";
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderStats(response.lines);
  }
  return kExitDone;
}

}  // namespace

void AddStoreCommand(CLI::App& program, Run& run) {
  CLI::App* store = program.add_subcommand("store", "The ledger on disk");
  store->require_subcommand(1);
  CLI::App* stats = store->add_subcommand("stats", "How much it holds");
  auto options = std::make_shared<CommonOptions>();
  AddConfigOption(*stats, *options);
  AddStoreOption(*stats, *options);
  AddJsonOption(*stats, *options);
  stats->callback([options, &run] { run = [options] { return RunStats(*options); }; });
  AddStoreCustodyCommands(*store, run);
  AddStoreKeepCommands(*store, run);
}

}  // namespace cluehound::app
