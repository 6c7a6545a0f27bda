#include "tests/triage/desk.h"
#include "triage/report.h"

namespace cluehound::triage {
namespace {

using store::testing::Goods;

std::vector<extractors::Listing> Some(int from, int to) {
  std::vector<extractors::Listing> listings;
  for (int i = from; i < to; ++i)
    listings.push_back(Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)));
  return listings;
}

void Decide(Desk& desk, const Desk::Json& lead, const std::string& status,
            const std::string& reason) {
  desk.Lines("leads.decide", {{"lead", lead["lead"]}, {"status", status}, {"reason", reason}});
}

TEST_CASE("rules stats: only errors of the software lower precision, from five decisions on") {
  Desk desk;
  desk.Read("1", Some(0, 8));
  const auto leads = desk.Lines("leads.list", {});
  auto rule = desk.Line("rules.stats", {});
  CHECK(rule["rule"] == "brand-rule");
  CHECK(rule["hits"] == 8);
  CHECK(rule["leads"] == 8);
  CHECK(rule["decided"] == 0);
  CHECK(rule["last_fired"] == "2026-11-22");
  CHECK_FALSE(rule.contains("precision"));
  for (int i = 0; i < 3; ++i)
    Decide(desk, leads[static_cast<size_t>(i)], "ruled_out", "authorised");
  Decide(desk, leads[3], "ruled_out", "rule_error");
  Decide(desk, leads[4], "deferred", "waiting");                    // no judgement
  CHECK_FALSE(desk.Line("rules.stats", {}).contains("precision"));  // four
  Decide(desk, leads[5], "checking", "suspected");
  rule = desk.Line("rules.stats", {});
  CHECK(rule["decided"] == 5);
  CHECK(rule["errors"] == 1);
  CHECK(rule["precision"] == 80.0);
  desk.Lines("leads.undo", {{"lead", leads[3]["lead"]}});
  CHECK(desk.Line("rules.stats", {})["errors"] == 0);
  // Thirty days on nothing of it counts, and when the rule fired last is still known.
  desk.Advance(std::chrono::hours(24 * 30));
  rule = desk.Line("rules.stats", {});
  CHECK(rule["decided"] == 0);
  CHECK(rule["hits"] == 0);
  CHECK(rule["last_fired"] == "2026-11-22");
}

TEST_CASE("reports: figures say what they count, and a lead counts where it stands") {
  Desk desk;
  desk.Read("1", Some(0, 3));
  const auto leads = desk.Lines("leads.list", {});
  desk.Advance(std::chrono::hours(24));
  Decide(desk, leads[0], "ruled_out", "fair_use");
  const auto report = [&](const std::string& from, const std::string& to) {
    return desk.Lines("reports.data", {{"kind", "measures"}, {"from", from}, {"to", to}});
  };
  const auto lines = report("2026-11-01", "2026-11-30");
  CHECK(lines[0]["report"] == "measures");
  CHECK(lines[0]["counts"].get<std::string>().find("不是案件数") != std::string::npos);
  CHECK(lines[1]["section"] == "合计");
  CHECK(lines[1]["new"] == 3);
  CHECK(lines[1]["decided"] == 1);
  bool reason = false;
  for (const auto& line : lines) reason = reason || line.value("item", "") == "已排除 正当使用";
  CHECK(reason);
  CHECK(report("2026-11-22", "2026-11-22")[1]["decided"] == 0);
  CHECK(report("2026-11-23", "2026-11-23")[1]["new"] == 0);
  CHECK(report("2026-12-01", "2026-12-02").size() == 1);
  const auto year =
      desk.Lines("reports.data", {{"kind", "year"}, {"from", "2026-01-01"}, {"to", "2026-12-31"}});
  CHECK(year[1]["item"] == "");
  CHECK(year[2]["item"] == "2026-11");
}

TEST_CASE("reports: spans and kinds that are none are refused") {
  Desk desk;
  CHECK(desk.Refused("reports.data", {{"kind", "weekly"}}).find("half-year") != std::string::npos);
  desk.Refused("reports.data", {{"kind", "daily"}, {"from", "2026-11-23"}, {"to", "2026-11-22"}});
  desk.Refused("reports.data", {{"kind", "daily"}, {"from", "yesterday"}});
  desk.Refused("reports.data", {{"kind", "year"}, {"from", "1990-01-01"}});
  desk.Refused("reports.data", {{"kind", "year"}}, "寿光市");
}

