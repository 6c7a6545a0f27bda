#include "app/listing_table.h"

#include <nlohmann/json.hpp>

#include "base/spreadsheet.h"
#include "base/table_writer.h"
#include "base/text_encoding.h"
#include "base/zip_archive.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

constexpr char kCsv[] =
    "标题,网址,价格,店铺,平台,销量,备用\r\n"
    "LV 高仿 原单 手提包,http://a.example/i/1?spm=9,¥180-220,某某箱包,淘宝,1万+,x\r\n"
    "LV 老花 手提包,http://a.example/i/2,18000,某某专柜,,12,\r\n"
    "\r\n"
    ",javascript:alert(1),一百,某某小店,,很多,\r\n";

std::string Xlsx(const std::string& csv) {
  const auto table = ReadSpreadsheet(csv);
  TextTable out{"条目", table->rows[0], {}};
  for (size_t i = 1; i < table->rows.size(); ++i) {
    out.rows.push_back(table->rows[i]);
    out.rows.back().resize(out.header.size());
  }
  return WriteXlsx(out).value();
}

std::string Refusal(const std::string& bytes) {
  const auto table = ReadListingTable(bytes);
  REQUIRE_FALSE(table.ok());
  CHECK(table.status().code() == Code::kInvalidArgument);
  return table.status().message();
}

TEST_CASE("ours: a table gives a listing for each good row, and says of a bad one where and why") {
  const auto form = GENERATE(0, 1, 2);
  INFO(form);
  std::string bytes = kCsv;
  if (form == 1) bytes = EncodeAs(kCsv, "gb18030");
  if (form == 2) bytes = Xlsx(kCsv);
  const auto table = ReadListingTable(bytes);
  REQUIRE_OK(table);
  CHECK(table->rows == 3);
  REQUIRE(table->listings.size() == 2);
  const extractors::Listing& fake = table->listings[0];
  CHECK(fake.title == "LV 高仿 原单 手提包");
  CHECK(fake.url == "http://a.example/i/1?spm=9");
  CHECK(fake.price == "180.00");
  CHECK(fake.price_max == "220.00");
  CHECK(fake.currency == "CNY");
  CHECK(fake.seller == "某某箱包");
  CHECK(fake.platform == "taobao");
  CHECK(fake.sold == 10000);
  CHECK(fake.sold_at_least);
  CHECK(fake.found_by == extractors::FoundBy::kPerson);
  CHECK(table->listings[1].price == "18000.00");
  CHECK(table->unused == std::vector<std::string>{"备用"});
  CHECK(table->bad == 1);
  std::vector<std::string> columns;
  for (const auto& problem : table->problems) {
    CHECK(problem.row == 5);
    CHECK_FALSE(problem.remedy.empty());
    columns.push_back(problem.column);
  }
  CHECK(columns ==
        std::vector<std::string>{"A 列（标题）", "B 列（网址）", "C 列（价格）", "F 列（销量）"});
}

TEST_CASE("ours: English heads in any case, and a platform's number instead of an address") {
  const auto table = ReadListingTable(
      "Title,URL,Platform,ID\nbag,,jd,100\nbelt,,jd,\nshoe,https://b.example/x,,\n");
  REQUIRE_OK(table);
  REQUIRE(table->listings.size() == 2);
  CHECK(table->listings[0].id == "100");
  REQUIRE(table->problems.size() == 1);
  CHECK(table->problems[0].row == 3);
  CHECK(table->problems[0].message == "缺少网址");
  CHECK_THAT(Refusal("网址,价格\nhttp://a.example/,1\n"), Catch::Contains("表中没有列 标题"));
}

TEST_CASE("ours: the template is a table without rows that is read without complaint") {
  const auto bytes = ListingTemplate();
  REQUIRE_OK(bytes);
  const auto table = ReadListingTable(*bytes);
  REQUIRE_OK(table);
  CHECK(table->rows == 0);
  CHECK(table->unused.empty());
  CHECK(table->problems.empty());
}

