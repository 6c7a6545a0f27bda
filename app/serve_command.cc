#include <CLI/CLI.hpp>
#include <memory>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/service.h"
#include "app/service_notify.h"
#include "app/signals.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

struct ServeOptions {
  CommonOptions common;
  std::string roles = "crawl,triage,schedule";
};

void Reload(Service& service, ServiceNotify& notify) {
  notify.Reloading();
  const Status status = service.Reload();
  if (!status.ok()) {
    LogError("the configuration is not taken over; what ran goes on", {{"why", status.message()}});
  }
  notify.Ready();
}

int RunServe(const ServeOptions& options) {
  const auto roles = Roles::Parse(options.roles);
  if (!roles.ok()) return Report(roles.status());
  const auto setup = CrawlSetup::Load(options.common);
  if (!setup.ok()) return Report(setup.status());
  if (const Status status = SetLog((*setup)->config.log); !status.ok()) return Report(status);
  const Signals signals({SIGTERM, SIGINT, SIGHUP});
  ServiceNotify notify;
  auto service = Service::Open(options.common, *roles, *setup);
  if (!service.ok()) return Report(service.status());
  const auto port = (*service)->Listen();
  if (!port.ok()) return Report(port.status());
  (*service)->Begin();
  LogInfo("serving",
          {{"version", CLUEHOUND_VERSION},
           {"address", "http://" + (*setup)->config.listen + ":" + std::to_string(*port)},
           {"roles", options.roles},
           {"sources", std::to_string((*setup)->config.sources.size())}});
  notify.Ready();
  Instant told = SteadyClock().Now();
  while (true) {
    const int signal = signals.Wait(std::chrono::seconds(1));
    if (signal == SIGTERM || signal == SIGINT) break;
    if (signal == SIGHUP) Reload(**service, notify);
    const bool alive = (*service)->Tick();
    const Instant now = SteadyClock().Now();
    // Only while it is really alive: who hangs is started anew.
    if (alive && notify.watchdog() && now >= told + *notify.watchdog() / 3) {
      notify.Watchdog();
      notify.Say((*service)->health().text);
      told = now;
    }
  }
  notify.Stopping();
  LogInfo("stopping: what is under way may end");
  service->reset();
  LogInfo("stopped");
  return kExitDone;
}

}  // namespace

void AddServeCommand(CLI::App& program, Run& run) {
  CLI::App* command = program.add_subcommand("serve", "Crawl and serve until told to stop");
  auto options = std::make_shared<ServeOptions>();
  command->add_option("--roles", options->roles, "What this process does (crawl,triage,schedule)");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunServe(*options); }; });
}

}  // namespace cluehound::app
