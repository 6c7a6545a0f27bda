#include "base/spreadsheet.h"

#include <algorithm>
#include <charconv>

#include "base/clock.h"
#include "base/text.h"
#include "base/text_encoding.h"
#include "base/xlsx.h"

namespace cluehound {
namespace {

// GB18030 is the last resort: everything else shows itself.
std::string ToUtf8(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return ToValidUtf8(bytes.substr(3));
  if (bytes.starts_with("\xFF\xFE")) return DecodeAs(bytes.substr(2), "utf-16le");
  if (bytes.starts_with("\xFE\xFF")) return DecodeAs(bytes.substr(2), "utf-16be");
  return IsValidUtf8(bytes) ? std::string(bytes) : DecodeAs(bytes, "gb18030");
}

char SeparatorOf(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', '\t', ';'}) {
    const auto count = std::count(line.begin(), line.end(), candidate);
    if (count > most) best = candidate, most = count;
  }
  return best;
}

class CsvReader {
 public:
  CsvReader(std::string_view text, const SpreadsheetLimits& limits)
      : text_(text), separator_(SeparatorOf(text)), limits_(limits) {}

  Result<Spreadsheet> Read() {
    while (pos_ < text_.size()) {
      if (table_.rows.size() >= limits_.max_rows) return TooManyRows(limits_);
      table_.rows.emplace_back();
      RETURN_IF_ERROR(ReadRow(table_.rows.back()));
    }
    return std::move(table_);
  }

 private:
  std::string Row() const { return "第 " + std::to_string(table_.rows.size()) + " 行"; }

  Status ReadRow(std::vector<std::string>& row) {
    for (;;) {
      if (row.size() >= limits_.max_columns)
        return Status::InvalidArgument(Row() + "超过 " + std::to_string(limits_.max_columns) +
                                       " 列");
      std::string cell;
      RETURN_IF_ERROR(ReadCell(cell));
      row.push_back(CollapseSpace(cell));
      if (pos_ >= text_.size()) break;
      const char c = text_[pos_++];
      if (c == separator_) continue;
      if (c == '\r' && pos_ < text_.size() && text_[pos_] == '\n') ++pos_;
      break;
    }
    while (!row.empty() && row.back().empty()) row.pop_back();
    return Status::Ok();
  }

  // Up to the separator or the end of the line, which stay.
  Status ReadCell(std::string& cell) {
    if (pos_ < text_.size() && text_[pos_] == '"') {
      ++pos_;
      for (;;) {
        if (pos_ >= text_.size()) return Status::InvalidArgument(Row() + "：引号没有结束");
        const char c = text_[pos_++];
        if (c != '"') {
          cell += c;
        } else if (pos_ < text_.size() && text_[pos_] == '"') {
          cell += text_[pos_++];
        } else {
          break;
        }
        RETURN_IF_ERROR(CheckSize(cell));
      }
    }
    while (pos_ < text_.size() && text_[pos_] != separator_ && text_[pos_] != '\n' &&
           text_[pos_] != '\r') {
      cell += text_[pos_++];
      RETURN_IF_ERROR(CheckSize(cell));
    }
    return Status::Ok();
  }

  Status CheckSize(const std::string& cell) const {
    if (cell.size() <= limits_.max_cell) return Status::Ok();
    return Status::InvalidArgument(Row() + "有单元格超过 " + std::to_string(limits_.max_cell) +
                                   " 字节");
  }

  std::string_view text_;
  char separator_;
  const SpreadsheetLimits& limits_;
  size_t pos_ = 0;
  Spreadsheet table_;
};

// Three numbers with anything that is no digit between them, at the beginning.
std::string DayFromParts(std::string_view cell) {
  int64_t parts[3] = {};
  size_t pos = 0;
  for (int64_t& part : parts) {
    size_t digits = 0;
    while (pos < cell.size() && IsAsciiDigit(cell[pos]) && digits < 5) {
      part = part * 10 + (cell[pos++] - '0');
      ++digits;
    }
    if (digits == 0) return "";
    const size_t gap = pos;
    while (pos < cell.size() && !IsAsciiDigit(cell[pos]) && pos - gap < 4) ++pos;
  }
  if (parts[0] > 9999 || parts[1] > 12 || parts[2] > 31) return "";
  const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::to_string(parts[0]) + "-" + two(parts[1]) + "-" + two(parts[2]);
}

}  // namespace

Status TooManyRows(const SpreadsheetLimits& limits) {
  return Status::InvalidArgument("表格超过 " + std::to_string(limits.max_rows) +
                                 " 行，请拆成几个文件");
}

Status TooManyBytes(const SpreadsheetLimits& limits) {
  return Status::InvalidArgument("表格超过 " + std::to_string(limits.max_bytes >> 20) +
                                 " MiB，请拆成几个文件");
}

Result<Spreadsheet> ReadSpreadsheet(std::string_view bytes, const SpreadsheetLimits& limits) {
  if (bytes.size() > limits.max_bytes) return TooManyBytes(limits);
  if (bytes.starts_with("PK")) return ReadXlsx(bytes, limits);
  if (bytes.starts_with("\xD0\xCF\x11\xE0"))
    return Status::InvalidArgument(
        "旧版（.xls）或加密的 Excel 文件，请不设密码另存为 .xlsx 或 .csv");
  const std::string text = ToUtf8(bytes);
  if (text.find('\0') != std::string::npos)
    return Status::InvalidArgument("不是 Excel 工作簿（.xlsx），也不是文本（.csv）");
  return CsvReader(text, limits).Read();
}

std::string ColumnName(size_t column) {
  std::string name;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return name;
}

std::string DayOfCell(std::string_view cell) {
  std::string day;
  if (const auto serial = ParseInt(cell.substr(0, cell.find('.')));
      serial && *serial >= 20'000 && *serial < 80'000) {
    // Day 25569 of Excel's calendar is 1970-01-01.
    day = FormatDay(Instant(std::chrono::hours(24 * (*serial - 25'569))));
  } else {
    day = DayFromParts(cell);
  }
  return ParseDay(day) ? day : "";
}

}  // namespace cluehound
