#include "base/markup.h"

#include "base/text.h"

namespace cluehound {

std::string EscapeMarkup(std::string_view text) {
  std::string escaped;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = DecodeUtf8(text, at);
    const bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
                       c == 0x200E || c == 0x200F || c == 0x061C;
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        if (turns)
          escaped += "\xEF\xBF\xBD";
        else if (c >= 0x20 || c == '\t' || c == '\n')
          AppendUtf8(escaped, c == 0xFFFE || c == 0xFFFF ? kReplacementChar : c);
    }
  }
  return escaped;
}

}  // namespace cluehound
