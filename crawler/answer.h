#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/outcome.h"
#include "base/status.h"
#include "base/url.h"
#include "evidence/page.h"

namespace cluehound::crawler {

// What the status of a whole answer means. Redirects are not judged here. `conditional`: the
// question was whether the page has changed; a 304 answers no other.
Outcome OutcomeOf(const evidence::Exchange& answer, bool conditional = true);

// 301, 302, 303, 307, 308.
bool IsRedirect(int status);

// Where a redirect leads: an http or https address, canonical, not at the port of another protocol.
Result<Url> RedirectTarget(const evidence::Exchange& answer);

// What Retry-After says, in seconds or as a date seen from `now`; at least zero. Absent: not said,
// or not readable.
std::optional<Duration> RetryAfter(const evidence::Exchange& answer, Instant now);

}  // namespace cluehound::crawler
