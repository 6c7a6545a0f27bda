#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cluehound::rules {

// Other spellings of a name that are worth searching for, best first: at present the traditional
// characters. Matching sees through them by itself; searches on shops do not. Empty when there are
// none, or when OpenCC's dictionaries are not installed. Thread-safe.
std::vector<std::string> ProposeAliases(std::string_view name);

}  // namespace cluehound::rules
