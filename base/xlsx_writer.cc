#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "base/table_writer.h"
#include "base/text.h"

namespace cluehound {
namespace {

constexpr size_t kMaxRows = 1'048'575;
constexpr size_t kMaxCell = 32'767;
constexpr size_t kMaxBytes = 1u << 30;
constexpr int kMaxColumnWidth = 60;  // characters

// A file of the owner's that is gone with the object.
class TemporaryFile {
 public:
  TemporaryFile() {
    std::error_code error;
    path_ = std::filesystem::temp_directory_path(error) / "cluehound-XXXXXX";
    const int fd = ::mkstemp(path_.data());
    ok_ = fd >= 0;
    if (ok_) ::close(fd);
  }
  ~TemporaryFile() {
    if (ok_) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  bool ok() const { return ok_; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool ok_ = false;
};

// Wide enough for the header and the first rows.
double WidthOf(const TextTable& table, size_t column) {
  int width = DisplayWidth(std::string_view(table.header[column]));
  for (size_t row = 0; row < table.rows.size() && row < 50; ++row) {
    if (column < table.rows[row].size())
      width = std::max(width, DisplayWidth(std::string_view(table.rows[row][column])));
  }
  return std::min(width, kMaxColumnWidth) + 2;
}

}  // namespace

Result<std::string> WriteXlsx(const TextTable& table) {
  if (table.rows.size() > kMaxRows) {
    return Status::InvalidArgument("a workbook holds " + std::to_string(kMaxRows) + " rows, not " +
                                   std::to_string(table.rows.size()));
  }
  // The library of Debian 12 writes to files alone; this one is readable by the owner only.
  TemporaryFile file;
  if (!file.ok()) return Status::Unavailable("a temporary file cannot be made");
  lxw_workbook* workbook = workbook_new(file.path().c_str());
  if (workbook == nullptr) return Status::Unavailable("a workbook cannot be made");
  // A name that the format refuses leaves the default one.
  lxw_worksheet* sheet = workbook_add_worksheet(workbook, nullptr);
  lxw_format* bold = workbook_add_format(workbook);
  format_set_bold(bold);
  const auto put = [&](size_t row, size_t column, std::string_view text, lxw_format* format) {
    const std::string cell(TruncateUtf8(SafeCell(text), kMaxCell));
    return worksheet_write_string(sheet, static_cast<lxw_row_t>(row),
                                  static_cast<lxw_col_t>(column), cell.c_str(), format);
  };
  lxw_error error = LXW_NO_ERROR;
  for (size_t column = 0; column < table.header.size(); ++column) {
    const auto at = static_cast<lxw_col_t>(column);
    worksheet_set_column(sheet, at, at, WidthOf(table, column), nullptr);
    error = std::max(error, put(0, column, table.header[column], bold));
  }
  worksheet_freeze_panes(sheet, 1, 0);
  for (size_t row = 0; row < table.rows.size(); ++row) {
    for (size_t column = 0; column < table.rows[row].size(); ++column)
      error = std::max(error, put(row + 1, column, table.rows[row][column], nullptr));
  }
  const lxw_error closed = workbook_close(workbook);
  if (error == LXW_NO_ERROR) error = closed;
  if (error != LXW_NO_ERROR)
    return Status::Unavailable(std::string("write the workbook: ") + lxw_strerror(error));
  return ReadFile(file.path(), kMaxBytes);
}

}  // namespace cluehound
