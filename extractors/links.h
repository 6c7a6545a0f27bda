#pragma once

#include <string>
#include <vector>

#include "extractors/address_resolver.h"
#include "extractors/html_document.h"
#include "extractors/page_reader.h"
#include "extractors/selector.h"

namespace cluehound::extractors {

// The addresses that a page leads to: a and area elements, and link rel=next. Each once, in the
// order of the page; a second mention can only take a nofollow back or add that it is the next
// page. At most `limit`. `next_page`: what the site's profile says leads to the next page; may be
// null.
std::vector<Link> ReadLinks(const HtmlDocument& document, AddressResolver& addresses,
                            const Selector* next_page, size_t limit);

}  // namespace cluehound::extractors
