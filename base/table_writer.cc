#include "base/table_writer.h"

#include "base/text.h"

namespace cluehound {
namespace {

bool BeginsFormula(char32_t c) {
  switch (c) {
    case U'=':
    case U'+':
    case U'-':
    case U'@':
    case U'＝':
    case U'＋':
    case U'－':
    case U'＠':
      return true;
    default:
      return false;
  }
}

// Invisible characters before a formula do not keep every program from reading it.
bool IsInvisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

void AppendRow(std::string& out, const std::vector<std::string>& cells) {
  for (size_t i = 0; i < cells.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    for (const char c : SafeCell(cells[i])) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace

std::string SafeCell(std::string_view text) {
  std::string safe;
  bool begun = false;
  for (size_t pos = 0; pos < text.size();) {
    char32_t c = DecodeUtf8(text, pos);
    if (c == U'\n' || c == U'\r' || c == U'\t' || c == 0x2028 || c == 0x2029) c = U' ';
    if (c < 0x20 || (c >= 0x7F && c < 0xA0)) continue;
    if (!begun && !IsUnicodeSpace(c) && !IsInvisible(c)) {
      begun = true;
      if (BeginsFormula(c)) safe = "'" + safe;
    }
    AppendUtf8(safe, c);
  }
  return safe;
}

std::string WriteCsv(const TextTable& table) {
  std::string out = "\xEF\xBB\xBF";
  AppendRow(out, table.header);
  for (const auto& row : table.rows) AppendRow(out, row);
  return out;
}

}  // namespace cluehound
