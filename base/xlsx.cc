#include "base/xlsx.h"

#include <zip.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>

#include "base/text.h"
#include "base/xml.h"

namespace cluehound {
namespace {

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct ZipFileCloser {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

// The parts of the package, unpacked on demand under one budget.
class Package {
 public:
  static Result<std::unique_ptr<Package>> Open(std::string_view bytes, size_t budget) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
    if (source == nullptr) return Status::InvalidArgument("不是 Excel 工作簿：打不开");
    zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (archive == nullptr) {
      const std::string why = zip_error_strerror(&error);
      zip_source_free(source);
      zip_error_fini(&error);
      return Status::InvalidArgument("不是 Excel 工作簿（.xlsx），请用 Excel 或 WPS 重新保存：" +
                                     why);
    }
    zip_error_fini(&error);
    return std::unique_ptr<Package>(new Package(archive, budget));
  }

  bool Has(const std::string& name) const {
    return zip_name_locate(archive_.get(), name.c_str(), 0) >= 0;
  }
  Result<std::string> Read(const std::string& name) {
    const zip_int64_t index = zip_name_locate(archive_.get(), name.c_str(), 0);
    if (index < 0) return Status::InvalidArgument("不是 Excel 工作簿（.xlsx）：缺少 " + name);
    const std::unique_ptr<zip_file_t, ZipFileCloser> file(
        zip_fopen_index(archive_.get(), static_cast<zip_uint64_t>(index), 0));
    if (file == nullptr)
      return Status::InvalidArgument("工作簿中的 " + name + " 不能解压，可能已加密");
    std::string content;
    char buffer[1 << 16];
    for (;;) {
      const zip_int64_t n = zip_fread(file.get(), buffer, sizeof buffer);
      if (n < 0) return Status::InvalidArgument("工作簿中的 " + name + " 已损坏");
      if (n == 0) return content;
      if (static_cast<size_t>(n) > budget_) return Status::InvalidArgument("工作簿解压后过大");
      budget_ -= static_cast<size_t>(n);
      content.append(buffer, static_cast<size_t>(n));
    }
  }

 private:
  Package(zip_t* archive, size_t budget) : archive_(archive), budget_(budget) {}
  std::unique_ptr<zip_t, ZipCloser> archive_;
  size_t budget_;
};

using Attributes = XmlHandler::Attributes;

Status ReadPart(std::string_view xml, XmlHandler& handler) {
  return ReadXml(xml, "工作簿", handler);
}

// xl/workbook.xml: the relation of the first sheet. Its relations: the part behind it.
class FirstSheet final : public XmlHandler {
 public:
  void Begin(const std::string& name, const Attributes& attributes) override {
    const auto value = [&](const char* key) {
      const auto it = attributes.find(key);
      return it == attributes.end() ? std::string() : it->second;
    };
    if (name == "sheet" && relation_.empty()) relation_ = value("id");
    if (name == "Relationship" && value("Id") == relation_) target_ = value("Target");
  }
  void End(const std::string&) override {}
  void Text(std::string_view) override {}
  const Status& status() const override { return status_; }

  // Relative to xl/, or from the root.
  std::string part() const {
    if (target_.empty()) return "xl/worksheets/sheet1.xml";
    return target_.starts_with('/') ? target_.substr(1) : "xl/" + target_;
  }

 private:
  std::string relation_, target_;
  Status status_;
};

// xl/sharedStrings.xml: the text runs of each item, without phonetic guides.
class SharedStrings final : public XmlHandler {
 public:
  explicit SharedStrings(const SpreadsheetLimits& limits) : limits_(limits) {}
  void Begin(const std::string& name, const Attributes&) override {
    if (name == "si") strings.emplace_back();
    if (name == "rPh") phonetic_ = true;
    text_ = name == "t";
  }
  void End(const std::string& name) override {
    if (name == "rPh") phonetic_ = false;
    text_ = false;
  }
  void Text(std::string_view text) override {
    if (!text_ || phonetic_ || strings.empty()) return;
    if (strings.back().size() + text.size() > limits_.max_cell) {
      status_ = Status::InvalidArgument("工作簿中有单元格超过 " + std::to_string(limits_.max_cell) +
                                        " 字节");
    } else {
      strings.back() += text;
    }
  }
  const Status& status() const override { return status_; }

  std::vector<std::string> strings;

 private:
  const SpreadsheetLimits& limits_;
  bool text_ = false, phonetic_ = false;
  Status status_;
};

// "12345678" for "1.2345678E7": a number as people see it in a general cell.
std::string PlainNumber(const std::string& text) {
  if (text.find_first_of(".eE") == std::string::npos) return text;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
      std::fabs(value) > 1e15)
    return text;
  char buffer[64];
  const auto [last, failed] =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return failed == std::errc() ? std::string(buffer, last) : text;
}

class Sheet final : public XmlHandler {
 public:
  Sheet(const std::vector<std::string>& strings, const SpreadsheetLimits& limits,
        Spreadsheet& table)
      : strings_(strings), limits_(limits), table_(table) {}

