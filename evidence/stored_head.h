#pragma once

#include <string>
#include <string_view>

namespace cluehound::evidence {

// How the head of an HTTP message is written into an archive, and back.
//
// A record must be a valid HTTP/1.1 message, because that is what every reader parses: a body
// without chunks below "Transfer-Encoding: chunked" makes readers wait for chunks, and "HTTP/2 200"
// is no status line. Our bodies come from the client library without the transfer coding, and
// HTTP/2 has no status line at all. So, as web archives do:
//   Transfer-Encoding, and a Content-Length beside it, keep their value under the name
//   X-Archive-Orig-...; HTTP/2 and 3 become HTTP/1.1 in the first line (the version stands in
//   WARC-Protocol).
// Nothing else changes. Names that already begin with X-Archive-Orig- get the prefix once more, so
// that the way back is exact and no server can put a header into our mouth.
std::string StoredHead(std::string_view head);

// `http_version` is Exchange::http_version.
std::string OriginalHead(std::string_view stored, std::string_view http_version);

}  // namespace cluehound::evidence
