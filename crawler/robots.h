#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace cluehound::crawler {

// The name that robots.txt groups and X-Robots-Tag lines call us by.
inline constexpr char kProductToken[] = "Cluehound";

// The rules that one robots.txt holds for one crawler (RFC 9309).
//
// Longest match wins and not first match, because that is what RFC 9309 2.2.2 says and what authors
// of these files have been told since: the order of lines means nothing. On equal length Allow
// wins. Lenient where files in the wild are wrong and the meaning is plain: BOMs, UTF-16, misspelt
// keys, a missing colon.
//
// An immutable value. Thread-safe.
class RobotsRules {
 public:
  // RFC 9309 2.5: at least 500 KiB must be read. What lies beyond is not.
  static constexpr size_t kMaxBytes = 512 * 1024;
  // Sitemap lines kept; the rest are dropped.
  static constexpr size_t kMaxSitemaps = 1000;

  // No rules: everything is allowed.
  RobotsRules() = default;

  // `product_token` is the name that groups are looked up by, "Cluehound". Never fails; linear in
  // the body.
  static RobotsRules Parse(std::string_view body, std::string_view product_token);

  // `path_and_query` as in a request line; empty counts as "/". Linear in the path for each rule. A
  // path and a set of rules that would together cost more than a few milliseconds (only hostile
  // ones do) are refused.
  bool Allows(std::string_view path_and_query) const;

  // As written, of the group that applies; the largest if there are several.
  std::optional<Duration> crawl_delay() const { return crawl_delay_; }
  // Values of all Sitemap lines, as written, each once.
  const std::vector<std::string>& sitemaps() const { return sitemaps_; }
  // Memory that the rules take, about.
  size_t bytes() const;

 private:
  struct Rule {
    std::string pattern;    // normalised; '*' is the wildcard, a literal one is "%2A"
    bool anchored = false;  // ended in '$'
    bool allow = false;
    size_t length() const { return pattern.size() + (anchored ? 1 : 0); }
  };
  class Parser;

  static bool Matches(const Rule& rule, std::string_view path);

  std::vector<Rule> rules_;  // longest first, allow before disallow
  std::optional<Duration> crawl_delay_;
  std::vector<std::string> sitemaps_;
};

}  // namespace cluehound::crawler
