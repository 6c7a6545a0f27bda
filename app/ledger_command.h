#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "app/commands.h"
#include "app/config.h"
#include "app/ledger.h"

// What the commands on the ledger share.
namespace cluehound::app {

// The ledger that the options name, with the configured office. Quiets the log.
Result<std::unique_ptr<Ledger>> OpenConfigured(const CommonOptions& options);

void PrintLines(const std::vector<std::string>& lines);
// Leads after a step: as they are with `json`, else a line each for people.
void PrintStandings(const std::vector<std::string>& leads, bool json);

// Adds a command on the ledger: the options that all of them have (`Options` has `common` and `by`), and what runs when it
// is chosen. Gives the command, for its own options.
template <class Options>
CLI::App* AddLedgerCommand(CLI::App& parent, Run& run, const char* name, const char* help,
                           const std::shared_ptr<Options>& options,
                           int (*command)(const Options&)) {
  CLI::App* added = parent.add_subcommand(name, help);
  AddConfigOption(*added, options->common);
  AddStoreOption(*added, options->common);
  AddJsonOption(*added, options->common);
  added->add_option("--by", options->by, "Your name, beside the user that the system knows");
  added->callback([options, command, &run] { run = [=] { return command(*options); }; });
  return added;
}

// check, backup, restore and log, below `store`.
void AddStoreCustodyCommands(CLI::App& store, Run& run);
// hold, unhold and retention, likewise.
void AddStoreKeepCommands(CLI::App& store, Run& run);

// The steps of a lead's life, below `leads`: register, undo, extend, deadline.
void AddLeadLifeCommands(CLI::App& leads, Run& run);

}  // namespace cluehound::app
