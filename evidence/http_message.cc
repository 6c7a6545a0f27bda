#include "evidence/http_message.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace cluehound::evidence {
namespace {

int HexValue(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  const char lower = AsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The size in a chunk's first line (extensions behind ';' are passed over). Nothing when it is
// none.
std::optional<uint64_t> ChunkSize(std::string_view line) {
  line = TrimAscii(line.substr(0, line.find(';')));
  if (line.empty() || line.size() > 15) return std::nullopt;
  uint64_t size = 0;
  for (const char c : line) {
    const int digit = HexValue(c);
    if (digit < 0) return std::nullopt;
    size = size * 16 + static_cast<uint64_t>(digit);
  }
  return size;
}

}  // namespace

std::optional<HttpHead> SplitHead(std::string_view message, size_t max_head) {
  const std::string_view front = message.substr(0, max_head);
  for (size_t line_end = front.find('\n'); line_end != std::string_view::npos;
       line_end = front.find('\n', line_end + 1)) {
    const std::string_view rest = front.substr(line_end + 1);
    if (rest.starts_with('\n')) return HttpHead{line_end + 1, line_end + 2, 0};
    if (rest.starts_with("\r\n")) return HttpHead{line_end + 1, line_end + 3, 0};
  }
  return std::nullopt;
}

std::optional<HttpHead> ParseResponseHead(std::string_view message, size_t max_head) {
  if (!message.starts_with("HTTP/")) return std::nullopt;
  auto head = SplitHead(message, max_head);
  if (!head) {
    // A response without a body may lack the empty line.
    if (message.size() > max_head || !message.ends_with('\n')) return std::nullopt;
    head = HttpHead{message.size(), message.size(), 0};
  }
  const std::string_view line = message.substr(0, message.find('\n'));
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const std::string_view rest = TrimAscii(line.substr(blank));
  const auto status = ParseInt(rest.substr(0, rest.find(' ')));
  if (!status || *status < 100 || *status > 999) return std::nullopt;
  head->status = static_cast<int>(*status);
  return head;
}

Dechunked TakeOffChunks(std::string_view body, bool cut) {
  Dechunked result;
  // A size line is short; whatever is longer is content.
  constexpr size_t kMaxSizeLine = 256;
  while (true) {
    const size_t line_end = body.substr(0, kMaxSizeLine).find('\n');
    if (line_end == std::string_view::npos) return result;
    const auto size = ChunkSize(body.substr(0, line_end));
    if (!size) return result;
    std::string_view rest = body.substr(line_end + 1);
    if (*size == 0) {
      result.chunked = true;
      result.complete = true;
      return result;
    }
    const bool whole = rest.size() >= *size;
    const std::string_view data =
        rest.substr(0, static_cast<size_t>(std::min<uint64_t>(*size, rest.size())));
    rest.remove_prefix(data.size());
    const bool closed = rest.starts_with("\r\n") || rest.starts_with("\n");
    // The first chunk decides: content may begin with a line of hexadecimal digits by chance.
    if (!result.chunked && !(whole && closed) && !(cut && !whole)) return result;
    result.chunked = true;
    result.bytes.append(data);
    if (!whole || !closed) return result;
    rest.remove_prefix(rest.front() == '\r' ? 2 : 1);
    body = rest;
  }
}

}  // namespace cluehound::evidence
