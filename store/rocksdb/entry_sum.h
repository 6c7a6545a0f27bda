#pragma once

#include <cstdint>
#include <string_view>

#include "base/digest.h"

namespace cluehound::store {

// A sum over entries that does not depend on their order: two sets with the same sum are the same,
// but for chance. So indexes of any size are compared in two walks.
struct EntrySum {
  uint64_t count = 0;
  uint64_t sum = 0;

  void Add(std::string_view key, std::string_view value) {
    const Digest digest = FieldDigest().Add(key).Add(value).Finish();
    uint64_t part = 0;
    for (size_t i = 0; i < 8; ++i) part = (part << 8) | digest[i];
    ++count;
    sum += part;
  }
  friend bool operator==(const EntrySum&, const EntrySum&) = default;
};

}  // namespace cluehound::store
