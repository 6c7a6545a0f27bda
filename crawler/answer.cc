#include "crawler/answer.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::crawler {
namespace {

// Ports of other protocols, which a redirect must not make us speak to (the list of the WHATWG fetch
// standard). Sorted.
constexpr uint16_t kOtherProtocols[] = {
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,
    37,   42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,
    110,  111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,
    427,  465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,
    563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};
static_assert(std::is_sorted(std::begin(kOtherProtocols), std::end(kOtherProtocols)));

}  // namespace

Outcome OutcomeOf(const evidence::Exchange& answer, bool conditional) {
  const int status = answer.status;
  if (status == 304) return conditional ? Outcome::kNotModified : Outcome::kBadResponse;
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
  if (std::binary_search(std::begin(kOtherProtocols), std::end(kOtherProtocols), target->port())) {
    return Status::InvalidArgument("redirect to port " + std::to_string(target->port()) +
                                   ", which is that of another protocol");
  }
  return target->Canonical();
}

std::optional<Duration> RetryAfter(const evidence::Exchange& answer, Instant now) {
  const std::string value = evidence::HeaderValue(answer.header_block, "Retry-After");
  // A century stands for anything larger: the product must not overflow.
  constexpr int64_t kCentury = 100LL * 365 * 86400;
  if (!value.empty() && std::all_of(value.begin(), value.end(), IsAsciiDigit)) {
    return std::chrono::seconds(std::min(ParseInt(value).value_or(kCentury), kCentury));
  }
  if (ParseInt(value)) return Duration::zero();  // a negative number
  if (const auto date = ParseHttpDate(value)) return std::max(*date - now, Duration::zero());
  return std::nullopt;
}

}  // namespace cluehound::crawler
