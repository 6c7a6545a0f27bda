#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/spreadsheet.h"
#include "base/text.h"
#include "rules/mark_table.h"

// The input is a workbook or CSV. Properties: what is read keeps the limits and is valid UTF-8, and
// every mark that is taken from it comes from a row of it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound;
  SpreadsheetLimits limits;
  limits.max_unpacked = 1 << 20;  // larger parts only repeat what smaller ones can say
  const auto table = ReadSpreadsheet({reinterpret_cast<const char*>(data), size}, limits);
  if (!table.ok()) {
    if (table.status().code() != Code::kInvalidArgument) std::abort();
    return 0;
  }
  if (table->rows.size() > limits.max_rows) std::abort();
  for (const auto& row : table->rows) {
    if (row.size() > limits.max_columns) std::abort();
    for (const std::string& cell : row) {
      if (!IsValidUtf8(cell)) std::abort();
    }
  }
  const auto marks = rules::ReadMarkTable(*table, "trademark");
  if (!marks.ok()) return 0;
  if (marks->marks.size() != marks->rows.size()) std::abort();
  for (const size_t row : marks->rows) {
    if (row == 0 || row > table->rows.size()) std::abort();
  }
  return 0;
}
