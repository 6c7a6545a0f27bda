#include "base/lunar_calendar.h"

#include <map>
#include <sstream>

#include "base/work_calendar.h"
#include "tests/testing/testing.h"

namespace cluehound {
namespace {

std::string Lunar(int year, int month, int day, bool leap = false) {
  const auto found = DayOfLunar(year, month, day, leap);
  return found ? FormatDay(*found) : "none";
}

TEST_CASE("published tables: the first day of every lunar month of 2023 to 2035") {
  // The file says where its days come from.
  std::istringstream lines(
      testing::Slurp(testing::SourceDir().string() + "/tests/base/lunar_months.tsv"));
  std::map<int, int> months;
  std::map<int, int> leap_months;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    int year = 0, month = 0;
    std::string kind, day;
    fields >> year >> month >> kind >> day;
    INFO(line);
    REQUIRE(day.size() == 10);
    CHECK(Lunar(year, month, 1, kind == "leap") == day);
    ++months[year];
    if (kind == "leap") leap_months[year] = month;
  }
  REQUIRE(months.size() == 13);
  for (const auto& [year, count] : months) CHECK(count == (leap_months.count(year) ? 13 : 12));
  for (int year = 2023; year <= 2035; ++year) {
    for (int month = 1; month <= 12; ++month) {
      INFO(year << " " << month);
      CHECK((Lunar(year, month, 1, true) != "none") ==
            (leap_months.count(year) > 0 && leap_months[year] == month));
    }
  }
}

TEST_CASE("published tables: 春节, 端午 and 中秋 of 2023 to 2035") {
  const std::map<int, std::array<std::string, 3>> known = {
      {2023, {"2023-01-22", "2023-06-22", "2023-09-29"}},
      {2024, {"2024-02-10", "2024-06-10", "2024-09-17"}},
      {2025, {"2025-01-29", "2025-05-31", "2025-10-06"}},
      {2026, {"2026-02-17", "2026-06-19", "2026-09-25"}},
      {2027, {"2027-02-06", "2027-06-09", "2027-09-15"}},
      {2028, {"2028-01-26", "2028-05-28", "2028-10-03"}},
      {2029, {"2029-02-13", "2029-06-16", "2029-09-22"}},
      {2030, {"2030-02-03", "2030-06-05", "2030-09-12"}},
      {2031, {"2031-01-23", "2031-06-24", "2031-10-01"}},
      {2032, {"2032-02-11", "2032-06-12", "2032-09-19"}},
      {2033, {"2033-01-31", "2033-06-01", "2033-09-08"}},
      {2034, {"2034-02-19", "2034-06-20", "2034-09-27"}},
      {2035, {"2035-02-08", "2035-06-10", "2035-09-16"}}};
  for (const auto& [year, days] : known) {
    CHECK(Lunar(year, 1, 1) == days[0]);
    CHECK(Lunar(year, 5, 5) == days[1]);
    CHECK(Lunar(year, 8, 15) == days[2]);
  }
}

TEST_CASE("ours: the 30th of a short month is its last day, and years out of reach are none") {
  // 2026: 腊月 begins 2027-01-08 and has 29 days; 春节 2027 is the day after its last.
  CHECK(Lunar(2026, 12, 29) == "2027-02-05");
  CHECK(Lunar(2026, 12, 30) == "2027-02-05");
  CHECK(Lunar(2027, 12, 30) == "2028-01-25");
  CHECK(Lunar(1991, 1, 1) == "none");
  CHECK(Lunar(2100, 1, 1) == "none");
}

TEST_CASE("ours: a festival is of the first month of its number, not of the leap month") {
  CHECK(Lunar(2028, 5, 5) == "2028-05-28");
  CHECK(Lunar(2028, 5, 5, true) == "2028-06-27");
}

}  // namespace
}  // namespace cluehound
