#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace cluehound {

// A table on its way out of the program, all cells text.
struct TextTable {
  std::string name;  // of the sheet
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // as wide as the header
};

// What a cell of a spreadsheet may hold: valid UTF-8 without control characters (line breaks become
// blanks), and with an apostrophe in front when a spreadsheet program could take it for a formula:
// when the first character that is no blank is = + - @ or their full-width forms.
std::string SafeCell(std::string_view text);

// A CSV file as Excel and WPS in China open it: UTF-8 with byte order mark, CRLF, every cell quoted
// (RFC 4180), every cell safe.
std::string WriteCsv(const TextTable& table);

// An Office Open XML workbook with one sheet, every cell a string and safe. At most 1,048,575 rows
// and 32,767 bytes a cell, which is cut; kInvalidArgument beyond. (xlsx_writer.cc)
Result<std::string> WriteXlsx(const TextTable& table);

}  // namespace cluehound
