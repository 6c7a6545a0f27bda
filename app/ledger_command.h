#pragma once

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

// check, backup, restore and log, below `store`.
void AddStoreCustodyCommands(CLI::App& store, Run& run);
// hold, unhold and retention, likewise.
void AddStoreKeepCommands(CLI::App& store, Run& run);

// The steps of a lead's life, below `leads`: register, undo, extend, deadline.
void AddLeadLifeCommands(CLI::App& leads, Run& run);

}  // namespace cluehound::app
