#include <array>
#include <nlohmann/json.hpp>

#include "app/paper_commands.h"
#include "app/terminal.h"
#include "triage/paper_form.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::ordered_json;

struct Column {
  std::string_view head;
  std::string_view field;  // of the form; empty: see CellOf
  int width;
};

const std::vector<Column>& ColumnsOf(store::PaperKind kind) {
  static const std::array<std::vector<Column>, store::kPaperKindCount> kColumns = {{
      {{"来源", "origin", 10}, {"收到", "received", 12}, {"经营者", "seller", 16}},
      {{"种类", "type", 12}, {"收文单位", "to", 20}, {"发出", "sent", 12}},
      {{"权利人", "holder", 20}, {"通知", "notified", 12}, {"平台", "platform", 10}},
      {{"当事人", "party", 20}, {"立案", "filed_on", 12}, {"罚款", "fine", 12}},
      {{"地理标志", "gi", 14}, {"用标企业", "name", 26}, {"线上", "online", 10}},
      {{"接收单位", "to", 20}, {"范围", "scope", 8}, {"条数", "count", 6}},
  }};
  return kColumns[static_cast<size_t>(kind) - 1];
}

store::PaperKind KindOf(const Json& paper) {
  return store::PaperKindFromName(paper.value("kind", "")).value_or(store::PaperKind::kClue);
}

// A field as people read it.
std::string Shown(const triage::PaperForm& form, const std::string& name,
                  const std::string& value) {
  const triage::FormField* field = form.Find(name);
  if (field == nullptr) return value;
  for (const auto& [code, chinese] : field->choices) {
    if (code == value) return std::string(chinese);
  }
  return value;
}

std::string Due(const Json& paper) {
  if (!paper.contains("due")) return "";
  if (paper.contains("answered")) return paper.value("due", "");
  const char* over = paper.value("kind", "") == "notice" ? " 期满" : " 超期";
  return paper.value("due", "") + (paper.value("over", false) ? over : "");
}

// The blanks behind the last cell are nobody's.
void EndLine(std::string& out) {
  while (!out.empty() && out.back() == ' ') out.pop_back();
  out += '\n';
}

}  // namespace

std::string RenderPapers(const std::vector<std::string>& lines, int columns) {
  if (lines.empty()) return "没有记录\n";
  std::string out;
  const Json first = Json::parse(lines.front(), nullptr, false);
  const store::PaperKind kind = KindOf(first);
  const bool has_clock = kind == store::PaperKind::kClue || kind == store::PaperKind::kLetter ||
                         kind == store::PaperKind::kNotice;
  // Number, state, term and the form's columns are fixed; the document's number gets the rest.
  int fixed = 6 + 12 + (has_clock ? 17 : 0);
  for (const Column& column : ColumnsOf(kind)) fixed += column.width;
  const int document = std::max(12, columns - fixed);
  out += Cell("编号", 6) + Cell("文号", document) + Cell("状态", 12);
  if (has_clock) out += Cell("期限", 17);
  for (const Column& column : ColumnsOf(kind)) out += Cell(std::string(column.head), column.width);
  EndLine(out);
  for (const std::string& line : lines) {
    const Json paper = Json::parse(line, nullptr, false);
    const triage::PaperForm& form = triage::FormOf(kind);
    out += Cell(std::to_string(paper.value("paper", 0)), 6);
    out += Cell(Printable(paper.value("document", "")), document);
    out += Cell(paper.value("state_name", ""), 12);
    if (has_clock) out += Cell(Due(paper), 17);
    for (const Column& column : ColumnsOf(kind)) {
      const std::string name(column.field);
      const std::string value = paper["fields"].value(name, "");
      out += Cell(Printable(Shown(form, name, value)), column.width);
    }
    EndLine(out);
  }
  return out;
}

std::string RenderPaper(const std::vector<std::string>& lines, int columns) {
  constexpr int kIndent = 22;
  std::string out;
  const Json paper = Json::parse(lines.front(), nullptr, false);
  const store::PaperKind kind = KindOf(paper);
  const triage::PaperForm& form = triage::FormOf(kind);
  const auto put = [&](const std::string& name, const std::string& value) {
    if (value.empty()) return;
    out += Cell(name, kIndent);
    AppendFlowed(out, Printable(value), kIndent, kIndent, columns);
  };
  put(std::string(store::ChineseName(kind)), std::to_string(paper.value("paper", 0)));
  put("状态", paper.value("state_name", ""));
  for (const triage::FormField& field : form.fields) {
    const std::string name(field.name);
    const std::string value = name == "document" || name == "county"
                                  ? paper.value(name, "")
                                  : paper["fields"].value(name, "");
    put(std::string(field.chinese), Shown(form, name, value));
  }
  put("期限届满", Due(paper));
  put("注意", paper.value("warning", ""));
  for (const Json& file : paper.value("files", Json::array()))
    put("文件", file.value("name", "") + " " + file.value("type", "") + " SHA-256 " +
                    file.value("sha256", ""));
  put("登记", paper.value("at", "") + " " + paper.value("by", paper.value("user", "")));
  for (size_t i = 1; i < lines.size(); ++i) {
    const Json lead = Json::parse(lines[i], nullptr, false);
    put("线索", lead.value("lead", "").substr(0, 8) + " " + lead.value("number", "") + " " +
                    lead.value("status", "") + " " + lead.value("title", ""));
  }
  return out;
}

std::string RenderFigures(const std::string& operation, const std::vector<std::string>& lines) {
  static const std::vector<Column> kCoverage = {
      {"地理标志", "gi", 20},        {"登记主体", "users", 10},     {"用标", "using", 8},
      {"覆盖率%", "rate", 10},       {"已抽查", "checked", 8},      {"线上可见", "online", 10},
      {"标注", "online_claimed", 6}, {"不明", "online_unknown", 6}, {"未见", "not_seen", 6}};
  static const std::vector<Column> kStats = {{"行为类型", "name", 38},   {"立案", "filed", 6},
                                             {"不予", "not_filed", 6},   {"处罚", "decided", 6},
                                             {"案值", "value", 15},      {"罚款", "fine", 15},
                                             {"没收", "confiscated", 12}};
  if (operation == "gi.scan") {
    size_t pages = 0;
    size_t users = 0;
    for (const std::string& text : lines) {
      const Json line = Json::parse(text, nullptr, false);
      pages += line.value("pages", size_t{0});
      users += line.value("users", size_t{0});
    }
    return "已查看 " + std::to_string(pages) + " 个页面，更新 " + std::to_string(users) +
           " 次用标主体的线上情况\n";
  }
  const std::vector<Column>& columns = operation == "cases.stats" ? kStats : kCoverage;
  std::string out;
  for (const Column& column : columns) out += Cell(std::string(column.head), column.width);
  EndLine(out);
  for (const std::string& text : lines) {
    const Json line = Json::parse(text, nullptr, false);
    for (const Column& column : columns) {
      const auto value = line.find(std::string(column.field));
      std::string cell = value == line.end()  ? ""
                         : value->is_string() ? value->get<std::string>()
                                              : value->dump();
      if (cell == "all") cell = "合计";
      out += Cell(Printable(cell), column.width);
    }
    EndLine(out);
  }
  return out;
}

}  // namespace cluehound::app
