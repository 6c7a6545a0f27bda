#include "crawler/answer.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::crawler {

Outcome OutcomeOf(const evidence::Exchange& answer) {
  const int status = answer.status;
  if (status == 304) return Outcome::kNotModified;
  if (status == 206) return Outcome::kBadResponse;  // nobody asked for a part
  if (status >= 200 && status < 300) return Outcome::kOk;
  if (status == 404 || status == 410) return Outcome::kGone;
  if (status == 429) return Outcome::kRateLimited;
  if (status == 503 && !evidence::HeaderValue(answer.header_block, "Retry-After").empty()) {
    return Outcome::kRateLimited;
  }
  if (status >= 400 && status < 500) return Outcome::kClientError;
  if (status >= 500 && status < 600) return Outcome::kServerError;
  return Outcome::kBadResponse;
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Result<Url> RedirectTarget(const evidence::Exchange& answer) {
  const std::string location = evidence::HeaderValue(answer.header_block, "Location");
  if (location.empty()) return Status::InvalidArgument("redirect without a Location");
  ASSIGN_OR_RETURN(const Url base, Url::Parse(answer.url));
  // Servers write raw bytes here; browsers read them as UTF-8.
  const Result<Url> target = Url::Parse(ToValidUtf8(location), &base);
  if (!target.ok()) {
    return target.status().Within("redirect to \"" + ToValidUtf8(TruncateUtf8(location, 200)) +
                                  "\"");
  }
  return target->Canonical();
}

std::optional<Duration> RetryAfter(const evidence::Exchange& answer, Instant now) {
  const std::string value = evidence::HeaderValue(answer.header_block, "Retry-After");
  if (const auto seconds = ParseInt(value)) {
    // A century stands for anything larger: the product must not overflow.
    constexpr int64_t kCentury = 100LL * 365 * 86400;
    return std::chrono::seconds(std::clamp<int64_t>(*seconds, 0, kCentury));
  }
  if (const auto date = ParseHttpDate(value)) return std::max(*date - now, Duration::zero());
  return std::nullopt;
}

}  // namespace cluehound::crawler
