#include "base/spreadsheet.h"
#include "tests/triage/desk.h"
#include "triage/media_type.h"
#include "triage/paper_form.h"
#include "triage/paper_json.h"
#include "triage/sign_use.h"

namespace cluehound::triage {
namespace {

using Json = nlohmann::json;
using std::chrono::hours;
using store::testing::Goods;

std::string Rows(const std::vector<Json>& rows) { return Json(rows).dump(); }

// One paper, made by hand.
Json Made(Desk& desk, const std::string& kind, const Json& fields, const Json& leads = {}) {
  Json row = {{"row", 1}, {"fields", fields}};
  if (!leads.is_null()) row["leads"] = leads;
  return desk.Line("papers.put", {{"kind", kind}, {"rows", Rows({row})}})["paper"];
}

TEST_CASE("ours: amounts are read as people write them, and refused when they are none") {
  CHECK(ParseMoney("12000") == "12000.00");
  CHECK(ParseMoney("¥12,000.5元") == "12000.50");
  CHECK(ParseMoney("1.2万元") == "12000.00");
  CHECK(ParseMoney("１２．３４５６万") == "123456.00");
  CHECK(ParseMoney("0.3亿") == "30000000.00");
  for (const char* bad : {"", "abc", "-5", "1.2.3", "万", "1万2", "99999999999999", "9999999亿"})
    CHECK(ParseMoney(bad).empty());
  CHECK(CentsOf("12000.50") == 1200050);
}

TEST_CASE("ours: a clue's deadline is the day given, or 15 working days from the day it came") {
  Desk desk;  // Sunday 2026-11-22
  const Json clue = Made(desk, "clue",
                         {{"origin", "上级交办"},
                          {"received", "2026年11月20日"},
                          {"description", "有人卖假箱子"},
                          {"category", "地理标志"}});
  CHECK(clue["fields"]["origin"] == "assigned");
  CHECK(clue["fields"]["received"] == "2026-11-20");
  CHECK(clue["fields"]["category"] == "gi");
  CHECK(clue["due"] == "2026-12-11");  // the working days from Monday the 23rd
  CHECK(clue["over"] == false);
  const Json given = Made(desk, "clue",
                          {{"origin", "report"},
                           {"description", "另一件"},
                           {"received", "2026-11-20"},
                           {"deadline", "2026-11-21"}});
  CHECK(given["over"] == true);
  CHECK(desk.Lines("papers.list", {{"kind", "clue"}, {"due", "over"}}).size() == 1);
  desk.Line("papers.change",
            {{"kind", "clue"}, {"paper", "2"}, {"fields", R"({"replied":"2026-11-22"})"}});
  CHECK(desk.Lines("papers.list", {{"kind", "clue"}, {"due", "over"}}).empty());
  CHECK(desk.Refused("papers.put",
                     {{"kind", "clue"}, {"rows", Rows({{{"fields", {{"origin", "gossip"}}}}})}})
            .find("线索来源") != std::string::npos);
}

TEST_CASE("电子商务法 43: 15 calendar days run from the counter-notice reaching the right holder") {
  Desk desk;
  Made(desk, "notice", {{"holder", "鸿雁公司"}, {"notified", "2026-11-01"}});
  const auto change = [&](const Json& fields) {
    return desk.Line("papers.change",
                     {{"kind", "notice"}, {"paper", "1"}, {"fields", fields.dump()}});
  };
  Json notice = change({{"countered", "2026-11-05"}});
  CHECK(notice["state"] == "countered");
  CHECK_FALSE(notice.contains("due"));  // at the platform, not at the right holder
  notice = change({{"counter_reached", "2026-11-07"}});
  CHECK(notice["state"] == "waiting");
  CHECK(notice["due"] == "2026-11-22");  // a Sunday: calendar days do not roll
  CHECK(notice["over"] == false);        // its last day
  desk.Advance(hours(24));
  CHECK(desk.Line("papers.show", {{"kind", "notice"}, {"paper", "1"}})["over"] == true);
  notice = change({{"outcome", "sued"}, {"ended", "2026-11-21"}});
  CHECK(notice["state"] == "ended");
  CHECK(notice["over"] == false);
  CHECK(desk.Refused(
                "papers.change",
                {{"kind", "notice"}, {"paper", "1"}, {"fields", R"({"countered":"2026-10-01"})"}})
            .find("早于") != std::string::npos);
}

TEST_CASE("ours: letters get a number, a due date and a reply") {
  Desk desk;
  const Json letter =
      Made(desk, "letter", {{"type", "协查函"}, {"to", "某平台公司"}, {"sent", "2026-11-20"}});
  CHECK(letter["document"] == "XC-2026-00001");
  CHECK(letter["due"] == "2026-12-04");
  desk.Advance(hours(24 * 14));
  CHECK(desk.Lines("papers.list", {{"kind", "letter"}, {"due", "over"}}).size() == 1);
  const Json replied = desk.Line(
      "papers.change",
      {{"kind", "letter"}, {"paper", "XC-2026-00001"}, {"fields", R"({"replied":"2026-12-05"})"}});
  CHECK(replied["state"] == "replied");
  CHECK(desk.Lines("papers.list", {{"kind", "letter"}, {"due", "over"}}).empty());
}

TEST_CASE("ours: a case files the leads that are under check, and statistics count cases alone") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string checked = desk.OnlyLead();
  desk.Line("leads.register", {{"lead", checked}});
  desk.Read("2", {Goods("鸿雁 高仿 二", "2")});
  std::string fresh;
  for (const Json& lead : desk.Lines("leads.list", {{"status", "new"}})) fresh = lead["lead"];
  Made(desk, "case",
       {{"document", "潍立〔2026〕1号"},
        {"result", "立案"},
        {"filed_on", "2026-11-20"},
        {"behaviour", "tm57_3"},
        {"procedure", "普通程序"},
        {"decided", "2026-11-21"},
        {"value", "60万元"},
        {"fine", "12,000"}},
       {checked, fresh});
  const auto shown = desk.Lines("papers.show", {{"kind", "case"}, {"paper", "潍立〔2026〕1号"}});
  REQUIRE(shown.size() == 3);
  CHECK(shown[1]["status"] == "filed");
  CHECK(shown[1]["case"] == "潍立〔2026〕1号");
  CHECK(shown[2]["status"] == "new");  // linked, and still to be decided
}

TEST_CASE("ours: figures of cases") {
  Desk desk;
  const Json fields = {{"document", "潍立〔2026〕1号"},
                       {"result", "立案"},
                       {"filed_on", "2026-11-20"},
                       {"behaviour", "tm57_3"},
                       {"procedure", "普通程序"},
                       {"decided", "2026-11-21"},
                       {"value", "60万元"},
                       {"fine", "12,000"}};
  Made(desk, "case", fields);
  Made(desk, "case", {{"document", "2"}, {"result", "不予立案"}, {"filed_on", "2026-11-20"}});
  const auto stats = desk.Lines("cases.stats", {{"from", "2026-01-01"}});
  const Json& all = stats.back();
  CHECK(all["filed"] == 1);
  CHECK(all["not_filed"] == 1);
  CHECK(all["decided"] == 1);
  CHECK(all["ordinary"] == 1);
  CHECK(all["large"] == 1);
  CHECK(all["fine"] == "12000.00");
  CHECK(stats.front()["behaviour"] == "tm57_3");
  CHECK(desk.Lines("cases.stats", {{"from", "2026-11-22"}}).back()["filed"] == 0);
  // The same number with other content is a mistake; the same content is the same case.
  Made(desk, "case", fields);
  Json other = fields;
  other["fine"] = "1";
  CHECK(desk.Refused("papers.put", {{"kind", "case"}, {"rows", Rows({{{"fields", other}}})}})
            .find("already") != std::string::npos);
}

TEST_CASE("ours: an import takes the good rows, names the bad ones, and twice is once") {
  Desk desk;
  const std::string rows =
      Rows({{{"row", 2},
             {"key", "7号#1"},
             {"fields",
              {{"origin", "assigned"},
               {"received", "2026-11-20"},
               {"title", "鸿雁 箱子"},
               {"url", "http://x.example/1"}}}},
            {{"row", 3}, {"key", "7号#2"}, {"fields", {{"origin", "assigned"}}}},
            {{"row", 4},
             {"key", "7号#1"},
             {"fields", {{"origin", "own"}, {"received", "2026-11-20"}}}}});
  const std::map<std::string, std::string> put = {
      {"kind", "clue"}, {"mode", "import"}, {"rows", rows}};
  auto lines = desk.Lines("papers.put", put);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0]["outcome"] == "new");
  CHECK(lines[1]["problems"][0]["field"] == "received");
  CHECK(lines[2]["problems"][0]["message"] == "与第 2 行重复");
  // What people wrote since stays.
  desk.Line(
      "papers.change",
      {{"kind", "clue"}, {"paper", "1"}, {"fields", R"({"reply":"已办","replied":"2026-11-22"})"}});
  lines = desk.Lines("papers.put", put);
  CHECK(lines[0]["outcome"] == "same");
  CHECK(lines[0]["paper"]["fields"]["reply"] == "已办");
  CHECK(desk.Lines("leads.list", {}).size() == 1);
}

