#include "crawler/sitemaps.h"

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "crawler/crawl_address.h"
#include "crawler/discoveries.h"

namespace cluehound::crawler {
namespace {

constexpr uint16_t kMaxIndexDepth = 3;
constexpr std::chrono::hours kClockSkew{24};

store::Discovery SitemapAt(const Url& url, const SourceSettings& source, uint16_t depth) {
  return {url.href(), url.authority(), source.id, depth, 0};
}

}  // namespace

bool MayBeSitemap(const Url& url, const SourceSettings& source) {
  const Access& access = source.access;
  if (!access.reads_sitemaps()) return false;
  const auto& named = access.sitemaps;
  if (std::find(named.begin(), named.end(), url.href()) != named.end()) return true;
  const std::string path = ToAsciiLower(url.path());
  const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  for (const char* ending : {".xml", ".gz", ".txt", ".rss", ".atom"}) {
    if (name.ends_with(ending)) return true;
  }
  return name.find("sitemap") != std::string_view::npos;
}

std::vector<std::string> SitemapsInScope(std::span<const std::string> named, const Url& base,
                                         const SourceSettings& source) {
  std::vector<std::string> kept;
  for (const std::string& text : named) {
    const Result<Url> url = Url::Parse(ToValidUtf8(text), &base);
    if (url.ok() && source.InScope(url->authority())) kept.push_back(url->Canonical().href());
  }
  return kept;
}

std::vector<store::Discovery> SitemapSeeds(std::span<const std::string> urls,
                                           const SourceSettings& source) {
  std::vector<store::Discovery> seeds;
  for (const std::string& text : urls) {
    const Result<Url> url = Url::Parse(text);
    if (url.ok()) seeds.push_back(SitemapAt(*url, source, 0));
  }
  return seeds;
}

SitemapLinks LinksOf(const extractors::Sitemap& sitemap, const store::Discovery& page,
                     const SourceSettings& source, Instant last_read, Instant now) {
  const bool index = sitemap.kind == extractors::Sitemap::Kind::kIndex;
  SitemapLinks found;
  if (index ? page.depth >= kMaxIndexDepth : source.depth < 1) return found;
  std::vector<const extractors::SitemapEntry*> entries;
  for (const extractors::SitemapEntry& entry : sitemap.entries) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) {
    return a->changed.value_or(Instant()) > b->changed.value_or(Instant());
  });
  const Result<Url> base = Url::Parse(page.url);
  if (!base.ok()) return found;
  std::unordered_set<std::string> seen{page.url};
  for (const extractors::SitemapEntry* entry : entries) {
    const Result<Url> parsed = Url::Parse(ToValidUtf8(entry->url), &*base);
    if (!parsed.ok() || !source.InScope(parsed->authority())) continue;
    const Url url = parsed->Canonical();
    // As links of pages are known; a sitemap is fetched as it is named.
    const std::string address = index ? url.href() : CrawlAddress(url.href());
    if (!seen.insert(address).second) continue;
    if (index) {
      if (found.links.size() >= SitemapLinks::kMaxSitemaps) break;
      found.links.push_back(SitemapAt(url, source, static_cast<uint16_t>(page.depth + 1)));
    } else {
      if (LooksLikeNoPage(url.path())) continue;
      found.links.push_back({address, url.authority(), source.id, 1, 1});
    }
    const bool newer = entry->changed && last_read != Instant() && *entry->changed > last_read &&
                       *entry->changed <= now + kClockSkew;
    if (newer && found.changed.size() < SitemapLinks::kMaxChanged) {
      found.changed.push_back(address);
    }
  }
  return found;
}

}  // namespace cluehound::crawler
