#include "evidence/mime_coding.h"

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace cluehound::evidence {
namespace {

int HexDigit(char c) {
  if (IsAsciiDigit(c)) return c - '0';
  const char lower = AsciiLower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (IsAsciiDigit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

// A line of quoted-printable, without its line end: blanks at its end are no content (RFC 2045 6.7
// rule 3).
std::string_view WithoutTrailingBlanks(std::string_view line) {
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  return line;
}

void AppendQuotedPrintable(std::string_view line, std::string& out) {
  for (size_t i = 0; i < line.size(); ++i) {
    const int high = line[i] == '=' && i + 2 < line.size() ? HexDigit(line[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(line[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += line[i];
    }
  }
}

}  // namespace

std::string DecodeQuotedPrintable(std::string_view text, size_t max_bytes) {
  std::string out;
  while (!text.empty() && out.size() < max_bytes) {
    const size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
    const bool crlf = line.ends_with('\r');
    if (crlf) line.remove_suffix(1);
    line = WithoutTrailingBlanks(line);
    const bool soft = line.ends_with('=');
    if (soft) line.remove_suffix(1);
    AppendQuotedPrintable(line, out);
    if (!soft && newline != std::string_view::npos) out += crlf ? "\r\n" : "\n";
  }
  if (out.size() > max_bytes) out.resize(max_bytes);
  return out;
}

std::string DecodeBase64(std::string_view text, size_t max_bytes) {
  std::string out;
  out.reserve(std::min(max_bytes, text.size() / 4 * 3));
  uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) continue;
    held = (held << 6 | static_cast<uint32_t>(digit)) & 0xFFFF;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    if (out.size() == max_bytes) break;
    out += static_cast<char>(held >> bits & 0xFF);
  }
  return out;
}

std::string MimeParameter(std::string_view value, std::string_view name) {
  size_t pos = value.find(';');
  while (pos != std::string_view::npos) {
    std::string_view rest = TrimAscii(value.substr(pos + 1));
    const size_t equals = rest.find_first_of("=;");
    if (equals == std::string_view::npos) return "";
    if (rest[equals] == ';') {  // a word without a value
      value = rest;
      pos = equals;
      continue;
    }
    const bool mine = EqualsIgnoreAsciiCase(TrimAscii(rest.substr(0, equals)), name);
    rest = TrimAscii(rest.substr(equals + 1));
    size_t end = rest.find(';');
    if (rest.starts_with('"')) {
      const size_t close = rest.find('"', 1);
      if (mine)
        return std::string(rest.substr(1, close == std::string_view::npos ? close : close - 1));
      end = close == std::string_view::npos ? close : rest.find(';', close);
    } else if (mine) {
      return std::string(TrimAscii(rest.substr(0, end)));
    }
    value = rest;
    pos = end;
  }
  return "";
}

std::string MediaType(std::string_view value) {
  return ToAsciiLower(TrimAscii(value.substr(0, value.find(';'))));
}

}  // namespace cluehound::evidence
