#include "base/spreadsheet.h"
#include "tests/triage/desk.h"
#include "triage/seller_table.h"
#include "triage/statutory_line.h"

namespace cluehound::triage {
namespace {

using store::OfficialEntry;

extractors::Listing Offer(const std::string& id, const std::string& seller, int64_t sold = 0) {
  auto listing = store::testing::Goods("鸿雁 高仿 " + id, id, seller);
  if (sold > 0) listing.sold = sold;
  return listing;
}

Result<OfficialTable> Read(const std::string& csv, OfficialEntry::List list) {
  const auto sheet = ReadSpreadsheet(csv);
  REQUIRE_OK(sheet);
  return ReadOfficialTable(*sheet, list, "名单.csv");
}

std::string Problems(const OfficialTable& table) {
  std::string text;
  for (const auto& problem : table.problems) {
    text += std::to_string(problem.row) + problem.column + " " + problem.message +
            (problem.refuses ? "" : " (taken)") + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("ours: bad rows of an official list are named by row and column, good ones taken") {
  const auto table = Read(
      "企业名称,统一社会信用代码,分类等级,文号,列入日期,有效期至\n"
      "甲公司,91330100799655058B,D级,潍市监〔2026〕1号,2026-01-05,2027-01-05\n"
      "乙公司,123,Ｃ,2号,,2027-01-05\n"
      "丙公司,,E,3号,,2027-01-05\n"
      "丁公司,,b,,,2027/1/5\n"
      ",,A,5号,,2027-01-05\n"
      "\n"
      "戊公司,,A,6号,2027-02-01,2027年1月5日\n"
      "己公司,,A,7号,,下个月\n"
      "庚公司,,A,8号,,\n"
      "辛公司,91350100M0001TGQXM,A类,9号,,2027-01-05\n"
      "甲公司改名,91330100799655058B,C,10号,,2027-01-05\n",
      OfficialEntry::List::kGrade);
  REQUIRE_OK(table);
  CHECK(Problems(*table) ==
        "3B “123”不是 18 位统一社会信用代码\n"
        "4C “E”不是 A、B、C、D 之一\n"
        "5D 文号是空的\n"
        "6 名称和统一社会信用代码都是空的\n"
        "8F 有效期不在列入日期之后\n"
        "9F “下个月”不是日期，例如 2027-06-30\n"
        "10F 有效期是空的\n"
        "11B 校验位不符，请核对；已按原样导入 (taken)\n"
        "12 与第 2 行是同一主体，以后面的为准 (taken)\n");
  CHECK(table->refused == 7);
  REQUIRE(table->entries.size() == 3);
  CHECK(table->entries[0].grade == "D");
  CHECK(table->entries[0].from == "2026-01-05");
  for (const OfficialEntry& entry : table->entries) CHECK(CheckOfficial(entry).ok());
}

TEST_CASE("ours: an official list without a column that is needed is refused as a whole") {
  const auto refused = [](const std::string& header, OfficialEntry::List list) {
    return Read(header + "\nx,x,x,x\n", list).status().message();
  };
  CHECK(refused("名称,文号", OfficialEntry::List::kDishonest).find("有效期至") !=
        std::string::npos);
  CHECK(refused("名称,有效期至", OfficialEntry::List::kDishonest).find("文号") !=
        std::string::npos);
  CHECK(refused("文号,有效期至", OfficialEntry::List::kDishonest).find("名称") !=
        std::string::npos);
  CHECK(refused("名称,文号,有效期至", OfficialEntry::List::kGrade).find("等级") !=
        std::string::npos);
  CHECK_FALSE(Read("", OfficialEntry::List::kGrade).ok());
}

TEST_CASE("ours: sellers are watched, shown with their lists, and let go, through the operations") {
  Desk desk;
  desk.Read("1", {Offer("1", "东风小店"), Offer("2", "东风小店"), Offer("3", "西风小店")});
  CHECK(desk.Lines("sellers.list", {}).size() == 2);
  CHECK(desk.Refused("sellers.watch", {{"seller", "东风小店"}}).find("reason") !=
        std::string::npos);
  const auto watch = desk.Line(
      "sellers.watch", {{"seller", "东风小店"}, {"reason", "举报"}, {"until", "2027-01-01"}});
  CHECK(watch["entries"][0]["name"] == "东风小店");
  // A crawl is asked to hold stored listings against the new list, once.
  desk.Line("sellers.watch", {{"seller", "没见过的店"}, {"reason", "举报"}, {"platform", "甲网"}});
  CHECK(desk.store().PendingRequests("crawl", 10)->size() == 1);
  CHECK(desk.Lines("sellers.list", {{"watched", "yes"}}).size() == 1);
  CHECK(desk.Line("sellers.show", {{"seller", "东风小店"}})["watches"][0]["reason"] == "举报");
  CHECK(desk.Line("sellers.unwatch", {{"seller", "东风小店"}})["in_force"] == false);
  CHECK(desk.Lines("sellers.list", {{"watched", "yes"}}).empty());
  CHECK(desk.Lines("sellers.watches", {}).size() == 2);
  CHECK(desk.Refused("sellers.unwatch", {{"seller", "东风小店"}}).find("not watched") !=
        std::string::npos);
  CHECK(desk.Refused("sellers.watch", {{"seller", "东风小店"}, {"reason", "x"}}, "寿光市")
            .find("for the city") != std::string::npos);
}

TEST_CASE(
    "ours: official lists come in through the operations, checked again, never as our score") {
  Desk desk;
  auto offer = Offer("1", "东风小店");
  offer.text = "统一社会信用代码 91330100799655058B";
  desk.Read("1", {offer});
  const int risk = desk.Line("sellers.show", {{"seller", "东风小店"}})["risk"];
  const std::string row =
      R"([{"name":"东风商贸","code":"91330100799655058B","grade":"D","document":"1号","until":"2027-01-01"}])";
  desk.Line("sellers.import", {{"list", "grade"}, {"file", "a.csv"}, {"rows", row}});
  const auto seller = desk.Line("sellers.show", {{"seller", "东风小店"}});
  CHECK(seller["official"][0]["grade"] == "D");
  CHECK(seller["risk"] == risk);
  CHECK_FALSE(desk.Refused("sellers.import", {{"list", "grade"}, {"rows", "[{}]"}}).empty());
  CHECK_FALSE(desk.Refused("sellers.import", {{"list", "grade"}, {"rows", "nothing"}}).empty());
  CHECK_FALSE(desk.Refused("sellers.import", {{"list", "dishonest"}, {"rows", row}}).empty());
}

TEST_CASE("ours: repeat infringement, clusters and their undoing through the operations") {
  Desk desk;
  desk.Read("1", {Offer("1", "东风小店"), Offer("2", "东风小店")});
  CHECK(desk.Lines("clusters.list", {}).empty());
  CHECK_FALSE(
      desk.Refused("sellers.repeat", {{"seller", "东风小店"}, {"document", "1号"}}).empty());
  desk.Line("sellers.repeat",
            {{"seller", "东风小店"}, {"document", "1号"}, {"date", "2025-01-02"}});
  const auto cluster = desk.Line("clusters.list", {{"kind", "repeat"}});
  CHECK(cluster["kind_name"] == "重复侵权");
  const std::string id = cluster["cluster"];
  CHECK(desk.Lines("clusters.show", {{"cluster", id}}).size() == 3);
  CHECK(desk.Lines("leads.list", {{"cluster", id}}).size() == 2);
  CHECK(desk.Lines("leads.list", {{"cluster", id}})[0]["cluster"] == id);
  const auto rows = desk.Lines("leads.rows", {{"cluster", id}});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0]["leads"] == 2);
  const std::string lead = desk.Lines("leads.list", {})[0]["lead"];
  desk.Lines("clusters.undo", {{"cluster", id}, {"leads", lead}, {"reason", "他人商品"}});
  CHECK(desk.Lines("leads.list", {{"cluster", id}}).size() == 1);
  CHECK_FALSE(desk.Refused("clusters.undo", {{"cluster", id}}).empty());
  desk.Line("clusters.undo", {{"cluster", id}, {"reason", "录错"}});
  CHECK(desk.Lines("clusters.list", {}).empty());
  CHECK(desk.Refused("clusters.list", {{"kind", "other"}}).find("malice") != std::string::npos);
}

TEST_CASE("ours: a row and a lead show estimated sales, and officers the statutory lines reached") {
  Desk desk;
  auto offer = Offer("1", "东风小店", 100);
  desk.Read("1", {offer});
  auto lead = desk.Lines("leads.list", {})[0];
  CHECK(lead["sales_estimate"]["amount"] == "0.00");
  CHECK(lead["sales_estimate"]["first_amount"] == "5900.00");
  desk.Advance(std::chrono::hours(24));
  offer.sold = 1100;
  offer.sold_at_least = true;
  desk.Read("1", {offer});
  lead = desk.Lines("leads.show", {{"lead", desk.OnlyLead()}})[0];
  CHECK(lead["sales_estimate"]["label"] == "销售额估算（非违法经营额）");
  CHECK(lead["sales_estimate"]["amount"] == "59000.00");
  CHECK(lead["sales_estimate"]["lower_bound"] == true);
  REQUIRE(lead.contains("statutory_lines"));
  bool referral = false;
  for (const auto& line : lead["statutory_lines"]) {
    referral |= line["use"] == "referral";
    if (line["use"] == "referral") CHECK(line["certainty"] == "unverified");
  }
  CHECK(referral);
  CHECK_FALSE(desk.Lines("leads.list", {})[0].contains("statutory_lines"));
  CHECK(desk.Lines("leads.rows", {})[0]["sales_estimate"]["amount"] == "59000.00");
}

TEST_CASE("ours: statutory lines hold between their days, for their categories and marks") {
  const Office office = Office::BuiltIn();
  REQUIRE_FALSE(office.lines.empty());
  const auto ids = [&](const char* category, int64_t yuan, size_t marks, const char* day) {
    std::string text;
    for (const auto& line : LinesReached(office.lines, category, yuan * 100, marks, *ParseDay(day)))
      text += line.id + " ";
    return text;
  };
  CHECK(ids("trademark", 49'999, 1, "2026-11-22").empty());
  CHECK(ids("trademark", 50'000, 1, "2026-11-22") == "tm60 criminal213 criminal214 ");
  CHECK(ids("trademark", 30'000, 2, "2026-11-22") == "criminal213-two ");
  CHECK(ids("trademark", 50'000, 1, "2027-01-01") == "criminal213 criminal214 ");
  CHECK(ids("gi", 500'000, 3, "2026-11-22").empty());
  Diagnostics diagnostics;
  ParseStatutoryLines("lines:\n  - {id: a, name: b, categories: [gi], basis: c}\n", "x.yaml",
                      diagnostics);
  CHECK(diagnostics.ToStatus().message().find("yuan") != std::string::npos);
}

}  // namespace cluehound::triage
