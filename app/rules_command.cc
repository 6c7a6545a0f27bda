#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "base/log.h"
#include "rules/lint.h"
#include "rules/sample_test.h"

namespace cluehound::app {
namespace {

int RunLint(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, false);
  if (!config.ok()) return Report(config.status());
  const auto files = EffectiveRuleFiles(*config, options);
  if (!files.ok()) return Report(files.status());
  Diagnostics diagnostics;
  rules::LintRules(*files, SystemClock().Now(), diagnostics);
  std::cout << diagnostics.Render() << files->size() << " files, " << diagnostics.errors()
            << " errors, " << diagnostics.all().size() - diagnostics.errors() << " remarks\n";
  return diagnostics.ok() ? kExitDone : kExitFindings;
}

int RunTest(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, false);
  if (!config.ok()) return Report(config.status());
  const auto files = EffectiveRuleFiles(*config, options);
  if (!files.ok()) return Report(files.status());
  Diagnostics diagnostics;
  const rules::SampleReport report = rules::TestRules(*files, diagnostics);
  std::cout << diagnostics.Render() << report.marks << " marks, " << report.rules << " rules, "
            << report.hits << " hit samples, " << report.misses << " miss samples, "
            << report.failed << " failed\n";
  return diagnostics.ok() ? kExitDone : kExitFindings;
}

void Add(CLI::App& rules, const char* name, const char* help, int (*action)(const CommonOptions&),
         Run& run) {
  CLI::App* command = rules.add_subcommand(name, help);
  auto options = std::make_shared<CommonOptions>();
  AddConfigOption(*command, *options);
  AddRulesOption(*command, *options);
  command->callback(
      [options, action, &run] { run = [options, action] { return action(*options); }; });
}

}  // namespace

void AddRulesCommand(CLI::App& program, Run& run) {
  CLI::App* rules = program.add_subcommand("rules", "Rule packs");
  rules->require_subcommand(1);
  Add(*rules, "lint", "Say what is wrong or hardly meant in the packs", RunLint, run);
  Add(*rules, "test", "Run the samples of every rule", RunTest, run);
}

}  // namespace cluehound::app
