#pragma once

#include <string>
#include <string_view>

#include "extractors/address_resolver.h"
#include "extractors/html_document.h"
#include "extractors/json_value.h"
#include "extractors/listing_set.h"
#include "extractors/profile.h"
#include "extractors/state_json.h"

namespace cluehound::extractors {

// A page under reading. For HTML `document` and `state` are set, for a JSON answer `body`.
struct PageView {
  std::string_view text;  // decoded, as sent
  std::string_view title;
  std::string_view url;  // final address, canonical; may be empty
  const HtmlDocument* document = nullptr;
  StateJson* state = nullptr;
  JsonValue body;
  NestedJson* nested = nullptr;
  AddressResolver* addresses = nullptr;
};

// Whether the page shows this sign.
bool Passes(const PageTest& test, const PageView& page);

// Adds what the profile reads from the page. `platform`: the profile's, or empty when the page is
// not known to be the site's own: identities of a platform are only for its pages.
void ReadByProfile(const Profile& profile, const PageView& page, std::string_view platform,
                   ListingSet& listings);

}  // namespace cluehound::extractors
