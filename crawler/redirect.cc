#include "crawler/redirect.h"

#include <algorithm>

#include "crawler/answer.h"

namespace cluehound::crawler {
namespace {

Hop Refused(Outcome outcome, std::string reason) { return {outcome, std::move(reason), Url()}; }

}  // namespace

Hop JudgeRedirect(const evidence::Page& page, const WatchedSource& source, int max_redirects) {
  Result<Url> target = RedirectTarget(page.answer());
  if (!target.ok()) return Refused(Outcome::kBadRedirect, target.status().message());
  const std::string& href = target->href();
  if (page.exchanges.size() > static_cast<size_t>(max_redirects)) {
    return Refused(Outcome::kTooManyRedirects,
                   "more than " + std::to_string(max_redirects) + " redirects");
  }
  if (std::any_of(page.exchanges.begin(), page.exchanges.end(),
                  [&](const evidence::Exchange& exchange) { return exchange.url == href; })) {
    return Refused(Outcome::kTooManyRedirects, "redirected in a circle to " + href);
  }
  const auto literal = IpAddress::Parse(target->host());
  if (literal && !source.guard.Allows(*literal)) {
    return Refused(Outcome::kAddressRefused,
                   "redirected to " + href + ": " + source.guard.Refusal(*literal));
  }
  const std::string authority = target->authority();
  if (!source.settings.InScope(authority)) {
    return Refused(Outcome::kOutOfScope, "redirected to " + href +
                                             "; if the source means that too, write hosts: [" +
                                             authority + "]");
  }
  return {Outcome::kOk, "", std::move(*target)};
}

}  // namespace cluehound::crawler
