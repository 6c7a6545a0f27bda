#pragma once

#include <string_view>

namespace cluehound::crawler {

// What a page forbids of itself, in meta elements or its header.
struct RobotsMarks {
  bool noindex = false;
  bool nofollow = false;
  bool any() const { return noindex || nofollow; }
};

// Reads the X-Robots-Tag lines of a header block: directives in a list, those behind "name:" for the
// crawler of that name alone. `product_token` is ours.
RobotsMarks ReadRobotsTag(std::string_view header_block, std::string_view product_token);

}  // namespace cluehound::crawler
