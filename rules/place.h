#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/yaml.h"

namespace cluehound::rules {

// The places that listings name as origin: a forest of divisions, each with further names.
// Immutable once all files were added.
class Gazetteer {
 public:
  static constexpr uint32_t kNone = ~0u;

  struct Place {
    std::string name;
    std::vector<std::string> names;  // with `name`
    uint32_t inside = kNone;         // the place that contains it
    bool local = false;              // a village or old town: says where goods are from only to
                                     // those who know it lies in their area
  };

  // Reads one item of `places:`, a text or {name, aliases, contains: [...]}. The same place may be
  // given again to add to it, in another file too.
  void Read(const YamlNode& node, Diagnostics& diagnostics);

  // A local place. A name that is known already stays what it is.
  void AddLocal(const std::string& name, uint32_t inside);

  const std::vector<Place>& places() const { return places_; }
  // kNone when the name (or alias) is unknown.
  uint32_t Find(std::string_view name) const;
  // `place` is `area`, or lies in it.
  bool Inside(uint32_t place, uint32_t area) const;

 private:
  uint32_t Add(const std::string& name, uint32_t inside);

  std::vector<Place> places_;
  std::unordered_map<std::string, uint32_t> by_name_;
};

}  // namespace cluehound::rules
