#pragma once

#include <optional>
#include <vector>

#include "rules/place.h"
#include "rules/reading.h"

namespace cluehound::rules {

// An address as a listing writes it, "山东省潍坊市寒亭区": places that follow one another.
struct Address {
  Field field = Field::kTitle;
  Slice slice;                   // of the folded field
  std::vector<uint32_t> places;  // of the gazetteer
};

// Where the goods are said to come from. A declaration that announces the place (产地河南)
// outweighs one that only follows it (河南特产): sellers praise a region more easily than they name
// a field.
struct Declaration {
  std::vector<Address> announced;  // the field `origin`, and places after a word like 产地
  std::vector<Address> praised;    // places before a word like 特产
};

// The words that make a place a declared origin. Both are ids of lists that every rule set with a
// condition on origin must hold.
inline constexpr std::string_view kOriginBefore = "origin_before";  // 产地, 产自
inline constexpr std::string_view kOriginAfter = "origin_after";    // 特产, 种植

// Places that stand inside a mark's own name (昌乐西瓜) declare nothing: `names` are those pieces,
// sorted as Reading sorts marks.
Declaration ReadDeclaration(const Reading& reading, uint32_t before_list, uint32_t after_list,
                            std::span<const Occurrence> names);

// The addresses of the field `location`.
std::vector<Address> ReadLocation(const Reading& reading);

// Whether the addresses lie in the area: true, false, or unknown when they are too coarse to tell
// (山东 for a product of 潍坊) or name no known place. One address outside and none inside is
// outside.
struct AreaVerdict {
  std::optional<bool> inside;
  const Address* reason = nullptr;  // points into `addresses`
};
AreaVerdict JudgeArea(const Gazetteer& gazetteer, const std::vector<uint32_t>& area,
                      const std::vector<Address>& addresses);

}  // namespace cluehound::rules
