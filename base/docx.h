#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/table_writer.h"

namespace cluehound {

inline constexpr std::string_view kDocxMediaType =
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// A plain document on its way out of the program, all of it text.
struct DocxDocument {
  std::string title;
  std::vector<std::string> paragraphs;
  TextTable table;  // without columns: none
  bool landscape = false;
};

// An Office Open XML document (ECMA-376, WordprocessingML) as Word and WPS open it. Any text may stand
// in it: it is escaped, and characters that XML forbids are left out.
Result<std::string> WriteDocx(const DocxDocument& document);

// What placeholders of a template stand for: {{name}}; of a table, {{list.name}} in a row of it, which
// is repeated for each entry of the list. Line breaks become line breaks.
struct DocxValues {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<std::map<std::string, std::string>>> lists;
};

// The template with its placeholders replaced, in the document, its headers and its footers, also where
// the word processor has cut them into pieces; all else stays as the office made it. Unknown
// placeholders are kInvalidArgument, all of them named. Macros are refused.
Result<std::string> FillDocx(std::string_view bytes, const DocxValues& values);

}  // namespace cluehound
