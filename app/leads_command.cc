#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "app/lead_table.h"
#include "app/ledger.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "app/terminal.h"
#include "base/log.h"
#include "base/text.h"

namespace cluehound::app {
namespace {

struct ListOptions {
  CommonOptions common;
  std::map<std::string, std::string> filter;
  bool rows = false;
  std::optional<int64_t> limit;
};

struct DecideOptions {
  CommonOptions common;
  std::vector<std::string> words;  // LEAD... STATUS
  std::string row, reason, note, by, to, case_number, until, of;
};

// The count of all that a list asks for.
triage::Request CountOf(triage::Request request) {
  request.operation = "leads.count";
  for (const char* name : {"sort", "after", "limit"}) request.arguments.erase(name);
  return request;
}

// As a POSIX shell takes it.
std::string Quoted(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return IsAsciiAlnum(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == ':';
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// The options of the command that lists what follows.
std::string NextPage(const ListOptions& options, const std::string& next) {
  std::string words;
  const auto add = [&words](const std::string& name, const std::string& value) {
    if (!value.empty()) words += " --" + name + " " + Quoted(value);
  };
  add("config", options.common.config);
  add("store", options.common.store);
  for (const auto& [name, value] : options.filter) {
    if (name != "after") add(name == "score" ? "score-from" : name, value);
  }
  if (options.limit) add("limit", std::to_string(*options.limit));
  add("after", next);
  return words;
}

int RunList(const ListOptions& options) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  const bool leads = options.common.json && !options.rows;
  request.operation = leads ? "leads.list" : "leads.rows";
  for (const auto& [name, value] : options.filter) {
    if (!value.empty()) request.arguments[name] = value;
  }
  // JSON is for programs, which want all; a table is for people.
  if (options.limit && *options.limit < 1)
    return Report(Status::InvalidArgument("--limit must be a number from 1"));
  const size_t limit = options.limit         ? static_cast<size_t>(*options.limit)
                       : options.common.json ? SIZE_MAX
                                             : 50;
  const triage::Response response = (*ledger)->CallAll(request, limit);
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderLeadTable(response.lines, TerminalColumns());
    const bool silenced_hidden = request.arguments.count("silenced") == 0;
    std::cout << RenderCount((*ledger)->Call(CountOf(request)).lines);
    if (!response.next.empty())
      std::cout << "下一页：cluehound leads list" << NextPage(options, response.next) << "\n";
    if (silenced_hidden) {
      request.operation = "store.stats";
      request.arguments.clear();
      std::cout << RenderSilenced((*ledger)->Call(request).lines);
    }
  }
  return kExitDone;
}

int RunShow(const CommonOptions& options, const std::string& lead) {
  auto ledger = OpenConfigured(options);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "leads.show";
  request.arguments["lead"] = lead;
  const triage::Response response = (*ledger)->Call(request);
  if (!response.status.ok()) return Report(response.status);
  if (options.json) {
    PrintLines(response.lines);
  } else {
    std::cout << RenderLead(response.lines, TerminalColumns());
  }
  return kExitDone;
}

int RunDecide(const DecideOptions& options) {
  const bool row = !options.row.empty();
  if (row ? options.words.size() != 1 : options.words.size() < 2) {
    return Report(Status::InvalidArgument(
        "leads decide wants one lead or more and then the status: LEAD... STATUS; or --row KEY and "
        "the status"));
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request;
  request.operation = "leads.decide";
  request.arguments = {{"status", options.words.back()},
                       {"reason", options.reason},
                       {"note", options.note},
                       {"to", options.to},
                       {"case", options.case_number},
                       {"until", options.until},
                       {"of", options.of}};
  request.actor.claimed_name = options.by;
  int worst = kExitDone;
  if (row) {
    request.arguments["row"] = options.row;
    const triage::Response response = (*ledger)->Call(request);
    PrintStandings(response.lines, options.common.json);
    return Report(response.status.Within("row " + options.row));
  }
  for (size_t i = 0; i + 1 < options.words.size(); ++i) {
    request.arguments["lead"] = options.words[i];
    const triage::Response response = (*ledger)->Call(request);
    if (!response.status.ok()) {
      worst = std::max(worst, Report(response.status.Within("lead " + options.words[i])));
    } else {
      PrintStandings(response.lines, options.common.json);
    }
  }
  return worst;
}

void AddList(CLI::App& leads, Run& run) {
  CLI::App* command =
      leads.add_subcommand("list", "Today's list: rows of seller x mark, strongest first");
  auto options = std::make_shared<ListOptions>();
  for (const auto& [name, help] :
       {std::pair{"day", "First seen on this day: today, or 2026-11-22"},
        {"category", "trademark, gi, special_mark ..."},
        {"mark", "Id of a mark"},
        {"source", "Id of a source"},
        {"rule", "Id of a rule"},
        {"status", "new, checking, ruled_out ..."},
        {"notice",
         "Noted since the last decision: changed_after, seen_again, "
         "gone, on_sale, rule_changed, reworded"},
        {"county", "Of this division, such as 寿光市"},
        {"place", "here: of this city or of nobody knows where; elsewhere: of another"},
        {"dispatch", "assigned, signed, fed_back or sent_back"},
        {"silenced", "only: what is silenced; all: that too"},
        {"cluster", "Of this cluster (`clusters list`)"},
        {"row", "The leads inside this row (`row` of the rows)"},
        {"platform", "Platform, or host of a shop of its own"},
        {"seller", "Name or number of the shop"},
        {"officer", "Who decided last"},
        {"campaign", "专项行动 that was running when it was first seen"},
        {"tag", "With this tag (标签)"},
        {"text", "Words of two characters or more in title, seller or mark"},
        {"sort", "score (default) or last-seen"},
        {"after", "What follows this place (a page's last line names it)"},
        {"due", "Under check and due by this day, or over: past its day"}}) {
    command->add_option(std::string("--") + name, options->filter[name], help);
  }
  command->add_option("--score-from", options->filter["score"], "This score or more, 0 to 100");
  command->add_flag("--rows", options->rows, "With --json: rows instead of leads");
  command->add_option("--limit", options->limit,
                      "At most so many (default: 50 rows; all with --json)");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunList(*options); }; });
}

