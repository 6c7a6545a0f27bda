#include "extractors/words.h"

#include <cstdint>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

// False also for some tidy texts: those with characters whose first byte a wide blank could have
// (U+00A0, U+1680, U+2000 and on, U+3000).
bool IsTidy(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() == ' ' || text.back() == ' ') return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if (byte <= 0x20) {
      if (byte != ' ' || text[i + 1] == ' ') return false;  // the last byte is no blank
    } else if (byte == 0x7F || byte == 0xC2 || byte == 0xE1 || byte == 0xE2) {
      return false;
    } else if (byte == 0xE3 && text.compare(i + 1, 2, "\x80\x80") == 0) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::string TidyWords(std::string_view valid) {
  return IsTidy(valid) ? std::string(valid) : CollapseSpace(valid);
}

}  // namespace cluehound::extractors
