#include "rules/place.h"

#include "rules/word_list.h"

namespace cluehound::rules {

uint32_t Gazetteer::Add(const std::string& name, uint32_t inside) {
  const auto [it, fresh] = by_name_.emplace(name, static_cast<uint32_t>(places_.size()));
  if (fresh) places_.push_back({name, {name}, inside});
  return it->second;
}

void Gazetteer::Read(const YamlNode& root, Diagnostics& diagnostics) {
  struct Open {
    const YamlNode* node;
    uint32_t inside;
  };
  std::vector<Open> open = {{&root, kNone}};
  while (!open.empty()) {
    const auto [node, inside] = open.back();
    open.pop_back();
    if (node->is_scalar()) {
      Add(node->scalar, inside);
      continue;
    }
    YamlMap map(*node, diagnostics, "place");
    const std::string name = map.RequiredText("name");
    if (name.empty()) continue;
    const uint32_t place = Add(name, inside);
    for (std::string& alias : ReadPhrases(map, "aliases")) {
      const auto [it, fresh] = by_name_.emplace(alias, place);
      if (!fresh && it->second != place) {
        map.Error("aliases", "duplicate-place",
                  "\"" + alias + "\" is already a name of " + places_[it->second].name);
      } else if (fresh) {
        places_[place].names.push_back(std::move(alias));
      }
    }
    map.Each("contains", [&](const YamlNode& child) { open.push_back({&child, place}); });
    map.Finish();
  }
}

void Gazetteer::AddLocal(const std::string& name, uint32_t inside) {
  const size_t known = places_.size();
  const uint32_t place = Add(name, inside);
  if (place == known) places_[place].local = true;
}

uint32_t Gazetteer::Find(std::string_view name) const {
  const auto it = by_name_.find(std::string(name));
  return it == by_name_.end() ? kNone : it->second;
}

bool Gazetteer::Inside(uint32_t place, uint32_t area) const {
  while (place != kNone && place != area) place = places_[place].inside;
  return place == area;
}

}  // namespace cluehound::rules
