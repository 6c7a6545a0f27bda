#include "crawler/discoveries.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"
#include "crawler/crawl_address.h"
#include "crawler/sitemaps.h"

namespace cluehound::crawler {
namespace {

// Lower case, sorted.
constexpr std::string_view kNoPages[] = {
    "7z",   "aac",  "apk",  "avi",  "avif",  "bin",  "bmp",  "bz2", "css",  "csv", "dmg",
    "doc",  "docx", "eot",  "exe",  "flac",  "flv",  "gif",  "gz",  "heic", "ico", "ipa",
    "iso",  "jar",  "jpeg", "jpg",  "js",    "json", "m3u8", "m4a", "m4v",  "map", "mkv",
    "mov",  "mp3",  "mp4",  "mpeg", "mpg",   "msi",  "ogg",  "otf", "pdf",  "png", "ppt",
    "pptx", "rar",  "rpm",  "svg",  "swf",   "tar",  "tgz",  "tif", "tiff", "ttf", "wav",
    "webm", "webp", "wmv",  "woff", "woff2", "xls",  "xlsx", "xz",  "zip",
};
static_assert(std::is_sorted(std::begin(kNoPages), std::end(kNoPages)));

// Of an address that Url has serialised, where nothing but the authority stands between "//" and
// the next "/".
struct Parts {
  std::string_view authority;
  std::string_view path;
};
Parts PartsOf(std::string_view canonical) {
  const size_t begin = std::min(canonical.find("//"), canonical.size() - 2) + 2;
  const size_t end = std::min(canonical.find('/', begin), canonical.size());
  const std::string_view rest = canonical.substr(end);
  return {canonical.substr(begin, end - begin), rest.substr(0, rest.find('?'))};
}

}  // namespace

bool LooksLikeNoPage(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.size() - dot > 6) return false;
  const std::string ending = ToAsciiLower(name.substr(dot + 1));
  return std::binary_search(std::begin(kNoPages), std::end(kNoPages), ending);
}

std::vector<store::Discovery> SeedsOf(const SourceSettings& source) {
  std::vector<store::Discovery> seeds;
  for (const auto* addresses : {&source.seeds, &source.searches}) {
    for (const std::string& url : *addresses) {
      seeds.push_back({url, std::string(PartsOf(url).authority), source.id, 0, 0});
    }
  }
  for (store::Discovery& sitemap : SitemapSeeds(source.access.sitemaps, source)) {
    seeds.push_back(std::move(sitemap));
  }
  return seeds;
}

std::vector<store::Discovery> Discoveries(std::span<const extractors::Link> links,
                                          const store::Discovery& page,
                                          const SourceSettings& source) {
  std::vector<store::Discovery> found;
  for (const extractors::Link& link : links) {
    const int depth = page.depth + (link.next_page ? 0 : 1);
    if (link.nofollow || depth > source.depth || link.url.size() < 8) continue;
    const Parts parts = PartsOf(link.url);
    if (!source.InScope(parts.authority) || LooksLikeNoPage(parts.path)) continue;
    found.push_back({CrawlAddress(link.url), std::string(parts.authority), source.id,
                     static_cast<uint16_t>(depth), static_cast<uint8_t>(link.next_page ? 0 : 1)});
  }
  return found;
}

}  // namespace cluehound::crawler
