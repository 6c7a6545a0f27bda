#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crawler/robots.h"

// The input is a robots.txt with a path on its first line. Properties: escaping an unreserved
// character of the path changes nothing, and "Disallow: /" as the only rule of our own group
// refuses everything but robots.txt.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using cluehound::crawler::RobotsRules;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const size_t line = input.find('\n');
  if (line == std::string_view::npos || line > 8192) return 0;
  const std::string path = "/a" + std::string(input.substr(0, line));
  const std::string_view body = input.substr(line + 1);
  const RobotsRules rules = RobotsRules::Parse(body, "Cluehound");
  if (rules.Allows(path) != rules.Allows("/%61" + path.substr(2))) std::abort();
  const std::string closed = "User-agent: Cluehound\nDisallow: /\nUser-agent: Other\nAllow: /\n";
  if (RobotsRules::Parse(closed, "Cluehound").Allows(path)) std::abort();
  return 0;
}
