#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/url.h"
#include "crawler/address_guard.h"
#include "crawler/source.h"
#include "evidence/page.h"
#include "store/records.h"

namespace cluehound::crawler {

// A source with what follows from its settings.
struct WatchedSource {
  SourceSettings settings;
  AddressGuard guard;

  bool proxy_resolves() const {
    return settings.access.proxy && settings.access.proxy_enforces_addresses;
  }
  std::set<std::string, std::less<>> terms;  // that it searches for, as they stand in addresses
};

// The way to one answer: a leased page, or the robots.txt of an origin. It waits at the host of its
// address, and moves to another when it is redirected.
struct Visit {
  uint64_t tag = 0;
  store::Lease lease;                     // of a page
  const WatchedSource* source = nullptr;  // on whose behalf
  Url url;                                // to be asked next
  std::string authority;                  // its host in the queue
  std::string robots_origin;              // not empty: this is the robots.txt of that origin ...
  std::string robots_authority;           // ... which is at this host, whatever redirects say
  bool begun = false;                     // a request went out; counts as in flight
  // That the request under way goes to; none when a proxy resolves the name.
  std::optional<IpAddress> address;
  bool conditional = false;     // it asks whether the page has changed
  std::optional<Instant> sent;  // when it left, on the steady clock
  int hops = 0;
  int retries = 0;
  bool redone = false;  // once, after a connection that was found dead
  std::shared_ptr<evidence::Page> page;

  bool is_robots() const { return !robots_origin.empty(); }
  bool continues() const { return begun || is_robots(); }
};

}  // namespace cluehound::crawler
