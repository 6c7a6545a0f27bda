#pragma once

#include <string>
#include <string_view>

namespace cluehound::crawler {

// The form in which a link is known, scheduled and fetched: without what says how somebody came to
// the page (utm_*, spm, gclid ...) and without session ids, so that the same page is one address.
// Percent escapes are in capitals, empty parameters go. All else stays byte for byte, the order of parameters too: what
// selects the item is never touched, and a name that could be either is left alone.
//
// `canonical` must be an address as Url::Canonical() writes it (fragment, default port, case of the
// host and dot segments are its matter); so is what comes out. Doing it twice changes nothing.
std::string CrawlAddress(std::string_view canonical);

}  // namespace cluehound::crawler
