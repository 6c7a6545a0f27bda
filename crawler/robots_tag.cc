#include "crawler/robots_tag.h"

#include "base/text.h"
#include "evidence/page.h"

namespace cluehound::crawler {
namespace {

// Directives that are written "name: value"; what stands before other colons names a crawler.
bool HasValue(std::string_view name) {
  for (const char* directive :
       {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}) {
    if (EqualsIgnoreAsciiCase(name, directive)) return true;
  }
  return false;
}

void ReadLine(std::string_view line, std::string_view product_token, RobotsMarks& marks) {
  bool ours = true;
  for (std::string_view part : SplitAscii(line, ",")) {
    part = TrimAscii(part);
    if (const size_t colon = part.find(':'); colon != std::string_view::npos) {
      const std::string_view name = TrimAscii(part.substr(0, colon));
      if (HasValue(name)) continue;
      ours = EqualsIgnoreAsciiCase(name, product_token) || name == "*";
      part = TrimAscii(part.substr(colon + 1));
    }
    if (!ours) continue;
    const bool none = EqualsIgnoreAsciiCase(part, "none");
    marks.noindex |= none || EqualsIgnoreAsciiCase(part, "noindex");
    marks.nofollow |= none || EqualsIgnoreAsciiCase(part, "nofollow");
  }
}

}  // namespace

RobotsMarks ReadRobotsTag(std::string_view header_block, std::string_view product_token) {
  RobotsMarks marks;
  for (const std::string& line : evidence::HeaderValues(header_block, "X-Robots-Tag")) {
    ReadLine(line, product_token, marks);
  }
  return marks;
}

}  // namespace cluehound::crawler
