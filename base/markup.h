#pragma once

#include <string>
#include <string_view>

namespace cluehound {

// The text as it may stand in HTML and XML, in an attribute too. Characters that XML forbids are left
// out; those that turn the direction of writing become U+FFFD, so that nothing reads otherwise than it is.
std::string EscapeMarkup(std::string_view text);

}  // namespace cluehound
