#include "triage/seller_table.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/clock.h"
#include "base/text.h"
#include "rules/credit_code.h"
#include "rules/folding.h"
#include "store/seller_records.h"

namespace cluehound::triage {
namespace {

using store::OfficialEntry;

enum class Column { kName, kCode, kGrade, kDocument, kAuthority, kFrom, kUntil };

struct ColumnNames {
  Column column;
  std::vector<std::string_view> names;
};

const std::vector<ColumnNames>& Columns() {
  static const std::vector<ColumnNames> columns = {
      {Column::kName,
       {"名称", "企业名称", "当事人", "当事人名称", "主体名称", "市场主体名称", "经营者",
        "经营主体名称", "name"}},
      {Column::kCode, {"统一社会信用代码", "社会信用代码", "信用代码", "统一代码", "code"}},
      {Column::kGrade,
       {"等级", "分类等级", "信用等级", "风险等级", "分类", "信用风险分类", "信用风险等级",
        "分类结果", "grade"}},
      {Column::kDocument,
       {"文号", "文书号", "决定书文号", "决定文号", "列入决定书文号", "列入决定文号", "document"}},
      {Column::kAuthority, {"列入机关", "作出机关", "认定机关", "机关", "authority"}},
      {Column::kFrom, {"列入日期", "认定日期", "评定日期", "分类日期", "日期", "from"}},
      {Column::kUntil,
       {"有效期至", "有效期", "截止日期", "届满日期", "移出日期", "到期日期", "until"}}};
  return columns;
}

std::optional<Column> ColumnNamed(const std::string& header) {
  std::string plain = header;
  plain = plain.substr(0, std::min(plain.find('('), plain.find("（")));
  plain = ToAsciiLower(CollapseSpace(plain));
  for (const ColumnNames& column : Columns()) {
    if (std::find(column.names.begin(), column.names.end(), plain) != column.names.end())
      return column.column;
  }
  return std::nullopt;
}

// 18 of the code's alphabet, upper case; empty when it is none.
std::string CodeOf(const std::string& cell) {
  std::string code;
  for (const char c : store::ToAsciiUpper(rules::FoldString(cell))) {
    if (IsAsciiAlnum(c)) {
      code += c;
    } else if (!IsAsciiSpace(c)) {
      return "";
    }
  }
  if (code.size() != 18 || rules::CreditCodeCheck(ToAsciiLower(code).substr(0, 17)) == '\0')
    return "";
  return code;
}

// "A" of "A", "a级", "Ａ类"; empty when it is none.
std::string GradeOf(const std::string& cell) {
  std::string folded = rules::FoldString(cell);
  for (const std::string_view end : {"级", "类", "等"}) {
    if (folded.ends_with(end)) folded = folded.substr(0, folded.size() - end.size());
  }
  folded = std::string(TrimAscii(folded));
  return folded.size() == 1 && folded[0] >= 'a' && folded[0] <= 'd' ? store::ToAsciiUpper(folded)
                                                                    : "";
}

class Reader {
 public:
  Reader(const Spreadsheet& sheet, OfficialEntry::List list, const std::string& file)
      : sheet_(sheet), list_(list), file_(file) {}

  Result<OfficialTable> Read() {
    size_t row = 0;
    while (row < sheet_.rows.size() && Blank(row)) ++row;
    if (row == sheet_.rows.size()) return Status::InvalidArgument("表格是空的");
    header_ = row;
    for (size_t i = 0; i < sheet_.rows[row].size(); ++i) {
      const auto column = ColumnNamed(sheet_.rows[row][i]);
      if (column) columns_.emplace(*column, i);
    }
    RETURN_IF_ERROR(CheckHeader());
    for (++row; row < sheet_.rows.size(); ++row) {
      if (!Blank(row)) Take(row);
    }
    return std::move(table_);
  }

 private:
  bool Blank(size_t row) const {
    return std::all_of(sheet_.rows[row].begin(), sheet_.rows[row].end(),
                       [](const std::string& cell) { return CollapseSpace(cell).empty(); });
  }

  Status CheckHeader() const {
    if (!Has(Column::kName) && !Has(Column::kCode))
      return Status::InvalidArgument("第一行里没有“名称”或“统一社会信用代码”这样的列名");
    if (!Has(Column::kDocument)) return Status::InvalidArgument("第一行里没有“文号”这样的列名");
    if (!Has(Column::kUntil)) return Status::InvalidArgument("第一行里没有“有效期至”这样的列名");
    if (list_ == OfficialEntry::List::kGrade && !Has(Column::kGrade))
      return Status::InvalidArgument("第一行里没有“等级”这样的列名");
    return Status::Ok();
  }

