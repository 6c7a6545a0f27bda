#pragma once

#include <string>
#include <string_view>

namespace cluehound::triage {

// What a file that came with a paper is, by its first bytes and never by its name: "image/jpeg",
// "image/png", "image/webp", "multipart/related" (MHTML), "text/html"; empty for anything else.
std::string MediaTypeOf(std::string_view bytes);

inline bool IsImage(std::string_view media_type) { return media_type.starts_with("image/"); }

}  // namespace cluehound::triage
