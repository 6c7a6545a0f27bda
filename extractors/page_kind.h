#pragma once

#include <string>
#include <string_view>

namespace cluehound::extractors {

enum class PageKind { kHtml, kJson, kOther };

// What an answer is, by its Content-Type (may be empty or wrong) and its first bytes. `why` says
// what it is instead when it is neither HTML nor JSON, for people.
PageKind KindOfBytes(std::string_view bytes, std::string_view content_type, std::string& why);

// The same for decoded text, once KindOfBytes found nothing against it. For JSON and JSONP, `json`
// is where the value begins.
PageKind KindOfText(std::string_view text, std::string_view content_type, std::string_view& json,
                    std::string& why);

}  // namespace cluehound::extractors
