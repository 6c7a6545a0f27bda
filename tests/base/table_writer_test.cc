#include "base/table_writer.h"

#include "base/spreadsheet.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

TEST_CASE("ours: no cell is a formula, whatever stands in front of it") {
  for (const std::string_view formula :
       {"=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1+1", "\r\n=1+1", "  =1+1", "＝1+1",
        "\xE2\x80\x8B=1+1", "\xEF\xBB\xBF@x", "\x01\x02=1"}) {
    INFO(formula);
    CHECK(SafeCell(formula)[0] == '\'');
  }
  CHECK(SafeCell("安丘大姜 = 好") == "安丘大姜 = 好");
  CHECK(SafeCell("a\nb\x07") == "a b");
  CHECK(SafeCell("a\xFF") == "a\xEF\xBF\xBD");
}

TEST_CASE("ours: what is written as CSV or workbook reads back") {
  const TextTable table{"线索", {"编号", "标题"}, {{"1", "他说\"好\"，然后走了"}, {"2", "=1+1"}}};
  const std::string csv = WriteCsv(table);
  CHECK(csv.starts_with("\xEF\xBB\xBF"));
  const auto xlsx = WriteXlsx(table);
  REQUIRE_OK(xlsx);
  for (const std::string& bytes : {csv, *xlsx}) {
    const auto read = ReadSpreadsheet(bytes);
    REQUIRE_OK(read);
    REQUIRE(read->rows.size() == 3);
    CHECK(read->rows[0] == table.header);
    CHECK(read->rows[1] == table.rows[0]);
    CHECK(read->rows[2][1] == "'=1+1");
  }
}

}  // namespace
}  // namespace cluehound