TEST_CASE("ours: an export is logged with its digest, whole inside and masked outside") {
  Desk desk;
  desk.Read("1", {Goods("=鸿雁 高仿 微信13812345678", "1", "张三小店")});
  const std::string lead = desk.OnlyLead();
  Made(desk, "clue",
       {{"origin", "report"},
        {"reporter", "王小五"},
        {"contact", "13900001111"},
        {"description", "王小五说张三小店卖假货"}},
       {lead});
  const auto file = [&](const std::string& outside) {
    const Json line = desk.Line(
        "leads.export", {{"leads", lead}, {"format", "csv"}, {"outside", outside}, {"to", "省局"}});
    const std::string bytes = FromHexText(line["hex"].get<std::string>()).value();
    CHECK(Hex(Sha256(bytes)) == line["sha256"]);
    const Json audit = desk.Lines("audit.list", {{"limit", "1000"}}).back();
    CHECK(audit["action"] == "handover.add");
    CHECK(audit["user"] == "uid-7");
    CHECK(audit["after"].get<std::string>().find(line["sha256"].get<std::string>()) !=
          std::string::npos);
    CHECK(audit["after"].get<std::string>().find(lead) != std::string::npos);
    return bytes;
  };
  const std::string whole = file("no");
  for (const char* text : {"王小五", "13900001111", "张三小店", "13812345678", "'=鸿雁"})
    CHECK(whole.find(text) != std::string::npos);
  const std::string masked = file("yes");
  for (const char* text : {"王小五", "13900001111", "张三小店", "13812345678"}) {
    INFO(text);
    CHECK(masked.find(text) == std::string::npos);
  }
  CHECK(masked.find("138******78") != std::string::npos);
  const auto table = ReadSpreadsheet(masked);
  REQUIRE_OK(table);
  CHECK(table->rows.size() == 2);
  const Json received =
      desk.Line("papers.change",
                {{"kind", "handover"}, {"paper", "2"}, {"fields", R"({"receipt":"SD-88"})"}});
  CHECK(received["state"] == "received");
}

