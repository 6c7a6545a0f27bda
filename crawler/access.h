#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/yaml.h"
#include "crawler/proxy.h"

namespace cluehound::crawler {

// Who allowed a source to be read against the wish of its robots.txt and robots marks, and until
// when.
struct RobotsOverride {
  std::string authority;  // 文号
  std::string by;         // the name of who answers for it
  Instant until{};        // not in force from then on

  bool InForce(Instant now) const { return now < until; }
  friend bool operator==(const RobotsOverride&, const RobotsOverride&) = default;
};

// How a source may be reached and how gently: what a person sets beside what robots.txt says.
struct Access {
  int connections = 1;  // requests to one host at once
  // Absent: as the deployment says. `direct`: without one, whatever it says.
  std::optional<Proxy> proxy;
  bool direct = false;
  // The proxy resolves names and refuses private addresses; names are not resolved here.
  bool proxy_enforces_addresses = false;
  bool cookies = false;  // kept in memory for this source, while the program runs
  std::optional<RobotsOverride> robots_override;
  // Sitemaps to read, canonical; and those that robots.txt names.
  std::vector<std::string> sitemaps;
  bool sitemaps_of_robots = false;

  bool reads_sitemaps() const { return sitemaps_of_robots || !sitemaps.empty(); }
};

inline constexpr int kMaxConnections = 16;

// Reads the keys connections, proxy, proxy_enforces_addresses, cookies, robots_override and
// sitemaps of a source. Mistakes go to the map's diagnostics.
Access ReadAccess(YamlMap& source);

// The keys proxy and proxy_enforces_addresses alone, as the deployment sets them for all sources.
void ReadProxy(YamlMap& map, Access& access);

// Takes over the deployment's proxy where the source says nothing of one.
void UseProxyOf(const Access& deployment, Access& access);

}  // namespace cluehound::crawler
