#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

#include "app/commands.h"
#include "app/config.h"
#include "app/crawl_plan.h"
#include "app/crawl_report.h"
#include "app/crawl_run.h"
#include "app/exit_code.h"
#include "app/held_store.h"
#include "app/kept_page.h"
#include "app/rule_source.h"
#include "app/search_terms.h"
#include "app/signals.h"
#include "app/terminal.h"
#include "base/log.h"
#include "store/memory/memory_store.h"
#include "store/open.h"
#include "triage/control_socket.h"

namespace cluehound::app {
namespace {

constexpr std::chrono::milliseconds kLook{50};  // for a signal

struct CrawlOptions {
  CommonOptions common;
  std::vector<std::string> sources;
  bool once = false;
  bool dry_run = false;
};

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

// The sources that the options name, with their searches.
std::vector<crawler::SourceSettings> Planned(const Config& config, const rules::RuleSet& rules,
                                             const std::vector<std::string>& wanted) {
  std::vector<crawler::SourceSettings> sources = config.sources;
  if (!wanted.empty()) {
    std::erase_if(sources, [&](const crawler::SourceSettings& source) {
      return std::find(wanted.begin(), wanted.end(), source.id) == wanted.end();
    });
  }
  std::vector<std::string> warnings;
  ExpandSearches(sources, rules, SystemClock().Now(), warnings);
  for (const std::string& warning : warnings) LogWarning(warning);
  return sources;
}

// Whoever holds the store plans; nobody: this process, without letting anyone else in.
Result<std::vector<std::string>> Plan(const Config& config, const CrawlOptions& options) {
  triage::Request request;
  request.operation = "crawl.plan";
  for (const std::string& id : options.sources) request.arguments["sources"] += id + "\n";
  auto served = triage::CallControlSocket(config.store, request);
  if (served.ok()) {
    RETURN_IF_ERROR(served->status);
    return std::move(served->lines);
  }
  if (served.status().code() != Code::kNotFound) return served.status();
  std::unique_ptr<store::Store> store = store::NewMemoryStore(nullptr, SystemClock());
  std::error_code error;
  if (std::filesystem::exists(config.store, error)) {
    store::StoreOptions opened;
    opened.path = config.store.string();
    ASSIGN_OR_RETURN(store, store::OpenRocksDbStore(opened));
  }
  ASSIGN_OR_RETURN(const RunningRules chosen, LoadRunningRules(config, options.common, *store));
  ASSIGN_OR_RETURN(
      const auto plan,
      PlanCrawl(*store, Planned(config, *chosen.rules, options.sources), SystemClock()));
  std::vector<std::string> lines;
  std::transform(plan.begin(), plan.end(), std::back_inserter(lines), PlanJson);
  return lines;
}

int RunPlan(const CrawlOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, true);
  if (!config.ok()) return Report(config.status());
  if (Status s = CheckSources(*config, options.sources); !s.ok()) return Report(s);
  const auto lines = Plan(*config, options);
  if (!lines.ok()) return Report(lines.status());
  if (options.common.json) {
    for (const std::string& line : *lines) std::cout << line << '\n';
  } else {
    std::cout << RenderPlan(*lines, TerminalColumns());
  }
  return kExitDone;
}

int RunCrawl(const CrawlOptions& options) {
  if (options.dry_run) return RunPlan(options);
  const auto config = LoadConfig(options.common, true);
  if (!config.ok()) return Report(config.status());
  if (Status s = CheckSources(*config, options.sources); !s.ok()) return Report(s);
  const Signals signals({SIGINT, SIGTERM});
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
  AnswerPlans(**held, [&] { return Planned(*config, *run.rules(), options.sources); });
  AnswerScans(**held, [&run] { return run.pipeline(); });
  const auto started = std::chrono::steady_clock::now();
  Status status;
  {
    const ProgressLine progress(run, (*held)->store());
    const std::jthread on_signal([&](const std::stop_token& over) {
      while (!over.stop_requested()) {
        if (signals.Wait(kLook) != 0) run.Stop();
      }
    });
    status = run.Run();
  }
  (*held)->DropAnswers();
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
  command->add_flag("--dry-run", options->dry_run,
                    "Say what would be fetched and what not, and why; fetch nothing");
  AddJsonOption(*command, options->common);
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunCrawl(*options); }; });
}

}  // namespace cluehound::app
