#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/corpus.h"
#include "app/exit_code.h"
#include "app/rules_commands.h"
#include "app/terminal.h"
#include "base/log.h"
#include "rules/lint.h"
#include "rules/sample_test.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

std::string OneLine(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

const char* Word(Severity severity) {
  return severity == Severity::kError     ? "error"
         : severity == Severity::kWarning ? "warning"
                                          : "info";
}

void PrintRemarks(const Diagnostics& diagnostics, bool json) {
  if (!json) {
    std::cout << diagnostics.Render();
    return;
  }
  for (const Diagnostic& d : diagnostics.all()) {
    Json object{{"severity", Word(d.severity)}, {"code", d.code},           {"file", d.where.file},
                {"line", d.where.line},         {"column", d.where.column}, {"message", d.message}};
    if (!d.remedy.empty()) object["remedy"] = d.remedy;
    std::cout << OneLine(object) << '\n';
  }
}

// --- lint ---

struct LintOptions {
  CommonOptions common;
  std::vector<std::string> corpus;
  double max_share = 1;  // per cent
  bool all = false;
};

// Warnings about marks and rules that answer to a corpus of clean listings.
Status CountNoise(const LintOptions& options, const Config& config,
                  const std::vector<rules::RuleFile>& files, Diagnostics& diagnostics) {
  Diagnostics compiling;  // said by the linter already
  const auto set = rules::RuleSet::Compile(files, compiling);
  if (!set.ok()) return Status::Ok();
  ASSIGN_OR_RETURN(const auto reader, LoadPageReader(config));
  rules::NoiseCount count;
  Status failure;
  const Instant now = SystemClock().Now();
  ReadCorpus(
      options.corpus, *reader,
      [&](const CorpusItem& item) {
        count.Add((*set)->Evaluate(item.listing, {now, item.bare}));
      },
      [&](const Status& status) {
        if (failure.ok()) failure = status;
      });
  RETURN_IF_ERROR(failure);
  if (count.listings() == 0) return Status::InvalidArgument("--on: the corpus holds no listing");
  count.Report(**set, options.max_share, diagnostics);
  return Status::Ok();
}

int RunLint(const LintOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto files = EffectiveRuleFiles(*config, options.common);
  if (!files.ok()) return Report(files.status());
  Diagnostics found;
  const rules::LintReport report = rules::LintRules(*files, SystemClock().Now(), found);
  if (!options.corpus.empty() && found.ok()) {
    if (Status s = CountNoise(options, *config, *files, found); !s.ok())
      return Report(Status::InvalidArgument(s.message()));
  }
  size_t infos = 0;
  Diagnostics shown;
  for (const rules::RuleFile& file : *files) shown.AddSource(file.shown(), file.text);
  for (const Diagnostic& d : found.all()) {
    const bool info = d.severity == Severity::kInfo;
    if (info) ++infos;
    if (!info || options.all || options.common.json) shown.Add(d);
  }
  PrintRemarks(shown, options.common.json);
  if (!options.common.json) {
    std::cout << files->size() << " files, " << report.marks << " marks, " << report.rules
              << " rules, " << report.samples << " samples: " << found.errors() << " errors, "
              << found.all().size() - found.errors() - infos << " warnings, " << infos << " infos"
              << (infos > 0 && !options.all ? " (--all shows them)" : "") << ", " << report.allowed
              << " allowed\n";
  }
  return found.ok() ? kExitDone : kExitFindings;
}

// --- test ---

int RunTest(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, false);
  if (!config.ok()) return Report(config.status());
  const auto files = EffectiveRuleFiles(*config, options);
  if (!files.ok()) return Report(files.status());
  Diagnostics diagnostics;
  const rules::SampleReport report = rules::TestRules(*files, diagnostics);
  if (options.json) {
    PrintRemarks(diagnostics, true);
  } else {
    std::cout << diagnostics.Render() << report.marks << " marks, " << report.rules << " rules, "
              << report.hits << " hit samples, " << report.misses << " miss samples, "
              << report.failed << " failed\n";
  }
  return diagnostics.ok() ? kExitDone : kExitFindings;
}

// --- list ---

int RunList(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, false);
  if (!config.ok()) return Report(config.status());
  const auto set = LoadRules(*config, options);
  if (!set.ok()) return Report(set.status());
  const int columns = TerminalColumns();
  if (!options.json) {
    std::cout << Cell("rule", 30) << Cell("rev", 5) << Cell("category", 20) << Cell("mode", 9)
              << Cell("samples", 9) << "title\n";
  }
  for (const rules::RuleSummary& rule : (*set)->rules()) {
    if (options.json) {
      std::cout << OneLine({{"rule", rule.id},
                            {"rev", rule.rev},
                            {"family", rule.family},
                            {"category", rule.category},
                            {"level", rule.level},
                            {"mode", Name(rule.mode)},
                            {"status", rule.status},
                            {"owner", rule.owner},
                            {"samples", rule.samples},
                            {"title", rule.title},
                            {"file", rule.file}})
                << '\n';
      continue;
    }
    std::cout << Cell(rule.id, 30) << Cell(std::to_string(rule.rev), 5) << Cell(rule.category, 20)
              << Cell(std::string(Name(rule.mode)), 9) << Cell(std::to_string(rule.samples), 9)
              << Cut(rule.title, columns - 73) << '\n';
  }
  if (!options.json) {
    std::cout << (*set)->rules().size() << " rules, " << (*set)->marks().size() << " marks, set "
              << (*set)->hash().substr(0, 12) << '\n';
  }
  return kExitDone;
}

void AddPlain(CLI::App& rules, const char* name, const char* help,
              int (*action)(const CommonOptions&), Run& run) {
  CLI::App* command = rules.add_subcommand(name, help);
  auto options = std::make_shared<CommonOptions>();
  AddConfigOption(*command, *options);
  AddRulesOption(*command, *options);
  AddJsonOption(*command, *options);
  command->callback(
      [options, action, &run] { run = [options, action] { return action(*options); }; });
}

}  // namespace

void AddRulesChecks(CLI::App& rules, Run& run) {
  CLI::App* lint = rules.add_subcommand(
      "lint", "Say what is wrong or hardly meant in the packs, and how to mend it");
  auto options = std::make_shared<LintOptions>();
  lint->add_option("--on", options->corpus,
                   "Clean listings: also warn of marks and rules that answer to many of them")
      ->expected(1)
      ->take_all();
  lint->add_option("--max-share", options->max_share,
                   "Per cent of those listings in which a mark may stand; leads: a tenth of it")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  lint->add_flag("--all", options->all, "Infos too");
  AddConfigOption(*lint, options->common);
  AddRulesOption(*lint, options->common);
  AddJsonOption(*lint, options->common);
  lint->callback([options, &run] { run = [options] { return RunLint(*options); }; });
  AddPlain(rules, "test", "Run the samples of every rule", RunTest, run);
  AddPlain(rules, "list", "The rules of the set", RunList, run);
}

}  // namespace cluehound::app
