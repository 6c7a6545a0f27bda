#include "triage/office.h"

#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

Instant Day(std::string_view text) { return *ParseDay(text); }

TEST_CASE("ours: the built-in files of the office are good") {
  const auto office = Office::Load({});
  REQUIRE_OK(office);
  const auto check = office->FindTerm("check");
  REQUIRE_OK(check);
  CHECK(check->days == 15);
  CHECK(check->working);
  CHECK(check->extension_days == 15);
  CHECK(check->extension_times == 1);
  CHECK(check->certainty == "unverified");
  CHECK(office->FindTerm("chekc").status().message().find("check") != std::string::npos);
}

TEST_CASE("ours: a deadline into a year without notice says so") {
  const Office office = Office::BuiltIn();
  const Term check = office.FindTerm("check").value();
  const Deadline safe = DeadlineOf(check, Day("2026-11-23"), check.days, office.calendar);
  CHECK(FormatDay(safe.due) == "2026-12-14");
  CHECK(safe.warning.empty());
  const Deadline unsafe = DeadlineOf(check, Day("2026-12-25"), check.days, office.calendar);
  CHECK(unsafe.warning.find("2027年") != std::string::npos);
  const Term platform = office.FindTerm("counter_notice").value();
  CHECK(FormatDay(DeadlineOf(platform, Day("2026-12-25"), 15, office.calendar).due) ==
        "2027-01-09");
}

TEST_CASE("ours: the last day of a term is part of it") {
  CHECK_FALSE(IsOver(Day("2026-12-14"), *ParseTime("2026-12-14T23:59:59+08:00")));
  CHECK(IsOver(Day("2026-12-14"), *ParseTime("2026-12-15T00:00:00+08:00")));
}

TEST_CASE("ours: an office replaces the built-in files one by one") {
  testing::TempDir dir;
  REQUIRE_OK(WriteFileAtomically(
      dir.path() / "terms.yaml",
      "terms:\n"
      "  - {id: check, name: 核查期限, days: 10, unit: calendar, roll: true, from: found}\n"
      "  - {id: sign, name: 签收, days: 1}\n"
      "  - {id: feedback, name: 反馈, days: 5}\n"
      "  - {id: defer, name: 暂缓, days: 9}\n"));
  const auto office = Office::Load(dir.path());
  REQUIRE_OK(office);
  const Term check = office->FindTerm("check").value();
  CHECK(check.from == Term::From::kFound);
  CHECK(check.extension_times == 0);
  CHECK(FormatDay(DeadlineOf(check, Day("2026-09-22"), check.days, office->calendar).due) ==
        "2026-10-08");
}

TEST_CASE("ours: mistakes in terms are named, all at once") {
  testing::TempDir dir;
  REQUIRE_OK(WriteFileAtomically(dir.path() / "terms.yaml",
                                 "terms:\n"
                                 "  - {id: check, name: 核查期限, days: 0}\n"
                                 "  - {id: check, name: 核查期限, days: 3, roll: true}\n"));
  const std::string message = Office::Load(dir.path()).status().message();
  CHECK(message.find("terms.yaml:2:") != std::string::npos);
  CHECK(message.find("terms.yaml:3:") != std::string::npos);
  CHECK(message.find("second time") != std::string::npos);
  CHECK(message.find("only calendar days roll") != std::string::npos);
  REQUIRE_OK(WriteFileAtomically(dir.path() / "terms.yaml", "terms: []\n"));
  CHECK(Office::Load(dir.path()).status().message().find("\"check\" is missing") !=
        std::string::npos);
}

}  // namespace
}  // namespace cluehound::triage
