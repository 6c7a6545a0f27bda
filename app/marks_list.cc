#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/exit_code.h"
#include "app/marks_commands.h"
#include "app/office_marks.h"
#include "app/terminal.h"
#include "base/join.h"
#include "base/log.h"
#include "rules/folding.h"
#include "triage/category.h"

namespace cluehound::app {
namespace {

// --- list ---

struct ListOptions {
  CommonOptions common;
  std::string find;
  std::string kind;
};

bool Wanted(const rules::MarkSummary& mark, const ListOptions& options) {
  if (!options.kind.empty() && mark.kind != options.kind) return false;
  if (options.find.empty()) return true;
  const std::string wanted = rules::FoldString(options.find);
  const auto holds = [&](const std::string& text) {
    return rules::FoldString(text).find(wanted) != std::string::npos;
  };
  return holds(mark.id) || holds(mark.name) || holds(mark.owner) || holds(mark.number) ||
         std::any_of(mark.aliases.begin(), mark.aliases.end(), holds);
}

void PrintJson(const rules::MarkSummary& mark) {
  nlohmann::ordered_json object{{"mark", mark.id}, {"name", mark.name}, {"kind", mark.kind}};
  if (!mark.aliases.empty()) object["aliases"] = mark.aliases;
  if (!mark.owner.empty()) object["owner"] = mark.owner;
  if (!mark.number.empty()) object["number"] = mark.number;
  if (!mark.tags.empty()) object["tags"] = mark.tags;
  if (!mark.valid_to.empty()) object["valid_to"] = mark.valid_to;
  object["certainty"] = mark.verified ? "verified" : "unverified";
  object["file"] = mark.file;
  std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

int RunList(const ListOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const auto set = LoadRules(*config, options.common);
  if (!set.ok()) return Report(set.status());
  const int columns = TerminalColumns();
  if (!options.common.json)
    std::cout << Cell("编号", 26) << Cell("名称", 22) << Cell("种类", 14) << Cell("届满", 11)
              << "别名\n";
  size_t shown = 0;
  for (const rules::MarkSummary& mark : (*set)->marks()) {
    if (!Wanted(mark, options)) continue;
    ++shown;
    if (options.common.json) {
      PrintJson(mark);
      continue;
    }
    std::cout << Cell(mark.id, 26) << Cell(mark.name, 22)
              << Cell(triage::CategoryChinese(mark.kind), 14) << Cell(mark.valid_to, 11)
              << Cut(Join(mark.aliases, "、"), columns - 73) << '\n';
  }
  if (!options.common.json)
    std::cout << "共 " << shown << " 个标识（全部 " << (*set)->marks().size() << " 个）\n";
  return kExitDone;
}

// --- retire ---

struct RetireOptions {
  CommonOptions common;
  PreviewOptions preview;
  std::string mark;
  std::string reason;
};

int RunRetire(const RetireOptions& options) {
  SetLogQuiet(true);
  const auto marks = OfficeMarks::Open(options.common);
  if (!marks.ok()) return Report(marks.status());
  const auto mark = marks->Find(options.mark);
  if (!mark.ok()) return Report(mark.status());
  const auto change = rules::PrepareRetirement(marks->file, mark->id, options.reason, marks->files);
  if (!change.ok()) return Report(change.status());
  return PreviewAndApply(*marks, *change, options.preview,
                         "已停用受保护标识 " + mark->name + "（编号 " + mark->id + "）");
}

}  // namespace

void AddMarksList(CLI::App& marks, Run& run) {
  CLI::App* list = marks.add_subcommand("list", "The marks of the set");
  auto options = std::make_shared<ListOptions>();
  list->add_option("find", options->find, "Only with this in id, name, alias, owner or number");
  list->add_option("--kind", options->kind, "Only of this kind")
      ->check(CLI::IsMember({"trademark", "gi", "special_mark", "olympic", "official_sign"}));
  AddConfigOption(*list, options->common);
  AddRulesOption(*list, options->common);
  AddJsonOption(*list, options->common);
  list->callback([options, &run] { run = [options] { return RunList(*options); }; });

  CLI::App* retire = marks.add_subcommand("retire", "Take a mark out of the set");
  auto retiring = std::make_shared<RetireOptions>();
  retire->add_option("mark", retiring->mark, "Id or name of the mark")->required();
  retire->add_option("--reason", retiring->reason, "Why; kept as a comment");
  AddPreviewOptions(*retire, retiring->preview);
  AddConfigOption(*retire, retiring->common);
  AddRulesOption(*retire, retiring->common);
  retire->callback([retiring, &run] { run = [retiring] { return RunRetire(*retiring); }; });
}

}  // namespace cluehound::app
