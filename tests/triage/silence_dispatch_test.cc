#include "tests/triage/desk.h"

namespace cluehound::triage {
namespace {

using std::chrono::hours;
using store::testing::Goods;

TEST_CASE("ours: a silence takes what is there and what comes, and ended gives it back") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1"), Goods("鸿雁 复刻", "2", "西风小店")});
  CHECK(desk.Refused("silences.add", {{"seller", "东风小店"}, {"reason", "authorised"}})
            .find("nothing silences everything") != std::string::npos);
  CHECK(desk.Refused("silences.add", {{"seller", "东风小店"}, {"mark", "hongyan"}})
            .find("authorised 正品/授权") != std::string::npos);
  CHECK(desk.Refused("silences.add",
                     {{"seller", "东风小店"}, {"mark", "hongyan"}, {"reason", "authorised"}},
                     "寿光市")
            .find("city") != std::string::npos);
  const auto silence = desk.Line("silences.add", {{"seller", "东风小店"},
                                                  {"mark", "hongyan"},
                                                  {"reason", "authorised"},
                                                  {"proof", "授权书2026-3"},
                                                  {"until", "2026-12-31"}});
  CHECK(silence["silence"] == 1);
  CHECK(silence["hits"] == 1);
  CHECK(silence["by"] == "李雷");
  desk.Read("2", {Goods("鸿雁 高仿", "3")});
  CHECK(desk.Lines("leads.list", {}).size() == 1);
  CHECK(desk.Lines("leads.list", {{"silenced", "only"}}).size() == 2);
  CHECK(desk.Lines("leads.list", {{"silenced", "all"}}).size() == 3);
  CHECK(desk.Line("store.stats", {})["silenced"] == 2);
  CHECK(desk.Line("silences.list", {})["leads"] == 2);
  CHECK(desk.Line("silences.end", {{"number", "1"}})["in_force"] == false);
  CHECK(desk.Lines("leads.list", {}).size() == 3);
}

TEST_CASE("ours: the silence of a lead is of its family and wording, and expires by itself") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string id = desk.OnlyLead();
  const auto silence =
      desk.Line("silences.add", {{"lead", id}, {"reason", "fair_use"}, {"until", "2026-12-01"}});
  CHECK(silence["family"] == "brand");
  CHECK(silence["hits"] == 1);
  CHECK(desk.Lines("leads.list", {}).empty());
  desk.Advance(hours(24 * 9));
  CHECK(desk.OnlyLead() == id);
}

TEST_CASE("ours: tags come, go and are listed by, and say why not") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1"), Goods("鸿雁 复刻", "2")});
  const std::string id = desk.Lines("leads.list", {})[0]["lead"];
  const auto tagged = desk.Line("leads.tag", {{"lead", id}, {"add", "待抽检\n 展会 "}});
  CHECK(tagged["tags"] == nlohmann::json::array({"展会", "待抽检"}));
  CHECK(tagged["revision"] == 2);
  CHECK(desk.Lines("leads.list", {{"tag", "展会"}}).size() == 1);
  CHECK(desk.Lines("leads.rows", {{"tag", " 展会 "}}).size() == 1);
  CHECK(desk.Line("leads.count", {{"tag", "展"}})["leads"] == 0);
  const auto other =
      desk.Line("leads.tag", {{"lead", id}, {"remove", "展会"}, {"note", "展会已结束"}});
  CHECK(other["tags"] == nlohmann::json::array({"待抽检"}));
  const auto entry = desk.Lines("leads.show", {{"lead", id}}).back();
  CHECK(entry["entry"] == "tagged");
  CHECK(desk.Refused("leads.tag", {{"lead", id}}).find("which tags") != std::string::npos);
  CHECK(desk.Refused("leads.tag", {{"lead", id}, {"add", "待抽检"}}).find("already") !=
        std::string::npos);
  CHECK(desk.Refused("leads.tag", {{"lead", id}, {"add", "x"}, {"revision", "1"}})
            .find("revision 3") != std::string::npos);
  CHECK(desk.Refused("leads.tag", {{"lead", id}, {"add", "x"}}, "寿光市").find("city") !=
        std::string::npos);
  CHECK(desk.Refused("leads.list", {{"tag", std::string(21, 'x')}}).find("longer than 20") !=
        std::string::npos);
}

TEST_CASE("ours: the loop between city and county, with figures") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1"), Goods("鸿雁 复刻", "2"), Goods("鸿雁 原单", "3")});
  std::vector<std::string> ids;
  for (const auto& lead : desk.Lines("leads.list", {})) ids.push_back(lead["lead"]);
  CHECK(desk.Refused("leads.assign", {{"lead", ids[0]}, {"county", "昌邑区"}}).find("昌邑市") !=
        std::string::npos);
  const auto assigned = desk.Line("leads.assign", {{"lead", ids[0]}, {"county", "寿光"}});
  CHECK(assigned["dispatch"]["county"] == "寿光市");
  CHECK(assigned["dispatch"]["due"] == "2026-11-24");
  for (size_t i = 1; i < 3; ++i)
    desk.Line("leads.assign", {{"lead", ids[i]}, {"county", "寿光市"}});
  CHECK(desk.Lines("leads.list", {}, "寿光市").size() == 3);
  CHECK(desk.Lines("leads.list", {}, "安丘市").empty());
  CHECK(desk.Lines("leads.sign", {{"lead", ids[0]}}, "寿光市")[0]["dispatch"]["due"] ==
        "2026-12-11");
  CHECK(desk.Refused("leads.feedback", {{"lead", ids[0]}}, "寿光市").find("note") !=
        std::string::npos);
  desk.Lines("leads.feedback", {{"lead", ids[0]}, {"note", "已立案"}}, "寿光市");
  desk.Lines("leads.return", {{"lead", ids[1]}, {"note", "不在本县经营"}}, "寿光市");
  desk.Line("leads.urge", {{"lead", ids[2]}});
  desk.Line("leads.urge", {{"lead", ids[2]}});
  desk.Line("leads.supervise", {{"lead", ids[2]}});
  desk.Advance(hours(24 * 4));
  const auto figures = desk.Line("counties.stats", {});
  CHECK(figures["county"] == "寿光市");
  CHECK(figures["received"] == 3);
  CHECK(figures["returned"] == 1);
  CHECK(figures["fed_back"] == 1);
  CHECK(figures["overdue"] == 1);
  CHECK(figures["feedback_rate"] == 50);
  CHECK(figures["urged"] == 2);
  CHECK(figures["supervised"] == 1);
  const auto placed = desk.Line("leads.place", {{"lead", ids[1]}, {"place", "elsewhere"}});
  CHECK(placed["jurisdiction_basis"]["place"] == "elsewhere");
  CHECK(placed["jurisdiction_basis"]["basis"] == "officer");
}

}  // namespace
}  // namespace cluehound::triage
