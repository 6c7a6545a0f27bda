#include "triage/privacy.h"

#include "tests/testing/testing.h"

namespace cluehound::triage {
namespace {

TEST_CASE("ours: telephone numbers are masked however they are written") {
  CHECK(MaskNumbers("电话13812345678。") == "电话138******78。");
  for (const std::string_view text :
       {"138 1234 5678", "138-1234-5678", "１３８１２３４５６７８", "+86 13812345678",
        "86-138-1234-5678", "008613812345678", "一三八一二三四五六七八",
        "13\xE2\x80\x8B"
        "812345678",
        "加V：138.1234.5678", "①③⑧①②③④⑤⑥⑦⑧", "138 - 1234 - 5678", "0536-8091234", "(0536)80912345",
        "010 8091 2345", "400-809-1234", "370702199001011234", "37070219900101123X",
        "59.00 13812345678", "邮箱 zhang.san@example.com"}) {
    INFO(text);
    const std::string masked = MaskNumbers(text);
    CHECK(masked.find('*') != std::string::npos);
    CHECK(masked.find("345678") == std::string::npos);
    CHECK(masked.find("0912") == std::string::npos);
    CHECK(masked.find("zhang") == std::string::npos);
  }
}

TEST_CASE("ours: other numbers stay") {
  for (const std::string_view text :
       {"¥1,380.00", "货号 6138123456789012", "2026-11-22", "91330100799655058B", "注册号 12345678",
        "https://item.example/?id=6138123456780", "一三五", "潍坊市2026年第12号", "a@"}) {
    INFO(text);
    CHECK(MaskNumbers(text) == text);
  }
}

TEST_CASE("ours: names keep their first character") {
  CHECK(MaskName("张三") == "张**");
  CHECK(MaskName("寿光好味特产有限公司") == "寿***公司");
  CHECK(MaskName("").empty());
}

TEST_CASE("ours: masking is linear in the text") {
  const std::string hostile(2'000'000, '1');
  CHECK(MaskNumbers(hostile) == hostile);
  std::string dashed;
  for (int i = 0; i < 300'000; ++i) dashed += "1-";
  CHECK(MaskNumbers(dashed).size() == dashed.size());
}

}  // namespace
}  // namespace cluehound::triage
