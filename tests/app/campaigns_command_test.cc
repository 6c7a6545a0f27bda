#include <nlohmann/json.hpp>
#include <sstream>

#include "base/clock.h"
#include "base/text.h"
#include "tests/app/program.h"

namespace cluehound::app {
namespace {

using Json = nlohmann::json;

constexpr char kSources[] =
    "sources:\n"
    "  - {id: shop, seeds: [http://shop.example/], every: 6h, pace: 5s, max_pages: 1000}\n"
    "  - {id: mall, seeds: [http://mall.example/, http://m.mall.example/], every: 12h, pace: 10s, "
    "max_pages: 20000}\n";

std::vector<Json> Lines(const std::string& output) {
  std::vector<Json> lines;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) lines.push_back(Json::parse(line));
  return lines;
}

void CheckWidth(const std::string& output) {
  for (const std::string_view line : SplitAscii(output, "\n")) {
    INFO(line);
    CHECK(DisplayWidth(line) <= 100);
  }
}

TEST_CASE("ours: campaigns next prints the year to come, from any day, without a store") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  const std::string table =
      program.Expect("campaigns next --on 2026-12-01", 0,
                     {"春节专项", "2027-01-16 至 2027-02-20", "02-06..02-12*", "报送落实措施",
                      "日期未录入：鲁台经贸洽谈会专项（2026 年、2027 年）"});
  CheckWidth(table);
  CheckWidth(program.Expect("campaigns list", 0, {"农历 08-15", "manned-space-launch", "模板"}));
  const auto lines = Lines(program.Expect("campaigns next --on 2033-01-01 --json", 0, {}));
  int festivals = 0;
  for (const Json& line : lines) {
    if (line["id"] == "mid-autumn") {
      ++festivals;
      CHECK(line["first"] == "2033-09-08");
      CHECK(line["begin"] == "2033-08-18");
      CHECK(line["end"] == "2033-09-11");
      CHECK(line["days"] == 25);
      CHECK(line["prepare"] == "2033-08-04");
    }
  }
  CHECK(festivals == 1);
  program.Expect("campaigns next --on 2026-02-30", 2, {"is no day"});
}

TEST_CASE("ours: mistakes in campaigns.yaml are told with their place by every command") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  program.Write("config/campaigns.yaml", "campaigns:\n  - {id: a, name: 甲, yearly: 5月1日}\n");
  for (const char* command : {"campaigns next", "campaigns check", "crawl --once"})
    program.Expect(command, 2, {"campaigns.yaml:2:", "is no month and day", "write 05-01"});
}

TEST_CASE("ours: campaigns check names what is missing and what pace does not allow") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  program.Write("config/campaigns.yaml",
                "campaigns:\n"
                "  - id: sale\n"
                "    name: 大促专项\n"
                "    yearly: 06-18\n"
                "    sources: [{ids: [all], factor: 3}, {ids: [nobody], factor: 2}]\n"
                "    weights: [{packs: [evnts], points: 3}, {marks: [hangzhou-asian-games], "
                "points: 2}]\n"
                "  - {id: expo, name: 博览会专项, open: [{on: 2026-09-01}]}\n");
  const std::string table = program.Expect(
      "campaigns check --on 2026-12-01", 1,
      {"错误  博览会专项没有录入 2027 年的日期", "采集源 nobody 不在配置里", "evnts",
       "did you mean", "提醒  大促专项期间采集源 mall 每天最多 120000 页", "只能采 17280 页"});
  CheckWidth(table);
  const auto lines = Lines(program.Run("campaigns check --on 2026-12-01 --json").output);
  REQUIRE(lines.size() > 3);
  CHECK(lines[0]["check"] == "missing-date");
  CHECK(lines[0]["severity"] == "error");
  bool loads = false;
  for (const Json& line : lines) {
    if (line["check"] != "expected-pages") continue;
    loads = true;
    // 1000 pages every 6 h, thrice as often: 12,000; one host, 5 s: 17,280. And 20000 every 12 h:
    // 120,000; two hosts, 10 s: 17,280.
    CHECK(line["pages_per_day"] == 132000);
    CHECK(line["allowed_per_day"] == 34560);
    CHECK(line["sources"][0]["source"] == "shop");
    CHECK(line["sources"][0]["pages_per_day"] == 12000);
  }
  CHECK(loads);
}

TEST_CASE("ours: campaigns check names the sources that were not read for three intervals") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  program.Write("config/campaigns.yaml", "campaigns: [{id: sale, name: 大促, yearly: 06-18}]\n");
  program.Write("page.html",
                "<title>a</title><link rel=canonical href=http://shop.example/><p>一</p>");
  // Without a ledger nobody knows; a page that was scanned is one that was read.
  program.Expect("campaigns check", 0, {"提醒  杭州亚运会保护期已于 2026-08-29 届满"});
  program.Expect("scan page.html --url http://shop.example/ --store config/store", 0, {});
  const std::string said = program.Expect("campaigns check", 1, {"错误  采集源 mall 从未采集成功"});
  CHECK(said.find("采集源 shop 上次") == std::string::npos);
  const std::string later = FormatDay(SystemClock().Now() + std::chrono::hours(72));
  program.Expect("campaigns check --on " + later, 1,
                 {"采集源 shop 上次采集成功", "已超过 3 个周期（6h）"});
}

