#pragma once

#include <string>
#include <string_view>

namespace cluehound::triage {

// What a pasted share text of a shopping or video app says.
struct SharedItem {
  std::string url;    // the first http(s) address, as written; empty: none
  std::string title;  // what the item is called; empty: the text does not say
};

// Reads texts such as "【淘宝】https://m.tb.cn/h.x CZ01 「安丘大姜 5斤」点击链接直接打开": the address, and
// as title what stands in 「」, else in quotes, else in 【】 when it is no name of an app, else the
// longest part that is no instruction and no code. Linear in the text, of which the first 20,000
// bytes count.
SharedItem ReadShareText(std::string_view text);

}  // namespace cluehound::triage
