#include "evidence/arc_line.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::evidence {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsAsciiDigit);
}

// "20140216050221" and longer: "2014-02-16T05:02:21Z".
std::string DateOf(std::string_view digits) {
  const auto part = [&](size_t begin, size_t n) { return std::string(digits.substr(begin, n)); };
  return part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" + part(10, 2) +
         ":" + part(12, 2) + "Z";
}

// The place of the date among the blank-separated `words`, counted from the back: 4th in version 1,
// 8th in version 2.
std::optional<size_t> DateIndex(const std::vector<std::string_view>& words) {
  for (const size_t from_back : {size_t{3}, size_t{8}}) {
    if (words.size() < from_back + 2) continue;
    const size_t index = words.size() - from_back;
    if (index >= 2 && words[index].size() >= 14 && AllDigits(words[index])) return index;
  }
  return std::nullopt;
}

}  // namespace

std::optional<WarcHeader> ParseArcLine(std::string_view line) {
  const std::vector<std::string_view> words = SplitAscii(line, " \t");
  const auto date = DateIndex(words);
  if (!date || words.front().find(':') == std::string_view::npos) return std::nullopt;
  const auto length = ParseInt(words.back());
  if (!length || *length < 0) return std::nullopt;

  WarcHeader header;
  const std::string_view ip = words[*date - 1];
  const auto url_end = static_cast<size_t>(ip.data() - line.data());
  const std::string_view url = TrimAscii(line.substr(0, url_end));
  header.content_length = static_cast<uint64_t>(*length);
  header.fields = {{"WARC-Type", url.starts_with("filedesc:") ? "warcinfo" : "response"},
                   {"WARC-Target-URI", std::string(url)},
                   {"WARC-IP-Address", std::string(ip)},
                   {"WARC-Date", DateOf(words[*date])},
                   {"Content-Type", std::string(words[*date + 1])}};
  return header;
}

}  // namespace cluehound::evidence
