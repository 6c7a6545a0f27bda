#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/ledger.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

struct SourceOptions {
  CommonOptions common;
  std::string source;
};

int RunList(const CommonOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options, true);
  if (!config.ok()) return Report(config.status());
  for (const crawler::SourceSettings& source : config->sources) {
    if (options.json) {
      nlohmann::ordered_json object;
      object["id"] = source.id;
      object["seeds"] = source.seeds;
      object["every"] = FormatDuration(source.every);
      object["pace"] = FormatDuration(source.pace);
      std::cout << object.dump() << '\n';
      continue;
    }
    std::cout << source.id << "  每 " << FormatDuration(source.every) << " 一次，间隔 "
              << FormatDuration(source.pace) << "，入口 " << source.seeds.size() << " 个："
              << source.seeds.front() << '\n';
  }
  return kExitDone;
}

int RunNow(const SourceOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, true);
  if (!config.ok()) return Report(config.status());
  const bool known = std::any_of(config->sources.begin(), config->sources.end(),
                                 [&](const auto& s) { return s.id == options.source; });
  if (!known)
    return Report(
        Status::InvalidArgument("no source \"" + options.source + "\" in the configuration"));
  auto ledger = Ledger::Open(config->store);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "sources.request";
  request.arguments = {{"action", "run"}, {"source", options.source}};
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  std::cout << "已登记：采集源 " << options.source
            << " 立即采集（由正在运行的或下一次启动的 crawl 执行）\n";
  return kExitDone;
}

}  // namespace

void AddSourcesCommand(CLI::App& program, Run& run) {
  CLI::App* sources = program.add_subcommand("sources", "What is watched");
  sources->require_subcommand(1);
  CLI::App* list = sources->add_subcommand("list", "The configured sources");
  auto common = std::make_shared<CommonOptions>();
  AddConfigOption(*list, *common);
  AddJsonOption(*list, *common);
  list->callback([common, &run] { run = [common] { return RunList(*common); }; });

  CLI::App* now = sources->add_subcommand("run", "Make every address of a source due now");
  auto options = std::make_shared<SourceOptions>();
  now->add_option("source", options->source, "Its id")->required();
  AddConfigOption(*now, options->common);
  AddStoreOption(*now, options->common);
  now->callback([options, &run] { run = [options] { return RunNow(*options); }; });
}

}  // namespace cluehound::app
