#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "app/exit_code.h"
#include "app/ledger_command.h"
#include "app/marks_commands.h"
#include "app/office_marks.h"
#include "app/seller_text.h"
#include "app/terminal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/spreadsheet.h"
#include "triage/seller_table.h"

namespace cluehound::app {
namespace {

struct Options {
  CommonOptions common;
  std::map<std::string, std::string> arguments;
  std::string by;
  bool watched = false;
  size_t limit = 0;
};

triage::Request RequestOf(const Options& options, const std::string& operation) {
  triage::Request request;
  request.operation = operation;
  for (const auto& [name, value] : options.arguments) {
    if (!value.empty()) request.arguments[name] = value;
  }
  request.actor.claimed_name = options.by;
  return request;
}

using Render = std::string (*)(const std::vector<std::string>& lines, int columns);

// Asks, and prints the lines or what `render` makes of them.
int RunCall(const Options& options, const std::string& operation, Render render) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const triage::Response response = (*ledger)->Call(RequestOf(options, operation));
  if (!response.status.ok()) return Report(response.status);
  if (options.common.json || render == nullptr) {
    PrintLines(response.lines);
  } else {
    std::cout << render(response.lines, TerminalColumns());
  }
  return kExitDone;
}

int RunList(const Options& options, const std::string& operation) {
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request request = RequestOf(options, operation);
  if (options.watched) request.arguments["watched"] = "yes";
  const size_t limit = options.limit > 0 ? options.limit : options.common.json ? SIZE_MAX : 50;
  const triage::Response response = (*ledger)->CallAll(request, limit);
  if (!response.status.ok()) return Report(response.status);
  const bool more = !response.next.empty();
  if (options.common.json) {
    PrintLines(response.lines);
  } else if (operation == "sellers.list") {
    std::cout << RenderSellers(response.lines, more, TerminalColumns());
  } else {
    std::cout << RenderClusters(response.lines, more, TerminalColumns());
  }
  return kExitDone;
}

std::string RenderOne(const std::vector<std::string>& lines, int columns) {
  return lines.empty() ? "" : RenderSeller(lines.front(), columns);
}

// --- import ---

void PrintProblems(const std::vector<rules::TableProblem>& problems) {
  for (const rules::TableProblem& problem : problems) {
    std::string line = "第 " + std::to_string(problem.row) + " 行";
    if (!problem.column.empty()) line += " " + problem.column + " 列";
    if (!problem.header.empty()) line += "（" + problem.header + "）";
    std::string out;
    AppendFlowed(out, Printable(line + "：" + problem.message), 4, 0, TerminalColumns());
    std::cout << out;
  }
}

nlohmann::json RowOf(const store::OfficialEntry& entry) {
  return {{"name", entry.name},         {"code", entry.code},           {"grade", entry.grade},
          {"document", entry.document}, {"authority", entry.authority}, {"from", entry.from},
          {"until", entry.until}};
}

int RunImport(const Options& options, const std::string& path, const std::string& list_name) {
  constexpr size_t kSlice = 500;
  const auto list = store::OfficialListFromName(list_name);
  if (!list) return Report(Status::InvalidArgument("--list must be dishonest or grade"));
  const auto bytes = ReadFile(path, SpreadsheetLimits().max_bytes);
  if (!bytes.ok()) return Report(Status::InvalidArgument(bytes.status().message()));
  const auto sheet = ReadSpreadsheet(*bytes);
  if (!sheet.ok()) return Report(sheet.status().Within(path));
  const auto table = triage::ReadOfficialTable(*sheet, *list, path);
  if (!table.ok()) return Report(table.status().Within(path));
  PrintProblems(table->problems);
  if (table->entries.empty()) return Report(Status::InvalidArgument(path + ": 没有可以导入的行"));
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  for (size_t i = 0; i < table->entries.size(); i += kSlice) {
    nlohmann::json rows = nlohmann::json::array();
    for (size_t k = i; k < table->entries.size() && k < i + kSlice; ++k)
      rows.push_back(RowOf(table->entries[k]));
    triage::Request request = RequestOf(options, "sellers.import");
    request.arguments["list"] = list_name;
    request.arguments["file"] = path;
    request.arguments["rows"] = rows.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const triage::Response response = (*ledger)->Call(request);
    if (!response.status.ok()) return Report(response.status);
  }
  std::cout << "已导入 " << table->entries.size() << " 行，" << table->refused << " 行未导入\n";
  return table->refused > 0 ? static_cast<int>(kExitFindings) : static_cast<int>(kExitDone);
}

// --- accept ---

// The mark's entry of the overlay first: were the ledger not reached then, the proposal would still be
// open, and accepting it again writes the same.
int RunAccept(const Options& options) {
  SetLogQuiet(true);
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  triage::Request ask;
  ask.operation = "sellers.proposals";
  const triage::Response proposals = (*ledger)->Call(ask);
  if (!proposals.status.ok()) return Report(proposals.status);
  const std::string id = options.arguments.at("proposal");
  for (const std::string& line : proposals.lines) {
    const auto proposal = nlohmann::json::parse(line, nullptr, false);
    if (!proposal.is_object() || proposal.value("proposal", "") != id) continue;
    const auto marks = OfficeMarks::Open(options.common);
    if (!marks.ok()) return Report(marks.status());
    const auto note = options.arguments.find("note");
    const rules::NewSeller seller{proposal.value("name", ""), proposal.value("seller_id", ""),
                                  proposal.value("platform", ""),
                                  note == options.arguments.end() ? "" : note->second, ""};
    const auto change =
        rules::PrepareSellers(marks->file, proposal.value("mark", ""), {seller}, marks->files);
    if (!change.ok()) return Report(change.status());
    if (const Status s = Apply(*change); !s.ok()) return Report(s);
    const triage::Response accepted = (*ledger)->Call(RequestOf(options, "sellers.accept"));
    PrintLines(accepted.lines);
    if (!accepted.status.ok()) return Report(accepted.status);
    std::cerr << "授权经营者写入 " << marks->file << "；新的规则集发布或下次采集时生效\n";
    return kExitDone;
  }
  return Report(Status::NotFound("no open proposal " + id));
}

// --- the commands ---

class Family {
 public:
  Family(CLI::App& parent, Run& run) : parent_(parent), run_(run) {}

