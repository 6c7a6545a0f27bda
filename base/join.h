#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cluehound {

// The parts, in their order, with `between` between them; what has no text leaves no gap.
// `text_of`: what a part is written as (a member, a function); itself unless told.
template <class Parts, class TextOf = std::identity>
std::string Join(const Parts& parts, std::string_view between, TextOf text_of = {}) {
  std::string joined;
  for (const auto& part : parts) {
    const auto& text = std::invoke(text_of, part);
    const std::string_view view(text);
    if (view.empty()) continue;
    if (!joined.empty()) joined += between;
    joined += view;
  }
  return joined;
}

}  // namespace cluehound
