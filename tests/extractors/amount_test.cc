#include "extractors/amount.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::string Read(const Price& price) {
  return price.low + (price.high.empty() ? "" : "-" + price.high) +
         (price.currency.empty() ? "" : " " + price.currency);
}

TEST_CASE("prices as pages word them") {
  const std::pair<const char*, const char*> cases[] = {
      {"1,299.00", "1299.00"},
      {"¥399", "399.00 CNY"},
      {"￥ 1,299.5", "1299.50 CNY"},
      {"399.00元", "399.00 CNY"},
      {"59.00起", "59.00"},
      {"¥58.00-¥68.00", "58.00-68.00 CNY"},
      {"58~68元", "58.00-68.00 CNY"},
      {"12 至 15", "12.00-15.00"},
      {"58.00 - 58.00", "58.00"},
      {"1.2万", "12000.00"},
      {"1.25万元", "12500.00 CNY"},
      {"NT$ 22,300", "22300.00 TWD"},
      {"$$22,300", "22300.00"},
      {"HK$88", "88.00 HKD"},
      {"US$ 5.99", "5.99 USD"},
      {"12,50 €", "12.50 EUR"},
      {"1.299,00 €", "1299.00 EUR"},
      {"1 299", "1.00"},  // not guessed: the first amount
      {"2.499,95", "2499.95"},
      {"£9.56", "9.56 GBP"},
      {"ＮＴ＄１２８", "128.00 TWD"},
      {"０．５０", "0.50"},
      {"0.125", "0.125"},
      {"50800.0", "50800.00"},
      {"007", "7.00"},
      {"￥83.22 + ￥24.15 运费", "83.22 CNY"},
      {"到手价 ￥ 99", "99.00 CNY"},
      {"售罄", ""},
      {"", ""},
      {"1234567890123", ""},  // a number, but no price
  };
  for (const auto& [text, wanted] : cases) {
    INFO(text);
    CHECK(Read(ParsePrice(text)) == wanted);
  }
}

TEST_CASE("a plain price is nothing but a price") {
  for (const char* text :
       {"548.66", "¥548.66", "￥ 5.00 元", "价格：59.00", "售价 59 元起", "NT$ 1,200", "58-68",
        "券后价￥58", "券后 ¥58", "到手价 ¥50.9", "US $1.99 - 6.99", "1,980円", "￥59/件"}) {
    INFO(text);
    CHECK_FALSE(ParsePlainPrice(text).low.empty());
  }
  for (const char* text : {"3 comments", "2013-06-06 12:30", "满300减30", "第1页", "iPhone 5",
                           "5折", "price on request"}) {
    INFO(text);
    CHECK(ParsePlainPrice(text).low.empty());
  }
}

TEST_CASE("numbers sold and watching") {
  const std::tuple<const char*, int64_t, bool> cases[] = {{"8人付款", 8, false},
                                                          {"1.2万+人付款", 12000, true},
                                                          {"500+", 500, true},
                                                          {"最近成交536笔", 536, false},
                                                          {"销6.15万件", 61500, false},
                                                          {"月销 2.3w+", 23000, true},
                                                          {"1,234", 1234, false},
                                                          {"112580", 112580, false},
                                                          {"30天内已售出 123 件", 123, false},
                                                          {"超过 1000 件", 1000, true},
                                                          {"總銷量>3萬", 30000, true},
                                                          {"1万以上", 10000, true},
                                                          {"3.5亿", 350000000, false},
                                                          {"0人付款", 0, false},
                                                          {"17.95万件", 179500, false}};
  for (const auto& [text, value, at_least] : cases) {
    INFO(text);
    const auto count = ParseCount(text);
    REQUIRE(count);
    CHECK(count->value == value);
    CHECK(count->at_least == at_least);
  }
  REQUIRE_FALSE(ParseCount(""));
  REQUIRE_FALSE(ParseCount("暂无成交"));
  REQUIRE_FALSE(ParseCount("30天"));
}

TEST_CASE("long texts and long numbers are bounded") {
  REQUIRE(ParsePrice(std::string(100000, '9')).low.empty());
  REQUIRE_FALSE(ParseCount(std::string(100000, '9')));
  REQUIRE(ParsePrice(std::string(100000, 'x').append("5")).low.empty());
}

}  // namespace
}  // namespace cluehound::extractors