  bool Has(Column column) const { return columns_.contains(column); }
  std::string Cell(size_t row, Column column) const {
    const auto place = columns_.find(column);
    if (place == columns_.end() || place->second >= sheet_.rows[row].size()) return "";
    return CollapseSpace(sheet_.rows[row][place->second]);
  }

  void Problem(size_t row, Column column, const std::string& message, bool refuses = true) {
    const size_t place = columns_.at(column);
    table_.problems.push_back(
        {row + 1, ColumnName(place), sheet_.rows[header_][place], message, refuses});
    refused_ |= refuses;
  }
  void Problem(size_t row, const std::string& message, bool refuses = true) {
    table_.problems.push_back({row + 1, "", "", message, refuses});
    refused_ |= refuses;
  }

  std::string Day(size_t row, Column column) {
    const std::string cell = Cell(row, column);
    if (cell.empty()) return "";
    std::string day = DayOfCell(cell);
    if (!day.empty() && ParseDay(day)) return day;
    Problem(row, column, "“" + cell + "”不是日期，例如 2027-06-30");
    return "";
  }

  void Take(size_t row) {
    refused_ = false;
    OfficialEntry entry;
    entry.list = list_;
    entry.file = file_;
    entry.name = Cell(row, Column::kName);
    const std::string code = Cell(row, Column::kCode);
    entry.code = CodeOf(code);
    if (!code.empty() && entry.code.empty()) {
      Problem(row, Column::kCode, "“" + code + "”不是 18 位统一社会信用代码");
    } else if (!entry.code.empty() &&
               rules::CreditCodeCheck(ToAsciiLower(entry.code).substr(0, 17)) !=
                   AsciiLower(entry.code[17])) {
      Problem(row, Column::kCode, "校验位不符，请核对；已按原样导入", false);
    }
    if (entry.name.empty() && code.empty()) Problem(row, "名称和统一社会信用代码都是空的");
    if (list_ == OfficialEntry::List::kGrade) {
      const std::string grade = Cell(row, Column::kGrade);
      entry.grade = GradeOf(grade);
      if (entry.grade.empty()) {
        Problem(row, Column::kGrade,
                grade.empty() ? "等级是空的" : "“" + grade + "”不是 A、B、C、D 之一");
      }
    }
    entry.document = Cell(row, Column::kDocument);
    if (entry.document.empty()) Problem(row, Column::kDocument, "文号是空的");
    entry.authority = Cell(row, Column::kAuthority);
    entry.from = Day(row, Column::kFrom);
    const bool no_end = Cell(row, Column::kUntil).empty();
    if (no_end) Problem(row, Column::kUntil, "有效期是空的");
    entry.until = Day(row, Column::kUntil);
    if (!entry.from.empty() && !entry.until.empty() && entry.until <= entry.from)
      Problem(row, Column::kUntil, "有效期不在列入日期之后");
    if (refused_) {
      ++table_.refused;
      return;
    }
    const std::string key = store::OfficialKey(entry);
    const auto [place, is_new] = rows_.emplace(key, row);
    if (!is_new) {
      Problem(row, "与第 " + std::to_string(place->second + 1) + " 行是同一主体，以后面的为准",
              false);
      place->second = row;
    }
    table_.entries.push_back(std::move(entry));
  }

  const Spreadsheet& sheet_;
  const OfficialEntry::List list_;
  const std::string& file_;
  size_t header_ = 0;
  std::map<Column, size_t> columns_;
  std::map<std::string, size_t> rows_;  // by key
  bool refused_ = false;                // the row at hand
  OfficialTable table_;
};

}  // namespace

Result<OfficialTable> ReadOfficialTable(const Spreadsheet& sheet, OfficialEntry::List list,
                                        const std::string& file) {
  return Reader(sheet, list, file).Read();
}

Status CheckOfficial(const OfficialEntry& entry) {
  const auto refuse = [](const char* why) { return Status::InvalidArgument(why); };
  if (entry.name.empty() && entry.code.empty()) return refuse("an entry needs a name or a code");
  if (!entry.code.empty() && CodeOf(entry.code) != entry.code)
    return refuse("an entry's code is none");
  if (entry.document.empty()) return refuse("an entry needs the number of its document");
  if (!ParseDay(entry.until)) return refuse("an entry needs the day on which it ends");
  if (!entry.from.empty() && !ParseDay(entry.from)) return refuse("an entry's first day is none");
  if ((entry.list == OfficialEntry::List::kGrade) !=
      (GradeOf(entry.grade) == entry.grade && !entry.grade.empty()))
    return refuse("an entry of a grade has A, B, C or D, another one has none");
  return Status::Ok();
}

}  // namespace cluehound::triage
