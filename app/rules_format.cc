#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/exit_code.h"
#include "app/rules_commands.h"
#include "base/file.h"
#include "base/log.h"
#include "rules/rule_format.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxRuleFile = 16u << 20;  // what the YAML reader takes

struct FormatOptions {
  CommonOptions common;
  std::vector<std::string> paths;
  bool check = false;
};

Result<std::vector<std::filesystem::path>> Files(const FormatOptions& options) {
  std::vector<std::filesystem::path> paths(options.paths.begin(), options.paths.end());
  if (paths.empty()) {
    ASSIGN_OR_RETURN(const Config config, LoadConfig(options.common, false));
    const std::filesystem::path folder =
        options.common.rules.empty() ? config.rules : std::filesystem::path(options.common.rules);
    if (folder.empty())
      return Status::InvalidArgument("which files? Name them, or a folder with --rules DIR");
    paths.push_back(folder);
  }
  std::vector<std::filesystem::path> files;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    ASSIGN_OR_RETURN(const auto listed, ListFiles(path, {".yaml"}));
    files.insert(files.end(), listed.begin(), listed.end());
  }
  return files;
}

int RunFormat(const FormatOptions& options) {
  SetLogQuiet(true);
  const auto files = Files(options);
  if (!files.ok()) return Report(files.status());
  int exit_code = kExitDone;
  size_t changed = 0;
  for (const std::filesystem::path& file : *files) {
    const auto text = ReadFile(file, kMaxRuleFile);
    const auto formatted = text.ok() ? rules::FormatRuleFile(*text, file.string())
                                     : Result<std::string>(text.status());
    if (!formatted.ok()) {
      std::cerr << "cluehound: " << formatted.status().message() << '\n';
      exit_code = kExitFindings;
      continue;
    }
    if (*formatted == *text) continue;
    ++changed;
    if (options.check) {
      std::cout << file.string() << ": not formatted\n";
      exit_code = kExitFindings;
      continue;
    }
    if (Status s = WriteFileAtomically(file, *formatted); !s.ok()) return Report(s);
    std::cout << file.string() << ": formatted\n";
  }
  std::cout << files->size() << " files, " << changed
            << (options.check ? " to format\n" : " formatted\n");
  return exit_code;
}

}  // namespace

void AddRulesFormat(CLI::App& rules, Run& run) {
  CLI::App* command = rules.add_subcommand(
      "fmt", "Lay rule files out in the one way; what they say and their comments stay");
  auto options = std::make_shared<FormatOptions>();
  command->add_option("path", options->paths,
                      "Files and folders (default: the folder of --rules or of the configuration)");
  command->add_flag("--check", options->check, "Write nothing; exit 1 when something would change");
  AddConfigOption(*command, options->common);
  AddRulesOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunFormat(*options); }; });
}

}  // namespace cluehound::app
