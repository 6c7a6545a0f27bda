#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace cluehound {

struct ZipMember {
  std::string name;
  std::string bytes;
};

// The members of a zip archive, in order. kInvalidArgument: no archive, or more than `max_members` or
// `max_unpacked` bytes of all members together: a bomb ends there.
Result<std::vector<ZipMember>> ReadZip(std::string_view bytes, size_t max_members,
                                       size_t max_unpacked);
// The same members give the same bytes: no member carries the time.
Result<std::string> WriteZip(const std::vector<ZipMember>& members);

}  // namespace cluehound