TEST_CASE("attack: hostile tables of listings are refused as a whole, or harmless") {
  CHECK_THAT(Refusal("标题,网址\n" + std::string(100'000, 'x') + ",http://a.example/\n"),
             Catch::Contains("第 2 行有单元格超过"));
  std::string many = "标题,网址\n";
  for (int i = 0; i < 5000; ++i) many += "包,http://a.example/\n";
  CHECK_THAT(Refusal(many), Catch::Contains("表格超过 5000 行"));
  CHECK_THAT(Refusal(std::string(9u << 20, ',')), Catch::Contains("8 MiB"));
  // Of JSON, too: as many names as there are rows would make a table of their square.
  std::string names = "[";
  for (int i = 0; i < 4000; ++i) names += (i > 0 ? ",{\"n" : "{\"n") + std::to_string(i) + "\":1}";
  CHECK_THAT(Refusal(names + "]"), Catch::Contains("第 257 项为止，JSON 的字段名超过 256 个"));
  CHECK_THAT(Refusal("[{\"标题\":\"" + std::string(100'000, 'x') + "\"}]"),
             Catch::Contains("第 1 项有内容超过"));
  CHECK_THAT(Refusal("[1]"), Catch::Contains("第 1 项不是"));
  CHECK_THAT(Refusal(std::string(100'000, '[')), Catch::Contains("嵌套过深"));
  CHECK_THAT(Refusal("{}\n{]"), Catch::Contains("第 2 行不是 JSON"));
  CHECK_THAT(Refusal("\xD0\xCF\x11\xE0 old"), Catch::Contains("另存为 .xlsx"));
  CHECK_THAT(Refusal("PK\x03\x04 no zip"), Catch::Contains("不是 Excel 工作簿"));
  // Formulas are never computed: what they showed when they were saved counts, and else nothing.
  const std::string sheet =
      "<worksheet><sheetData><row r='1'><c t='str'><v>标题</v></c><c t='str'><v>网址</v></c></row>"
      "<row r='2'><c t='str'><f>HYPERLINK(\"http://evil.example\",\"x\")</f></c>"
      "<c t='str'><v>http://a.example/1</v></c></row></sheetData></worksheet>";
  const std::string workbook = "<workbook><sheets><sheet name='s'/></sheets></workbook>";
  std::vector<ZipMember> members = {{"xl/workbook.xml", workbook},
                                    {"xl/worksheets/sheet1.xml", sheet}};
  const auto formulas = ReadListingTable(WriteZip(members).value());
  REQUIRE_OK(formulas);
  CHECK(formulas->listings.empty());
  CHECK(formulas->problems.at(0).message == "缺少标题");
  members[1].bytes = "<worksheet>" + std::string(70u << 20, ' ') + "</worksheet>";
  CHECK_THAT(Refusal(WriteZip(members).value()), Catch::Contains("解压后过大"));
  // A cell is said again no longer than a person reads.
  const auto quoted = ReadListingTable("标题,网址\n包,\u202e" + std::string(3000, 'y') + "\n");
  REQUIRE_OK(quoted);
  CHECK(quoted->problems.at(0).message.size() < 120);
}

TEST_CASE(
    "ours: leads add takes a table; the bare brand is no lead, and a second time makes none") {
  Program program;
  program.Write("empty.html", "<html><body>nothing for sale</body></html>");
  program.Run("scan empty.html --store st --emit pages");
  program.Write("in.xlsx", Xlsx(kCsv));
  program.Write("in.csv", kCsv);
  program.Expect("leads add in.xlsx --store st", 1,
                 {"第 5 行 C 列（价格）：“一百”不是价格", "共 3 行：条目 2，新线索 1，已有线索 0",
                  "未构成线索 1，有误 1", "未使用的列：备用"});
  const std::string known = "新线索 0，已有线索 1";
  program.Expect("leads add in.xlsx --store st", 1, {known});
  program.Expect("leads add in.csv --store st", 1, {known});  // other bytes, the same addresses
  const Json report = Json::parse(program.Expect("leads add in.csv --store st --json", 1, {}));
  CHECK(report["leads"].size() == 1);
  CHECK(report["papers"].size() == 1);
  const std::string leads = program.Expect("leads list --store st --json", 0, {"高仿"});
  CHECK(std::count(leads.begin(), leads.end(), '\n') == 1);
  program.Expect("leads clues --store st --json", 0, {"批量导入条目表 in.xlsx，共 3 行（SHA-256 "});
  program.Expect("leads add in.csv --county 火星 --store st", 2, {"县市区"});
  program.Write("bad.csv", "名字啊,网址\nx,y\n");
  program.Expect("leads add bad.csv --store st", 2, {"bad.csv", "表中没有列 标题"});
}

}  // namespace
}  // namespace cluehound::app
