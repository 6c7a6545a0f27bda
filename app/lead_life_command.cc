#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"

namespace cluehound::app {
namespace {

struct DeadlineOptions {
  CommonOptions common;
  std::string from, term, unit = "working";
  int days = 0;
};

int RunDeadline(const DeadlineOptions& options) {
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto office = LoadOffice(*config);
  if (!office.ok()) return Report(office.status());
  const auto start =
      options.from == "today" ? std::optional(SystemClock().Now()) : ParseDay(options.from);
  if (!start) {
    return Report(Status::InvalidArgument("--from \"" + options.from +
                                          "\" must be today or a day such as 2026-11-22"));
  }
  triage::Term term;
  if (options.days > 0) {
    term.working = options.unit == "working";
    term.days = options.days;
  } else {
    auto found = office->FindTerm(options.term.empty() ? "check" : options.term);
    if (!found.ok()) return Report(found.status());
    term = *std::move(found);
  }
  const triage::Deadline deadline = triage::DeadlineOf(term, *start, term.days, office->calendar);
  const char* unit = term.working ? "个工作日" : "日";
  if (options.common.json) {
    nlohmann::ordered_json object = {{"from", FormatDay(*start)},
                                     {"days", term.days},
                                     {"unit", term.working ? "working" : "calendar"},
                                     {"due", FormatDay(deadline.due)}};
    if (!term.id.empty()) {
      object["term"] = term.id;
      object["basis"] = term.basis;
      object["certainty"] = term.certainty;
    }
    if (!deadline.warning.empty()) object["warning"] = deadline.warning;
    std::cout << object.dump() << '\n';
    return kExitDone;
  }
  std::cout << (term.name.empty() ? "" : term.name + "：") << "自 " << FormatDay(*start)
            << " 起（当日不计） " << term.days << " " << unit << "，届满日 "
            << FormatDay(deadline.due) << "\n";
  if (!term.basis.empty()) {
    std::cout << "依据：" << term.basis << (term.certainty == "verified" ? "" : "（未核实）")
              << "\n";
  }
  if (!deadline.warning.empty()) std::cout << "注意：" << deadline.warning << "\n";
  return kExitDone;
}

void AddDeadline(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand("deadline", "When a term ends that starts on a day");
  auto options = std::make_shared<DeadlineOptions>();
  command->add_option("--from", options->from, "The day of the event: today, or 2026-11-22")
      ->required();
  command->add_option("--term", options->term, "Id of a term in terms.yaml (default: check)");
  command->add_option("--days", options->days, "Or so many days")
      ->check(CLI::Range(1, WorkCalendar::kMaxDays));
  command->add_option("--unit", options->unit, "Of --days: working (default) or calendar")
      ->check(CLI::IsMember({"working", "calendar"}));
  AddConfigOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunDeadline(*options); }; });
}

}  // namespace

void AddLeadLifeCommands(CLI::App& leads, Run& run) { AddDeadline(leads, run); }

}  // namespace cluehound::app
