#include "triage/report_file.h"

#include <nlohmann/json.hpp>

#include "base/docx.h"
#include "base/markup.h"
#include "base/spreadsheet.h"
#include "base/zip_archive.h"
#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

const std::vector<std::string> kLines = {
    R"({"report":"daily","title":"线索日报","from":"2026-11-22","to":"2026-11-22","counts":"线索数",)"
    R"("columns":[{"key":"a","title":"标题"},{"key":"b","title":"分数"}]})",
    R"({"a":"=cmd|'/c calc'!A1","b":60})", R"*({"a":" @SUM(1)","b":-4})*",
    R"*({"a":"<script>alert(1)</script> & \"x\"\u0007"})*", R"({"a":"正常 \u202eslaf"})"};

std::string Member(const std::string& archive, const std::string& name) {
  const auto members = ReadZip(archive, 100, 10u << 20);
  REQUIRE_OK(members);
  for (const ZipMember& member : *members) {
    if (member.name == name) return member.bytes;
  }
  return "";
}

}  // namespace

TEST_CASE("attack: no cell of a report is a formula, in CSV and XLSX as programs read them") {
  for (const char* format : {"csv", "xlsx"}) {
    const auto file = MakeReportFile(kLines, format);
    REQUIRE_OK(file);
    INFO(format);
    CHECK(file->ending == std::string(".") + format);
    const auto sheet = ReadSpreadsheet(file->bytes);
    REQUIRE_OK(sheet);
    REQUIRE(sheet->rows.size() == 5);
    CHECK(sheet->rows[0][0] == "标题");
    CHECK(sheet->rows[1][0] == "'=cmd|'/c calc'!A1");
    CHECK(sheet->rows[1][1] == "60");
    CHECK(sheet->rows[2][0].find('\'') != std::string::npos);
    CHECK(sheet->rows[3][0] == "<script>alert(1)</script> & \"x\"");
  }
  CHECK(MakeReportFile(kLines, "csv")->bytes.substr(0, 3) == "\xEF\xBB\xBF");
  // Strings, not formulas, in the workbook's own terms.
  CHECK(Member(MakeReportFile(kLines, "xlsx")->bytes, "xl/worksheets/sheet1.xml").find("<f>") ==
        std::string::npos);
}

TEST_CASE("attack: no text of a report becomes HTML or XML, and none turns the writing round") {
  const std::string html = MakeReportFile(kLines, "html")->bytes;
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;") !=
        std::string::npos);
  CHECK(html.find("\u202e") == std::string::npos);
  CHECK(html.find('\a') == std::string::npos);
  CHECK(html.find("统计口径：线索数") != std::string::npos);
  const std::string docx = MakeReportFile(kLines, "docx")->bytes;
  const std::string body = Member(docx, "word/document.xml");
  CHECK(body.find("线索日报") != std::string::npos);
  CHECK(body.find("&lt;script&gt;") != std::string::npos);
  CHECK(body.find("<script") == std::string::npos);
  const auto json = nlohmann::json::parse(MakeReportFile(kLines, "json")->bytes);
  CHECK(json["rows"].size() == 4);
  CHECK_FALSE(MakeReportFile(kLines, "pdf").ok());
  CHECK_FALSE(MakeReportFile({}, "csv").ok());
}

TEST_CASE("ours: officers read a category by its name, programs by its code") {
  const std::vector<std::string> lines = {
      R"({"title":"半年","columns":[{"key":"item","title":"名称"},{"key":"category","title":"类别"}]})",
      R"({"item":"寿光市 gi","category":"gi"})", R"({"item":"olympic","category":"olympic"})",
      R"({"item":"trademark"})", R"({"item":"x","category":"of tomorrow"})"};
  const auto sheet = ReadSpreadsheet(MakeReportFile(lines, "xlsx")->bytes);
  REQUIRE_OK(sheet);
  using Row = std::vector<std::string>;
  CHECK(sheet->rows[1] == Row{"寿光市 地理标志", "地理标志"});
  CHECK(sheet->rows[2] == Row{"奥林匹克标志", "奥林匹克标志"});
  CHECK(sheet->rows[3] == Row{"trademark"});  // a mark, say, of that name
  CHECK(sheet->rows[4] == Row{"x", "of tomorrow"});
  const auto json = nlohmann::json::parse(MakeReportFile(lines, "json")->bytes);
  CHECK(json["rows"][0]["category"] == "gi");
  CHECK(json["rows"][0]["item"] == "寿光市 gi");
}

TEST_CASE("ours: markup is escaped for attributes too") {
  CHECK(EscapeMarkup("a<b>\"'&\n\t\x01"
                     "c") == "a&lt;b&gt;&quot;&#39;&amp;\n\tc");
}

}  // namespace cluehound::triage