TEST_CASE("ours: a county asks, the city answers (疑难请示, 答复)") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const Json row = {{"row", 1},
                    {"fields",
                     {{"type", "疑难请示"},
                      {"from", "寿光市局"},
                      {"to", "市局"},
                      {"county", "寿光"},
                      {"subject", "是否属于近似标识"}}},
                    {"leads", {desk.OnlyLead()}}};
  const Json asked = desk.Line("papers.put", {{"kind", "letter"}, {"rows", Rows({row})}})["paper"];
  CHECK(asked["document"] == "QS-2026-00001");
  CHECK(asked["state"] == "sent");
  desk.Advance(std::chrono::hours(24 * 20));
  CHECK(desk.Lines("papers.list", {{"kind", "letter"}, {"due", "over"}}).size() == 1);
  const Json answered = desk.Line(
      "papers.change", {{"kind", "letter"},
                        {"paper", "QS-2026-00001"},
                        {"fields", R"({"replied":"2026-12-12","reply":"属于，依法核查"})"}});
  CHECK(answered["state"] == "replied");
  CHECK(desk.Lines("papers.list", {{"kind", "letter"}, {"due", "over"}}).empty());
}

TEST_CASE("ours: who reads a file that came with a clue is in the log") {
  Desk desk;
  const std::string png = "\x89PNG\r\n\x1A\n....";
  const Json row = {{"row", 1},
                    {"fields", {{"origin", "report"}, {"description", "高仿"}}},
                    {"files", {{{"name", "a.png"}, {"hex", ToHexText(png)}}}}};
  desk.Line("papers.put", {{"kind", "clue"}, {"rows", Rows({row})}});
  const std::string digest = Hex(Sha256(png));
  CHECK(desk.Line("papers.file", {{"digest", digest}})["hex"] == ToHexText(png));
  const Json entry = desk.Lines("audit.list", {}).back();
  CHECK(entry["action"] == "evidence.read");
  CHECK(entry["object"] == "file " + digest);
  CHECK(entry["user"] == "uid-7");
  CHECK(desk.Refused("papers.file", {{"digest", digest}}, "寿光市").find("paper") !=
        std::string::npos);
  desk.Refused("papers.file", {{"digest", digest}, {"paper", "1"}}, "寿光市");
}