  struct Argument {
    const char* name;  // of the operation; "--name" on the command line
    const char* help;
    bool required = false;
    bool positional = false;
  };

  CLI::App* Add(const char* name, const char* help, const std::vector<Argument>& arguments,
                const std::shared_ptr<Options>& options, std::function<int(const Options&)> act) {
    CLI::App* command = parent_.add_subcommand(name, help);
    for (const Argument& argument : arguments) {
      auto* option =
          command->add_option((argument.positional ? "" : "--") + std::string(argument.name),
                              options->arguments[argument.name], argument.help);
      if (argument.required) option->required();
    }
    command->add_option("--by", options->by, "Your name, beside the user that the system knows");
    AddConfigOption(*command, options->common);
    AddStoreOption(*command, options->common);
    AddJsonOption(*command, options->common);
    command->callback(
        [options, act, this_run = &run_] { *this_run = [options, act] { return act(*options); }; });
    return command;
  }
  CLI::App* Call(const char* name, const char* help, const std::string& operation,
                 const std::vector<Argument>& arguments, Render render) {
    return Add(name, help, arguments, std::make_shared<Options>(),
               [=](const Options& options) { return RunCall(options, operation, render); });
  }

 private:
  CLI::App& parent_;
  Run& run_;
};

const Family::Argument kSeller = {"seller", "Its id, 统一社会信用代码 or name", true, true};

void AddSellerLists(Family& family, CLI::App& sellers, Run& run) {
  family.Call("watch", "关注: from now on its offers are looked at more closely", "sellers.watch",
              {kSeller,
               {"reason", "Why", true},
               {"until", "Expiry: the day from which it is no longer watched"},
               {"platform", "Of a seller that was not met yet"},
               {"shop", "Its number on that platform"}},
              RenderWatches);
  family.Call("unwatch", "Ends the watch", "sellers.unwatch",
              {{"seller", "Its id, 统一社会信用代码 or name", false, true},
               {"number", "Number of the watch, instead of a seller"}},
              RenderWatches);
  family.Call("watches", "Who is watched, and who was", "sellers.watches", {}, RenderWatches);
  AddMarksSellers(sellers, run);
  auto import = std::make_shared<Options>();
  struct ImportArguments {
    std::string file, list;
  };
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App* command = family.Add(
      "import", "Official lists from a table (.xlsx, .csv): 严重违法失信名单, A-D 信用风险分类", {},
      import, [arguments](const Options& options) {
        return RunImport(options, arguments->file, arguments->list);
      });
  command->add_option("file", arguments->file, "Table with a row of column names")->required();
  command->add_option("--list", arguments->list, "dishonest or grade")->required();
}

void AddProposals(Family& family) {
  family.Call("proposals", "Sellers that 正品/授权 decisions propose as authorised",
              "sellers.proposals", {}, RenderProposals);
  CLI::App* accept = nullptr;
  auto options = std::make_shared<Options>();
  accept = family.Add(
      "accept", "The seller becomes an authorised one of the mark",
      {{"proposal", "SELLER/MARK, of proposals", true, true}, {"note", "What proves it"}}, options,
      RunAccept);
  AddRulesOption(*accept, options->common);
  family.Call("reject", "The proposal is not made again", "sellers.reject",
              {{"proposal", "SELLER/MARK, of proposals", true, true}, {"note", "Why"}}, nullptr);
}

}  // namespace

