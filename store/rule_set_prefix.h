#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace cluehound::store {

// A rule set may be named by the first digits of its hash, from so many on.
inline constexpr size_t kMinHashPrefix = 6;

inline Status CheckHashPrefix(std::string_view prefix) {
  if (prefix.size() >= kMinHashPrefix) return Status::Ok();
  return Status::InvalidArgument("rule set \"" + std::string(prefix) +
                                 "\": give at least 6 digits of its hash");
}

inline Status SeveralRuleSets(std::string_view prefix) {
  return Status::InvalidArgument("several rule sets begin with " + std::string(prefix) +
                                 "; give more digits");
}

}  // namespace cluehound::store
