// What the office does with its own marks, as it is run.

#include "base/text_encoding.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

TEST_CASE("marks add: from nothing to the first hit, without rule or sample") {
  Program program;
  program.Expect("marks add 示例潮牌 --kind trademark --rules own", 0,
                 {"建议的别名（未采用", "示例潮牌", "Shilichaopai", "已添加受保护标识 示例潮牌"});
  CHECK(program.Read("own/local.yaml").find("Shili") == std::string::npos);
  program.Write("t.txt", "示例潮牌 高仿 卫衣\n");
  program.Expect("match t.txt --rules own", 0, {"\"mark\":\"示例潮牌\"", "\"lead\":true"});
  program.Expect("marks list 示例 --rules own", 0, {"示例潮牌", "共 1 个标识"});
  program.Expect("marks list 示例 --rules own --json", 0, {"{\"mark\":\"示例潮牌\""});
  program.Expect("marks add 示例潮牌 --kind trademark --rules own", 2, {"a second time"});
  program.Expect("marks add 耐克 --kind trademark --rules own", 2, {"mark nike has this name"});
  program.Expect("marks add 甲 --kind brand --rules own", 2, {"brand"});
  program.Expect("marks add 甲牌 --kind trademark", 2, {"where to keep the mark?"});
  program.Expect("marks add 示例大樱桃 --kind gi --area 潍坊 -y --rules own", 0, {"采用的别名"});
  CHECK_THAT(program.Read("own/local.yaml"), Catch::Contains("\"Shili cherry\""));
}

TEST_CASE("marks add: a preview writes nothing until it is confirmed") {
  Program program;
  program.Write("titles.txt", "示例牌 高仿 鞋\n示例牌 鞋\n帽子\n");
  const std::string command = "marks add 示例牌 --kind trademark --rules own --preview titles.txt";
  program.Expect(command, 0,
                 {"预览：共 3 条；命中增加 2、减少 0", "线索增加 1", "（0 → 1）", "示例牌 高仿 鞋",
                  "尚未写入"});
  CHECK_FALSE(std::filesystem::exists(program.path() / "own/local.yaml"));
  program.Expect(command + " --yes", 0, {"预览", "已添加受保护标识"});
  CHECK(std::filesystem::exists(program.path() / "own/local.yaml"));
  program.Expect("marks retire 示例牌 --rules own --preview titles.txt --yes --reason 注销", 0,
                 {"命中增加 0、减少 2", "已停用受保护标识 示例牌"});
  program.Expect("marks add 乙牌 --kind trademark --rules own --preview none.txt", 3, {"none.txt"});
}

TEST_CASE("marks import: a GBK table, its bad rows named, its good ones taken") {
  Program program;
  program.Write("marks.csv",
                EncodeAs("名称,种类,国际分类,有效期至\n示例甲牌,商标,第25类,2029-05-06\n"
                         ",商标\n示例乙牌,奇怪\n耐克,商标\n示例丙姜,地理标志\n",
                         "gb18030"));
  program.Expect("marks import marks.csv --rules own", 1,
                 {"第 3 行 A 列（名称）：没有名称", "第 4 行 B 列（种类）：“奇怪”不是",
                  "第 5 行：mark nike has this name already", "已导入 2 个标识，3 行未导入"});
  program.Write("t.txt", "示例甲牌 高仿 卫衣\n");
  program.Expect("match t.txt --rules own", 0, {"\"lead\":true"});
  program.Write("bad.csv", "颜色,数量\n红,1\n");
  program.Expect("marks import bad.csv --rules own", 2, {"bad.csv: ", "没有“名称”一列"});
  program.Write("zip.xlsx", "PK\x03\x04 no zip");
  program.Expect("marks import zip.xlsx --rules own", 2, {"不是 Excel 工作簿"});
  program.Expect("marks import none.xlsx --rules own", 2, {"none.xlsx"});
}

TEST_CASE("marks authorise: a paste of sellers, one a line, with its end") {
  Program program;
  program.Write("t.jsonl", "{\"title\":\"耐克 高仿 鞋\",\"seller\":\"示例专营店\"}\n");
  program.Write("paste.txt", "示例专营店\r\n另一店,taobao,123\n\na,b,c,d\n");
  program.Expect("marks authorise 耐克 --rules own --until 2099-01-01 --proof 授权书 < paste.txt",
                 1, {"第 4 行：多于三项", "已为 耐克 登记 2 个授权经营者，2099-01-01 截止"});
  program.Expect("rules backtest --on t.jsonl", 0, {"1 listings with leads"});
  program.Expect("rules backtest --on t.jsonl --rules own", 0, {"0 listings with leads"});
  CHECK_THAT(program.Read("own/local.yaml"),
             Catch::Contains("{seller: \"另一店\", seller_id: \"123\", platform: \"taobao\""));
  program.Expect("marks authorise nikee x --rules own", 2, {"did you mean \"nike\"?"});
  program.Expect("marks authorise nike 店 --rules own --until 明天", 2, {"2027-06-30"});
  program.Expect("marks authorise nike --rules own < /dev/null", 2, {"no seller to authorise"});
}

}  // namespace
}  // namespace cluehound::app
