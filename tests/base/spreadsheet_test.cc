#include "base/spreadsheet.h"

#include <zlib.h>

#include "base/text_encoding.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows Read(std::string_view bytes) {
  const auto table = ReadSpreadsheet(bytes);
  REQUIRE_OK(table);
  return table->rows;
}

void Put16(std::string& out, size_t n) {
  out += static_cast<char>(n & 0xFF);
  out += static_cast<char>(n >> 8 & 0xFF);
}
void Put32(std::string& out, size_t n) {
  Put16(out, n & 0xFFFF);
  Put16(out, n >> 16);
}

std::string Deflated(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// A package of these parts (APPNOTE 4.3).
std::string Zip(const std::vector<std::pair<std::string, std::string>>& parts) {
  std::string out, directory;
  for (const auto& [name, text] : parts) {
    const size_t at = out.size();
    const std::string packed = Deflated(text);
    const size_t crc =
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    std::string head;
    Put16(head, 20);  // version
    Put16(head, 0);
    Put16(head, 8);  // deflated
    Put32(head, 0x21 << 16);
    Put32(head, crc);
    Put32(head, packed.size());
    Put32(head, text.size());
    Put16(head, name.size());
    Put16(head, 0);
    out += "PK\x03\x04" + head + name + packed;
    directory += "PK\x01\x02";
    Put16(directory, 20);
    directory += head;
    Put16(directory, 0);
    Put16(directory, 0);
    Put16(directory, 0);
    Put32(directory, 0);
    Put32(directory, at);
    directory += name;
  }
  const size_t at = out.size();
  out += directory + "PK\x05\x06";
  Put32(out, 0);
  Put16(out, parts.size());
  Put16(out, parts.size());
  Put32(out, directory.size());
  Put32(out, at);
  Put16(out, 0);
  return out;
}

constexpr char kWorkbook[] =
    "<workbook xmlns:r='x'><sheets><sheet name='a' r:id='rId7'/><sheet name='b' r:id='rId1'/>"
    "</sheets></workbook>";
constexpr char kRelations[] =
    "<Relationships><Relationship Id='rId1' Target='worksheets/other.xml'/>"
    "<Relationship Id='rId7' Target='worksheets/first.xml'/></Relationships>";

std::string Workbook(const std::string& sheet, const std::string& strings = "") {
  std::vector<std::pair<std::string, std::string>> parts = {
      {"xl/workbook.xml", kWorkbook},
      {"xl/_rels/workbook.xml.rels", kRelations},
      {"xl/worksheets/first.xml", sheet}};
  if (!strings.empty()) parts.emplace_back("xl/sharedStrings.xml", strings);
  return Zip(parts);
}

std::string Refusal(const std::string& bytes) {
  const auto table = ReadSpreadsheet(bytes);
  REQUIRE_FALSE(table.ok());
  CHECK(table.status().code() == Code::kInvalidArgument);
  return table.status().message();
}

}  // namespace

TEST_CASE("rfc4180: quotes, line ends, empty cells") {
  CHECK(Read("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n") ==
        Rows{{"a", "b"}, {"x, \"y\"", "two lines"}});
  CHECK(Read("a,,c,,\n\n,b") == Rows{{"a", "", "c"}, {}, {"", "b"}});
  CHECK(Read("a\tb\n1\t2,3") == Rows{{"a", "b"}, {"1", "2,3"}});
  CHECK(Read("a;b;c,d\n1;2;3") == Rows{{"a", "b", "c,d"}, {"1", "2", "3"}});
  CHECK(Read("").empty());
  CHECK_THAT(Refusal("a\n\"open"), Catch::Contains("第 2 行：引号没有结束"));
}

TEST_CASE("ours: a CSV as WPS and Excel write it in China is GBK, or UTF-16 or UTF-8 with a mark") {
  const std::string text = "名称,种类\n示例牌,商标\n";
  const Rows rows = {{"名称", "种类"}, {"示例牌", "商标"}};
  CHECK(Read(text) == rows);
  CHECK(Read("\xEF\xBB\xBF" + text) == rows);
  CHECK(Read(EncodeAs(text, "gb18030")) == rows);
  std::string wide = "\xFF\xFE";
  for (const char16_t c : u"名称,种类\n示例牌,商标\n") {
    if (c == 0) break;
    Put16(wide, c);
  }
  CHECK(Read(wide) == rows);
}

