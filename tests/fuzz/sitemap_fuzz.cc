#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/content_coding.h"
#include "extractors/sitemap.h"

// The input is a sitemap. Properties: its bounds hold, and packed it says the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cluehound::extractors::ReadSitemap;
  using cluehound::extractors::Sitemap;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (input.starts_with("\x1f\x8b")) {
    ReadSitemap(input, "application/gzip", "/sitemap.xml.gz");
    return 0;
  }
  const auto plain = ReadSitemap(input, "text/plain", "/sitemap.txt");
  const auto packed =
      ReadSitemap(cluehound::GzipCompress(input, 1), "text/plain", "/sitemap.txt.gz");
  if (plain.has_value() != packed.has_value()) std::abort();
  if (!plain) return 0;
  if (plain->entries.size() > Sitemap::kMaxEntries) std::abort();
  if (plain->entries != packed->entries) std::abort();
  return 0;
}
