#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/spreadsheet.h"
#include "base/status.h"
#include "rules/mark_table.h"
#include "store/seller.h"

namespace cluehound::triage {

// The rows of an official list that could be taken, and what is wrong with the others.
struct OfficialTable {
  std::vector<store::OfficialEntry> entries;
  std::vector<rules::TableProblem> problems;
  size_t refused = 0;  // rows
};

// Reads a table whose first row names the columns (docs/commands.md has the names). A table without a
// column that is needed is kInvalidArgument.
Result<OfficialTable> ReadOfficialTable(const Spreadsheet& sheet, store::OfficialEntry::List list,
                                        const std::string& file);

// What every entry needs, wherever it comes from.
Status CheckOfficial(const store::OfficialEntry& entry);

}  // namespace cluehound::triage
