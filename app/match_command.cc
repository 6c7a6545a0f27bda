#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "base/log.h"
#include "base/text.h"
#include "triage/record_json.h"

namespace cluehound::app {
namespace {

struct MatchOptions {
  CommonOptions common;
  std::string file = "-";
  rules::CompileOptions compile;
};

int RunMatch(const MatchOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto rules = LoadRules(*config, options.common, options.compile);
  if (!rules.ok()) return Report(rules.status());
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return Report(Status::InvalidArgument(options.file + ": cannot be read"));
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  std::ios::sync_with_stdio(false);

  rules::EvaluateOptions evaluate;
  evaluate.now = SystemClock().Now();
  evaluate.unknown_facts = true;
  size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    rules::Evaluation evaluation;
    if (!line.empty() && IsValidUtf8(line)) {
      extractors::Listing listing;
      listing.title = line;
      evaluation = (*rules)->Evaluate(listing, evaluate);
      for (rules::Hit& hit : evaluation.hits) hit.field = "text";  // a line has no fields
    }
    std::cout << triage::MatchJson(number, evaluation) << '\n';
  }
  std::cout.flush();
  return std::cout ? kExitDone : kExitFailure;
}

}  // namespace

void AddMatchCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("match", "Match texts, one a line, against the rules");
  auto options = std::make_shared<MatchOptions>();
  command->add_option("file", options->file, "File of texts, or - for stdin");
  command
      ->add_option("--evasion", options->compile.evasion,
                   "Level for all marks that are at one: low, medium or high (default: their own)")
      ->check(CLI::IsMember({"low", "medium", "high"}));
  AddConfigOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);  // it is always JSON; scripts pass it everywhere
  command->callback([options, &run] { run = [options] { return RunMatch(*options); }; });
}

}  // namespace cluehound::app
