// Any bytes as a page in any encoding: the result is valid UTF-8, and bounded by the input.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "base/text_encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound;  // NOLINT: a program of its own
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const char* header : {"", "text/html; charset=gbk", "text/html; charset=\"big5\"",
                             "text/html; charset=shift_jis"}) {
    const DecodedText decoded = DecodeHtml(bytes, header);
    if (!IsValidUtf8(decoded.utf8) || decoded.utf8.size() > 4 * size + 4) std::abort();
    if (EncodingFromLabel(decoded.encoding) != decoded.encoding) std::abort();
  }
  return 0;
}
