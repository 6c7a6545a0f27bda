// Any bytes as a coded body: never more than the cap, and what we compress comes back.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/content_coding.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace cluehound;  // NOLINT: a program of its own
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  constexpr size_t kCap = 1 << 16;
  for (const char* coding : {"gzip", "deflate", "br", "zstd", "gzip, br", "identity"}) {
    if (DecodeContent(coding, bytes, kCap).bytes.size() > kCap) std::abort();
  }
  if (DecodeContent("gzip", GzipCompress(bytes, 1), size).bytes != bytes) std::abort();
  if (ZstdDecompress(ZstdCompress(bytes, 1), size).bytes != bytes) std::abort();
  return 0;
}