TEST_CASE("ecma376: the first sheet's cells, shared, inline and numbers") {
  const std::string strings =
      "<sst><si><t>名称</t></si><si><r><t>示</t></r><r><t>例</t></r><rPh><t>SHILI</t></rPh></si></"
      "sst>";
  const std::string sheet =
      "<worksheet><sheetData><row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' "
      "t='inlineStr'><is><t>注册号</t></is></c></row>"
      "<row r='3'><c r='A3' t='s'><v>1</v></c><c r='B3' t='str'><f>1+1</f><v>乙</v></c>"
      "<c r='C3'><v>1.2345678E7</v></c><c r='D3'><v>46000</v></c><c r='E3'><v>0.5</v></c></row>"
      "</sheetData></worksheet>";
  CHECK(Read(Workbook(sheet, strings)) ==
        Rows{{"名称", "", "注册号"}, {}, {"示例", "乙", "12345678", "46000", "0.5"}});
  // Places are optional.
  CHECK(Read(Workbook("<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row>"
                      "<row><c><v>3</v></c></row></sheetData></worksheet>")) ==
        Rows{{"1", "2"}, {"3"}});
}

TEST_CASE("ours: hostile workbooks are refused, and cost no more than the limits") {
  const std::string doctype =
      "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
      "<!ENTITY e SYSTEM 'file:///etc/passwd'>]>";
  CHECK_THAT(Refusal(Workbook(doctype + "<worksheet><c><v>&b;&e;</v></c></worksheet>")),
             Catch::Contains("document type"));
  CHECK_THAT(Refusal(Workbook("<worksheet><c r='A1' t='s'><v>7</v></c></worksheet>")),
             Catch::Contains("第 1 行有单元格指向不存在的文字"));
  CHECK_THAT(Refusal(Workbook("<worksheet><row r='99999999'/></worksheet>")),
             Catch::Contains("行，请拆成几个文件"));
  CHECK_THAT(
      Refusal(Workbook("<worksheet><row r='1'><c r='ZZZZZZ1'><v>1</v></c></row></worksheet>")),
      Catch::Contains("超过 256 列"));
  CHECK_THAT(Refusal(Workbook("<worksheet><c t='str'><v>" + std::string(40000, 'x') +
                              "</v></c></worksheet>")),
             Catch::Contains("超过 32767 字节"));
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "<x>";
  CHECK_THAT(Refusal(Workbook(deep)), Catch::Contains("deep"));
  CHECK_THAT(Refusal(Workbook("<worksheet>")), Catch::Contains("damaged"));
  CHECK_THAT(Refusal("PK\x03\x04 no zip"), Catch::Contains("不是 Excel 工作簿"));
  CHECK_THAT(Refusal(Zip({{"a.txt", "x"}})), Catch::Contains("xl/workbook.xml"));
  CHECK_THAT(Refusal(std::string("\xD0\xCF\x11\xE0", 4)), Catch::Contains("旧版（.xls）或加密"));
  CHECK_THAT(Refusal(std::string("a\0b", 3)), Catch::Contains("也不是文本"));
}

TEST_CASE("ours: a packed bomb ends at the limit") {
  SpreadsheetLimits limits;
  limits.max_unpacked = 1 << 20;
  const std::string bomb = Workbook("<worksheet>" + std::string(8u << 20, ' ') + "</worksheet>");
  CHECK(bomb.size() < 100000);
  const auto table = ReadSpreadsheet(bomb, limits);
  REQUIRE_FALSE(table.ok());
  CHECK_THAT(table.status().message(), Catch::Contains("解压后过大"));
  // One shared text of 30 kB that 2,000 cells show.
  std::string cells;
  for (int i = 1; i <= 2000; ++i)
    cells += "<row r='" + std::to_string(i) + "'><c t='s'><v>0</v></c></row>";
  const auto many =
      ReadSpreadsheet(Workbook("<worksheet>" + cells + "</worksheet>",
                               "<sst><si><t>" + std::string(30000, 'x') + "</t></si></sst>"),
                      limits);
  REQUIRE_FALSE(many.ok());
  CHECK_THAT(many.status().message(), Catch::Contains("文字过多"));
}

TEST_CASE("ours: columns and days as people write them") {
  CHECK(ColumnName(0) == "A");
  CHECK(ColumnName(25) == "Z");
  CHECK(ColumnName(26) == "AA");
  CHECK(ColumnName(701) == "ZZ");
  CHECK(DayOfCell("2026-08-29") == "2026-08-29");
  CHECK(DayOfCell("2026/8/9") == "2026-08-09");
  CHECK(DayOfCell("2026年8月29日") == "2026-08-29");
  CHECK(DayOfCell("2026.8.29 00:00") == "2026-08-29");
  CHECK(DayOfCell("46263") == "2026-08-29");
  CHECK(DayOfCell("46263.0") == "2026-08-29");
  CHECK(DayOfCell("2026-02-30") == "");
  CHECK(DayOfCell("明年") == "");
  CHECK(DayOfCell("12345678") == "");
  CHECK(DayOfCell("") == "");
}

}  // namespace cluehound
