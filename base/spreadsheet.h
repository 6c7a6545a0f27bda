#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace cluehound {

// A table as text, row by row; rows and cells count from 0, and a row ends with its last cell.
struct Spreadsheet {
  std::vector<std::vector<std::string>> rows;  // valid UTF-8, trimmed
};

// Limits on files from outside. A file beyond them is kInvalidArgument.
struct SpreadsheetLimits {
  size_t max_bytes = 64u << 20;      // of the file
  size_t max_unpacked = 256u << 20;  // of all parts of an .xlsx together: a bomb ends here
  size_t max_rows = 200'000;
  size_t max_columns = 256;
  size_t max_cell = 32'767;  // bytes; Excel's own limit is as many characters
};

// Reads an .xlsx (its first sheet) or a .csv, told apart by their bytes. A CSV is UTF-8 with or
// without mark, UTF-16 with mark, or else GB18030, as WPS and Excel write it in China; its columns
// are parted by comma, tab or semicolon, whichever the first line has most of (RFC 4180 quoting).
// Formulas give their stored values. What cannot be read is kInvalidArgument, saying why, in Chinese:
// officers choose these files.
Result<Spreadsheet> ReadSpreadsheet(std::string_view bytes, const SpreadsheetLimits& limits = {});

// What every reader of tables says of one beyond max_rows or max_bytes.
Status TooManyRows(const SpreadsheetLimits& limits);
Status TooManyBytes(const SpreadsheetLimits& limits);

// "A", "B" ... "Z", "AA": how people name the column.
std::string ColumnName(size_t column);

// The day behind a date cell: "2026-08-29" for text that begins so (also 2026/8/29, 2026年8月29日,
// 2026.8.29) or for Excel's number of a day, empty otherwise.
std::string DayOfCell(std::string_view cell);

}  // namespace cluehound
