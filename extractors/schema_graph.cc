#include "extractors/schema_graph.h"

namespace cluehound::extractors {

bool SchemaGraph::Thing::Is(std::string_view type) const {
  for (std::string_view own : types) {
    for (const std::string_view prefix :
         {"http://schema.org/", "https://schema.org/", "http://www.schema.org/",
          "https://www.schema.org/", "schema:"}) {
      if (own.starts_with(prefix)) own.remove_prefix(prefix.size());
    }
    if (own == type) return true;
  }
  return false;
}

const SchemaGraph::Property* SchemaGraph::Thing::Find(std::string_view name) const {
  for (const Property& property : properties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

std::string_view SchemaGraph::Thing::Text(std::string_view name) const {
  for (const Property& property : properties) {
    if (property.name == name && !property.text.empty()) return property.text;
  }
  return {};
}

}  // namespace cluehound::extractors
