#pragma once

#include "base/spreadsheet.h"

namespace cluehound {

// The first sheet of an Office Open XML workbook (ECMA-376, SpreadsheetML). The one file that sees
// libzip and expat. Document types, and with them entities, are refused.
Result<Spreadsheet> ReadXlsx(std::string_view bytes, const SpreadsheetLimits& limits);

}  // namespace cluehound
