#include "evidence/page.h"

#include "base/text.h"

namespace cluehound::evidence {

namespace {

// The value of the next header of this name from `begin` on, which moves behind it; false when
// there is none.
bool NextValue(std::string_view header_block, std::string_view name, size_t& begin,
               std::string& value) {
  while (begin < header_block.size()) {
    const size_t end = std::min(header_block.find('\n', begin), header_block.size());
    std::string_view line = header_block.substr(begin, end - begin);
    begin = end + 1;
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !EqualsIgnoreAsciiCase(line.substr(0, colon), name))
      continue;
    value = TrimAscii(line.substr(colon + 1));
    while (begin < header_block.size() &&
           (header_block[begin] == ' ' || header_block[begin] == '\t')) {
      const size_t next = std::min(header_block.find('\n', begin), header_block.size());
      value += ' ';
      value += TrimAscii(header_block.substr(begin, next - begin));
      begin = next + 1;
    }
    return true;
  }
  return false;
}

}  // namespace

std::string HeaderValue(std::string_view header_block, std::string_view name) {
  std::string value;
  size_t begin = 0;
  return NextValue(header_block, name, begin, value) ? value : "";
}

std::vector<std::string> HeaderValues(std::string_view header_block, std::string_view name) {
  std::vector<std::string> values;
  std::string value;
  for (size_t begin = 0; NextValue(header_block, name, begin, value);) values.push_back(value);
  return values;
}

std::string HeaderList(std::string_view header_block, std::string_view name) {
  std::string list;
  for (const std::string& value : HeaderValues(header_block, name)) {
    if (!list.empty()) list += ", ";
    list += value;
  }
  return list;
}

}  // namespace cluehound::evidence