  void Begin(const std::string& name, const Attributes& attributes) override {
    if (name == "row") {
      const auto it = attributes.find("r");
      const auto number = it == attributes.end() ? std::nullopt : ParseInt(it->second);
      row_ = number && *number > 0 ? static_cast<size_t>(*number) - 1 : next_row_;
      next_row_ = row_ + 1;
      next_column_ = 0;
      if (row_ >= limits_.max_rows && status_.ok()) status_ = TooManyRows(limits_);
    } else if (name == "c") {
      const auto place = attributes.find("r");
      column_ = place == attributes.end() ? next_column_ : ColumnOf(place->second);
      next_column_ = column_ + 1;
      const auto type = attributes.find("t");
      type_ = type == attributes.end() ? "n" : type->second;
      text_.clear();
      if (column_ >= limits_.max_columns)
        Refuse("超过 " + std::to_string(limits_.max_columns) + " 列");
    } else if (name == "rPh") {
      phonetic_ = true;
    }
    reading_ = (name == "v" || name == "t") && !phonetic_;
  }
  void End(const std::string& name) override {
    reading_ = false;
    if (name == "rPh") phonetic_ = false;
    if (name == "c" && status_.ok()) Put();
  }
  void Text(std::string_view text) override {
    if (!reading_) return;
    if (text_.size() + text.size() > limits_.max_cell) {
      Refuse("有单元格超过 " + std::to_string(limits_.max_cell) + " 字节");
    } else {
      text_ += text;
    }
  }
  const Status& status() const override { return status_; }

 private:
  void Refuse(const std::string& why) {
    if (status_.ok())
      status_ = Status::InvalidArgument("第 " + std::to_string(row_ + 1) + " 行" + why);
  }
  static size_t ColumnOf(const std::string& place) {
    size_t column = 0;
    for (const char c : place) {
      if (c < 'A' || c > 'Z' || column > 100'000) break;
      column = column * 26 + static_cast<size_t>(c - 'A') + 1;
    }
    return column == 0 ? 0 : column - 1;
  }
  void Put() {
    std::string value = text_;
    if (type_ == "s") {
      const auto index = ParseInt(text_);
      if (!index || *index < 0 || static_cast<size_t>(*index) >= strings_.size())
        return Refuse("有单元格指向不存在的文字");
      value = strings_[static_cast<size_t>(*index)];
    } else if (type_ == "n") {
      value = PlainNumber(text_);
    }
    value = CollapseSpace(ToValidUtf8(value));
    if (value.empty()) return;
    // Shared texts cost the file little and the table much: what they come to is bounded too.
    total_ += value.size();
    if (total_ > limits_.max_unpacked) return Refuse("之前的文字过多");
    if (table_.rows.size() <= row_) table_.rows.resize(row_ + 1);
    auto& row = table_.rows[row_];
    if (row.size() <= column_) row.resize(column_ + 1);
    row[column_] = std::move(value);
  }

  const std::vector<std::string>& strings_;
  const SpreadsheetLimits& limits_;
  Spreadsheet& table_;
  size_t row_ = 0, next_row_ = 0, column_ = 0, next_column_ = 0, total_ = 0;
  std::string type_, text_;
  bool reading_ = false, phonetic_ = false;
  Status status_;
};

}  // namespace

Result<Spreadsheet> ReadXlsx(std::string_view bytes, const SpreadsheetLimits& limits) {
  ASSIGN_OR_RETURN(const auto package, Package::Open(bytes, limits.max_unpacked));
  FirstSheet first;
  ASSIGN_OR_RETURN(const std::string workbook, package->Read("xl/workbook.xml"));
  RETURN_IF_ERROR(ReadPart(workbook, first));
  constexpr char kRelations[] = "xl/_rels/workbook.xml.rels";
  if (package->Has(kRelations)) {
    ASSIGN_OR_RETURN(const std::string relations, package->Read(kRelations));
    RETURN_IF_ERROR(ReadPart(relations, first));
  }
  SharedStrings shared(limits);
  constexpr char kStrings[] = "xl/sharedStrings.xml";
  if (package->Has(kStrings)) {
    ASSIGN_OR_RETURN(const std::string strings, package->Read(kStrings));
    RETURN_IF_ERROR(ReadPart(strings, shared));
  }
  ASSIGN_OR_RETURN(const std::string sheet, package->Read(first.part()));
  Spreadsheet table;
  Sheet reader(shared.strings, limits, table);
  RETURN_IF_ERROR(ReadPart(sheet, reader));
  return table;
}

}  // namespace cluehound
