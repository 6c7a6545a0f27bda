#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/commands.h"
#include "app/config.h"
#include "store/paper.h"

// The commands on papers and what they share.
namespace cluehound::app {

// Below `leads`: add, clues, reply, import, export, receipt.
void AddClueCommands(CLI::App& leads, Run& run);
void AddExportCommands(CLI::App& leads, Run& run);
// A `draft` below `letters`.
void AddLetterDraft(CLI::App& letters, Run& run);
// An `import` of papers of this kind below `parent`.
void AddPaperImport(CLI::App& parent, Run& run, store::PaperKind kind);
// A `list` of papers of this kind below `parent`, under another name if one is given.
void AddPaperList(CLI::App& parent, Run& run, store::PaperKind kind,
                  const std::string& name = "list");

// Papers as a table for people, newest first. `lines`: of papers.list.
std::string RenderPapers(const std::vector<std::string>& lines, int columns);
// What papers.* counts, as a table. `lines`: of `operation`, which is gi.coverage, cases.stats or
// gi.scan.
std::string RenderFigures(const std::string& operation, const std::vector<std::string>& lines);
// One paper with its leads. `lines`: of papers.show.
std::string RenderPaper(const std::vector<std::string>& lines, int columns);

}  // namespace cluehound::app