TEST_CASE("ours: coverage is over registered users, silence of a title is unknown") {
  Desk desk;
  for (const char* name : {"甲公司", "乙公司", "丙公司", "丁公司"})
    Made(desk, "sign_user", {{"gi", "安丘大姜"}, {"name", name}, {"from", "2025-01-01"}});
  Made(desk, "sign_user", {{"gi", "安丘大姜"}, {"name", "旧公司"}, {"until", "2025-12-31"}});
  auto claimed = Goods("安丘大姜 5斤", "1", "甲 公司");
  claimed.text = "产品已获准使用地理标志专用标志";
  auto silent = Goods("安丘大姜 5斤", "2", "乙公司");
  auto denied = Goods("安丘大姜", "3", "丙公司");
  denied.text = "本品未使用地理标志专用标志";
  auto stranger = Goods("安丘大姜", "4", "外地公司");
  stranger.text = "地理标志专用标志";
  desk.Read("1", {claimed, silent, denied, stranger});
  desk.Call("gi.scan", {});
  const Json all = desk.Lines("gi.coverage", {}).back();
  CHECK(all["users"] == 4);
  CHECK(all["online_claimed"] == 1);
  CHECK(all["online_unknown"] == 1);
  CHECK(all["online"] == 3);
  CHECK(all["not_seen"] == 1);
  CHECK(all["rate"] == "25.0");
  // What is found on the spot outweighs what a shop writes.
  desk.Line("papers.change",
            {{"kind", "sign_user"}, {"paper", "1"}, {"fields", R"({"uses":"no"})"}});
  CHECK(desk.Lines("gi.coverage", {}).back()["using"] == 0);
  const auto sample = [&](const std::string& seed) {
    std::string names;
    for (const Json& user :
         desk.Lines("gi.sample", {{"gi", "安丘大姜"}, {"seed", seed}, {"size", "3"}}))
      names += user["fields"]["name"].get<std::string>();
    return names;
  };
  CHECK(sample("2026-四季度") == sample("2026-四季度"));
  bool differs = false;
  for (const char* seed : {"1", "2", "3", "4", "5"})
    differs = differs || sample(seed) != sample("6");
  CHECK(differs);
}

TEST_CASE("ours: files are what their bytes are") {
  using namespace std::string_view_literals;
  CHECK(MediaTypeOf("\xFF\xD8\xFF\xE0"sv) == "image/jpeg");
  CHECK(MediaTypeOf("\x89PNG\r\n\x1A\n...."sv) == "image/png");
  CHECK(MediaTypeOf("RIFF\0\0\0\0WEBPVP8 "sv) == "image/webp");
  CHECK(MediaTypeOf("<!DOCTYPE html><html>") == "text/html");
  for (const std::string_view other : {"MZ\x90"sv, ""sv, "RIFF"sv, "GIF89a"sv, "%PDF-1.4"sv})
    CHECK(MediaTypeOf(other).empty());
}

TEST_CASE("ours: papers of one county are not shown to another") {
  Desk desk;
  Made(desk, "case",
       {{"document", "1"}, {"result", "filed"}, {"filed_on", "2026-11-20"}, {"county", "寿光"}});
  CHECK(desk.Lines("papers.list", {{"kind", "case"}}, "寿光市").size() == 1);
  CHECK(desk.Lines("papers.list", {{"kind", "case"}}, "安丘市").empty());
  desk.Refused("papers.show", {{"kind", "case"}, {"paper", "1"}}, "安丘市");
}

TEST_CASE("ours: bad requests are refused, not half done") {
  Desk desk;
  desk.Refused("papers.put", {{"kind", "clue"}, {"rows", "no json"}});
  desk.Refused("papers.put", {{"kind", "nothing"}, {"rows", "[]"}});
  desk.Refused("papers.put", {{"kind", "handover"}, {"rows", R"([{"fields":{}}])"}});
  desk.Refused("papers.put",
               {{"kind", "clue"}, {"rows", R"([{"fields":{"origin":"own"},"clue":"zz"}])"}});
  desk.Refused("papers.put",
               {{"kind", "clue"}, {"rows", R"([{"fields":{"origin":"own"},"clue":"09ff"}])"}});
  desk.Refused(
      "papers.put",
      {{"kind", "clue"},
       {"rows", R"([{"fields":{"origin":"own"},"files":[{"name":"a.png","hex":"4d5a"}]}])"}});
  desk.Refused("papers.put", {{"kind", "case"}, {"unknown", "x"}});
  desk.Refused("leads.export", {{"leads", ""}});
  CHECK(desk.Lines("papers.list", {}).empty());
  CHECK(desk.Lines("audit.list", {}).empty());
}

TEST_CASE("ours: every behaviour code of the shipped rules is in the shipped file") {
  const Office office = Office::BuiltIn();
  for (const char* code : {"tm57_1", "tm57_2", "tm57_3", "tm52_false", "tm52_10", "tm53",
                           "tm_printing", "gi", "special_mark", "olympic", "official_sign",
                           "patent_99", "patent_101", "agency", "adv9", "adv12", "overseas"})
    CHECK(office.FindBehaviour(code) != nullptr);
  CHECK(office.behaviours.size() > 30);
  CHECK_FALSE(office.handover.empty());
}

}  // namespace
}  // namespace cluehound::triage
