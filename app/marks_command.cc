#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "app/commands.h"
#include "app/config.h"
#include "app/exit_code.h"
#include "base/file.h"
#include "base/log.h"
#include "rules/marks_file.h"

namespace cluehound::app {
namespace {

constexpr char kOverlayFile[] = "local.yaml";  // marks that people of the office add

struct AddOptions {
  CommonOptions common;
  rules::NewMark mark;
};

int RunAdd(const AddOptions& options) {
  SetLogQuiet(true);
  const auto config = LoadConfig(options.common, false);
  if (!config.ok()) return Report(config.status());
  const std::filesystem::path folder =
      options.common.rules.empty() ? config->rules : std::filesystem::path(options.common.rules);
  if (folder.empty()) {
    return Report(Status::InvalidArgument(
        "where to keep the mark? Name a folder with --rules DIR or --config DIR"));
  }
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Report(Status::Denied(folder.string() + ": " + error.message()));
  auto others = EffectiveRuleFiles(*config, options.common);
  if (!others.ok()) return Report(others.status());
  std::erase_if(*others, [](const rules::RuleFile& file) { return file.name == kOverlayFile; });
  Diagnostics diagnostics;
  const std::string file = (folder / kOverlayFile).string();
  const auto id = rules::AddMark(file, options.mark, *others, diagnostics);
  if (!id.ok()) return Report(id.status());
  std::cout << "已添加受保护标识 " << options.mark.name << "（编号 " << *id << "，文件 " << file
            << "）\n";
  return kExitDone;
}

}  // namespace

void AddMarksCommand(CLI::App& program, Run& run) {
  CLI::App* marks = program.add_subcommand("marks", "Protected marks");
  marks->require_subcommand(1);
  CLI::App* add =
      marks->add_subcommand("add", "Add a mark; existing rules of its kind apply to it at once");
  auto options = std::make_shared<AddOptions>();
  add->add_option("name", options->mark.name, "The mark as it is registered")->required();
  add->add_option("--kind", options->mark.kind, "Its kind")
      ->required()
      ->check(CLI::IsMember({"trademark", "gi", "special_mark", "olympic", "official_sign"}));
  add->add_option("--alias", options->mark.aliases,
                  "Another way it is written (repeat for several)")
      ->expected(1)
      ->take_all();
  add->add_option("--goods", options->mark.goods, "A word for goods it is protected for (repeat)")
      ->expected(1)
      ->take_all();
  add->add_option("--class", options->mark.classes, "A Nice class (repeat)")
      ->expected(1)
      ->take_all();
  add->add_option("--area", options->mark.area, "A place of a GI's area (repeat)")
      ->expected(1)
      ->take_all();
  add->add_option("--owner", options->mark.owner, "Who owns it");
  add->add_option("--number", options->mark.number, "Its registration number");
  add->add_option("--id", options->mark.id, "Id; by default made from the name");
  AddConfigOption(*add, options->common);
  AddRulesOption(*add, options->common);
  add->callback([options, &run] { run = [options] { return RunAdd(*options); }; });
}

}  // namespace cluehound::app
