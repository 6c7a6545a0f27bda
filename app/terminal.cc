#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"

namespace cluehound::app {

std::string Printable(std::string_view text) {
  std::string out;
  for (size_t pos = 0; pos < text.size();) {
    const char32_t c = DecodeUtf8(text, pos);
    const bool bidi = (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
                      (c >= 0x2066 && c <= 0x2069);
    if (c >= 0x20 && !(c >= 0x7F && c < 0xA0) && !bidi) AppendUtf8(out, c);
  }
  return out;
}

std::string Cut(const std::string& text, int width) {
  if (DisplayWidth(text) <= width) return text;
  std::string out;
  int used = 0;
  for (size_t pos = 0; pos < text.size();) {
    const size_t before = pos;
    const int w = DisplayWidth(DecodeUtf8(text, pos));
    if (used + w > width - 1) break;
    used += w;
    out.append(text, before, pos - before);
  }
  return out + "…";
}

std::string Cell(const std::string& text, int width) {
  std::string cell = Cut(text, width - 1);
  cell.append(static_cast<size_t>(width - DisplayWidth(cell)), ' ');
  return cell;
}

void AppendFlowed(std::string& out, std::string_view text, int indent, int used, int columns) {
  const auto break_line = [&] {
    while (out.ends_with(' ')) out.pop_back();
    out += '\n';
    out.append(static_cast<size_t>(indent), ' ');
    used = indent;
  };
  for (size_t pos = 0; pos < text.size();) {
    const size_t begin = pos;
    int width = 0;
    // A word: up to a blank, or one wide character (a line may break at each).
    while (pos < text.size()) {
      const size_t before = pos;
      const char32_t c = DecodeUtf8(text, pos);
      const int w = DisplayWidth(c);
      if (before != begin && (w == 2 || c == ' ')) {
        pos = before;
        break;
      }
      width += w;
      if (w == 2 || c == ' ' || width >= columns - indent) break;
    }
    if (used + width > columns && used > indent) {
      break_line();
      if (text.substr(begin, pos - begin) == " ") continue;
    }
    out.append(text, begin, pos - begin);
    used += width;
  }
  out += '\n';
}

int TerminalColumns() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 100;
  return std::clamp<int>(size.ws_col, 100, 160);
}

}  // namespace cluehound::app
