#include "tests/triage/desk.h"
#include "triage/reasons.h"

namespace cluehound::triage {
namespace {

using std::chrono::hours;
using store::testing::Goods;

TEST_CASE("ours: registering gives a number and a deadline in working days") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string id = desk.OnlyLead();
  const auto lead = desk.Line("leads.register", {{"lead", id}, {"note", "群众举报"}});
  CHECK(lead["status"] == "checking");
  CHECK(lead["number"] == "WF-2026-00001");
  CHECK(lead["decided_by"] == "李雷");
  CHECK(lead["deadline"]["due"] == "2026-12-11");  // 15 working days after Sunday, November 22
  CHECK(lead["deadline"]["over"] == false);
  // Again: nothing happens.
  const auto again = desk.Line("leads.register", {{"lead", "WF-2026-00001"}});
  CHECK(again["revision"] == lead["revision"]);
  CHECK(desk.Lines("leads.show", {{"lead", "WF-2026-00001"}}).back()["entry"] == "decided");
  CHECK(desk.Lines("leads.list", {{"due", "over"}}).empty());
  CHECK(desk.Lines("leads.list", {{"due", "2026-12-10"}}).empty());
  CHECK(desk.Lines("leads.list", {{"due", "2026-12-11"}}).size() == 1);
  desk.Advance(hours(24 * 20));
  CHECK(desk.Lines("leads.list", {{"due", "over"}}).size() == 1);
  CHECK(desk.Line("leads.list", {})["deadline"]["over"] == true);
}

TEST_CASE("ours: a deadline is extended once, with who approved it") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string id = desk.OnlyLead();
  CHECK(desk.Refused("leads.extend", {{"lead", id}, {"approver", "王局"}}).find("no clock") !=
        std::string::npos);
  desk.Line("leads.register", {{"lead", id}});
  CHECK(desk.Refused("leads.extend", {{"lead", id}}).find("approved") != std::string::npos);
  const auto lead = desk.Line("leads.extend", {{"lead", id}, {"approver", "王局"}});
  CHECK(lead["deadline"]["due"] == "2027-01-01");
  CHECK(lead["deadline"]["approver"] == "王局");
  CHECK(lead["deadline"]["warning"].get<std::string>().find("2027年") != std::string::npos);
  CHECK(desk.Refused("leads.extend", {{"lead", id}, {"approver", "王局"}}).find("1 times") !=
        std::string::npos);
}

TEST_CASE("ours: each status has its reasons, and what goes with it") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  desk.Read("2", {Goods("鸿雁 复刻", "2")});
  const auto leads = desk.Lines("leads.list", {});
  const std::string id = leads[0]["lead"];
  const auto decide = [&](const std::string& status, const std::string& reason,
                          std::map<std::string, std::string> more = {}) {
    more["lead"] = id;
    more["status"] = status;
    more["reason"] = reason;
    return desk.Call("leads.decide", more).status.message();
  };
  CHECK(decide("new", "suspected").find("undo") != std::string::npos);
  CHECK(decide("ruled_out", "suspected").find("fair_use 正当使用") != std::string::npos);
  CHECK(decide("ruled_out", "").find("rule_error 规则误报") != std::string::npos);
  CHECK(decide("ruled_out", "fair_use", {{"to", "police"}}).find("does not go with") !=
        std::string::npos);
  CHECK(decide("referred", "organised_crime", {{"to", "nobody"}}).find("county:NAME") !=
        std::string::npos);
  CHECK(decide("deferred", "waiting", {{"until", "2026-11-22"}}).find("future") !=
        std::string::npos);
  CHECK(decide("duplicate", "repeated").find("repeats") != std::string::npos);
  CHECK(decide("closed", "handled").find("possible: checking") != std::string::npos);
  CHECK(decide("duplicate", "repeated", {{"of", leads[1]["lead"]}}) == "");
  CHECK(desk.Lines("leads.show", {{"lead", id}})[0]["duplicate_of"] == leads[1]["lead"]);
  CHECK(decide("checking", "reopened") == "");
  CHECK(decide("referred", "organised_crime", {{"to", "police"}}) == "");
  CHECK(desk.Lines("leads.show", {{"lead", id}})[0]["to"] == "police");
  CHECK(decide("checking", "reopened") == "");
  CHECK(decide("filed", "suspected", {{"case", "潍市监案字〔2026〕12号"}}) == "");
  CHECK(decide("closed", "handled") == "");
  const auto lead = desk.Lines("leads.show", {{"lead", id}})[0];
  CHECK(lead["case"] == "潍市监案字〔2026〕12号");
  CHECK(lead["number"] == "WF-2026-00001");
}

