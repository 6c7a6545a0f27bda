#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <set>

#include "app/exit_code.h"
#include "app/marks_commands.h"
#include "app/office_marks.h"
#include "app/terminal.h"
#include "base/file.h"
#include "base/log.h"
#include "base/spreadsheet.h"
#include "rules/alias_proposal.h"
#include "rules/mark_table.h"

namespace cluehound::app {
namespace {

const CLI::IsMember& Kinds() {
  static const CLI::IsMember kinds({"trademark", "gi", "special_mark", "olympic", "official_sign"});
  return kinds;
}

// --- add ---

struct AddOptions {
  CommonOptions common;
  PreviewOptions preview;
  rules::NewMark mark;
  bool accept_aliases = false;
};

bool Has(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

// Shows the proposals, and takes them over if they were accepted.
void OfferAliases(bool accept, rules::NewMark& mark) {
  std::vector<rules::AliasProposal> proposals = rules::ProposeNames(mark.name);
  std::erase_if(proposals, [&](const auto& p) { return Has(mark.aliases, p.text); });
  if (proposals.empty()) return;
  std::cout << (accept ? "采用的别名："
                       : "建议的别名（未采用；核对后用 --accept-aliases 全部采用，或用 "
                         "--alias 逐个指定）：")
            << '\n';
  for (const rules::AliasProposal& proposal : proposals) {
    std::cout << "  " << Cell(proposal.text, 32) << proposal.why << '\n';
    if (accept) mark.aliases.push_back(proposal.text);
  }
}

int RunAdd(const AddOptions& options) {
  SetLogQuiet(true);
  const auto marks = OfficeMarks::Open(options.common);
  if (!marks.ok()) return Report(marks.status());
  rules::NewMark mark = options.mark;
  OfferAliases(options.accept_aliases, mark);
  std::vector<rules::RefusedMark> refused;
  std::vector<std::string> ids;
  const auto change = rules::PrepareMarks(marks->file, {mark}, marks->files, refused, ids);
  if (!change.ok()) return Report(change.status());
  return PreviewAndApply(
      *marks, *change, options.preview,
      "已添加受保护标识 " + mark.name + "（编号 " + ids.at(0) + "，文件 " + marks->file + "）");
}

// --- import ---

struct ImportOptions {
  CommonOptions common;
  PreviewOptions preview;
  std::string file;
  std::string kind;
};

void PrintProblem(const rules::TableProblem& problem) {
  std::string line = "第 " + std::to_string(problem.row) + " 行";
  if (!problem.column.empty()) line += " " + problem.column + " 列";
  if (!problem.header.empty()) line += "（" + problem.header + "）";
  line += "：" + problem.message;
  std::string out;
  AppendFlowed(out, Printable(line), 4, 0, TerminalColumns());
  std::cout << out;
}

// What the rows of the table came to, in order of their rows.
void PrintProblems(const rules::MarkTable& table, const std::vector<rules::RefusedMark>& refused) {
  std::vector<rules::TableProblem> problems = table.problems;
  for (const rules::RefusedMark& mark : refused)
    problems.push_back({table.rows.at(mark.index), "", "", mark.reason, true});
  std::stable_sort(problems.begin(), problems.end(),
                   [](const auto& a, const auto& b) { return a.row < b.row; });
  for (const rules::TableProblem& problem : problems) PrintProblem(problem);
}

size_t RefusedRows(const rules::MarkTable& table, size_t later) {
  std::set<size_t> rows;
  for (const rules::TableProblem& problem : table.problems) {
    if (problem.refuses) rows.insert(problem.row);
  }
  return rows.size() + later;
}

int RunImport(const ImportOptions& options) {
  SetLogQuiet(true);
  const auto marks = OfficeMarks::Open(options.common);
  if (!marks.ok()) return Report(marks.status());
  const auto bytes = ReadFile(options.file, SpreadsheetLimits().max_bytes);
  if (!bytes.ok()) return Report(Status::InvalidArgument(bytes.status().message()));
  const auto sheet = ReadSpreadsheet(*bytes);
  if (!sheet.ok()) return Report(sheet.status().Within(options.file));
  const auto table = rules::ReadMarkTable(*sheet, options.kind);
  if (!table.ok()) return Report(table.status().Within(options.file));
  std::vector<rules::RefusedMark> refused;
  std::vector<std::string> ids;
  const auto change =
      table->marks.empty()
          ? Result<rules::OverlayChange>(Status::InvalidArgument("没有可以导入的行"))
          : rules::PrepareMarks(marks->file, table->marks, marks->files, refused, ids);
  PrintProblems(*table, refused);
  const size_t bad = RefusedRows(*table, refused.size());
  if (!change.ok()) return Report(change.status().Within(options.file));
  const int code =
      PreviewAndApply(*marks, *change, options.preview,
                      "已导入 " + std::to_string(ids.size()) + " 个标识，" + std::to_string(bad) +
                          " 行未导入（文件 " + marks->file + "）");
  return code == kExitDone && bad > 0 ? static_cast<int>(kExitFindings) : code;
}

}  // namespace

void AddMarksAdd(CLI::App& marks, Run& run) {
  CLI::App* add =
      marks.add_subcommand("add", "Add a mark; existing rules of its kind apply to it at once");
  auto options = std::make_shared<AddOptions>();
  rules::NewMark& mark = options->mark;
  const auto list = [&](const char* name, auto& to, const char* help) {
    add->add_option(name, to, help)->expected(1)->take_all();
  };
  add->add_option("name", mark.name, "The mark as it is registered")->required();
  add->add_option("--kind", mark.kind, "Its kind")->required()->check(Kinds());
  list("--alias", mark.aliases, "Another way it is written (repeat for several)");
  add->add_flag("--accept-aliases,-y", options->accept_aliases,
                "Take the proposed aliases too: traditional characters, pinyin, English");
  list("--goods", mark.goods, "A word for goods it is protected for (repeat)");
  list("--class", mark.classes, "A Nice class (repeat)");
  list("--area", mark.area, "A place of a GI's area (repeat)");
  add->add_option("--owner", mark.owner, "Who owns it");
  add->add_option("--number", mark.number, "Its registration number");
  add->add_option("--from", mark.valid_from, "Day from which it is protected, 2026-08-29");
  add->add_option("--until", mark.valid_to, "Day on which its protection has ended");
  add->add_option("--note", mark.note, "What an officer should know of it");
  add->add_option("--id", mark.id, "Id; by default made from the name");
  AddPreviewOptions(*add, options->preview);
  AddConfigOption(*add, options->common);
  AddRulesOption(*add, options->common);
  add->callback([options, &run] { run = [options] { return RunAdd(*options); }; });

  CLI::App* import = marks.add_subcommand(
      "import", "Add the marks of a table (.xlsx, .csv); bad rows are reported, good ones taken");
  auto importing = std::make_shared<ImportOptions>();
  import->add_option("file", importing->file, "Table with a row of column names")->required();
  import->add_option("--kind", importing->kind, "Kind of the rows that give none")->check(Kinds());
  AddPreviewOptions(*import, importing->preview);
  AddConfigOption(*import, importing->common);
  AddRulesOption(*import, importing->common);
  import->callback([importing, &run] { run = [importing] { return RunImport(*importing);
};
}  // namespace cluehound::app
);
}

}  // namespace cluehound::app
