#pragma once

#include <string>
#include <string_view>

namespace cluehound::extractors {

// The words of a text that may hold markup and entities, as titles in JSON do ("<font
// color=red>数据</font>线 &amp; 头"): tags removed, entities decoded, white space collapsed. Plain
// text is only collapsed. Thread-safe.
std::string WordsOfMarkup(std::string_view text);

}  // namespace cluehound::extractors
