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
  int status = 0;         // of a response
};

// Takes LF for CRLF as well. Nothing when no empty line ends the head within `max_head` bytes.
// Leaves `status` alone.
std::optional<HttpHead> SplitHead(std::string_view message, size_t max_head);

// The same for a response, with its status. Nothing when it does not begin with "HTTP/" and a
// status of three digits.
std::optional<HttpHead> ParseResponseHead(std::string_view message, size_t max_head);

// A body after the chunked transfer coding (RFC 9112 7.1) was taken off.
struct Dechunked {
  bool chunked = false;   // false: the bytes are no chunks at all; `bytes` is empty
  bool complete = false;  // the last chunk was there
  std::string bytes;
};

// `cut`: the body is known to end early, so that even its first chunk may be short.
Dechunked TakeOffChunks(std::string_view body, bool cut = false);

}  // namespace cluehound::evidence
