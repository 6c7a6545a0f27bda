#include "app/rule_source.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/ledger.h"
#include "base/file.h"

namespace cluehound::app {
namespace {

constexpr size_t kMaxRuleFile = 16u << 20;  // what the YAML reader takes

void PutOver(std::vector<rules::RuleFile>& files, rules::RuleFile file) {
  const auto same =
      std::find_if(files.begin(), files.end(), [&](const auto& f) { return f.name == file.name; });
  if (same != files.end()) {
    *same = std::move(file);
  } else {
    files.push_back(std::move(file));
  }
}

bool IsHashPrefix(const std::string& name) {
  return name.size() >= 6 && name.size() <= 64 &&
         name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<std::vector<rules::RuleFile>> FromStore(const Config& config, std::string hash) {
  if (config.store.empty())
    return Status::InvalidArgument("no store: name one with --store DIR or --config DIR");
  ASSIGN_OR_RETURN(const auto ledger, Ledger::Open(config.store));
  triage::Request request;
  if (hash.empty()) {
    request.operation = "rules.history";
    request.arguments["limit"] = "1";
    const triage::Response response = ledger->Call(request);
    RETURN_IF_ERROR(response.status);
    if (response.lines.empty())
      return Status::NotFound("no rule set was published in " + config.store.string());
    hash = nlohmann::json::parse(response.lines[0], nullptr, false).value("rule_set", "");
    request.arguments.clear();
  }
  request.operation = "rules.set";
  request.arguments["hash"] = hash;
  const triage::Response response = ledger->Call(request);
  RETURN_IF_ERROR(response.status);
  if (response.lines.empty()) return Status::Corruption("the store gave no rule set");
  return rules::ParseRuleFiles(
      nlohmann::json::parse(response.lines[0], nullptr, false).value("set", ""));
}

}  // namespace

Result<std::vector<rules::RuleFile>> FindRuleFiles(const std::string& name, const Config& config,
                                                   const CommonOptions& options, bool alone) {
  if (name == "files") return EffectiveRuleFiles(config, options);
  if (name == "builtin") return rules::BuiltInRuleFiles();
  if (name == "published") return FromStore(config, "");
  std::vector<rules::RuleFile> files;
  if (!alone) files = rules::BuiltInRuleFiles();
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) {
    ASSIGN_OR_RETURN(auto own, rules::ReadRuleFiles(name));
    if (own.empty()) return Status::InvalidArgument(name + ": the folder holds no *.yaml");
    for (rules::RuleFile& file : own) PutOver(files, std::move(file));
    return files;
  }
  if (std::filesystem::is_regular_file(name, error)) {
    ASSIGN_OR_RETURN(std::string text, ReadFile(name, kMaxRuleFile));
    PutOver(files, {std::filesystem::path(name).filename().string(), std::move(text), name});
    return files;
  }
  if (IsHashPrefix(name)) return FromStore(config, name);
  return Status::InvalidArgument(
      "\"" + name +
      "\" is no folder, no file, no hash of a stored set (6 digits or more), and none of files, "
      "builtin, published");
}

Result<std::shared_ptr<const rules::RuleSet>> FindRuleSet(const std::string& name,
                                                          const Config& config,
                                                          const CommonOptions& options,
                                                          bool alone) {
  ASSIGN_OR_RETURN(const auto files, FindRuleFiles(name, config, options, alone));
  Diagnostics diagnostics;
  auto set = rules::RuleSet::Compile(files, diagnostics);
  if (!set.ok()) return Status::InvalidArgument(name + ":\n" + set.status().message());
  return set;
}

Result<std::shared_ptr<const rules::RuleSet>> PublishedRules(store::Store& store) {
  ASSIGN_OR_RETURN(const auto publications, store.RuleSetPublications(1));
  if (publications.empty()) return std::shared_ptr<const rules::RuleSet>();
  ASSIGN_OR_RETURN(const std::string bytes, store.FindRuleSet(publications[0].hash));
  ASSIGN_OR_RETURN(const auto files, rules::ParseRuleFiles(bytes));
  Diagnostics diagnostics;
  auto set = rules::RuleSet::Compile(files, diagnostics);
  if (!set.ok())
    return set.status().Within("published rule set " + publications[0].hash.substr(0, 12));
  return set;
}

Result<RunningRules> LoadRunningRules(const Config& config, const CommonOptions& options,
                                      store::Store& store) {
  RunningRules running;
  if (options.rules.empty()) {
    ASSIGN_OR_RETURN(running.rules, PublishedRules(store));
    if (running.rules != nullptr) {
      ASSIGN_OR_RETURN(const auto publications, store.RuleSetPublications(1));
      running.origin =
          "published " + FormatTime(publications[0].at) + " by " + publications[0].actor.user;
      // Newer files do nothing until they are published: that must be seen.
      const auto files = EffectiveRuleFiles(config, options);
      if (files.ok() &&
          rules::SerialiseRuleFiles(*files) != rules::SerialiseRuleFiles(running.rules->files()))
        running.origin +=
            "; the rule files differ from it (rules diff published files, then rules "
            "publish)";
      return running;
    }
  }
  ASSIGN_OR_RETURN(running.rules, LoadRules(config, options));
  running.origin = options.rules.empty() ? "from the rule files, none was published"
                                         : "from the rule files and --rules " + options.rules;
  return running;
}

}  // namespace cluehound::app
