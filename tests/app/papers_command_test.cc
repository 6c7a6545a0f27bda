#include <nlohmann/json.hpp>
#include <sstream>

#include "base/digest.h"
#include "base/spreadsheet.h"
#include "base/table_writer.h"
#include "base/text.h"
#include "base/text_encoding.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

constexpr char kMapping[] = R"(
kind: clue
key: [序号]
columns:
  - {field: origin, column: 来源, value: assigned, values: {信访: report}}
  - {field: document, column: 文号, required: true}
  - {field: received, column: 收到日期}
  - {field: reporter, column: 举报人}
  - {field: contact, column: 电话}
  - {field: seller, column: 店铺}
  - {field: url, column: 链接}
  - {field: title, column: 商品}
  - {field: price, column: 售价}
)";

constexpr char kCsv[] =
    "序号,文号,收到日期,来源,举报人,电话,店铺,链接,商品,售价\r\n"
    "1,7号,2026/11/20,信访,王小五,13912345678,某某小店,http://b.example/item/3,LV 高仿 包,180\r\n"
    "2,7号,2026-13-45,,,,,,丝巾,\r\n"
    "3,7号,2026-11-20,,,,,,\"=1+1 萝卜\",一百\r\n"
    "4,7号,2026-11-20,,,,,,安丘大姜,\r\n";

// A program with an empty ledger.
class Office : public Program {
 public:
  Office() {
    Write("empty.html", "<html><body>nothing for sale</body></html>");
    Run("scan empty.html --store st --emit pages");
  }
  std::vector<Json> Lines(const std::string& arguments) const {
    std::vector<Json> lines;
    std::istringstream in(Expect(arguments + " --store st --json", 0, {}));
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("{")) lines.push_back(Json::parse(line));
    return lines;
  }
};

TEST_CASE("ours: leads add takes an address, a share text, a page, a picture, or words") {
  Office office;
  office.Expect("leads add http://a.example/item/1 --store st", 0, {"新线索 1"});
  office.Expect("leads add http://a.example/item/1?spm=3 --store st", 0, {"并入已有线索 1"});
  office.Write(
      "share.txt",
      "【淘宝】https://m.tb.cn/h.gXyZ1?tk=AbC CZ0001 「LV老花包 高仿 1:1」点击链接直接打开");
  office.Expect("leads add - --origin report --reporter 张小三 --store st < share.txt", 0,
                {"新线索 1"});
  office.Write("page.html", R"(<html><head><script type="application/ld+json">{"@type":"Product",)"
                            R"("name":"LV 高仿 原单 手提包","sku":"9","offers":{"price":"180",)"
                            R"("priceCurrency":"CNY"}}</script></head><body>x</body></html>)");
  office.Expect("leads add page.html --url http://shop.example/item/9 --origin assigned --store st",
                0, {"新线索 1", "SHA-256"});
  office.Write("shot.png", "\x89PNG\r\n\x1A\nbytes");
  office.Expect("leads add shot.png --description 直播间截图 --county 安丘 --store st", 0,
                {"新线索 1", "shot.png"});
  office.Write("tool.png", "MZ bytes");
  office.Expect("leads add tool.png --store st", 2, {"only JPEG, PNG"});
  office.Expect("leads add --store st", 2, {"nothing to add"});
  office.Expect("leads add --description 某事 --county 火星 --store st", 2, {"县市区"});
  const auto leads = office.Lines("leads list");
  REQUIRE(leads.size() == 4);
}

TEST_CASE("ours: leads import names bad rows by row and column, takes the good ones, once") {
  Office office;
  office.Write("map.yaml", kMapping);
  const auto form = GENERATE(0, 1, 2, 3);
  std::string file = "in.csv";
  if (form == 0) office.Write(file, kCsv);
  if (form == 1) office.Write(file, EncodeAs(kCsv, "gb18030"));
  if (form == 2) {
    const auto table = ReadSpreadsheet(kCsv);
    TextTable out{"线索", table->rows[0], {}};
    out.rows.assign(table->rows.begin() + 1, table->rows.end());
    for (auto& row : out.rows) row.resize(out.header.size());
    file = "in.xlsx";
    office.Write(file, WriteXlsx(out).value());
  }
  if (form == 3) {
    std::string utf16 = "\xFF\xFE";
    const std::string text = kCsv;
    for (size_t pos = 0; pos < text.size();) {
      const char32_t c = DecodeUtf8(text, pos);
      utf16 += static_cast<char>(c & 0xFF);
      utf16 += static_cast<char>(c >> 8);
    }
    office.Write(file, utf16);
  }
  INFO(form);
  const std::string import = "leads import " + file + " --mapping map.yaml --store st";
  office.Expect(import, 1,
                {"第 3 行 C 列（收到日期）", "第 4 行 J 列（售价）", "共 4 行：新增 2", "有误 2"});
  office.Expect(import, 1, {"新增 0，更新 0，未变 2，有误 2"});
  CHECK(office.Lines("leads list").size() == 2);
  CHECK(office.Lines("leads clues --document 7号").size() == 2);
}

