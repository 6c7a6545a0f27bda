#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/diagnostic.h"
#include "crawler/access.h"
#include "crawler/ip_address.h"
#include "crawler/schedule.h"
#include "crawler/search_template.h"

namespace cluehound::crawler {

// What the reading of a source's pages must find out. Only under kHits may a page be judged without
// a DOM.
enum class Needs { kListings, kHits };

// Which sources go first when not all can. Whoever comes before is served as far as its pace allows.
enum class Priority : uint8_t { kHigh, kNormal, kLow };
std::string_view Name(Priority priority);  // "high"

// A part of a site to watch, as config/sources/*.yaml describes it. A value.
struct SourceSettings {
  std::string id;
  std::vector<std::string> seeds;            // canonical addresses; at least one, or a search
  SearchTemplate search;                     // its results are seeds too
  std::vector<std::string> searches;         // their addresses, once the marks are known
  std::set<std::string, std::less<>> hosts;  // authorities in scope: of seeds, search and `hosts`
  std::vector<std::string> host_suffixes;    // of "*.example.com": ".example.com"
  Schedule schedule;                         // when a page is visited
  Duration pace = std::chrono::seconds(5);   // between the starts of two requests to one host
  Priority priority = Priority::kNormal;
  uint32_t max_pages = 10'000;         // fetched in one round (`every`, or one --once run)
  uint16_t depth = 10;                 // links from a seed; next pages of a list do not count
  uint32_t max_addresses = 1'000'000;  // that links make known on one host
  std::vector<Cidr> allow_addresses;   // reserved ranges that it may be fetched from
  Needs needs = Needs::kListings;
  std::string render = "http";
  std::string profile;  // extraction profile; empty: chosen by host or content
  Access access;        // connections, proxy, cookies, robots override, sitemaps

  bool InScope(std::string_view authority) const;
};

// Reads one file, `sources: [{id: ..., seeds: [...]}, ...]`. Strict: unknown keys, bad addresses
// and the like are diagnostics with place and remedy; a source with a mistake is left out, the
// others are kept. Times of day are those of `zone`.
std::vector<SourceSettings> ParseSources(std::string_view text, const std::string& file,
                                         Diagnostics& diagnostics, const TimeZone& zone = {});

// Reads every .yaml file of a folder; an id may stand once in all of them.
std::vector<SourceSettings> ReadSources(const std::filesystem::path& folder,
                                        Diagnostics& diagnostics, const TimeZone& zone = {});

}  // namespace cluehound::crawler
