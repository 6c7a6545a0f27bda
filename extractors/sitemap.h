#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace cluehound::extractors {

struct SitemapEntry {
  std::string url;                 // as written, trimmed
  std::optional<Instant> changed;  // lastmod, pubDate or updated; absent: not said, or not readable

  friend bool operator==(const SitemapEntry&, const SitemapEntry&) = default;
};

// A sitemap as sitemaps.org 0.9 describes it: a list of pages, or an index of further sitemaps.
struct Sitemap {
  enum class Kind { kPages, kIndex };
  Kind kind = Kind::kPages;
  std::vector<SitemapEntry> entries;  // in the order of the file
  std::string fault;                  // why it was not read to its end; empty: it was

  // The protocol's own bounds: addresses in one file, and bytes of it when unpacked.
  static constexpr size_t kMaxEntries = 50'000;
  static constexpr size_t kMaxBytes = 50u << 20;
};

// Reads urlset and sitemapindex (whatever their namespace), RSS and Atom feeds, and plain text with
// an address on each line; gzip files of these too. Absent: the bytes are none of them. Never fails
// beyond that: of a damaged or hostile file, what came before the damage counts. `content_type` and
// `path` (of its address) tell plain text apart: without "text/plain" or ".txt" it is not taken for
// a list. Linear, and in memory at most kMaxBytes and the entries. Thread-safe.
std::optional<Sitemap> ReadSitemap(std::string_view bytes, std::string_view content_type,
                                   std::string_view path);

// A date as W3C-DTF allows it: year, month, day, or a time with offset; also an HTTP date.
std::optional<Instant> ParseChanged(std::string_view text);

}  // namespace cluehound::extractors