TEST_CASE("ours: bad mappings and files say what is wrong") {
  Office office;
  office.Write("in.csv", kCsv);
  office.Write("map.yaml", "kind: clue\ncolumns:\n  - {field: sellr, column: 店铺}\n");
  office.Expect("leads import in.csv --mapping map.yaml --store st", 2,
                {"map.yaml:3", "no field \"sellr\"", "did you mean seller?", "key"});
  office.Write("map.yaml", "kind: clue\nkey: [号]\ncolumns: [{field: seller, column: 店铺}]\n");
  office.Expect("leads import in.csv --mapping map.yaml --store st", 2, {"表中没有列 号"});
  office.Write("map.yaml", kMapping);
  office.Expect("leads import none.csv --mapping map.yaml --store st", 3, {"none.csv"});
  office.Write("deep.json", std::string(100000, '['));
  office.Expect("leads import deep.json --mapping map.yaml --store st", 2, {"嵌套过深"});
  office.Write("in.json", R"([{"序号":1,"文号":"8号","收到日期":"2026-11-20","商品":"箱子"}])");
  office.Expect("leads import in.json --mapping map.yaml --store st", 0, {"新增 1"});
}

TEST_CASE("ours: an export neutralises formulas, masks for outsiders, and is in the audit log") {
  Office office;
  office.Write("map.yaml", kMapping);
  office.Write("in.csv", kCsv);
  office.Run("leads import in.csv --mapping map.yaml --store st");
  office.Expect("leads add --title \"=HYPERLINK(1)\" --description \"@SUM 13812345678\" --store st",
                0, {});
  for (const char* name : {"out.csv", "out.xlsx", "out.json"}) {
    const Json whole = office.Lines(std::string("leads export --output ") + name).at(0);
    CHECK(whole["leads"] == 3);
    CHECK(Hex(Sha256(office.Read(name))) == whole["sha256"]);
  }
  const std::string inside = office.Read("out.csv");
  CHECK(inside.find("王小五") != std::string::npos);
  CHECK(inside.find("\"=HYPERLINK") == std::string::npos);
  CHECK(inside.find("\"'=HYPERLINK") != std::string::npos);
  CHECK(inside.find("\"'@SUM") != std::string::npos);
  office.Expect("leads export --output out.csv --outside --store st", 0, {"已脱敏"});
  const std::string outside = office.Read("out.csv");
  for (const char* secret : {"王小五", "13912345678", "13812345678", "某某小店"}) {
    INFO(secret);
    CHECK(outside.find(secret) == std::string::npos);
  }
  const auto handovers = office.Lines("leads handovers");
  REQUIRE(handovers.size() == 4);
  CHECK(handovers[0]["fields"]["scope"] == "masked");
  CHECK(handovers[0]["fields"]["sha256"] == Hex(Sha256(outside)));
  const std::string number = std::to_string(handovers[0]["paper"].get<int>());
  office.Expect("leads receipt " + number + " --receipt SD-1 --store st", 0, {"已回执"});
}

TEST_CASE("ours: cases come from a table, letters run their term, the register gives its rate") {
  Office office;
  office.Write("cases.csv",
               "案号,立案结果,立案日期,当事人,罚款,行为类型\n"
               "潍立1号,立案,2026-11-20,某店,1.2万元,tm57_3\n潍立2号,不知道,2026-11-20,,,\n");
  office.Expect("cases import cases.csv --store st", 1, {"第 3 行 B 列（立案结果）", "新增 1"});
  CHECK(office.Lines("cases stats --from 2026-01-01").back()["filed"] == 1);
  office.Expect("letters add --type assist --to 某平台 --sent 2026-11-02 --store st", 0,
                {"XC-2026-00001", "2026-11-16"});
  office.Expect("letters reply XC-2026-00001 --on 2026-11-10 --store st", 0, {"已回复"});
  office.Write("gi.csv", "地理标志,用标企业\n安丘大姜,甲公司\n安丘大姜,乙公司\n安丘大姜,\n");
  office.Expect("gi import gi.csv --store st", 1, {"第 4 行 B 列（用标企业）", "新增 2"});
  office.Expect("gi import gi.csv --store st", 1, {"新增 0", "未变 2"});
  office.Run("gi note 3 --uses yes --on 2026-11-20 --store st");
  CHECK(office.Lines("gi coverage").back()["rate"] == "50.0");
  CHECK(office.Lines("gi sample --gi 安丘大姜 --seed 1 --size 1") ==
        office.Lines("gi sample --gi 安丘大姜 --seed 1 --size 1"));
}

TEST_CASE("ours: an import that is killed goes on where it was, and doubles nothing") {
  Office office;
  office.Write("map.yaml", kMapping);
  std::string csv = "序号,文号,收到日期,商品\n";
  for (int i = 1; i <= 1500; ++i)
    csv += std::to_string(i) + ",9号,2026-11-20,箱子" + std::to_string(i) + "\n";
  office.Write("in.csv", csv);
  for (const char* patience : {"0.3", "0.6", "0.9", "1.2"}) {
    office.Run(std::string("--version > /dev/null; timeout -s KILL ") + patience + " '" +
               std::string(kProgram) + "' leads import in.csv --mapping map.yaml --store st");
    const size_t clues = office.Lines("leads clues").size();
    CHECK(clues % 200 == (clues == 1500 ? 100 : 0));  // whole slices
    CHECK(office.Lines("leads list").size() == clues);
  }
  office.Expect("leads import in.csv --mapping map.yaml --store st", 0, {"共 1500 行", "有误 0"});
  CHECK(office.Lines("leads clues").size() == 1500);
  CHECK(office.Lines("leads list").size() == 1500);
}

}  // namespace
}  // namespace cluehound::app
