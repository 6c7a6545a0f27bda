#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace cluehound::triage {

struct ReportFile {
  std::string bytes;
  std::string media_type;
  std::string ending;  // ".xlsx"
};

// A report (the lines of MakeReport) as a file: html (for print, without script), xlsx, csv, docx or
// json. No cell of a spreadsheet is a formula; nothing of a cell is taken for HTML.
// kInvalidArgument for another format.
Result<ReportFile> MakeReportFile(const std::vector<std::string>& lines, const std::string& format);

}  // namespace cluehound::triage
