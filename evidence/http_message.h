#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cluehound::evidence {

// The front part of an HTTP message: start line and headers.
struct HttpHead {
  size_t block_size =
      0;  // start line to the last header, with its line end, without the empty line
  size_t body_begin = 0;  // behind the empty line
  int status = 0;         // of a response; 0 for a request
};

// Takes LF for CRLF as well. Nothing when the bytes are no HTTP message: no "HTTP/" at the front of
// a response, no empty line, more than `max_head` bytes before it.
std::optional<HttpHead> ParseResponseHead(std::string_view message, size_t max_head);
std::optional<HttpHead> ParseRequestHead(std::string_view message, size_t max_head);

// A body after the chunked transfer coding (RFC 9112 7.1) was taken off.
struct Dechunked {
  bool chunked = false;   // false: the bytes are no chunks at all; `bytes` is empty
  bool complete = false;  // the last chunk was there
  std::string bytes;
};

// `cut`: the body is known to end early, so that even its first chunk may be short.
Dechunked TakeOffChunks(std::string_view body, bool cut = false);

}  // namespace cluehound::evidence
