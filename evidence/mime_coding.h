#pragma once

#include <string>
#include <string_view>

namespace cluehound::evidence {

// RFC 2045 6.7. Sequences that are no coding stay as they are. At most `max_bytes` come out.
std::string DecodeQuotedPrintable(std::string_view text, size_t max_bytes);

// RFC 2045 6.8. Characters outside the alphabet are passed over. At most `max_bytes` come out.
std::string DecodeBase64(std::string_view text, size_t max_bytes);

// A parameter of a header value such as `multipart/related; boundary="x"`, unquoted; empty when
// absent. `name` is lower case.
std::string MimeParameter(std::string_view value, std::string_view name);

// The media type of a Content-Type value, lower case: "text/html".
std::string MediaType(std::string_view value);

}  // namespace cluehound::evidence