TEST_CASE("reports: lists of leads, and candidates of typical cases masked") {
  Desk desk;
  auto listing = Goods("鸿雁 高仿 微信13812345678", "1", "张三的小店");
  desk.Read("1", {listing, Goods("鸿雁 二", "2")});
  for (const auto& lead : desk.Lines("leads.list", {})) {
    desk.Lines("leads.register", {{"lead", lead["lead"]}});
    if (lead["id"] == "1")
      desk.Lines("leads.decide",
                 {{"lead", lead["lead"]}, {"status", "filed"}, {"reason", "suspected"}});
  }
  const auto ledger = desk.Lines("reports.data", {{"kind", "ledger"}});
  CHECK(ledger.size() == 3);
  CHECK(ledger[1].contains("number"));
  CHECK(desk.Lines("reports.data", {{"kind", "daily"}}).size() == 3);
  const auto candidates = desk.Lines("reports.data", {{"kind", "candidates"}});
  REQUIRE(candidates.size() == 2);
  CHECK(candidates[1]["seller"] == "张***小店");
  CHECK(candidates[1]["title"] == "鸿雁 高仿 微信138******78");
  CHECK_FALSE(candidates[1].contains("url"));
}

TEST_CASE("reports: a list of leads that leaves is in the log, with who and how many") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  desk.Lines("reports.data", {{"kind", "ledger"}});
  const auto entry = desk.Lines("audit.list", {}).back();
  CHECK(entry["action"] == "report.export");
  CHECK(entry["object"] == "ledger");
  CHECK(entry["after"] == "2026-11-22 2026-11-22: 1 leads");
  CHECK(entry["by"] == "李雷");
}

TEST_CASE("reports: statistics count cases alone, coverage registered users") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const Desk::Json row = {{"row", 1},
                          {"fields",
                           {{"document", "潍市监案〔2026〕1号"},
                            {"result", "filed"},
                            {"filed_on", "2026-03-01"},
                            {"decided", "2026-05-01"},
                            {"behaviour", "tm57_2"},
                            {"procedure", "ordinary"},
                            {"mediated", "是"},
                            {"supervised", "是"},
                            {"foreign", "否"},
                            {"value", "60万元"},
                            {"fine", "1.2万元"}}}};
  desk.Line("papers.put", {{"kind", "case"}, {"rows", Desk::Json::array({row}).dump()}});
  const auto lines = desk.Lines("reports.data", {{"kind", "statistics"}});
  CHECK(lines[0]["from"] == "2026-01-01");
  CHECK(lines[0]["counts"].get<std::string>().find("不是线索数") != std::string::npos);
  const auto& all = lines.back();
  CHECK(all["behaviour"] == "all");
  CHECK(all["filed"] == 1);
  CHECK(all["ordinary"] == 1);
  CHECK(all["mediated"] == 1);
  CHECK(all["supervised"] == 1);
  CHECK(all["foreign"] == 0);
  CHECK(all["large"] == 1);
  CHECK(all["fine"] == "12000.00");
  for (const auto& column : lines[0]["columns"])
    if (column["key"] != "number") CHECK(all.contains(column["key"].get<std::string>()));
  const auto coverage = desk.Lines("reports.data", {{"kind", "coverage"}});
  CHECK(coverage[0]["title"] == "地理标志专用标志使用覆盖率");
  CHECK(coverage.back()["users"] == 0);
  for (const auto& column : coverage[0]["columns"])
    CHECK(coverage.back().contains(column["key"].get<std::string>()));
  desk.Refused("reports.data", {{"kind", "coverage"}, {"from", "2026-01-01"}});
}

TEST_CASE("reports: no cell of a CSV is a formula") {
  const std::string header =
      R"({"report":"x","columns":[{"key":"a","title":"名称"},{"key":"b","title":"数"}]})";
  const std::string csv = ReportCsv({header, R"({"a":"=1+2","b":3})", R"({"a":" @x,\"y\"","b":-4})",
                                     R"({"a":"-5.00"})", R"({"a":"＝cmd","b":null})"});
  CHECK(csv == "\xEF\xBB\xBF名称,数\r\n'=1+2,3\r\n\"' @x,\"\"y\"\"\",-4\r\n-5.00,\r\n'＝cmd,\r\n");
}

}  // namespace
}  // namespace cluehound::triage
