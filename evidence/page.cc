#include "evidence/page.h"

#include "base/text.h"

namespace cluehound::evidence {

std::string HeaderValue(std::string_view header_block, std::string_view name) {
  size_t begin = 0;
  while (begin < header_block.size()) {
    const size_t end = std::min(header_block.find('\n', begin), header_block.size());
    std::string_view line = header_block.substr(begin, end - begin);
    begin = end + 1;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !EqualsIgnoreAsciiCase(line.substr(0, colon), name))
      continue;
    std::string value(TrimAscii(line.substr(colon + 1)));
    while (begin < header_block.size() &&
           (header_block[begin] == ' ' || header_block[begin] == '\t')) {
      const size_t next = std::min(header_block.find('\n', begin), header_block.size());
      value += ' ';
      value += TrimAscii(header_block.substr(begin, next - begin));
      begin = next + 1;
    }
    return value;
  }
  return "";
}

}  // namespace cluehound::evidence
