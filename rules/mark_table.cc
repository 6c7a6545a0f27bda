#include "rules/mark_table.h"

#include <array>
#include <optional>
#include <set>

#include "base/text.h"
#include "rules/folding.h"
#include "rules/mark.h"

namespace cluehound::rules {
namespace {

enum class Column : uint8_t {
  kName,
  kKind,
  kAliases,
  kClasses,
  kGoods,
  kArea,
  kOwner,
  kNumber,
  kFrom,
  kTo,
  kNote,
  kId,
};

struct Header {
  std::string_view text;  // folded
  Column column;
};
constexpr Header kHeaders[] = {
    {"名称", Column::kName},
    {"商标名称", Column::kName},
    {"商标", Column::kName},
    {"标识", Column::kName},
    {"标识名称", Column::kName},
    {"标志名称", Column::kName},
    {"产品名称", Column::kName},
    {"地理标志名称", Column::kName},
    {"name", Column::kName},
    {"mark", Column::kName},
    {"trademark", Column::kName},
    {"种类", Column::kKind},
    {"类型", Column::kKind},
    {"标识种类", Column::kKind},
    {"保护类型", Column::kKind},
    {"kind", Column::kKind},
    {"type", Column::kKind},
    {"别名", Column::kAliases},
    {"又名", Column::kAliases},
    {"其他写法", Column::kAliases},
    {"英文名", Column::kAliases},
    {"英文名称", Column::kAliases},
    {"alias", Column::kAliases},
    {"aliases", Column::kAliases},
    {"类别", Column::kClasses},
    {"国际分类", Column::kClasses},
    {"商品类别", Column::kClasses},
    {"商标类别", Column::kClasses},
    {"尼斯分类", Column::kClasses},
    {"class", Column::kClasses},
    {"classes", Column::kClasses},
    {"nice", Column::kClasses},
    {"商品", Column::kGoods},
    {"核定商品", Column::kGoods},
    {"核定使用商品", Column::kGoods},
    {"商品词", Column::kGoods},
    {"goods", Column::kGoods},
    {"产地", Column::kArea},
    {"产地范围", Column::kArea},
    {"保护范围", Column::kArea},
    {"保护地域", Column::kArea},
    {"area", Column::kArea},
    {"权利人", Column::kOwner},
    {"注册人", Column::kOwner},
    {"商标注册人", Column::kOwner},
    {"所有人", Column::kOwner},
    {"持有人", Column::kOwner},
    {"申请人", Column::kOwner},
    {"owner", Column::kOwner},
    {"holder", Column::kOwner},
    {"注册号", Column::kNumber},
    {"商标注册号", Column::kNumber},
    {"注册证号", Column::kNumber},
    {"登记号", Column::kNumber},
    {"公告号", Column::kNumber},
    {"number", Column::kNumber},
    {"注册日期", Column::kFrom},
    {"起始日期", Column::kFrom},
    {"有效期自", Column::kFrom},
    {"valid_from", Column::kFrom},
    {"有效期至", Column::kTo},
    {"有效期", Column::kTo},
    {"截止日期", Column::kTo},
    {"届满日期", Column::kTo},
    {"专用权期限", Column::kTo},
    {"valid_to", Column::kTo},
    {"until", Column::kTo},
    {"备注", Column::kNote},
    {"说明", Column::kNote},
    {"note", Column::kNote},
    {"编号", Column::kId},
    {"id", Column::kId},
};

std::optional<std::string> KindOf(std::string_view cell) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"商标", "trademark"},
      {"注册商标", "trademark"},
      {"重点商标", "trademark"},
      {"驰名商标", "trademark"},
      {"地理标志", "gi"},
      {"地标", "gi"},
      {"地理标志产品", "gi"},
      {"特殊标志", "special_mark"},
      {"奥林匹克标志", "olympic"},
      {"奥林匹克", "olympic"},
      {"官方标志", "official_sign"},
  };
  const std::string folded = FoldString(cell);
  for (const auto& [name, kind] : kNames) {
    if (folded == name) return std::string(kind);
  }
  if (MarkKindFromName(folded)) return folded;
  return std::nullopt;
}

// "耐克；NIKE、Nike" -> three texts. A comma parts too; blanks do not, since names have them.
std::vector<std::string> Parts(const std::string& cell) {
  std::string text;
  for (size_t pos = 0; pos < cell.size();) {
    const char32_t c = DecodeUtf8(cell, pos);
    const bool parts = c == U'、' || c == U'；' || c == U';' || c == U'，' || c == U',' ||
                       c == U'|' || c == U'/' || c == U'／';
    AppendUtf8(text, parts ? U'\n' : c);
  }
  std::vector<std::string> parts;
  for (const std::string_view part : SplitAscii(text, "\n")) {
    if (const std::string_view trimmed = TrimAscii(part); !trimmed.empty())
      parts.emplace_back(trimmed);
  }
  return parts;
}

class TableReader {
 public:
  TableReader(const Spreadsheet& table, std::string kind)
      : table_(table), default_kind_(std::move(kind)) {}

  Result<MarkTable> Read() {
    while (header_ < table_.rows.size() && Empty(table_.rows[header_])) ++header_;
    if (header_ == table_.rows.size()) return Status::InvalidArgument("表格是空的");
    ReadHeader();
    if (!Has(Column::kName))
      return Status::InvalidArgument("第 " + std::to_string(header_ + 1) +
                                     " 行没有“名称”一列；第一行应写列名，例如：名称、种类、别名、"
                                     "类别、权利人、注册号、有效期至");
    for (row_ = header_ + 1; row_ < table_.rows.size(); ++row_) {
      if (!Empty(table_.rows[row_])) ReadRow();
    }
    return std::move(read_);
  }

