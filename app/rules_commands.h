#pragma once

#include "app/commands.h"
#include "app/config.h"

namespace cluehound::app {

// The parts of `rules`, one file each. `rules` is the command that they belong to.
void AddRulesChecks(CLI::App& rules, Run& run);       // lint, test, list
void AddRulesExplain(CLI::App& rules, Run& run);      // explain
void AddRulesFormat(CLI::App& rules, Run& run);       // fmt
void AddRulesTrials(CLI::App& rules, Run& run);       // diff, backtest, profile
void AddRulesStats(CLI::App& rules, Run& run);        // stats
void AddRulesPublication(CLI::App& rules, Run& run);  // publish, rollback, history

}  // namespace cluehound::app