void AddShow(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand("show", "One lead with its explanation and sightings");
  struct Options {
    CommonOptions common;
    std::string lead;
  };
  auto options = std::make_shared<Options>();
  command->add_option("lead", options->lead, "Its id, or the first six digits or more")->required();
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback(
      [options, &run] { run = [options] { return RunShow(options->common, options->lead); }; });
}

void AddDecide(CLI::App& leads, Run& run) {
  CLI::App* command = leads.add_subcommand("decide", "Decide leads: LEAD... STATUS --reason CODE");
  auto options = std::make_shared<DecideOptions>();
  command->add_option("lead", options->words, "LEAD... STATUS")->required();
  command->add_option("--reason", options->reason, "Coded reason")->required();
  command->add_option("--note", options->note, "Free text");
  command->add_option("--row", options->row,
                      "Instead of leads: all undecided leads of this row (`row` of leads list)");
  command->add_option("--to", options->to,
                      "referred: police, county:NAME, department:NAME or higher:NAME");
  command->add_option("--case", options->case_number, "filed: the number of the case");
  command->add_option("--until", options->until, "deferred: the day on which it comes back");
  command->add_option("--of", options->of, "duplicate: the lead that it repeats");
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, &run] { run = [options] { return RunDecide(*options); }; });
}

}  // namespace

void AddLeadsCommand(CLI::App& program, Run& run) {
  CLI::App* leads = program.add_subcommand("leads", "The ledger of leads");
  leads->require_subcommand(1);
  AddList(*leads, run);
  AddShow(*leads, run);
  AddDecide(*leads, run);
  AddLeadLifeCommands(*leads, run);
  AddClueCommands(*leads, run);
  AddExportCommands(*leads, run);
}

}  // namespace cluehound::app
