#pragma once

#include <string>

#include "base/outcome.h"
#include "base/url.h"
#include "crawler/visit.h"
#include "evidence/page.h"

namespace cluehound::crawler {

// Whether a redirect of a page is followed.
struct Hop {
  Outcome outcome = Outcome::kOk;  // kOk: follow it to `target`
  std::string reason;
  Url target;
};

// Judges the redirect that is the page's last exchange: it must lead somewhere, not in a circle,
// not too far, not to a reserved literal address, not out of the source's scope. What a name
// resolves to is seen when its turn comes, as for every address. REQUIRES: IsRedirect of the last
// status.
Hop JudgeRedirect(const evidence::Page& page, const WatchedSource& source, int max_redirects);

}  // namespace cluehound::crawler