void AddSellersCommand(CLI::App& program, Run& run) {
  CLI::App* sellers = program.add_subcommand("sellers", "Sellers (经营者) and their lists");
  sellers->require_subcommand(1);
  Family family(*sellers, run);
  auto listing = std::make_shared<Options>();
  CLI::App* list = family.Add("list", "Highest 线索风险分 first",
                              {{"text", "Part of a name"},
                               {"platform", "On this platform or site"},
                               {"mark", "With leads of this mark"},
                               {"official", "On an official list: dishonest or grade"}},
                              listing, [](const Options& o) { return RunList(o, "sellers.list"); });
  list->add_flag("--watched", listing->watched, "Only those that are watched");
  list->add_option("--limit", listing->limit, "At most so many (default: 50; all with --json)");
  family.Call("show", "One seller, explained, with all shops of its licence", "sellers.show",
              {kSeller}, RenderOne);
  AddSellerLists(family, *sellers, run);
  AddProposals(family);
  family.Call(
      "repeat", "A penalty or judgment in force makes 再次发现 a 重复侵权", "sellers.repeat",
      {kSeller, {"document", "Its number", true}, {"date", "Its day", true}, {"note", "Free text"}},
      RenderOne);
}

void AddClustersCommand(CLI::App& program, Run& run) {
  CLI::App* clusters =
      program.add_subcommand("clusters", "Leads that may belong together (关联线索)");
  clusters->require_subcommand(1);
  Family family(*clusters, run);
  auto listing = std::make_shared<Options>();
  CLI::App* list = family.Add(
      "list", "Most leads first",
      {{"kind",
        "group 疑似群体, seen_again 再次发现, malice 疑似恶意, repeat 重复侵权, correlation"}},
      listing, [](const Options& o) { return RunList(o, "clusters.list"); });
  list->add_option("--limit", listing->limit, "At most so many (default: 50; all with --json)");
  family.Call("show", "One cluster: why, and which leads", "clusters.show",
              {{"cluster", "Its id", true, true}}, RenderCluster);
  family.Call("undo", "Takes it apart for good, or only some leads out of it", "clusters.undo",
              {{"cluster", "Its id", true, true},
               {"leads", "Only these leads, blanks between them"},
               {"reason", "Why", true}},
              RenderCluster);
}

}  // namespace cluehound::app
