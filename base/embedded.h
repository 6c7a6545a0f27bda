#pragma once

#include <span>
#include <string_view>

namespace cluehound {

// A file that was compiled into the program (cmake/embed.cmake), so that it works from any
// directory.
struct EmbeddedFile {
  std::string_view name;
  std::string_view bytes;
};

}  // namespace cluehound
