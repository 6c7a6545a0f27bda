#include "crawler/source_gates.h"

#include "tests/testing/testing.h"

namespace cluehound::crawler {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using store::SourceMode;

const Instant kNoon = *ParseTime("2026-11-22T12:00:00+08:00");

SourceSettings Named(const char* id, Priority priority = Priority::kNormal) {
  SourceSettings source;
  source.id = id;
  source.priority = priority;
  return source;
}

std::vector<std::string> Ids(const std::vector<SourceGates::Group>& groups) {
  std::vector<std::string> ids;
  for (const auto& group : groups)
    ids.insert(ids.end(), group.sources.begin(), group.sources.end());
  return ids;
}

TEST_CASE("ours: a gate says why nothing is fetched") {
  SourceSettings day = Named("day");
  day.schedule.hours = {*ParseDayWindow("08:00-18:00")};
  SourceGates gates({day, Named("always")});
  CHECK(gates.Why("day", kNoon) == Closed::kNo);
  CHECK(gates.Why("day", kNoon + hours(6)) == Closed::kHours);
  CHECK(gates.Why("nobody", kNoon) == Closed::kUnknown);
  gates.SetMode("day", SourceMode::kPaused, kNoon);
  CHECK(gates.Why("day", kNoon) == Closed::kPaused);
  gates.SetMode("day", SourceMode::kRunning, kNoon);
  CHECK(gates.Why("day", kNoon) == Closed::kNo);
}

TEST_CASE("ours: sources are asked for by priority, draining ones for what was due before") {
  SourceGates gates({Named("low", Priority::kLow), Named("b"), Named("high", Priority::kHigh),
                     Named("drain"), Named("a"), Named("paused")});
  gates.SetMode("drain", SourceMode::kDraining, kNoon - hours(1));
  gates.SetMode("paused", SourceMode::kPaused, kNoon);
  const auto groups = gates.Open({"a", "b", "low", "high", "drain", "paused", "gone"}, kNoon);
  CHECK(Ids(groups) == std::vector<std::string>{"high", "a", "b", "drain", "low"});
  REQUIRE(groups.size() == 4);
  CHECK_FALSE(groups[0].due_until);
  CHECK(groups[2].due_until == kNoon - hours(1));
}

TEST_CASE("ours: a paused source stays paused when the configuration is read again, known or not") {
  SourceGates gates({Named("a")});
  gates.SetMode("a", SourceMode::kPaused, kNoon);
  gates.SetMode("later", SourceMode::kPaused, kNoon);
  gates.Update({Named("a"), Named("later")});
  CHECK(gates.Why("a", kNoon) == Closed::kPaused);
  CHECK(gates.Why("later", kNoon) == Closed::kPaused);
  gates.Update({Named("later")});
  CHECK(gates.Why("a", kNoon) == Closed::kUnknown);
}

TEST_CASE("changedetection.io #3178: after a start the sources begin one after the other") {
  std::vector<SourceSettings> sources;
  for (int i = 0; i < 5; ++i) sources.push_back(Named(("s" + std::to_string(i)).c_str()));
  sources.push_back(Named("zz", Priority::kHigh));
  SourceGates gates(sources);
  gates.OpenInTurn(kNoon, seconds(1), minutes(10));
  CHECK(gates.Why("zz", kNoon) == Closed::kNo);
  CHECK(gates.Why("s0", kNoon) == Closed::kTurn);
  CHECK(gates.Why("s0", kNoon + seconds(1)) == Closed::kNo);
  CHECK(gates.Why("s4", kNoon + seconds(4)) == Closed::kTurn);
  CHECK(gates.Why("s4", kNoon + seconds(5)) == Closed::kNo);
  gates.OpenInTurn(kNoon, minutes(10), minutes(6));  // never longer than that
  CHECK(gates.Why("s4", kNoon + minutes(5)) == Closed::kNo);
  gates.OpenInTurn(kNoon, minutes(1), minutes(10));
  gates.OpenNow("s4");
  CHECK(gates.Why("s4", kNoon) == Closed::kNo);
}

}  // namespace
}  // namespace cluehound::crawler
