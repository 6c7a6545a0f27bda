#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound {

// What decided the encoding of a page.
enum class EncodingSource { kBom, kHeader, kMeta, kDetected, kDefault };

struct DecodedText {
  std::string utf8;      // valid UTF-8, no leading byte order mark
  std::string encoding;  // WHATWG name in lower case: "utf-8", "gb18030" (GBK and GB2312 too),
                         // "big5", "utf-16le" ...
  EncodingSource source = EncodingSource::kDefault;
  bool contradicted = false;  // header or meta named another encoding than the bytes are in
};

// Decodes the bytes of an HTML or JSON answer: byte order mark, then the charset of the
// Content-Type header (may be empty), then a meta element where HTML says it counts (WHATWG
// "prescan": not in comments, scripts or other attributes), then detection. A header or meta that
// contradicts the bytes loses to the bytes. Never fails: what cannot be decoded becomes U+FFFD.
// Linear in the input. Thread-safe.
DecodedText DecodeHtml(std::string_view bytes, std::string_view content_type);

// The WHATWG name for a label ("GB2312" -> "gb18030", "latin1" -> "windows-1252"), empty for an
// unknown one. GBK and GB2312 are given as gb18030: their decoder is the same (WHATWG
// Encoding 10.1.1).
std::string_view EncodingFromLabel(std::string_view label);

// The charset parameter of a Content-Type value, as written; empty when there is none.
std::string_view CharsetOf(std::string_view content_type);

// Decodes with exactly this encoding (a name that EncodingFromLabel gives); U+FFFD for what does
// not decode.
std::string DecodeAs(std::string_view bytes, std::string_view encoding);

// Encodes `utf8` into `encoding`. Characters that it lacks become "&#NNNN;", as browsers do in a
// form's query.
std::string EncodeAs(std::string_view utf8, std::string_view encoding);

}  // namespace cluehound