TEST_CASE("ours: campaigns copy writes the office's own file, and next knows the date") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  program.Expect("campaigns copy shandong-taiwan-fair --year 2027", 0,
                 {"config/campaigns.yaml", "2027-09-01..2027-09-04", "未核实"});
  const std::string file = program.Read("config/campaigns.yaml");
  CHECK(file.find("# --- exhibitions ---") != std::string::npos);
  CHECK(file.find("- {on: 2027-09-01..2027-09-04,") != std::string::npos);
  program.Expect("campaigns next --on 2027-01-01", 0, {"09-01..09-04*"});
  program.Expect("campaigns copy shandong-taiwan-fair --year 2027", 2, {"has its date in 2027"});
  program.Expect("campaigns copy mid-autumn --year 2027", 2, {"every year by itself"});
  program.Expect("campaigns copy cjk-expo --year 2027 --dates 2027-10-20..2027-10-22", 0,
                 {"2027-10-20..2027-10-22"});
  program.Expect("campaigns copy ciee --year 2027", 2, {"did you mean ciie?"});
}

TEST_CASE("ours: campaigns add writes a new one, and next knows it") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  const std::string add =
      "campaigns add kite-fair --name 风筝会专项 --kind fixed --dates 2027-04-17..2027-04-22 "
      "--lead-in 14 --tail 3 --factor all=2 --factor shop=5 --weight gi_weifang=10 ";
  program.Expect(add + "--preview", 0, {"2027-04-03 至 2027-04-25"});
  CHECK_FALSE(std::filesystem::exists(program.path() / "config/campaigns.yaml"));
  program.Expect(add, 0, {"已写入", "config/campaigns.yaml", "2027-04-03 至 2027-04-25"});
  const std::string file = program.Read("config/campaigns.yaml");
  CHECK(file.find("- id: kite-fair\n    name: 风筝会专项\n    fixed: 2027-04-17") !=
        std::string::npos);
  CHECK(file.find("# --- exhibitions ---") != std::string::npos);
  program.Expect("campaigns next --on 2027-01-01", 0, {"风筝会专项", "04-17..04-22"});
  program.Expect(add, 2, {"编号：编号 kite-fair 已经有了：风筝会专项"});
  CHECK(program.Read("config/campaigns.yaml") == file);
  const std::string other = "campaigns add fair --name 展会 --kind lunar --dates 08-15 ";
  program.Expect(other + "--factor shopp=3", 2, {"采集倍数：采集源 shopp 不在配置里"});
  program.Expect(other + "--weight gi_weifan=3", 2, {"是不是 gi_weifang？"});
  program.Expect(other + "--weight gi_weifang", 2, {"is no pair"});
  program.Expect("campaigns add fair --name 展会 --kind yearly --dates 02-30 --lead-in 999", 2,
                 {"日期：“02-30”不是每年都有的月日", "提前天数：天数是 0 至 180"});
  const auto line =
      nlohmann::json::parse(program.Expect(other + "--preview --json --verified", 0, {}));
  CHECK(line["problems"].empty());
  CHECK(line["windows"].size() == 3);
  CHECK(line["windows"][0]["days"] == 1);
}

TEST_CASE("ours: campaigns are started and ended on the ledger, and compared") {
  Program program;
  program.Write("config/sources/a.yaml", kSources);
  program.Expect("campaigns start manned-space-launch", 3, {"no store"});
  program.Write("page.html", "<title>a</title>");
  program.Expect("scan page.html --store config/store", 0, {});
  program.Expect("campaigns start manned-space-launch --days 5 --by 李雷", 0,
                 {"已启动：载人航天发射专项"});
  program.Expect("campaigns start manned-space-launch", 3, {"was started already"});
  CheckWidth(program.Expect("campaigns next", 0, {"人工启动", "进行中"}));
  program.Expect("campaigns start no-such", 2, {"no campaign \"no-such\""});
  program.Expect("campaigns end manned-space-launch", 0, {"已结束"});
  program.Expect("campaigns end manned-space-launch", 3, {"runs that a person started"});
  const std::string table =
      program.Expect("campaigns compare mid-autumn@2025 mid-autumn@2026", 0,
                     {"中秋专项 2025", "2025-09-15 至 2025-10-09，对齐日 2025-10-06", "每万条目"});
  CheckWidth(table);
  program.Expect("campaigns compare mid-autumn@2025 2026-09-01", 0, {});
  program.Expect("campaigns compare mid-autumn cjk-expo@2027", 2, {"is no run"});
  program.Expect("campaigns compare mid-autumn@2026 cjk-expo@2027", 2, {"has no date in 2027"});
}

}  // namespace
}  // namespace cluehound::app
