#pragma once

#include <optional>
#include <string>

#include "base/url.h"
#include "extractors/profile.h"
#include "extractors/profile_reader.h"

namespace cluehound::extractors {

// Where a page was looked for and where it came from. Either may be unknown.
struct PageOrigin {
  std::optional<Url> asked;
  std::optional<Url> final;
};

// Why a page that gave no listing is not what was asked for, in the words of `profile` (may be
// null): a login page, a home page instead of results, an empty shell. Nothing when it is an
// ordinary page.
std::optional<std::string> WhyBlocked(const Profile& profile, const PageView& page,
                                      const PageOrigin& origin);

// The same for a page of any site: a login form or check for robots under such a title, a redirect
// to a login host, a page of scripts without content. `has_state`: the scripts are known to hold
// what the page is about, so that an empty body means nothing.
std::optional<std::string> WhyBlocked(const PageView& page, const PageOrigin& origin,
                                      bool has_state);

}  // namespace cluehound::extractors
