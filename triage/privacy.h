#pragma once

#include <string>
#include <string_view>

// What outsiders may not see. Fields that name a person are masked by name; numbers that lead to
// one are masked wherever they stand in a text.
namespace cluehound::triage {

// The text with its telephone numbers (mobile, fixed, 400/800, also written with blanks, dashes,
// full-width or Chinese digits), identity card numbers and e-mail addresses masked; a masked number
// keeps its first three and last two digits at most. Numbers inside longer runs of digits (of
// goods, of registration) stay. Linear in the text.
std::string MaskNumbers(std::string_view text);

// "张三" -> "张**", "寿光好味特产有限公司" -> "寿***公司"; empty stays empty.
std::string MaskName(std::string_view name);

}  // namespace cluehound::triage
