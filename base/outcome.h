#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace cluehound {

// How a fetch, or the reading of a page, ended. These are what the web answered, so they are data,
// not errors. The numbers are stored: never reuse one.
enum class Outcome : uint8_t {
  kOk = 1,                 // a page that was read; it may hold no listing
  kNotModified = 2,        // 304, or the same body as last time
  kGone = 3,               // 404, 410
  kClientError = 4,        // other 4xx
  kServerError = 5,        // 5xx
  kRateLimited = 6,        // 429, or 503 with Retry-After
  kRobotsRefused = 7,      // robots.txt says no
  kRobotsUnreachable = 8,  // robots.txt answered 5xx, 429 or not at all: everything is refused for
                           // now (RFC 9309 2.3.1.4)
  kDnsFailed = 9,
  kConnectFailed = 10,
  kTlsFailed = 11,
  kTimeout = 12,
  kDropped = 13,      // the connection ended inside the answer
  kBadResponse = 14,  // not HTTP, broken chunks, a content coding that does not decode
  kHeaderTooLarge = 15,
  kBodyTooLarge = 16,  // more decoded bytes than the cap, a compression bomb among them
  kTooManyRedirects = 17,
  kBadRedirect = 18,     // no or an unusable Location
  kAddressRefused = 19,  // a private, loopback or otherwise reserved address that no source names
  kOutOfScope = 20,      // redirected to where no source looks
  kNotHtml = 21,         // a picture, an archive ...
  kBlocked = 22,         // a login page, an empty shell or a home page instead of what was asked
  kTooDeep = 23,         // nesting beyond the gate
  kTooCostly = 24,       // memory budget of the parser spent
  kCancelled = 25,       // the program was told to stop
  kBusy = 26,            // 200, but only to say that the server is busy or being maintained
};

struct OutcomeInfo {
  Outcome outcome;
  std::string_view name;     // stable, in JSON and metrics: "not_modified"
  std::string_view chinese;  // for officers
  bool retry;                // worth another try soon, with back-off
};

// Every outcome once, in order of number.
std::span<const OutcomeInfo> AllOutcomes();
const OutcomeInfo& Info(Outcome outcome);
inline std::string_view Name(Outcome outcome) { return Info(outcome).name; }
std::optional<Outcome> OutcomeFromNumber(int number);

}  // namespace cluehound
