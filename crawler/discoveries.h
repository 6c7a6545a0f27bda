#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "crawler/source.h"
#include "extractors/page_reader.h"
#include "store/records.h"

namespace cluehound::crawler {

// The seeds of a source, the sitemaps that it names and the results of its searches, as the frontier takes
// them.
std::vector<store::Discovery> SeedsOf(const SourceSettings& source);

// Which links of a page go to the frontier: those in the source's scope, not nofollow, not deeper
// than its depth, and not ending like something that is no page. Next pages of a list stay at the
// depth of the page and come first: a list of 100 pages is as deep as its first. Addresses are as
// CrawlAddress() writes them. REQUIRES: links as
// extractors give them, absolute and canonical.
std::vector<store::Discovery> Discoveries(std::span<const extractors::Link> links,
                                          const store::Discovery& page,
                                          const SourceSettings& source);

// The path ends like a picture, script, archive, document or film (".jpg").
bool LooksLikeNoPage(std::string_view path);

}  // namespace cluehound::crawler
