#include "rules/credit_code.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

// "+" or "-" for every code found: whether its check digit fits.
std::string Found(const std::string& text) {
  std::string found;
  for (const CreditCode& code : FindCreditCodes(FoldString(text)))
    found += code.check_digit_fits ? '+' : '-';
  return found;
}

}  // namespace

TEST_CASE("gb32100: codes in use pass, one changed character fails") {
  for (const std::string code :
       {"91330100799655058B", "914403001922038216", "9144030071526726XG"}) {
    CHECK(Found("统一社会信用代码：" + code) == "+");
    std::string wrong = code;
    wrong[9] = wrong[9] == '1' ? '2' : '1';
    CHECK(Found("统一社会信用代码：" + wrong) == "-");
  }
}

TEST_CASE("gb32100: an old code that does not fit is known: the check is a hint") {
  CHECK(Found("信用代码 91350100M0001TGQXM") == "-");
}

TEST_CASE("gb32100: letters outside the alphabet have no check digit") {
  CHECK(CreditCodeCheck("91330100799655058") == 'b');
  CHECK(CreditCodeCheck("9133010079965505i") == '\0');
  CHECK(Found("信用代码 9133010079965505IB") == "-");
}

TEST_CASE("ours: unannounced, only what can hardly be anything else") {
  CHECK(Found("某公司 91330100799655058B 出品") == "+");
  CHECK(Found("全角 ９１３３０１００７９９６５５０５８Ｂ") == "+");
  CHECK(Found("身份证 370702199001011234") == "");
  CHECK(Found("订单 914403001922038216") == "");
  CHECK(Found("税号 914403001922038216") == "+");
  CHECK(Found("91330100799655058B7") == "");
  CHECK(Found("91330100799655058") == "");
  CHECK(Found("") == "");
}

TEST_CASE("ours: the place of a code, and several of them") {
  const std::string text = "甲 91330100799655058B 乙 91330100799655058C";
  const auto codes = FindCreditCodes(FoldString(text));
  REQUIRE(codes.size() == 2);
  CHECK(FoldString(text).substr(codes[0].slice.begin, 18) == "91330100799655058b");
  CHECK(codes[0].check_digit_fits);
  CHECK_FALSE(codes[1].check_digit_fits);
}

}  // namespace cluehound::rules
