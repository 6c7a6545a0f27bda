#include "triage/letter.h"

#include "base/zip_archive.h"
#include "tests/triage/desk.h"
#include "triage/paper_json.h"

namespace cluehound::triage {
namespace {

using store::testing::Goods;

std::string Body(const std::string& docx) {
  const auto members = ReadZip(docx, 100, 10u << 20);
  REQUIRE_OK(members);
  for (const ZipMember& member : *members) {
    if (member.name == "word/document.xml") return member.bytes;
  }
  return "";
}

}  // namespace

TEST_CASE("letters: every shipped template is filled whole, with each lead in its own row") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 <高仿>", "1"), Goods("鸿雁 复刻 13812345678", "2")});
  std::string leads;
  for (const auto& lead : desk.Lines("leads.list", {}))
    leads += lead["lead"].get<std::string>() + " ";
  for (const char* name : {"transfer", "assist", "push", "extract"}) {
    INFO(name);
    const auto line = desk.Line(
        "letters.draft",
        {{"letter", name}, {"leads", leads}, {"texts", R"({"to":"寿光市局","days":"5"})"}});
    const std::string body = Body(*FromHexText(line["hex"].get<std::string>()));
    CHECK(body.find("{{") == std::string::npos);
    CHECK(body.find("鸿雁 &lt;高仿&gt;") != std::string::npos);
    CHECK(body.find("13812345678") != std::string::npos);
    CHECK(body.find("2026年11月22日") != std::string::npos);
    CHECK(line["leads"] == 2);
  }
  const auto entry = desk.store().Audit(0, 1000)->back();
  CHECK(entry.action == "letter.draft");
  CHECK(entry.after.find("whole ") == 0);
}

TEST_CASE("letters: for people outside names and numbers are masked; what is unknown is refused") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿 微信13812345678", "1")});
  const std::string lead = desk.OnlyLead();
  const auto line =
      desk.Line("letters.draft", {{"letter", "transfer"}, {"leads", lead}, {"outside", "yes"}});
  const std::string body = Body(*FromHexText(line["hex"].get<std::string>()));
  CHECK(body.find("13812345678") == std::string::npos);
  CHECK(body.find("东风小店") == std::string::npos);
  CHECK(line["masked"] == true);
  CHECK(desk.Refused("letters.draft", {{"letter", "none"}, {"leads", lead}}).find("transfer") !=
        std::string::npos);
  CHECK_FALSE(desk.Refused("letters.draft", {{"letter", "transfer"}}).empty());
  CHECK_FALSE(
      desk.Refused("letters.draft", {{"letter", "transfer"}, {"leads", lead}}, "寿光市").empty());
}

}  // namespace cluehound::triage
