#include "triage/privacy.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace cluehound::triage {
namespace {

constexpr size_t kMaxSeparators = 3;  // characters between two groups of one number

// The digit that a character stands for, or -1.
int DigitOf(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  if (c >= U'０' && c <= U'９') return static_cast<int>(c - U'０');
  if (c >= U'①' && c <= U'⑨') return static_cast<int>(c - U'①') + 1;
  static constexpr std::u32string_view kHan = U"零一二三四五六七八九";
  static constexpr std::u32string_view kFormal = U"〇壹贰叁肆伍陆柒捌玖";
  if (const auto at = kHan.find(c); at != kHan.npos) return static_cast<int>(at);
  if (const auto at = kFormal.find(c); at != kFormal.npos) return static_cast<int>(at);
  if (c == U'幺') return 1;
  if (c == U'⓪') return 0;
  return -1;
}

bool IsSeparator(char32_t c) {
  static constexpr std::u32string_view kSeparators = U"-–—－_.·．*()（）/、,，|~";
  return IsUnicodeSpace(c) || kSeparators.find(c) != kSeparators.npos ||
         (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || c == 0x2060;
}

struct Character {
  char32_t c;
  size_t begin;  // in the text
  size_t end;
};

// A digit of a run: where it stands, and whether a group begins or ends with it.
struct RunDigit {
  int digit;
  size_t at;  // index of the character
  bool first;
  bool last = false;
};

class Masker {
 public:
  explicit Masker(std::string_view text) : text_(text) {
    for (size_t pos = 0; pos < text.size();) {
      const size_t begin = pos;
      const char32_t c = DecodeUtf8(text, pos);
      characters_.push_back({c, begin, pos});
    }
    masked_.assign(characters_.size(), false);
  }

  std::string Run() {
    MaskAddresses();
    for (size_t at = 0; at < characters_.size();) at = MaskRun(at);
    std::string out;
    for (size_t i = 0; i < characters_.size(); ++i) {
      if (masked_[i]) {
        out += '*';
      } else {
        out += text_.substr(characters_[i].begin, characters_[i].end - characters_[i].begin);
      }
    }
    return out;
  }

 private:
  // Digits with few separators between them, from `at` on. Gives where it ended.
  size_t MaskRun(size_t at) {
    if (DigitOf(characters_[at].c) < 0) return at + 1;
    std::vector<RunDigit> run;
    size_t separators = 0;
    size_t end = at;
    for (size_t i = at; i < characters_.size() && separators <= kMaxSeparators; ++i) {
      const int digit = DigitOf(characters_[i].c);
      if (digit >= 0) {
        const bool first = run.empty() || separators > 0;
        if (first && !run.empty()) run.back().last = true;
        run.push_back({digit, i, first});
        separators = 0;
        end = i + 1;
      } else if (IsSeparator(characters_[i].c)) {
        ++separators;
      } else {
        break;
      }
    }
    run.back().last = true;
    for (size_t i = 0; i < run.size();) {
      const size_t length = run[i].first ? NumberAt(run, i) : 0;
      if (length > 0) Mask(run, i, length);
      i += std::max<size_t>(length, 1);
    }
    return end;
  }

  static bool Ends(const std::vector<RunDigit>& run, size_t begin, size_t length) {
    return begin + length <= run.size() && run[begin + length - 1].last;
  }

  // How many digits the number has that begins here; 0: none does.
  size_t NumberAt(const std::vector<RunDigit>& run, size_t i) const {
    const auto digit = [&](size_t n) { return i + n < run.size() ? run[i + n].digit : -1; };
    // +86, 0086 or 86 before a mobile number.
    for (const size_t prefix : {size_t{0}, size_t{2}, size_t{4}}) {
      if (prefix == 2 && (digit(0) != 8 || digit(1) != 6)) continue;
      if (prefix == 4 && (digit(0) != 0 || digit(1) != 0 || digit(2) != 8 || digit(3) != 6))
        continue;
      if (digit(prefix) == 1 && digit(prefix + 1) >= 3 && Ends(run, i, prefix + 11))
        return prefix + 11;
    }
    if (IsIdentityCard(run, i)) return 17;
    if (digit(0) == 0 && digit(1) >= 1) {  // area code and number
      for (const size_t length : {size_t{12}, size_t{11}, size_t{10}}) {
        if (Ends(run, i, length)) return length;
      }
    }
    if ((digit(0) == 4 || digit(0) == 8) && digit(1) == 0 && digit(2) == 0 && Ends(run, i, 10))
      return 10;
    return 0;
  }

  // 17 digits without a gap and an eighteenth or X, with a date of birth inside.
  bool IsIdentityCard(const std::vector<RunDigit>& run, size_t i) const {
    if (i + 17 > run.size()) return false;
    for (size_t n = 1; n < 17; ++n) {
      if (run[i + n].first) return false;
    }
    const int century = run[i + 6].digit * 10 + run[i + 7].digit;
    const int month = run[i + 10].digit * 10 + run[i + 11].digit;
    if ((century != 19 && century != 20) || month < 1 || month > 12) return false;
    if (i + 18 <= run.size() && !run[i + 17].first) return run[i + 17].last;
    const size_t next = run[i + 16].at + 1;
    return next < characters_.size() &&
           (characters_[next].c == U'X' || characters_[next].c == U'x');
  }

  void Mask(const std::vector<RunDigit>& run, size_t begin, size_t length) {
    for (size_t n = begin + 3; n + 2 < begin + length; ++n) masked_[run[n].at] = true;
  }

  // name@host: the name.
  void MaskAddresses() {
    const auto is_name = [](char32_t c) {
      return c < 0x80 && (IsAsciiAlnum(static_cast<char>(c)) || c == U'.' || c == U'_' ||
                          c == U'-' || c == U'+');
    };
    for (size_t at = 1; at + 1 < characters_.size(); ++at) {
      const char32_t c = characters_[at].c;
      if ((c != U'@' && c != U'＠') || !is_name(characters_[at + 1].c)) continue;
      for (size_t i = at; i-- > 0 && is_name(characters_[i].c) && !masked_[i];) masked_[i] = true;
    }
  }

  std::string_view text_;
  std::vector<Character> characters_;
  std::vector<bool> masked_;
};

}  // namespace

std::string MaskNumbers(std::string_view text) { return Masker(text).Run(); }

std::string MaskName(std::string_view name) {
  std::vector<std::string> characters;
  for (size_t pos = 0; pos < name.size();) {
    const size_t begin = pos;
    DecodeUtf8(name, pos);
    characters.emplace_back(name.substr(begin, pos - begin));
  }
  if (characters.empty()) return "";
  if (characters.size() <= 4) return characters[0] + "**";
  return characters[0] + "***" + characters[characters.size() - 2] + characters.back();
}

}  // namespace cluehound::triage
