#include "evidence/stored_head.h"

#include <functional>

#include "base/text.h"
#include "evidence/page.h"

namespace cluehound::evidence {
namespace {

constexpr std::string_view kPrefix = "X-Archive-Orig-";
constexpr std::string_view kStoredVersion = "HTTP/1.1";

// Copies the head line by line; `rename` gives what to write for the front of a header line and
// takes it off the line. Continuations of folded lines have no name and stay.
std::string CopyLines(std::string_view head,
                      const std::function<std::string(std::string_view&)>& first_line,
                      const std::function<std::string(std::string_view&)>& header) {
  std::string out;
  for (bool first = true; !head.empty(); first = false) {
    const size_t newline = head.find('\n');
    std::string_view line =
        head.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    head.remove_prefix(line.size());
    out += first ? first_line(line) : header(line);
    out += line;
  }
  return out;
}

bool HasName(std::string_view line, std::string_view name) {
  const size_t colon = line.find(':');
  return colon != std::string_view::npos &&
         EqualsIgnoreAsciiCase(TrimAscii(line.substr(0, colon)), name) &&
         !IsAsciiSpace(line.front());
}

}  // namespace

std::string StoredHead(std::string_view head) {
  const bool coded = !HeaderValue(head, "Transfer-Encoding").empty();
  const auto first_line = [](std::string_view& line) {
    for (const std::string_view version : {"HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/3"}) {
      if (const size_t at = line.find(version); at != std::string_view::npos) {
        std::string front(line.substr(0, at));
        line.remove_prefix(at + version.size());
        return front.append(kStoredVersion);
      }
    }
    return std::string();
  };
  const auto header = [&](std::string_view& line) {
    const bool change = HasName(line, "Transfer-Encoding") ||
                        (coded && HasName(line, "Content-Length")) ||
                        StartsWithIgnoreAsciiCase(line, kPrefix);
    return std::string(change ? kPrefix : "");
  };
  return CopyLines(head, first_line, header);
}

std::string OriginalHead(std::string_view stored, std::string_view http_version) {
  const auto first_line = [&](std::string_view& line) {
    const size_t at = line.find(kStoredVersion);
    if (at == std::string_view::npos || !(http_version == "2" || http_version == "3"))
      return std::string();
    std::string front(line.substr(0, at));
    line.remove_prefix(at + kStoredVersion.size());
    return front.append("HTTP/").append(http_version);
  };
  const auto header = [](std::string_view& line) {
    if (StartsWithIgnoreAsciiCase(line, kPrefix)) line.remove_prefix(kPrefix.size());
    return std::string();
  };
  return CopyLines(stored, first_line, header);
}

}  // namespace cluehound::evidence
