#include "app/import_mapping.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/join.h"
#include "base/text.h"
#include "base/yaml.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

bool LooksLikeJson(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes = TrimAscii(bytes.substr(0, 4096));
  return bytes.starts_with("[") || bytes.starts_with("{");
}

std::string CellOf(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_number() || value.is_boolean() ? value.dump() : "";
}

// Objects as rows under the names that they use.
Result<Spreadsheet> TableOf(const std::vector<Json>& objects, const SpreadsheetLimits& limits) {
  Spreadsheet table;
  table.rows.emplace_back();
  std::map<std::string, size_t> columns;
  for (const Json& object : objects) {
    const std::string item = "第 " + std::to_string(table.rows.size()) + " 项";
    if (!object.is_object())
      return Status::InvalidArgument("JSON 的每一项应是一个对象，" + item + "不是");
    auto& row = table.rows.emplace_back();
    for (const auto& [name, value] : object.items()) {
      const auto [place, is_new] = columns.emplace(name, columns.size());
      // Every row may get a cell for every name that any of them uses.
      if (columns.size() > limits.max_columns)
        return Status::InvalidArgument("到" + item + "为止，JSON 的字段名超过 " +
                                       std::to_string(limits.max_columns) + " 个");
      if (is_new) table.rows[0].push_back(name);
      row.resize(std::max(row.size(), place->second + 1));
      row[place->second] = ToValidUtf8(CellOf(value));
      if (row[place->second].size() > limits.max_cell)
        return Status::InvalidArgument(item + "有内容超过 " + std::to_string(limits.max_cell) +
                                       " 字节");
    }
  }
  return table;
}

// Deeper than any table: values are destroyed recursively, so this is asked before parsing.
bool TooDeep(std::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted) {
      depth += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
      if (depth > 64) return true;
    }
  }
  return false;
}

Result<Spreadsheet> ReadJson(std::string_view bytes, const SpreadsheetLimits& limits) {
  if (bytes.size() > limits.max_bytes) return TooManyBytes(limits);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (TooDeep(bytes)) return Status::InvalidArgument("JSON 嵌套过深，不是表格");
  std::vector<Json> objects;
  const Json whole = Json::parse(bytes, nullptr, false);
  if (whole.is_array()) {
    objects.assign(whole.begin(), whole.end());
  } else if (whole.is_object()) {
    objects.push_back(whole);
  } else {
    size_t number = 0;
    for (const std::string_view line : SplitAscii(bytes, "\n")) {
      ++number;
      if (TrimAscii(line).empty()) continue;
      Json object = Json::parse(line, nullptr, false);
      if (object.is_discarded())
        return Status::InvalidArgument("第 " + std::to_string(number) + " 行不是 JSON");
      objects.push_back(std::move(object));
    }
  }
  if (objects.size() > limits.max_rows) return TooManyRows(limits);
  return TableOf(objects, limits);
}

size_t FindColumn(const std::vector<std::string>& head, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (size_t i = 0; i < head.size(); ++i) {
      if (EqualsIgnoreAsciiCase(CollapseSpace(head[i]), name)) return i;
    }
  }
  return std::string::npos;
}

std::string Cell(const std::vector<std::string>& row, size_t column) {
  return column < row.size() ? row[column] : "";
}

// A mapping held against the heads of a table.
class Reader {
 public:
  Reader(const ImportMapping& mapping, const Spreadsheet& table)
      : mapping_(mapping), table_(table) {}

  Result<ImportTable> Run(size_t header) {
    if (table_.rows.size() < header) return Status::InvalidArgument("表格没有表头行");
    head_ = table_.rows[header - 1];
    RETURN_IF_ERROR(Place());
    for (size_t i = header; i < table_.rows.size(); ++i) {
      const auto& cells = table_.rows[i];
      if (std::all_of(cells.begin(), cells.end(), [](const auto& c) { return c.empty(); }))
        continue;
      result_.rows.push_back(RowOf(cells, i + 1));
    }
    return std::move(result_);
  }

 private:
  Status Place() {
    std::vector<bool> used(head_.size(), false);
    for (const ImportMapping::Column& column : mapping_.columns) {
      const size_t at = FindColumn(head_, column.names);
      columns_.push_back(at);
      if (at != std::string::npos) {
        used[at] = true;
        result_.places[column.field] = ColumnName(at) + " 列（" + CollapseSpace(head_[at]) + "）";
      } else if (column.required) {
        return Missing(column.names);
      }
    }
    for (const std::string& name : mapping_.key) {
      const size_t at = FindColumn(head_, {name});
      if (at == std::string::npos) return Missing({name});
      used[at] = true;
      key_.push_back(at);
    }
    for (size_t i = 0; i < head_.size(); ++i) {
      if (!used[i] && !head_[i].empty()) result_.unused.push_back(CollapseSpace(head_[i]));
    }
    return Status::Ok();
  }

