#include <CLI/CLI.hpp>

#include "app/rules_commands.h"

namespace cluehound::app {

void AddRulesCommand(CLI::App& program, Run& run) {
  CLI::App* rules = program.add_subcommand("rules", "Rule packs: try, compare and publish them");
  rules->require_subcommand(1);
  AddRulesChecks(*rules, run);
  AddRulesExplain(*rules, run);
  AddRulesFormat(*rules, run);
  AddRulesTrials(*rules, run);
  AddRulesStats(*rules, run);
  AddRulesPublication(*rules, run);
}

}  // namespace cluehound::app
