#include "tests/triage/desk.h"

namespace cluehound::triage {
namespace {

using store::testing::Goods;

TEST_CASE("lists: what is no category, status, score, sort, limit, place or text is refused") {
  Desk desk;
  desk.Read("1", {Goods("鸿雁 高仿", "1")});
  const std::pair<const char*, const char*> wrong[] = {
      {"category", "foo"}, {"status", "done"},   {"score", "-3"},      {"score", "101"},
      {"sort", "price"},   {"limit", "-3"},      {"limit", "0"},       {"limit", "many"},
      {"after", "zzz"},    {"text", "雁"},       {"silenced", "some"}, {"day", "2026-13-01"},
      {"due", "soon"},     {"dispatch", "lost"}, {"notice", "none"},   {"place", "there"}};
  for (const auto& [name, value] : wrong) {
    INFO(name << " " << value);
    CHECK_FALSE(desk.Refused("leads.list", {{name, value}}).empty());
  }
  CHECK(desk.Refused("leads.list", {{"category", "foo"}}).find("trademark, ") != std::string::npos);
  CHECK(desk.Refused("leads.count", {{"limit", "3"}}).find("no argument") != std::string::npos);
}

TEST_CASE("lists: by seller, text and score, counted, and one page after the other") {
  Desk desk;
  std::vector<extractors::Listing> listings;
  for (int i = 0; i < 5; ++i)
    listings.push_back(Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)));
  desk.Read("1", listings);
  CHECK(desk.Lines("leads.list", {{"seller", "东风小店"}}).size() == 5);
  CHECK(desk.Lines("leads.list", {{"seller", "西风小店"}}).empty());
  CHECK(desk.Lines("leads.list", {{"text", "高仿3"}}).size() == 1);
  CHECK(desk.Line("leads.count", {{"score", "60"}})["leads"] == 5);
  CHECK(desk.Line("leads.count", {{"score", "61"}})["leads"] == 0);
  std::map<std::string, std::string> arguments{{"limit", "2"}, {"sort", "last-seen"}};
  std::set<std::string> met;
  for (const size_t size : {2u, 2u, 1u}) {
    const Response page = desk.Call("leads.list", arguments);
    REQUIRE_OK(page.status);
    CHECK(page.lines.size() == size);
    for (const std::string& line : page.lines) met.insert(Desk::Json::parse(line)["lead"]);
    arguments["after"] = page.next;
  }
  CHECK(met.size() == 5);
  CHECK(arguments["after"].empty());
}

TEST_CASE("lists: here are those of this city and of nobody knows where; elsewhere the others") {
  Desk desk;
  desk.Read("1",
            {Goods("鸿雁 高仿 一", "1"), Goods("鸿雁 高仿 二", "2"), Goods("鸿雁 高仿 三", "3")});
  const auto id = [&](const char* text) -> std::string {
    return desk.Line("leads.list", {{"text", text}})["lead"];
  };
  desk.Line("leads.place", {{"lead", id("高仿一")}, {"place", "here"}, {"county", "寿光市"}});
  desk.Line("leads.place", {{"lead", id("高仿二")}, {"place", "elsewhere"}});
  CHECK(desk.Line("leads.count", {{"place", "here"}})["leads"] == 2);
  CHECK(desk.Line("leads.count", {{"place", "elsewhere"}})["leads"] == 1);
  CHECK(desk.Line("leads.list", {{"place", "elsewhere"}})["lead"] == id("高仿二"));
  // A row is in both lists when it holds both, each time with the leads that belong there.
  CHECK(desk.Line("leads.rows", {{"place", "here"}})["leads"] == 2);
  CHECK(desk.Line("leads.rows", {{"place", "elsewhere"}})["leads"] == 1);
  desk.Line("leads.place", {{"lead", id("高仿二")}, {"place", "unknown"}});
  CHECK(desk.Lines("leads.rows", {{"place", "elsewhere"}}).empty());
}

}  // namespace
}  // namespace cluehound::triage
