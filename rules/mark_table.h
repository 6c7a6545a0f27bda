#pragma once

#include <string>
#include <vector>

#include "base/spreadsheet.h"
#include "rules/marks_file.h"

namespace cluehound::rules {

// What stands wrong in a table of marks. Rows count from 1, as spreadsheets show them.
struct TableProblem {
  size_t row = 0;
  std::string column;   // "C", empty: the whole row
  std::string header;   // as the table names it
  std::string message;  // Chinese, for the officer who sent the table
  bool refuses = true;  // the row is left out; else only the cell is
};

struct MarkTable {
  std::vector<NewMark> marks;
  std::vector<size_t> rows;  // of each mark, from 1
  std::vector<TableProblem> problems;
};

// Reads marks off a table whose first row with anything in it names the columns, in Chinese or
// English, in any order (docs/commands.md lists the names). `kind`: for rows of a table that does
// not give it; may be empty. A table without a column of names is kInvalidArgument.
Result<MarkTable> ReadMarkTable(const Spreadsheet& table, const std::string& kind);

}  // namespace cluehound::rules
