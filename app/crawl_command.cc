#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/crawl_report.h"
#include "app/crawl_run.h"
#include "app/exit_code.h"
#include "app/held_store.h"
#include "app/rule_source.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

struct CrawlOptions {
  CommonOptions common;
  std::vector<std::string> sources;
  bool once = false;
};

CrawlRun* running = nullptr;  // for the signal handler

void OnSignal(int) {
  if (running != nullptr) running->Stop();
}

Status CheckSources(const Config& config, const std::vector<std::string>& wanted) {
  for (const std::string& id : wanted) {
    const auto known = std::find_if(config.sources.begin(), config.sources.end(),
                                    [&](const auto& s) { return s.id == id; });
    if (known != config.sources.end()) continue;
    std::vector<std::string_view> ids;
    for (const auto& source : config.sources) ids.push_back(source.id);
    const std::string_view closest = ClosestWord(id, ids);
    return Status::InvalidArgument(
        "no source \"" + id + "\" in " + (config.dir / "sources").string() +
        (closest.empty() ? "" : "; did you mean \"" + std::string(closest) + "\"?"));
  }
  return Status::Ok();
}

// "Nothing was due" is an answer, but only with the time at which something will be.
void ReportNothingDue(store::Store& store, const std::vector<std::string>& sources) {
  const auto next = store.NextDue(sources);
  if (next.ok() && *next)
    std::cout << "目前没有到期的页面，下一次到期时间：" << FormatTime(**next) << "\n";
}

int RunCrawl(const CrawlOptions& options) {
  const auto config = LoadConfig(options.common, true);
  if (!config.ok()) return Report(config.status());
  if (Status s = CheckSources(*config, options.sources); !s.ok()) return Report(s);
  const auto reader = LoadPageReader(*config);
  if (!reader.ok()) return Report(reader.status());
  auto office = LoadOffice(*config);
  if (!office.ok()) return Report(office.status());
  auto held = HeldStore::Open(config->store, *office);
  if (!held.ok()) return Report(held.status());

  const auto rules = LoadRunningRules(*config, options.common, (*held)->store());
  if (!rules.ok()) return Report(rules.status());
  LogInfo("rule set " + rules->rules->hash().substr(0, 12) + ", " + rules->origin);

  const Pipeline pipeline(**reader, rules->rules, &office->jurisdictions);
  CrawlRun run(*config, pipeline, **reader, (*held)->store(),
               {options.once, options.sources, options.common.rules.empty(), &(*held)->listings()});
  running = &run;
  std::signal(SIGINT, OnSignal);
  std::signal(SIGTERM, OnSignal);
  const auto started = std::chrono::steady_clock::now();
  Status status;
  {
    const ProgressLine progress(run);
    status = run.Run();
  }
  running = nullptr;
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  const CrawlFigures figures = run.figures();
  std::cout << RenderCrawlReport(figures, seconds);
  if (status.ok() && options.once && figures.fetch.finished == 0) {
    ReportNothingDue((*held)->store(), options.sources);
  }
  return Report(status);
}

}  // namespace

void AddCrawlCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("crawl", "Fetch what is due, find leads");
  auto options = std::make_shared<CrawlOptions>();
  command->add_option("--source", options->sources, "Only this source (repeat for several)")
      ->expected(1)
      ->take_all();
  command->add_flag("--once", options->once, "Until nothing is due, then exit");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunCrawl(*options); }; });
}

}  // namespace cluehound::app
