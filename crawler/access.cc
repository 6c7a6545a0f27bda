#include "crawler/access.h"

#include "base/text.h"
#include "base/url.h"

namespace cluehound::crawler {
namespace {

constexpr size_t kMaxAuthority = 200;  // bytes of a 文号

void ReadOverride(YamlMap& source, Access& access) {
  const YamlNode* node = source.Child("robots_override");
  if (node == nullptr) return;
  YamlMap map(*node, source.diagnostics(), "robots_override");
  RobotsOverride given;
  given.authority = map.RequiredText("authority");
  given.by = map.RequiredText("by");
  const bool dated = map.Has("until");
  const std::optional<Instant> last_day = map.Day("until");
  map.Finish();
  if (!node->is_map()) return;
  if (!dated) {
    map.Error("until", "missing-key", "is missing: no override is for ever",
              "write the last day, for example until: 2027-03-31");
  }
  if (given.authority.size() > kMaxAuthority) {
    map.Error("authority", "too-long", "is longer than a document number",
              "write the number alone, for example 潍市监稽〔2026〕12号");
  }
  if (given.authority.empty() || given.by.empty() || !last_day) return;
  given.until = *last_day + std::chrono::hours(24);
  access.robots_override = std::move(given);
}

void ReadSitemaps(YamlMap& source, Access& access) {
  for (const YamlNode* node : source.Scalars("sitemaps")) {
    if (node->scalar == "robots") {
      access.sitemaps_of_robots = true;
      continue;
    }
    const Result<Url> url = Url::Parse(node->scalar);
    if (!url.ok() || !url->userinfo().empty()) {
      source.diagnostics().Error("bad-address", node->where,
                                 "source: \"" + node->scalar + "\" is no address of a sitemap",
                                 "write a whole address with http:// or https://, or robots for "
                                 "those that robots.txt names");
      continue;
    }
    access.sitemaps.push_back(url->Canonical().href());
  }
}

}  // namespace

void ReadProxy(YamlMap& map, Access& access) {
  const std::string text = map.Text("proxy");
  access.direct = text == "none";
  if (!text.empty() && !access.direct) {
    Result<Proxy> proxy = Proxy::Parse(text);
    if (proxy.ok()) {
      access.proxy = std::move(*proxy);
    } else {
      map.Error("proxy", "bad-proxy", proxy.status().message(),
                "write http://proxy.example:3128, socks5h://proxy.example:1080, or none");
    }
  }
  access.proxy_enforces_addresses = map.Flag("proxy_enforces_addresses", false);
}

Access ReadAccess(YamlMap& source) {
  Access access;
  access.connections =
      static_cast<int>(source.Integer("connections", access.connections, 1, kMaxConnections));
  ReadProxy(source, access);
  access.cookies = source.Flag("cookies", false);
  ReadOverride(source, access);
  ReadSitemaps(source, access);
  return access;
}

void UseProxyOf(const Access& deployment, Access& access) {
  if (access.proxy || access.direct) return;
  access.proxy = deployment.proxy;
  access.proxy_enforces_addresses |= deployment.proxy_enforces_addresses;
}

}  // namespace cluehound::crawler
