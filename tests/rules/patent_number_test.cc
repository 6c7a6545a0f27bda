#include "rules/patent_number.h"

#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

const Instant kToday = *ParseDay("2026-11-22");

std::vector<PatentNumber> Find(std::string_view text, Instant now = kToday) {
  return FindPatentNumbers(FoldString(text), now);
}

// "number:faults" of the only number, or what else there is.
PatentFaults FaultsOf(std::string_view text) {
  const auto numbers = Find(text);
  INFO(text);
  REQUIRE(numbers.size() == 1);
  return numbers[0].faults;
}

}  // namespace

TEST_CASE("zc 0006: check digits of published and made-up numbers") {
  CHECK(PatentCheckDigit("201710601862") == '3');
  CHECK(PatentCheckDigit("202310000001") == '5');
  CHECK(PatentCheckDigit("202130123456") == '8');
  CHECK(PatentCheckDigit("202220123456") == '7');
  CHECK(PatentCheckDigit("95115608") == 'x');
  CHECK(PatentCheckDigit("97101765") == '4');
}

TEST_CASE("patent number: a right number has no fault, however it is written") {
  CHECK(FaultsOf("专利号ZL201710601862.3") == 0);
  CHECK(FaultsOf("发明专利 ZL201710601862.3") == 0);
  CHECK(FaultsOf("专利号：ZL 2017 1 0601862.3 净水器 500ml") == 0);
  CHECK(FaultsOf("ＺＬ２０１７１０６０１８６２．３") == 0);
  CHECK(FaultsOf("ZL201710601862·3") == 0);
  CHECK(FaultsOf("ZL2017106018623") == 0);
  CHECK(FaultsOf("ZL2O17l0601862.3") == 0);
  CHECK(FaultsOf("实用新型专利（ZL202220123456.7）") == 0);
}

TEST_CASE("patent number: without a check digit there is none to be wrong") {
  CHECK(FaultsOf("专利号 ZL201710601862 净水器") == 0);
}

TEST_CASE("patent number: faults that the number itself shows") {
  CHECK(FaultsOf("专利号ZL202010123456.7") == kCheckDigit);
  CHECK(FaultsOf("ZL202220123456.6") == kCheckDigit);
  CHECK((FaultsOf("ZL203220123456.1") & kYear) != 0);
  CHECK((FaultsOf("ZL198420123456.1") & kYear) != 0);
  CHECK((FaultsOf("专利号 202060123456.1") & kMalformed) != 0);
  CHECK((FaultsOf("专利号：20201234567890123") & kMalformed) != 0);
  CHECK((FaultsOf("专利号：2020123 折叠凳") & kMalformed) != 0);
}

TEST_CASE("patent number: a type that contradicts the number") {
  CHECK(FaultsOf("发明专利 ZL202220123456.7") == kTypeConflict);
  CHECK(FaultsOf("外观设计 专利号ZL202220123456.7") == kTypeConflict);
  CHECK(FaultsOf("实用新型 ZL202220123456.7") == 0);
  // Two types claimed: it is not said which one has this number.
  CHECK(FaultsOf("发明专利、实用新型 ZL202220123456.7") == 0);
}

TEST_CASE("patent number: a term that has certainly ended") {
  const auto term = [](std::string_view text, std::string_view day) {
    const auto numbers = Find(text, *ParseDay(day));
    REQUIRE(numbers.size() == 1);
    return (numbers[0].faults & kTermOver) != 0;
  };
  // Utility model of 2012: ends in the course of 2022.
  CHECK_FALSE(term("ZL201220123456", "2022-12-31"));
  CHECK(term("ZL201220123456", "2023-01-01"));
  // Design of 2014: ten years; of 2021 possibly fifteen.
  CHECK(term("ZL201430123456", "2025-06-01"));
  CHECK_FALSE(term("ZL202130123456", "2032-01-01"));
  // Invention: twenty.
  CHECK_FALSE(term("ZL201210123456", "2032-12-31"));
  CHECK(term("ZL200310123456", "2024-01-01"));
}

TEST_CASE("patent number: old numbers of eight digits") {
  CHECK((FaultsOf("专利号95115608.X 旧款") & kCheckDigit) == 0);
  CHECK((FaultsOf("专利号97101765.5 旧款") & kCheckDigit) != 0);
}

TEST_CASE("patent number: other numbers are none") {
  CHECK(Find("ZL50装载机 滤芯").empty());
  CHECK(Find("音响 ZL-9800").empty());
  CHECK(Find("条码 6901234567892").empty());
  CHECK(Find("电话 13800138000").empty());
  CHECK(Find("CN201710601862A 公开号").empty());
  CHECK(Find("型号 AZL201710601862.4").empty());
  CHECK(Find("专利号").empty());
}

TEST_CASE("patent number: what is masked or cut off is not judged") {
  CHECK(Find("专利号ZL2020****5678").empty());
  CHECK(Find("国家专利 ZL20202").empty());
  CHECK(Find("折叠凳 专利号：2020123").empty());
}

TEST_CASE("patent number: the slice is the number in the text") {
  const std::string text = "收纳盒 专利号ZL202220123456.7 热卖";
  const auto numbers = Find(text);
  REQUIRE(numbers.size() == 1);
  const std::string folded = FoldString(text);
  CHECK(folded.substr(numbers[0].slice.begin, numbers[0].slice.end - numbers[0].slice.begin) ==
        "202220123456.7");
  CHECK(numbers[0].number == "2022201234567");
}

TEST_CASE("patent number: several numbers are each found, and no type is laid on them") {
  const auto numbers = Find("发明专利 ZL201710601862.3 ZL202220123456.7 ZL202220123456.1");
  REQUIRE(numbers.size() == 3);
  CHECK(numbers[0].faults == 0);
  CHECK(numbers[1].faults == 0);
  CHECK(numbers[2].faults == kCheckDigit);
}

}  // namespace cluehound::rules
