#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/campaign_agenda.h"
#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/terminal.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

struct Options {
  CommonOptions common;
  std::string on;  // a day; empty: today
};

Result<Instant> DayOf(const Options& options) {
  if (options.on.empty()) return SystemClock().Now();
  const auto day = ParseDay(options.on);
  if (!day)
    return Status::InvalidArgument("--on \"" + options.on + "\" is no day such as 2026-11-22");
  return *day;
}

Result<crawler::Campaigns> LoadCampaigns(const CommonOptions& options) {
  SetLogQuiet(true);
  ASSIGN_OR_RETURN(const Config config, LoadConfig(options, false));
  return crawler::Campaigns::Load(config.dir);
}

int RunList(const Options& options) {
  const auto now = DayOf(options);
  if (!now.ok()) return Report(now.status());
  const auto campaigns = LoadCampaigns(options.common);
  if (!campaigns.ok()) return Report(campaigns.status());
  if (options.common.json) {
    PrintLines(CampaignLines(*campaigns, *now));
  } else {
    std::cout << RenderCampaigns(*campaigns, *now, TerminalColumns());
  }
  return kExitDone;
}

int RunNext(const Options& options) {
  const auto now = DayOf(options);
  if (!now.ok()) return Report(now.status());
  const auto campaigns = LoadCampaigns(options.common);
  if (!campaigns.ok()) return Report(campaigns.status());
  const auto agenda = Agenda(*campaigns, *now);
  const auto missing = MissingDates(*campaigns, *now);
  if (options.common.json) {
    PrintLines(AgendaLines(agenda, missing, *now));
  } else {
    std::cout << RenderAgenda(agenda, missing, *now, TerminalColumns());
  }
  return kExitDone;
}

CLI::App* Add(CLI::App& parent, Run& run, const char* name, const char* help,
              int (*command)(const Options&)) {
  auto options = std::make_shared<Options>();
  CLI::App* added = parent.add_subcommand(name, help);
  AddConfigOption(*added, options->common);
  AddJsonOption(*added, options->common);
  added->add_option("--on", options->on, "As of this day, 2026-11-22 (default: today)");
  added->callback([options, command, &run] { run = [=] { return command(*options); }; });
  return added;
}

}  // namespace

void AddCampaignsCommand(CLI::App& program, Run& run) {
  CLI::App* campaigns = program.add_subcommand("campaigns", "专项行动: what runs more, and when");
  campaigns->require_subcommand(1);
  Add(*campaigns, run, "list", "All campaigns of campaigns.yaml", RunList);
  Add(*campaigns, run, "next", "The coming year in order, with reminders", RunNext);
}

}  // namespace cluehound::app
