#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "extractors/html_document.h"

namespace cluehound::extractors {

// Why a page that gave no listing is only a server that cannot answer now, although it says 200: 系统
// 繁忙, "under maintenance", アクセスが集中, in the words of shops of several languages. Nothing when it
// is anything else. Such a page is short, has few links, and says nothing of the goods themselves:
// what is sold out or taken down is an answer.
std::optional<std::string> WhyBusy(const HtmlDocument& document, std::string_view title);
// The same of the text of a JSON answer.
std::optional<std::string> WhyBusy(std::string_view words);

}  // namespace cluehound::extractors