TEST_CASE("ours: a deferred lead is back on its day, without anybody doing anything") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string id = desk.OnlyLead();
  desk.Line("leads.decide",
            {{"lead", id}, {"status", "deferred"}, {"reason", "waiting"}, {"until", "2026-11-25"}});
  CHECK(desk.Line("leads.list", {})["until"] == "2026-11-25");
  desk.Advance(hours(48));
  CHECK(desk.Line("leads.list", {})["status"] == "deferred");
  desk.Advance(hours(16));  // 2026-11-25 00:00
  CHECK(desk.Line("leads.list", {{"status", "new"}})["lead"] == id);
  // Without a day: the office's own term.
  const auto lead =
      desk.Line("leads.decide", {{"lead", id}, {"status", "deferred"}, {"reason", "waiting"}});
  CHECK(lead["until"] == "2026-12-25");
}

TEST_CASE("ours: undo takes the last decision back and says so in the log") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::string id = desk.OnlyLead();
  CHECK(desk.Refused("leads.undo", {{"lead", id}}).find("nobody") != std::string::npos);
  desk.Line("leads.decide", {{"lead", id}, {"status", "ruled_out"}, {"reason", "fair_use"}});
  CHECK(desk.Line("leads.undo", {{"lead", id}, {"note", "点错了"}})["status"] == "new");
  const auto audit = desk.Lines("audit.list", {});
  CHECK(audit.back()["action"] == "lead.undo");
  CHECK(audit.back()["by"] == "李雷");
}

TEST_CASE("ours: leads are merged and given back") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1"), Goods("鸿雁 复刻", "2")});
  const auto leads = desk.Lines("leads.list", {});
  const std::string one = leads[0]["lead"];
  const std::string other = leads[1]["lead"];
  const auto merged =
      desk.Line("leads.merge", {{"lead", one}, {"into", other}, {"note", "同一件"}});
  CHECK(merged["status"] == "duplicate");
  CHECK(merged["merged"] == true);
  CHECK(merged["duplicate_of"] == other);
  CHECK(desk.Lines("leads.show", {{"lead", other}}).back()["entry"] == "took_in");
  CHECK(desk.Refused("leads.unmerge", {{"lead", other}}).find("not merged") != std::string::npos);
  CHECK(desk.Line("leads.unmerge", {{"lead", one}})["status"] == "new");
  CHECK(desk.Refused("leads.merge", {{"lead", one}}).find("needs the lead") != std::string::npos);
}

TEST_CASE("ours: only wrong software lowers the precision of a rule") {
  std::vector<std::string> wrong;
  for (const Reason& reason : Reasons()) {
    if (reason.software_wrong) wrong.emplace_back(reason.code);
    for (const store::LeadStatus status : reason.statuses)
      REQUIRE_OK(CheckReason(reason.code, status));
  }
  CHECK(wrong == std::vector<std::string>{"rule_error", "extract_error"});
  CHECK(FindReason("fair_use")->chinese == "正当使用");
  CHECK(FindReason("nothing") == nullptr);
  CHECK(TargetChinese("county:寿光市") == "县市区局 寿光市");
  CHECK_FALSE(CheckTarget("county").ok());
}

}  // namespace
}  // namespace cluehound::triage