  Status Missing(const std::vector<std::string>& names) const {
    return Status::InvalidArgument("表中没有列 " + Join(names, " 或 ") + "；表头为：" +
                                   Join(head_, "、"));
  }

  ImportRow RowOf(const std::vector<std::string>& cells, size_t number) const {
    ImportRow row;
    row.row = number;
    for (size_t i = 0; i < mapping_.columns.size(); ++i) {
      const ImportMapping::Column& column = mapping_.columns[i];
      std::string value = CollapseSpace(Cell(cells, columns_[i]));
      if (const auto meant = column.values.find(value); meant != column.values.end())
        value = meant->second;
      if (value.empty()) value = column.fallback;
      // Of several columns of one field the first that says something counts.
      if (!value.empty()) row.fields.try_emplace(column.field, std::move(value));
    }
    for (const size_t at : key_) {
      const std::string part = CollapseSpace(Cell(cells, at));
      row.key += (row.key.empty() ? "" : "|") + part;
    }
    const auto document = row.fields.find("document");
    if (!row.key.empty() && document != row.fields.end())
      row.key = document->second + "#" + row.key;
    return row;
  }

  const ImportMapping& mapping_;
  const Spreadsheet& table_;
  std::vector<std::string> head_;
  std::vector<size_t> columns_;  // of each mapped column its place, or npos
  std::vector<size_t> key_;
  ImportTable result_;
};

ImportMapping::Column ReadColumn(const YamlNode& node, const triage::PaperForm& form,
                                 Diagnostics& diagnostics) {
  YamlMap map(node, diagnostics, "column");
  ImportMapping::Column column;
  column.field = map.RequiredText("field");
  column.names = map.Texts("column");
  column.fallback = map.Text("value");
  column.required = map.Flag("required", false);
  if (const YamlNode* values = map.Child("values")) {
    if (!values->is_map()) map.Error("values", "bad-values", "must be pairs cell: meaning");
    for (const auto& [cell, meaning] : values->members)
      column.values[CollapseSpace(cell.scalar)] = meaning.scalar;
  }
  if (!column.field.empty() && form.Find(column.field) == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& field : form.fields) names.push_back(field.name);
    const std::string_view closest = ClosestWord(column.field, names);
    map.Error("field", "unknown-field",
              "the form " + std::string(store::Name(form.kind)) + " has no field \"" +
                  column.field + "\"",
              closest.empty() ? "" : "did you mean " + std::string(closest) + "?");
  }
  if (column.names.empty() && column.fallback.empty())
    map.Error("field", "missing-key", "a field needs its `column` in the table, or a `value`");
  map.Finish();
  return column;
}

}  // namespace

ImportMapping ParseMapping(std::string_view text, const std::string& file,
                           Diagnostics& diagnostics) {
  ImportMapping mapping;
  const auto root = ParseYaml(text, file, diagnostics);
  if (!root) return mapping;
  YamlMap top(*root, diagnostics, "the mapping");
  const std::string kind =
      top.Choice("kind", "clue", {"clue", "letter", "notice", "case", "sign_user"});
  mapping.kind = store::PaperKindFromName(kind).value_or(store::PaperKind::kClue);
  mapping.header = static_cast<size_t>(top.Integer("header", 1, 1, 100));
  mapping.key = top.Texts("key");
  const triage::PaperForm& form = triage::FormOf(mapping.kind);
  top.Each("columns", [&](const YamlNode& node) {
    mapping.columns.push_back(ReadColumn(node, form, diagnostics));
  });
  const bool needs_key =
      mapping.kind == store::PaperKind::kClue || mapping.kind == store::PaperKind::kNotice;
  if (needs_key && mapping.key.empty()) {
    diagnostics.Error("missing-key", root->where,
                      "without `key` a second import would make every row again",
                      "name the columns that tell rows of one document apart, such as 序号");
  }
  top.Finish();
  return mapping;
}

ImportMapping PlainMapping(store::PaperKind kind) {
  ImportMapping mapping;
  mapping.kind = kind;
  for (const triage::FormField& field : triage::FormOf(kind).fields) {
    ImportMapping::Column column;
    column.field = field.name;
    column.names = {std::string(field.chinese), std::string(field.name)};
    mapping.columns.push_back(std::move(column));
  }
  return mapping;
}

Result<ImportTable> ReadImport(std::string_view bytes, const ImportMapping& mapping,
                               const SpreadsheetLimits& limits) {
  const bool json = LooksLikeJson(bytes);
  ASSIGN_OR_RETURN(const Spreadsheet table,
                   json ? ReadJson(bytes, limits) : ReadSpreadsheet(bytes, limits));
  ASSIGN_OR_RETURN(ImportTable result, Reader(mapping, table).Run(json ? 1 : mapping.header));
  if (json) {  // objects are counted from 1, and have no row of heads
    for (ImportRow& row : result.rows) --row.row;
  }
  return result;
}

}  // namespace cluehound::app
