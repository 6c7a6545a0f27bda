#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/yaml.h"

namespace cluehound::crawler {

// A site's search as a source: `https://s.example.com/search?q={term}`, asked for names of chosen marks. A value.
struct SearchTemplate {
  std::string
      address;  // with {term} once, in the path or the query; empty: the source does not search
  std::string charset = "utf-8";   // in which the site wants the term: "gb18030" (GBK), "big5" ...
  std::vector<std::string> marks;  // ids of marks, or tags of them ("tag:luxury")
  std::vector<std::string> kinds;  // kinds of marks: "gi"
  std::vector<std::string> terms;  // further words
  bool aliases = true;             // other names of the marks too
  uint32_t pages = 3;              // of results for one term, in one round

  bool searches() const { return !address.empty(); }
  // The canonical address of the results for a term. kInvalidArgument when the charset cannot write it, or nothing is
  // searched.
  Result<std::string> AddressOf(std::string_view term) const;
  // The term as it stands in an address of this search (any page of results): its bytes as sent, without percent
  // signs. Nothing for other addresses.
  std::optional<std::string> TermIn(std::string_view url) const;
};

// Reads the key `search` of a source, if it is there.
SearchTemplate ReadSearchTemplate(YamlMap& source);

}  // namespace cluehound::crawler
