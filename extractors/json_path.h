#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/json_value.h"

namespace cluehound::extractors {

// Documents that were found inside strings of other documents, kept for as long as values of theirs
// are used.
using NestedJson = std::vector<std::unique_ptr<const JsonDocument>>;

// A way into a JSON value, compiled once: `mods.itemlist.data.auctions[*].title`.
//   name      a member            [3]   an item           [*]   every item      *   every member or
//   item
//   **        this value and all values inside, so that `**.goodsList[*]` finds the list wherever
//   it stands json()    what the string here says, read as JSON
// An empty path is the value itself.
//
// Thread-safety: const methods may be called from any thread.
class JsonPath {
 public:
  struct Error {
    size_t position = 0;  // in bytes
    std::string message;
  };
  static std::optional<JsonPath> Compile(std::string_view text, Error& error);

  // At most `limit` values, in the order of the text.
  std::vector<JsonValue> All(const JsonValue& from, size_t limit, NestedJson& nested) const;
  JsonValue First(const JsonValue& from, NestedJson& nested) const;

 private:
  enum class Kind { kMember, kItem, kEach, kDeep, kParse };
  struct Step {
    Kind kind = Kind::kMember;
    std::string name;
    size_t item = 0;
  };

  static void Follow(const Step& step, bool deep, const JsonValue& from, size_t limit,
                     NestedJson& nested, std::vector<JsonValue>& found);

  std::vector<Step> steps_;
};

}  // namespace cluehound::extractors
