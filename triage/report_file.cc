#include "triage/report_file.h"

#include <nlohmann/json.hpp>

#include "base/docx.h"
#include "base/markup.h"
#include "base/table_writer.h"
#include "triage/category.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::ordered_json;

std::string CellText(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? "" : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A cell as officers read it: categories by their names, alone or behind a county.
std::string ShownText(const Json& row, const std::string& key) {
  const auto found = row.find(key);
  if (found == row.end()) return "";
  std::string text = CellText(*found);
  const auto category = row.find("category");
  if (category == row.end() || !category->is_string()) return text;
  const std::string code = *category;
  if ((key == "category" || key == "item") && !code.empty() && text.ends_with(code))
    text.replace(text.size() - code.size(), code.size(), CategoryChinese(code));
  return text;
}

struct Report {
  std::string title, span, counts;
  TextTable table;
};

Result<Report> Read(const std::vector<std::string>& lines) {
  const Json header = lines.empty() ? Json() : Json::parse(lines[0], nullptr, false);
  if (!header.is_object() || !header.contains("columns"))
    return Status::InvalidArgument("there is no report");
  Report report;
  report.title = header.value("title", "");
  report.span = header.value("from", "") + " 至 " + header.value("to", "");
  report.counts = header.value("counts", "");
  if (header.value("cut", false)) report.counts += "；超过 20000 行，未全部列出";
  report.table.name = report.title;
  std::vector<std::string> keys;
  for (const Json& column : header["columns"]) {
    keys.push_back(column.value("key", ""));
    report.table.header.push_back(column.value("title", ""));
  }
  for (size_t i = 1; i < lines.size(); ++i) {
    const Json object = Json::parse(lines[i], nullptr, false);
    auto& row = report.table.rows.emplace_back();
    for (const std::string& key : keys) row.push_back(ShownText(object, key));
  }
  return report;
}

std::string Html(const Report& report) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n<title>" +
      EscapeMarkup(report.title) +
      "</title>\n<style>@page{size:A4 landscape;margin:12mm}body{font:10pt "
      "SimSun,\"Songti SC\",serif}table{border-collapse:collapse;width:100%}"
      "th,td{border:1px solid #444;padding:2px 4px;text-align:left;vertical-align:top;"
      "overflow-wrap:anywhere}thead{display:table-header-group}tr{break-inside:avoid}"
      "h1{font-size:16pt;text-align:center}</style></head>\n<body><h1>" +
      EscapeMarkup(report.title) + "</h1>\n<p>" + EscapeMarkup(report.span) + "　共 " +
      std::to_string(report.table.rows.size()) + " 行</p>\n<p>统计口径：" +
      EscapeMarkup(report.counts) + "</p>\n<table><thead><tr>";
  for (const std::string& title : report.table.header)
    html += "<th>" + EscapeMarkup(title) + "</th>";
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : report.table.rows) {
    html += "<tr>";
    for (const std::string& cell : row) html += "<td>" + EscapeMarkup(cell) + "</td>";
    html += "</tr>\n";
  }
  return html + "</tbody></table></body></html>\n";
}

std::string JsonText(const std::vector<std::string>& lines) {
  std::string text = "{\"header\":" + lines[0] + ",\"rows\":[";
  for (size_t i = 1; i < lines.size(); ++i) text += (i > 1 ? ",\n" : "\n") + lines[i];
  return text + "]}\n";
}

}  // namespace

Result<ReportFile> MakeReportFile(const std::vector<std::string>& lines,
                                  const std::string& format) {
  ASSIGN_OR_RETURN(const Report report, Read(lines));
  if (format == "json")
    return ReportFile{JsonText(lines), "application/json; charset=utf-8", ".json"};
  if (format == "csv") return ReportFile{WriteCsv(report.table), "text/csv; charset=utf-8", ".csv"};
  if (format == "html") return ReportFile{Html(report), "text/html; charset=utf-8", ".html"};
  if (format == "xlsx") {
    ASSIGN_OR_RETURN(std::string bytes, WriteXlsx(report.table));
    return ReportFile{std::move(bytes),
                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"};
  }
  if (format == "docx") {
    DocxDocument document;
    document.landscape = true;
    document.title = report.title;
    document.paragraphs = {report.span + "　共 " + std::to_string(report.table.rows.size()) + " 行",
                           "统计口径：" + report.counts};
    document.table = report.table;
    ASSIGN_OR_RETURN(std::string bytes, WriteDocx(document));
    return ReportFile{std::move(bytes), std::string(kDocxMediaType), ".docx"};
  }
  return Status::InvalidArgument("format \"" + format +
                                 "\" is none of: html, xlsx, csv, docx, json");
}

}  // namespace cluehound::triage
