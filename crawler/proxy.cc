#include "crawler/proxy.h"

#include "base/text.h"
#include "base/url.h"

namespace cluehound::crawler {

Result<Proxy> Proxy::Parse(std::string_view text) {
  const size_t slashes = text.find("://");
  const std::string scheme = ToAsciiLower(text.substr(0, std::min(slashes, text.size())));
  if (slashes == std::string_view::npos || (scheme != "http" && scheme != "socks5h")) {
    return Status::InvalidArgument("begins neither with http:// nor with socks5h://");
  }
  const std::string_view rest = text.substr(slashes + 3);
  // The one parser of addresses reads the rest; its port is looked at here, as 80 is left out there.
  const Result<Url> url = Url::Parse("http://" + std::string(rest));
  const size_t colon = rest.rfind(':');
  const std::string_view port = colon == std::string_view::npos
                                    ? ""
                                    : rest.substr(colon + 1, rest.find('/', colon) - colon - 1);
  if (!url.ok() || url->path_and_query() != "/" || !url->fragment().empty()) {
    return Status::InvalidArgument("is no address of a proxy");
  }
  if (!ParseInt(port)) return Status::InvalidArgument("names no port");
  Proxy proxy;
  proxy.address = scheme + "://" + std::string(url->host()) + ":" + std::to_string(url->port());
  const std::string_view userinfo = url->userinfo();
  const size_t split = std::min(userinfo.find(':'), userinfo.size());
  proxy.user = PercentDecode(userinfo.substr(0, split));
  proxy.password = PercentDecode(userinfo.substr(std::min(split + 1, userinfo.size())));
  return proxy;
}

}  // namespace cluehound::crawler
