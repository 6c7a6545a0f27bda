#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/held_store.h"
#include "app/ledger.h"
#include "app/rule_source.h"
#include "app/rules_commands.h"
#include "app/terminal.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

struct PublicationOptions {
  CommonOptions common;
  std::string what;
  std::string note;
  std::string by;
  int limit = 20;
};

std::string Text(const Json& object, const char* key) { return object.value(key, ""); }

void PrintInForce(const std::string& line, bool json) {
  if (json) {
    std::cout << line << '\n';
    return;
  }
  const Json publication = Json::parse(line, nullptr, false);
  std::cout << "rule set " << Text(publication, "rule_set").substr(0, 12)
            << " is in force (publication " << publication.value("number", 0) << ", "
            << Text(publication, "at") << ")\n";
}

// The store, made when there is none yet: publishing may be the first thing that an office does.
Result<std::unique_ptr<Ledger>> OpenOrMake(const Config& config) {
  if (config.store.empty())
    return Status::InvalidArgument(
        "where to publish? Name a store with --store DIR or a deployment with --config DIR");
  std::error_code error;
  if (!std::filesystem::exists(config.store, error)) {
    const auto made = HeldStore::Open(config.store);
    if (!made.ok()) return made.status();
  }
  return Ledger::Open(config.store);
}

int Ask(const PublicationOptions& options, const Config& config, triage::Request request) {
  auto ledger = OpenOrMake(config);
  if (!ledger.ok()) return Report(ledger.status());
  request.actor.claimed_name = options.by;
  if (!options.note.empty()) request.arguments["note"] = options.note;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  for (const std::string& line : response.lines) PrintInForce(line, options.common.json);
  return kExitDone;
}

int RunPublish(const PublicationOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto set = FindRuleSet(options.what, *config, options.common, false);
  if (!set.ok()) return Report(set.status());
  triage::Request request;
  request.operation = "rules.publish";
  request.arguments["set"] = rules::SerialiseRuleFiles((*set)->files());
  return Ask(options, *config, std::move(request));
}

int RunRollback(const PublicationOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  triage::Request request;
  request.operation = "rules.rollback";
  if (!options.what.empty()) request.arguments["hash"] = options.what;
  return Ask(options, *config, std::move(request));
}

int RunHistory(const PublicationOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  auto ledger = Ledger::Open(config->store);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "rules.history";
  request.arguments["limit"] = std::to_string(options.limit);
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (response.lines.empty() && !options.common.json)
    std::cout << "no rule set was published: a crawl takes the rule files\n";
  bool first = true;
  for (const std::string& line : response.lines) {
    if (options.common.json) {
      std::cout << line << '\n';
      continue;
    }
    const Json publication = Json::parse(line, nullptr, false);
    std::string user = Text(publication, "user");
    if (const std::string by = Text(publication, "by"); !by.empty()) user += " (" + by + ")";
    std::cout << (first ? "* " : "  ") << Cell(std::to_string(publication.value("number", 0)), 5)
              << Text(publication, "rule_set").substr(0, 12) << "  "
              << Cell(Text(publication, "at"), 27) << Cell(Printable(user), 20)
              << Cut(Printable(Text(publication, "note")), TerminalColumns() - 68) << '\n';
    first = false;
  }
  return kExitDone;
}

}  // namespace

void AddRulesPublication(CLI::App& rules, Run& run) {
  const auto add = [&](const char* name, const char* help,
                       int (*action)(const PublicationOptions&)) {
    CLI::App* command = rules.add_subcommand(name, help);
    auto options = std::make_shared<PublicationOptions>();
    AddConfigOption(*command, options->common);
    AddStoreOption(*command, options->common);
    AddJsonOption(*command, options->common);
    command->callback(
        [options, action, &run] { run = [options, action] { return action(*options); }; });
    return std::make_pair(command, options);
  };
  const auto say = [](CLI::App& command, PublicationOptions& options) {
    command.add_option("--note", options.note, "Why, for the history");
    command.add_option("--by", options.by, "Who says so, beside the system's user");
  };
  const auto [publish, publishing] =
      add("publish", "Put the rule files in force: kept in the store, taken by every crawl",
          RunPublish);
  publishing->what = "files";
  publish->add_option("set", publishing->what, "files, builtin, a folder or a file")
      ->capture_default_str();
  AddRulesOption(*publish, publishing->common);
  say(*publish, *publishing);
  const auto [rollback, rolling] =
      add("rollback", "Put an earlier set in force again", RunRollback);
  rollback->add_option("hash", rolling->what,
                       "Its hash, 6 digits or more (default: the one before the present one)");
  say(*rollback, *rolling);
  const auto [history, listing] =
      add("history", "The sets that were in force, newest first", RunHistory);
  history->add_option("--limit", listing->limit, "At most so many")->check(CLI::Range(1, 1000));
}

}  // namespace cluehound::app
