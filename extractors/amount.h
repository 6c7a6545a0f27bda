#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cluehound::extractors {

// A price as a page words it.
struct Price {
  std::string low;       // decimal with at least two places, "1299.00"; empty: no price found
  std::string high;      // of a range, else empty
  std::string currency;  // ISO 4217 when the text names one unmistakably, else empty
};

// Reads "¥1,299.00", "￥58-68", "1.2万", "NT$ 22,300", "12,50 €", "59.00起". Only the first amount
// counts, with its range: "¥83.22 + ¥24.15 运费" is 83.22. Thread-safe, linear.
Price ParsePrice(std::string_view text);

// The same, but only if the text is a price and nothing else beside words such as 价格, 售价 or 起.
// Empty otherwise.
Price ParsePlainPrice(std::string_view text);

// A number of things sold or of people watching.
struct Count {
  int64_t value = 0;
  bool at_least = false;  // "500+", "1万以上"
};

// Reads "1.2万+人付款" (12000, at least), "最近成交536笔", "500+", "總銷量>3萬",
// "1,234". Numbers of days ("30天内") are passed over.
std::optional<Count> ParseCount(std::string_view text);

}  // namespace cluehound::extractors
