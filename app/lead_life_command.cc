#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/life_text.h"
#include "app/terminal.h"

namespace cluehound::app {

void PrintStandings(const std::vector<std::string>& leads, bool json) {
  if (json) {
    PrintLines(leads);
  } else {
    std::cout << RenderStandings(leads, TerminalColumns());
  }
}

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

struct StepOptions {
  CommonOptions common;
  std::vector<std::string> leads;
  std::string by;
  std::map<std::string, std::string> arguments;
};

// One operation on each of the leads.
int RunStep(const StepOptions& options, const std::string& operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = operation;
  request.arguments = options.arguments;
  request.actor.claimed_name = options.by;
  int worst = kExitDone;
  if (options.leads.empty()) {
    const triage::Response response = (*ledger)->Call(request);
    PrintStandings(response.lines, options.common.json);
    return Report(response.status);
  }
  for (const std::string& lead : options.leads) {
    request.arguments["lead"] = lead;
    const triage::Response response = (*ledger)->Call(request);
    PrintStandings(response.lines, options.common.json);
    if (!response.status.ok())
      worst = std::max(worst, Report(response.status.Within("lead " + lead)));
  }
  return worst;
}

struct StepOption {
  const char* name;  // without the dashes; also the argument's
  const char* help;
  bool required = false;
  bool repeated = false;  // several become one text, one a line
};

void AddStep(CLI::App& leads, Run& run, const char* name, const char* help,
             const std::vector<StepOption>& more) {
  CLI::App* command = leads.add_subcommand(name, help);
  auto options = std::make_shared<StepOptions>();
  CLI::Option* named = command->add_option("lead", options->leads, "Their ids or numbers");
  const bool rows = std::any_of(more.begin(), more.end(), [](const StepOption& o) {
    return std::string_view(o.name) == "row";
  });
  if (!rows) named->required();
  for (const StepOption& option : more) {
    CLI::Option* added = command->add_option(std::string("--") + option.name,
                                             options->arguments[option.name], option.help);
    if (option.required) added->required();
    if (option.repeated) added->join();
  }
  command->add_option("--note", options->arguments["note"], "Free text");
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  const std::string operation = std::string("leads.") + name;
  command->callback(
      [options, operation, &run] { run = [=] { return RunStep(*options, operation); }; });
}

void AddCounties(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand(
      "counties", "Of each county: leads received, overdue, returned, and the feedback rate");
  auto options = std::make_shared<CommonOptions>();
  AddConfigOption(*command, *options);
  AddStoreOption(*command, *options);
  AddJsonOption(*command, *options);
  command->callback([options, &run] {
    run = [options] {
      auto ledger = OpenConfigured(*options);
      if (!ledger.ok()) return static_cast<int>(Report(ledger.status()));
      triage::Request request;
      request.operation = "counties.stats";
      const triage::Response response = (*ledger)->Call(request);
      if (!response.status.ok()) return static_cast<int>(Report(response.status));
      if (options->json) {
        PrintLines(response.lines);
      } else {
        std::cout << RenderCounties(response.lines);
      }
      return static_cast<int>(kExitDone);
    };
  });
}

}  // namespace

void AddLeadLifeCommands(CLI::App& leads, Run& run) {
  AddStep(leads, run, "register",
          "Puts leads under check (登记核查): a number, and the clock starts", {});
  AddStep(leads, run, "undo", "Takes the last decision on leads back",
          {{"row", "Or that on a row"}});
  AddStep(leads, run, "merge",
          "Says that leads are one with another: what pages say of them goes there from now on",
          {{"into", "The lead that stays", true}});
  AddStep(leads, run, "unmerge", "Takes merges back", {});
  AddStep(leads, run, "extend", "Lets the clock run longer, as its term allows",
          {{"approver", "Who approved it", true}});
  AddStep(leads, run, "place", "Says where leads belong, over what the machine read",
          {{"place", "here (default with --county), elsewhere or unknown"},
           {"county", "A division of jurisdictions.yaml, such as 寿光市"}});
  AddStep(leads, run, "assign", "分派: gives leads to a county", {{"county", "To whom", true}});
  AddStep(leads, run, "sign", "签收: the county has them", {});
  AddStep(leads, run, "feedback", "反馈: what came of them (--note)", {});
  AddStep(leads, run, "return", "退回: back to the city pool, with the reason (--note)", {});
  AddStep(leads, run, "urge", "催办", {});
  AddStep(leads, run, "supervise", "督办", {});
  AddStep(leads, run, "tag", "标签: puts tags on leads and takes them off",
          {{"add", "A tag that they get; may be given several times", false, true},
           {"remove", "A tag that they lose; may be given several times", false, true}});
  AddCounties(leads, run);
  AddDeadline(leads, run);
}

}  // namespace cluehound::app
