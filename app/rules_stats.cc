#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/rules_commands.h"
#include "app/terminal.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

std::string Number(const Json& rule, const char* key) {
  return std::to_string(rule.value(key, uint64_t{0}));
}

int RunStats(const CommonOptions& options) {
  auto ledger = OpenConfigured(options);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "rules.stats";
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.json) {
    PrintLines(response.lines);
    return kExitDone;
  }
  std::cout << Cell("规则", 40) << Cell("命中", 10) << Cell("线索", 10) << Cell("已处置", 10)
            << Cell("误报", 8) << Cell("准确率", 10) << "最近命中\n";
  for (const std::string& line : response.lines) {
    const Json rule = Json::parse(line, nullptr, false);
    if (!rule.is_object()) continue;
    char precision[16] = "不明";
    if (rule.contains("precision"))
      std::snprintf(precision, sizeof precision, "%.1f%%", rule["precision"].get<double>());
    std::cout << Cell(Printable(rule.value("rule", "")), 40) << Cell(Number(rule, "hits"), 10)
              << Cell(Number(rule, "leads"), 10) << Cell(Number(rule, "decided"), 10)
              << Cell(Number(rule, "errors"), 8) << Cell(precision, 10)
              << rule.value("last_fired", "") << "\n";
  }
  std::cout << "最近 30 天；处置不足 5 条的准确率不明；只有规则误报和提取错误计为误报。\n";
  return kExitDone;
}

}  // namespace

void AddRulesStats(CLI::App& rules, Run& run) {
  CLI::App* command = rules.add_subcommand(
      "stats", "How rules do: hits, leads, decided, precision, last fired (30 days)");
  auto options = std::make_shared<CommonOptions>();
  AddConfigOption(*command, *options);
  AddStoreOption(*command, *options);
  AddJsonOption(*command, *options);
  command->callback([options, &run] { run = [options] { return RunStats(*options); }; });
}

}  // namespace cluehound::app
