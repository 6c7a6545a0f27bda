#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/url.h"
#include "crawler/source.h"
#include "extractors/sitemap.h"
#include "store/records.h"

namespace cluehound::crawler {

// Sitemaps are addresses of the frontier like any other: asked for when they are due, under robots
// and pace, and conditionally. What they are shows in what they hold.

// Whether an address may be a sitemap of a source that reads them: one that it names, or one that
// ends like a sitemap. Such an address is fetched whatever its media type.
bool MayBeSitemap(const Url& url, const SourceSettings& source);

// Of addresses as robots.txt at `base` names them, those in the source's scope, canonical.
std::vector<std::string> SitemapsInScope(std::span<const std::string> named, const Url& base,
                                         const SourceSettings& source);

// Sitemaps as the frontier takes them.
std::vector<store::Discovery> SitemapSeeds(std::span<const std::string> urls,
                                           const SourceSettings& source);

// What a sitemap adds to the frontier.
struct SitemapLinks {
  // In the source's scope, each once, at most kMax: pages those changed last first, at depth 1; of an
  // index the sitemaps, at most three levels below the one that was named.
  std::vector<store::Discovery> links;
  // Pages that changed since the sitemap was last read: if they are known, they are due now. Dates
  // in the future do not count.
  std::vector<std::string> changed;

  static constexpr size_t kMaxSitemaps = 1000;
  static constexpr size_t kMaxChanged = 5000;
};

// `page` is the sitemap's own address, `last_read` when it was read before (zero: never).
SitemapLinks LinksOf(const extractors::Sitemap& sitemap, const store::Discovery& page,
                     const SourceSettings& source, Instant last_read, Instant now);

}  // namespace cluehound::crawler
