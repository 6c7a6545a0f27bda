#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::extractors {

// Things that a page describes in the words of schema.org, whether as JSON-LD or as microdata.
// Things refer to each other by index, and may do so in circles.
struct SchemaGraph {
  static constexpr uint32_t kNone = UINT32_MAX;

  struct Property {
    std::string name;
    std::string text;  // empty when the value is a thing
    uint32_t thing = kNone;
  };
  struct Thing {
    std::vector<std::string> types;  // as written: "Product" or "http://schema.org/Product"
    std::string id;                  // @id or itemid
    std::vector<Property> properties;

    // Whether one of the types is this one of schema.org.
    bool Is(std::string_view type) const;
    // The first text of a property, or empty.
    std::string_view Text(std::string_view name) const;
    const Property* Find(std::string_view name) const;
  };

  std::vector<Thing> things;
  std::vector<uint32_t> top;  // those that are no other thing's property, in the order of the page

  static constexpr size_t kMaxThings = 5000;
  static constexpr size_t kMaxProperties = 50'000;  // of all things
};

}  // namespace cluehound::extractors
