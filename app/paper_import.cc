#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/clue_reader.h"
#include "app/exit_code.h"
#include "app/import_mapping.h"
#include "app/ledger_command.h"
#include "app/paper_commands.h"
#include "app/terminal.h"
#include "base/file.h"
#include "base/join.h"
#include "base/log.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxFile = 64u << 20;
constexpr size_t kSlice = 200;  // rows in one write

struct ImportOptions {
  CommonOptions common;
  std::string file, mapping, by;
};

struct Figures {
  size_t rows = 0, made = 0, changed = 0, same = 0, wrong = 0, new_leads = 0, joined = 0;
};

Result<ImportMapping> LoadMapping(const std::string& path, store::PaperKind kind) {
  if (path.empty()) {
    if (kind == store::PaperKind::kClue)
      return Status::InvalidArgument(
          "an import of clues needs --mapping FILE.yaml; config/import/clues.yaml is an example");
    return PlainMapping(kind);
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, 1u << 20));
  Diagnostics diagnostics;
  ImportMapping mapping = ParseMapping(text, path, diagnostics);
  RETURN_IF_ERROR(diagnostics.ToStatus());
  if (mapping.kind != kind)
    return Status::InvalidArgument(path + " is a mapping of kind " +
                                   std::string(store::Name(mapping.kind)) + ", not " +
                                   std::string(store::Name(kind)));
  return mapping;
}

Json RowJson(const ImportRow& row, const ClueReader* reader, Instant now) {
  Json object;
  object["row"] = row.row;
  object["fields"] = row.fields;
  if (!row.key.empty()) object["key"] = row.key;
  if (reader != nullptr) object["clue"] = ClueArgument(reader->ReadWords(row.fields, now));
  return object;
}

void PrintProblem(const Json& line, const ImportTable& table) {
  for (const Json& problem : line["problems"]) {
    std::string text = "第 " + std::to_string(line.value("row", 0)) + " 行";
    const std::string field = problem.value("field", "");
    if (const auto place = table.places.find(field); place != table.places.end()) {
      text += " " + place->second;
    } else if (!field.empty()) {
      text += " " + problem.value("name", field);
    }
    text += "：" + problem.value("message", "");
    std::string out;
    AppendFlowed(out, Printable(text), 4, 0, TerminalColumns());
    std::cout << out;
  }
}

void CountLine(const Json& line, Figures& figures) {
  if (line.contains("problems")) {
    ++figures.wrong;
    return;
  }
  const std::string outcome = line.value("outcome", "");
  ++(outcome == "new" ? figures.made : outcome == "changed" ? figures.changed : figures.same);
  figures.new_leads += line.value("new_leads", size_t{0});
  figures.joined += line.value("joined_leads", size_t{0});
}

void PrintFigures(const Figures& figures, store::PaperKind kind) {
  std::cout << "共 " << figures.rows << " 行：新增 " << figures.made << "，更新 " << figures.changed
            << "，未变 " << figures.same << "，有误 " << figures.wrong;
  if (kind == store::PaperKind::kClue)
    std::cout << "；新线索 " << figures.new_leads << "，并入已有线索 " << figures.joined;
  std::cout << '\n';
}

int RunImport(const ImportOptions& options, store::PaperKind kind) {
  SetLogQuiet(true);
  const auto mapping = LoadMapping(options.mapping, kind);
  if (!mapping.ok()) return Report(mapping.status());
  const auto bytes = ReadFile(options.file, kMaxFile);
  if (!bytes.ok()) return Report(bytes.status());
  const auto table = ReadImport(*bytes, *mapping);
  if (!table.ok()) return Report(table.status().Within(options.file));
  std::unique_ptr<ClueReader> reader;
  if (kind == store::PaperKind::kClue) {
    auto loaded = ClueReader::Load(options.common);
    if (!loaded.ok()) return Report(loaded.status());
    reader = *std::move(loaded);
  }
  auto ledger = OpenConfigured(options.common);
  if (!ledger.ok()) return Report(ledger.status());
  const Instant now = SystemClock().Now();
  Figures figures;
  figures.rows = table->rows.size();
  int exit_code = kExitDone;
  for (size_t begin = 0; begin < table->rows.size(); begin += kSlice) {
    Json rows = Json::array();
    for (size_t i = begin; i < std::min(begin + kSlice, table->rows.size()); ++i)
      rows.push_back(RowJson(table->rows[i], reader.get(), now));
    triage::Request request;
    request.operation = "papers.put";
    request.arguments = {{"kind", std::string(store::Name(kind))},
                         {"mode", "import"},
                         {"rows", rows.dump(-1, ' ', false, Json::error_handler_t::replace)}};
    request.actor.claimed_name = options.by;
    const triage::Response response = (*ledger)->Call(request);
    if (!response.status.ok()) {
      // Slices before this one are in the ledger; the same command goes on from here.
      PrintFigures(figures, kind);
      return Report(response.status.Within("rows " + std::to_string(table->rows[begin].row) +
                                           " and following"));
    }
    for (const std::string& text : response.lines) {
      const Json line = Json::parse(text, nullptr, false);
      CountLine(line, figures);
      if (options.common.json) {
        std::cout << text << '\n';
      } else if (line.contains("problems")) {
        PrintProblem(line, *table);
      }
    }
  }
  if (figures.wrong > 0) exit_code = kExitFindings;
  if (!options.common.json) {
    PrintFigures(figures, kind);
    if (!table->unused.empty()) {
      std::cout << "未使用的列：" << Printable(Join(table->unused, "、")) << '\n';
    }
  }
  return exit_code;
}

}  // namespace

void AddPaperImport(CLI::App& parent, Run& run, store::PaperKind kind) {
  CLI::App* command = parent.add_subcommand(
      "import", "Takes a CSV, XLSX or JSON file; bad rows are named, good ones taken");
  auto options = std::make_shared<ImportOptions>();
  command->add_option("file", options->file, "The file")->required();
  command->add_option("--mapping", options->mapping,
                      "Which column is which field (example: config/import/)");
  command->add_option("--by", options->by, "Your name, beside the user that the system knows");
  AddConfigOption(*command, options->common);
  AddStoreOption(*command, options->common);
  AddRulesOption(*command, options->common);
  AddJsonOption(*command, options->common);
  command->callback([options, kind, &run] { run = [=] { return RunImport(*options, kind); }; });
}

}  // namespace cluehound::app
