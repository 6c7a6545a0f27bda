#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/campaign_starts.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/retention.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  CommonOptions common;
  bool dry_run = false;
  std::string lead;
  std::string reason;
  std::string by;
};

void Print(const RetentionOutcome& outcome, const Options& options) {
  if (options.common.json) {
    Json object{{"what", outcome.what},
                {"before", outcome.before},
                {"dry_run", options.dry_run},
                {"erased", outcome.erased},
                {"held", outcome.held}};
    if (outcome.what == "listings") object["bytes"] = outcome.bytes;
    std::cout << object.dump() << '\n';
    return;
  }
  const char* will = options.dry_run ? "将清除 " : "已清除 ";
  if (outcome.what == "listings") {
    std::cout << "listings：" << will << outcome.erased << " 天（" << outcome.bytes / 1'000'000
              << " MB" << (outcome.before.empty() ? "" : "，至 " + outcome.before) << "），保留 "
              << outcome.held << " 天（专项行动期间）\n";
    return;
  }
  std::cout << outcome.what << "：早于 " << outcome.before << "，" << will << outcome.erased
            << "，保留 " << outcome.held << "（在办、涉案或已冻结）\n";
}

int RunRetention(const Options& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto plan = ReadRetention(config->dir / "retention.yaml");
  if (!plan.ok()) {
    if (plan.status().code() != Code::kNotFound) return Report(plan.status());
    return Report(
        Status::InvalidArgument("no retention.yaml in the configuration: nothing is ever erased"));
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  RetentionRun run{config->store, SystemClock().Now(), options.dry_run, options.by, {}};
  if (plan->listings) {
    const auto campaigns = crawler::Campaigns::Load(config->dir);
    if (!campaigns.ok()) return Report(campaigns.status());
    const auto starts = ReadCampaignStarts(**ledger);
    if (!starts.ok()) return Report(starts.status());
    run.campaign_days = CampaignDays(*campaigns, *starts, run.now, plan->listings->kept_months);
  }
  const Status done = ApplyRetention(
      **ledger, *plan, run, [&](const RetentionOutcome& outcome) { Print(outcome, options); });
  return done.ok() ? static_cast<int>(kExitDone) : Report(done);
}

int ChangeHold(const Options& options, const char* operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  request.arguments = {{"lead", options.lead}, {"reason", options.reason}};
  request.actor.claimed_name = options.by;
  const triage::Response response = (*ledger)->Call(request);
  PrintLines(response.lines);
  return Report(response.status);
}
int RunHold(const Options& options) { return ChangeHold(options, "holds.add"); }
int RunUnhold(const Options& options) { return ChangeHold(options, "holds.end"); }

}  // namespace

void AddStoreKeepCommands(CLI::App& store, Run& run) {
  auto retention = std::make_shared<Options>();
  AddLedgerCommand(store, run, "retention", "Erases what retention.yaml says is over", retention,
                   RunRetention)
      ->add_flag("--dry-run", retention->dry_run, "Only say what would be erased");
  for (const auto& [name, help, command] :
       {std::tuple{"hold", "Nothing of this lead is erased from now on", &RunHold},
        {"unhold", "Ends a hold", &RunUnhold}}) {
    auto hold = std::make_shared<Options>();
    CLI::App* added = AddLedgerCommand(store, run, name, help, hold, command);
    added->add_option("lead", hold->lead, "The lead")->required();
    added->add_option("--reason", hold->reason, "Why: 案件, 复议, 诉讼")->required();
  }
}

}  // namespace cluehound::app
