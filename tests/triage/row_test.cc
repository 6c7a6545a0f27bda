#include <set>

#include "tests/triage/desk.h"

namespace cluehound::triage {
namespace {

using std::chrono::hours;
using store::testing::Goods;

std::vector<extractors::Listing> Fakes(int from, int to) {
  std::vector<extractors::Listing> fakes;
  for (int i = from; i < to; ++i)
    fakes.push_back(Goods("鸿雁 高仿 " + std::to_string(i), std::to_string(i)));
  return fakes;
}

TEST_CASE("ours: one decision on a row of 300, and what comes later is 新增条目") {
  Desk desk;
  desk.Read("1", Fakes(0, 300));
  const std::string row = desk.Line("leads.rows", {})["row"];
  const std::string one = desk.Lines("leads.list", {{"limit", "1"}})[0]["lead"];
  desk.Line("leads.decide", {{"lead", one}, {"status", "ruled_out"}, {"reason", "authorised"}});
  desk.Advance(hours(1));
  const auto decided =
      desk.Lines("leads.decide", {{"row", row}, {"status", "checking"}, {"reason", "suspected"}});
  CHECK(decided.size() == 299);  // what was decided by itself stays as it was
  CHECK(desk.Line("leads.list", {{"status", "ruled_out"}})["lead"] == one);
  auto shown = desk.Line("leads.rows", {});
  CHECK(shown["decided"]["status"] == "checking");
  CHECK(shown["decided"]["covered"] == 299);
  CHECK(shown["new_entries"] == 0);
  desk.Advance(hours(24));
  desk.Read("2", Fakes(300, 305));
  shown = desk.Line("leads.rows", {});
  CHECK(shown["leads"] == 305);
  CHECK(shown["new_entries"] == 5);
  // The next decision covers those; with none left, the ones of the last decision.
  CHECK(desk.Lines("leads.decide", {{"row", row}, {"status", "ruled_out"}, {"reason", "fair_use"}})
            .size() == 5);
  desk.Advance(hours(1));
  CHECK(
      desk.Lines("leads.decide", {{"row", row}, {"status", "ruled_out"}, {"reason", "place_name"}})
          .size() == 5);
  CHECK(desk.Lines("leads.undo", {{"row", row}}).size() == 5);
  CHECK(desk.Refused("leads.undo", {{"row", row}}).find("no decision") != std::string::npos);
  CHECK(desk.Refused("leads.decide",
                     {{"row", "0011223344556677"}, {"status", "checking"}, {"reason", "suspected"}})
            .find("no row") != std::string::npos);
}

TEST_CASE("ours: a row of more leads than one write takes is decided and undone as one") {
  Desk desk;
  desk.Read("1", Fakes(0, 600));
  desk.Read("2", Fakes(600, 1200));
  const std::string row = desk.Line("leads.rows", {})["row"];
  CHECK(desk.Lines("leads.decide", {{"row", row}, {"status", "ruled_out"}, {"reason", "fair_use"}})
            .size() == 1200);
  auto shown = desk.Line("leads.rows", {});
  CHECK(shown["decided"]["covered"] == 1200);
  CHECK(shown["undecided"] == 0);
  desk.Advance(hours(1));
  // With none left undecided, those of the last decision.
  CHECK(
      desk.Lines("leads.decide", {{"row", row}, {"status", "ruled_out"}, {"reason", "place_name"}})
          .size() == 1200);
  desk.Advance(hours(1));
  CHECK(desk.Lines("leads.undo", {{"row", row}}).size() == 1200);
  shown = desk.Line("leads.rows", {});
  CHECK(shown["decided"].is_null());
  CHECK(shown["undecided"] == 0);  // each is back where the first decision put it
}

TEST_CASE("ours: a row that is decided twice in one millisecond is decided twice, and that ends") {
  Desk desk;
  desk.Read("1", Fakes(0, 3));
  const std::string row = desk.Line("leads.rows", {})["row"];
  std::set<int64_t> revisions;
  for (int i = 0; i < 3; ++i) {
    CHECK(
        desk.Lines("leads.decide", {{"row", row}, {"status", "ruled_out"}, {"reason", "fair_use"}})
            .size() == 3);
    const auto shown = desk.Line("leads.rows", {});
    CHECK(shown["decided"]["covered"] == 3);
    revisions.insert(shown["revision"].get<int64_t>());
  }
  CHECK(revisions.size() == 3);
}

TEST_CASE("ours: of two decisions on a row as both saw it the second is refused") {
  Desk desk;
  desk.Read("1", Fakes(0, 3));
  const auto seen = desk.Line("leads.rows", {});
  const std::string row = seen["row"];
  const std::string revision = std::to_string(seen["revision"].get<int64_t>());
  CHECK(revision == "0");
  desk.Lines(
      "leads.decide",
      {{"row", row}, {"status", "checking"}, {"reason", "suspected"}, {"revision", revision}});
  desk.Advance(hours(1));
  const std::map<std::string, std::string> second = {
      {"row", row}, {"status", "ruled_out"}, {"reason", "fair_use"}, {"revision", revision}};
  CHECK(desk.Refused("leads.decide", second).find("revision") != std::string::npos);
  CHECK(desk.Refused("leads.undo", {{"row", row}, {"revision", "7"}}).find("revision") !=
        std::string::npos);
  CHECK(desk.Lines("leads.list", {{"status", "checking"}}).size() == 3);
  const std::string now = std::to_string(desk.Line("leads.rows", {})["revision"].get<int64_t>());
  CHECK(desk.Lines("leads.undo", {{"row", row}, {"revision", now}}).size() == 3);
}

}  // namespace
}  // namespace cluehound::triage
