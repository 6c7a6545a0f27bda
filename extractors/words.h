#pragma once

#include <string>
#include <string_view>

namespace cluehound::extractors {

// CollapseSpace of base/text.h for text that is known to be valid UTF-8, as everything decoded or
// parsed is. Most texts of a page need no change, which a look at their bytes tells.
std::string TidyWords(std::string_view valid);

}  // namespace cluehound::extractors
