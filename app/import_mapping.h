#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/spreadsheet.h"
#include "base/status.h"
#include "store/paper.h"
#include "triage/paper_form.h"

namespace cluehound::app {

// Which column of a table of others is which field of a form: data, config/import/*.yaml.
struct ImportMapping {
  struct Column {
    std::string field;
    // Heads of the column, whatever the case of their letters; the first that is there counts.
    std::vector<std::string> names;
    std::map<std::string, std::string> values = {};  // what its cells mean
    std::string fallback = {};                       // of empty cells, and without a column of all
    bool required = false;                           // the table must have the column
  };
  store::PaperKind kind = store::PaperKind::kClue;
  size_t header = 1;             // row of the heads, from 1
  std::vector<std::string> key;  // heads of the columns that name a row within its document
  std::vector<Column> columns;
};

// Mistakes go to `diagnostics`, unknown fields among them.
ImportMapping ParseMapping(std::string_view text, const std::string& file,
                           Diagnostics& diagnostics);

// The mapping of a table whose heads are the names of the form itself, Chinese or English.
ImportMapping PlainMapping(store::PaperKind kind);

// A row of the table, with what it takes to say where something is wrong.
struct ImportRow {
  size_t row = 0;  // as a person counts them, from 1
  triage::FormValues fields;
  std::string key;
};
struct ImportTable {
  std::vector<ImportRow> rows;
  // Of each field its column, "C（收到日期）"; absent: the mapping gives it.
  std::map<std::string, std::string> places;
  std::vector<std::string> unused;  // heads that no field takes
};

// Reads CSV (UTF-8, UTF-16, GB18030), XLSX or JSON (an array of objects, or one object a line).
// Fails when the file cannot be read or lacks a required column.
Result<ImportTable> ReadImport(std::string_view bytes, const ImportMapping& mapping,
                               const SpreadsheetLimits& limits = {});

}  // namespace cluehound::app
