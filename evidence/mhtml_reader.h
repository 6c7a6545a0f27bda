#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound::evidence {

// The page of a saved .mhtml or .mht file.
struct MhtmlPage {
  std::string url;           // as the file names it; may be empty
  std::string content_type;  // "text/html; charset=..."
  std::string bytes;         // HTML, the transfer encoding taken off, its charset not decoded
  bool complete = true;      // false: more than the cap
};

// Reads the root part of a multipart/related message (RFC 2557), as browsers save pages: the part
// that `start` names, else the first HTML part. A missing last boundary is tolerated.
//
// Fails with kInvalidArgument when the bytes are no MIME message or hold no HTML. Linear in the
// file's size, of which nothing but the root part is decoded; at most `max_bytes` of it.
// Thread-safe.
Result<MhtmlPage> ReadMhtml(std::string_view file, size_t max_bytes);

// MIME headers at the front, a MIME version or a multipart type among them.
bool LooksLikeMhtml(std::string_view front);

}  // namespace cluehound::evidence
