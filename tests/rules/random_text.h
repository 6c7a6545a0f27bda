#pragma once

#include <random>
#include <string>

#include "base/text.h"

namespace cluehound::rules {

// Texts as nobody would write them: ASCII, Han, full width, combining marks, invisible characters,
// emoji, any code point, and (when asked for) bytes that are no UTF-8 at all.
class RandomText {
 public:
  explicit RandomText(uint32_t seed) : random_(seed) {}

  uint32_t Below(uint32_t n) { return std::uniform_int_distribution<uint32_t>(0, n - 1)(random_); }

  std::string Make(size_t characters, bool malformed) {
    std::string text;
    for (size_t i = 0; i < characters; ++i) {
      if (malformed && Below(12) == 0) {
        text += static_cast<char>(0x80 + Below(0x80));
      } else {
        AppendUtf8(text, Character());
      }
    }
    return text;
  }

 private:
  char32_t Character() {
    switch (Below(9)) {
      case 0:
        return 0x20 + Below(0x5F);
      case 1:
        return 0x4E00 + Below(0x51A6);
      case 2:
        return 0xFF01 + Below(0xE0);  // full and half width
      case 3:
        return 0x300 + Below(0x70);  // combining
      case 4:
        return 0x200B + Below(5);  // zero width, direction
      case 5:
        return 0xC0 + Below(0x180);  // Latin with accents
      case 6:
        return 0x1F150 + Below(0x300);
      case 7:
        return Below(0x20);  // control
      default: {
        const char32_t c = Below(0x110000);
        return c >= 0xD800 && c <= 0xDFFF ? U'?' : c;
      }
    }
  }

  std::mt19937 random_;
};

}  // namespace cluehound::rules