 private:
  static bool Empty(const std::vector<std::string>& row) {
    for (const std::string& cell : row) {
      if (!cell.empty()) return false;
    }
    return true;
  }
  std::optional<size_t>& At(Column column) { return columns_[static_cast<size_t>(column)]; }
  bool Has(Column column) { return At(column).has_value(); }

  void ReadHeader() {
    const auto& row = table_.rows[header_];
    for (size_t i = 0; i < row.size(); ++i) {
      // "注册号（必填）", "注册号*": what stands in brackets is an aside.
      std::string text = FoldString(row[i]);
      text = text.substr(0, text.find_first_of("(*["));
      const std::string_view wanted = TrimAscii(text);
      if (wanted.empty()) continue;
      bool known = false;
      for (const Header& header : kHeaders) {
        if (wanted != header.text) continue;
        known = true;
        if (Has(header.column)) {
          Complain(header_, i, "这一列与 " + ColumnName(*At(header.column)) + " 列重复，不予读取",
                   false);
        } else {
          At(header.column) = i;
        }
        break;
      }
      if (!known) Complain(header_, i, "不认识的列，不予读取", false);
    }
  }

  void Complain(size_t row, std::optional<size_t> column, std::string message, bool refuses) {
    TableProblem problem;
    problem.row = row + 1;
    if (column) {
      problem.column = ColumnName(*column);
      if (*column < table_.rows[header_].size()) problem.header = table_.rows[header_][*column];
    }
    problem.message = std::move(message);
    problem.refuses = refuses;
    refused_ = refused_ || refuses;
    read_.problems.push_back(std::move(problem));
  }

  std::string Cell(Column column) {
    const auto& row = table_.rows[row_];
    return Has(column) && *At(column) < row.size() ? row[*At(column)] : "";
  }

  void ReadRow() {
    refused_ = false;
    NewMark mark;
    mark.name = Cell(Column::kName);
    if (FoldString(mark.name).empty()) Complain(row_, At(Column::kName), "没有名称", true);
    mark.kind = default_kind_;
    if (const std::string kind = Cell(Column::kKind); !kind.empty()) {
      if (const auto known = KindOf(kind)) {
        mark.kind = *known;
      } else {
        Complain(row_, At(Column::kKind),
                 "“" + kind + "”不是：商标、地理标志、特殊标志、奥林匹克标志、官方标志", true);
      }
    } else if (mark.kind.empty()) {
      Complain(row_, At(Column::kKind), "没有种类；补填，或用 --kind 指定", true);
    }
    for (std::string& alias : Parts(Cell(Column::kAliases))) {
      if (alias != mark.name) mark.aliases.push_back(std::move(alias));
    }
    mark.goods = Parts(Cell(Column::kGoods));
    mark.area = Parts(Cell(Column::kArea));
    ReadClasses(mark);
    mark.owner = Cell(Column::kOwner);
    mark.number = Cell(Column::kNumber);
    mark.valid_from = ReadDay(Column::kFrom);
    mark.valid_to = ReadDay(Column::kTo);
    mark.note = Cell(Column::kNote);
    mark.id = Cell(Column::kId);
    if (mark.id.empty()) mark.id = MarkIdFor(mark.name);
    if (!refused_ && !ids_.insert(mark.id).second)
      Complain(row_, At(Column::kName), "与上面的一行是同一标识（编号 " + mark.id + "）", true);
    if (refused_) return;
    read_.marks.push_back(std::move(mark));
    read_.rows.push_back(row_ + 1);
  }

  // "25、18", "第25类", "25类".
  void ReadClasses(NewMark& mark) {
    const std::string cell = Cell(Column::kClasses);
    if (cell.empty()) return;
    std::string digits;
    for (const char c : FoldString(cell)) digits += IsAsciiDigit(c) ? c : ' ';
    const auto numbers = SplitAscii(digits, " ");
    for (const std::string_view text : numbers) {
      const auto number = ParseInt(text);
      if (number && *number >= 1 && *number <= 45) {
        mark.classes.push_back(static_cast<int>(*number));
      } else {
        Complain(row_, At(Column::kClasses), "“" + cell + "”中有不存在的类别（应为 1 至 45）",
                 true);
        return;
      }
    }
    if (numbers.empty()) Complain(row_, At(Column::kClasses), "“" + cell + "”中没有类别号", true);
  }

  std::string ReadDay(Column column) {
    const std::string cell = Cell(column);
    if (cell.empty()) return "";
    // "2019-05-07至2029-05-06": of a span the end counts for the end.
    std::string_view text = cell;
    for (const std::string_view between : {"至", "～", "~", "到", "—"}) {
      const size_t at = text.find(between);
      if (at == std::string_view::npos) continue;
      text = column == Column::kTo ? text.substr(at + between.size()) : text.substr(0, at);
      break;
    }
    const std::string day = DayOfCell(TrimAscii(text));
    if (day.empty()) Complain(row_, At(column), "“" + cell + "”不是日期，应写作 2026-08-29", true);
    return day;
  }

  const Spreadsheet& table_;
  const std::string default_kind_;
  size_t header_ = 0, row_ = 0;
  bool refused_ = false;
  std::array<std::optional<size_t>, 12> columns_;
  std::set<std::string> ids_;
  MarkTable read_;
};

}  // namespace

Result<MarkTable> ReadMarkTable(const Spreadsheet& table, const std::string& kind) {
  return TableReader(table, kind).Read();
}

}  // namespace cluehound::rules
