// Computes the fold tables when the project is built, from ICU (NFKC, case folding, default
// ignorables), OpenCC (traditional characters, regional variants) and Unihan (variants that OpenCC
// lacks), and writes them as a .cc file that defines what rules/fold_table.h declares.
//
// usage: make_fold_table UNIHAN_VARIANTS.txt OUTPUT.cc
#include <opencc/opencc.h>
#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Chars = std::u32string;

constexpr char32_t kLast = 0x10FFFF;
constexpr size_t kPage = 128;
// Longer replacements are not worth a wider table: they are Arabic ligatures of whole phrases.
constexpr size_t kMaxBytes = 31;

void Append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

std::string Utf8(const Chars& chars) {
  std::string out;
  for (const char32_t c : chars) Append(out, c);
  return out;
}

Chars FromUtf16(const std::u16string& text) {
  Chars chars;
  for (int32_t i = 0; i < static_cast<int32_t>(text.size());) {
    UChar32 c;
    U16_NEXT(text.data(), i, static_cast<int32_t>(text.size()), c);
    chars += static_cast<char32_t>(c);
  }
  return chars;
}

std::u16string ToUtf16(char32_t c) {
  std::u16string text(2, u'\0');
  int32_t n = 0;
  U16_APPEND_UNSAFE(text.data(), n, c);
  text.resize(static_cast<size_t>(n));
  return text;
}

void Check(UErrorCode error, const char* what) {
  if (U_FAILURE(error)) {
    std::cerr << "make_fold_table: " << what << ": " << u_errorName(error) << "\n";
    std::exit(1);
  }
}

Chars Normalize(const UNormalizer2* form, char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const std::u16string source = ToUtf16(c);
  std::u16string out(64, u'\0');
  const int32_t n = unorm2_normalize(form, source.data(), static_cast<int32_t>(source.size()),
                                     out.data(), static_cast<int32_t>(out.size()), &error);
  Check(error, "normalize");
  out.resize(static_cast<size_t>(n));
  return FromUtf16(out);
}

bool IsHangulSyllable(char32_t c) { return c >= 0xAC00 && c <= 0xD7A3; }
bool IsCombining(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) ||
         (c >= 0x1DC0 && c <= 0x1DFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0xFE20 && c <= 0xFE2F);
}
bool IsKanaMark(char32_t c) { return c == 0x3099 || c == 0x309A; }
// Characters that nobody writes but as a stroke between others: 耐丨克, 耐丶克. What they look like is
// one separator. (灬 is not among them, it is the lower part of many.)
char32_t StrokeAsSign(char32_t c) {
  static constexpr std::u32string_view kStrokes = U"丶丿亅乀乁卍卐";
  if (c == U'丨') return U'|';
  return kStrokes.find(c) == std::u32string_view::npos ? U'\0' : U'*';
}
// Dots of a list are one separator, not two or three.
bool IsLeader(char32_t c) { return c == 0x2025 || c == 0x2026; }
// ⑴, ⒈ and ㈠ are what stands in them.
Chars Bare(Chars chars) {
  if (chars.size() > 2 && chars.front() == U'(' && chars.back() == U')')
    return chars.substr(1, chars.size() - 2);
  if (chars.size() > 1 && (chars.back() == U'.' || chars.back() == U',') && chars[0] >= U'0' &&
      chars[0] <= U'9')
    chars.pop_back();
  return chars;
}
// "NIKE™" must not become the word "niketm".
bool IsSignOfRight(char32_t c) { return c == 0x2122 || c == 0x2120; }

// zero_width: what a reader cannot see. White space is not among it.
bool IsInvisible(char32_t c) {
  if (u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return true;
  return u_charType(static_cast<UChar32>(c)) == U_CONTROL_CHAR && !(c >= 0x09 && c <= 0x0D) &&
         c != 0x85;
}

class Stages {
 public:
  explicit Stages(const std::string& unihan_variants) {
    UErrorCode error = U_ZERO_ERROR;
    nfkc_ = unorm2_getNFKCInstance(&error);
    nfd_ = unorm2_getNFDInstance(&error);
    Check(error, "normalizer");
    gb2312_.reset(ucnv_open("ibm-1383_P110-1999", &error));
    Check(error, "GB2312 converter");
    ReadUnihan(unihan_variants);
  }

  // width: NFKC of the single character. Voiced kana are taken apart, because their half-width
  // forms are two characters.
  Chars Width(char32_t c) const {
    if (c < 0x80) return c >= 0x09 && c <= 0x0D ? Chars{U' '} : Chars{c};
    if (IsHangulSyllable(c) || IsSignOfRight(c) || IsLeader(c)) return {c};
    if (c == 0x85 || c == 0x2028 || c == 0x2029) return {U' '};
    // Negative circled and squared letters, which no normal form folds.
    if (c >= 0x1F150 && c <= 0x1F169) return {U'A' + (c - 0x1F150)};
    if (c >= 0x1F170 && c <= 0x1F189) return {U'A' + (c - 0x1F170)};
    Chars out;
    for (const char32_t composed : Normalize(nfkc_, c)) {
      const Chars parts = Normalize(nfd_, composed);
      if (!IsHangulSyllable(composed) && parts.size() == 2 && IsKanaMark(parts[1])) {
        out += parts;
      } else {
        const char32_t sign = StrokeAsSign(composed);
        out += sign != 0 ? sign : composed;
      }
    }
    return Bare(out);
  }

  // accent: canonical decomposition without its combining marks.
  Chars Accent(char32_t c) const {
    if (IsCombining(c)) return {};
    if (c < 0x80 || IsHangulSyllable(c)) return {c};
    const Chars parts = Normalize(nfd_, c);
    if (parts.size() < 2) return {c};
    Chars out;
    bool marked = false;
    for (const char32_t part : parts) {
      if (IsCombining(part)) {
        marked = true;
      } else {
        out += part;
      }
    }
    return marked ? out : Chars{c};
  }

  Chars Case(char32_t c) const {
    UErrorCode error = U_ZERO_ERROR;
    const std::u16string source = ToUtf16(c);
    std::u16string out(16, u'\0');
    const int32_t n =
        u_strFoldCase(out.data(), static_cast<int32_t>(out.size()), source.data(),
                      static_cast<int32_t>(source.size()), U_FOLD_CASE_DEFAULT, &error);
    Check(error, "fold case");
    out.resize(static_cast<size_t>(n));
    return FromUtf16(out);
  }

  // Until nothing changes any more, so that folding twice is folding once.
  Chars Traditional(char32_t c) const {
    for (char32_t next = OneStep(c); next != c; next = OneStep(c)) c = next;
    return {c};
  }

 private:
  // traditional: to the simplified character; other variants only where the character is not
  // itself one of GB 2312, since those are words of their own (芸, 予, 弁).
  char32_t OneStep(char32_t c) const {
    if (!u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC)) return c;
    const char32_t simplified = Convert(t2s_, c);
    if (simplified != c || InGb2312(c)) return simplified;
    for (const auto* variant : {&tw2t_, &hk2t_, &jp2t_}) {
      const char32_t traditional = Convert(*variant, c);
      if (traditional != c) return Convert(t2s_, traditional);
    }
    const auto it = unihan_.find(c);
    if (it == unihan_.end()) return c;
    const char32_t target = Convert(t2s_, it->second);
    return InGb2312(target) ? target : c;
  }

  static char32_t Convert(const opencc::SimpleConverter& converter, char32_t c) {
    std::string in;
    Append(in, c);
    const std::string out = converter.Convert(in);
    size_t n = 0;
    char32_t result = 0;
    for (const char byte : out) {
      const auto b = static_cast<unsigned char>(byte);
      if (b < 0x80) {
        result = b, ++n;
      } else if (b >= 0xC0) {
        result = b >= 0xF0 ? b & 0x07u : b >= 0xE0 ? b & 0x0Fu : b & 0x1Fu, ++n;
      } else {
        result = (result << 6) | (b & 0x3Fu);
      }
    }
    return n == 1 ? result : c;
  }

  bool InGb2312(char32_t c) const {
    UErrorCode error = U_ZERO_ERROR;
    ucnv_reset(gb2312_.get());
    ucnv_setFromUCallBack(gb2312_.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                          &error);
    const std::u16string source = ToUtf16(c);
    char out[8];
    const int32_t n = ucnv_fromUChars(gb2312_.get(), out, sizeof out, source.data(),
                                      static_cast<int32_t>(source.size()), &error);
    return U_SUCCESS(error) && n == 2;
  }

  // A variant counts when Unihan names exactly one other character for it.
  void ReadUnihan(const std::string& path) {
    std::ifstream file(path);
    if (!file) {
      std::cerr << "make_fold_table: cannot read " << path << "\n";
      std::exit(1);
    }
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields(line);
      std::string code, property, target, second;
      if (line.empty() || line[0] == '#' || !(fields >> code >> property >> target)) continue;
      if (property != "kSemanticVariant" && property != "kZVariant" &&
          property != "kSimplifiedVariant")
        continue;
      const bool ambiguous = static_cast<bool>(fields >> second);
      const auto c = static_cast<char32_t>(std::stoul(code.substr(2), nullptr, 16));
      const auto t = static_cast<char32_t>(std::stoul(target.substr(2), nullptr, 16));
      if (!ambiguous && c != t && property == "kSimplifiedVariant") unihan_[c] = t;
      if (!ambiguous && c != t) unihan_.try_emplace(c, t);
    }
  }

  const UNormalizer2* nfkc_ = nullptr;
  const UNormalizer2* nfd_ = nullptr;
  std::unique_ptr<UConverter, decltype(&ucnv_close)> gb2312_{nullptr, &ucnv_close};
  opencc::SimpleConverter t2s_{"t2s.json"}, tw2t_{"tw2t.json"}, hk2t_{"hk2t.json"},
      jp2t_{"jp2t.json"};
  std::map<char32_t, char32_t> unihan_;
};

std::string Literal(const std::string& bytes) {
  std::string out = "\"";
  for (const char byte : bytes) {
    char hex[5];
    std::snprintf(hex, sizeof hex, "\\x%02x", static_cast<unsigned char>(byte));
    out += hex;
  }
  return out + "\"";
}

struct StageTable {
  std::string name;
  std::map<char32_t, std::string> changed;
};

void WriteStage(std::ostream& out, const StageTable& stage) {
  out << "const StageEntry k" << stage.name << "Entries[] = {\n";
  size_t column = 0;
  for (const auto& [c, bytes] : stage.changed) {
    out << "{0x" << std::hex << static_cast<uint32_t>(c) << std::dec << ',' << Literal(bytes)
        << "},";
    if (++column % 8 == 0) out << '\n';
  }
  out << "};\nconst std::span<const StageEntry> k" << stage.name << "Stage(k" << stage.name
      << "Entries);\n\n";
}

// The tables as they are collected, character by character.
class Tables {
 public:
  explicit Tables(const Stages& stages) : stages_(stages) {
    for (char32_t c = 0; c <= kLast; ++c) {
      page_[c % kPage] = Entry(c);
      if (c % kPage == kPage - 1) EndPage();
    }
  }

  bool Write(const char* path) const {
    std::ofstream out(path);
    out << "#include \"rules/fold_table.h\"\n\nnamespace cluehound::rules::fold_table {\n\n";
    out << "const uint16_t kIndex[" << index_.size() << "] = {\n";
    for (size_t i = 0; i < index_.size(); ++i) out << index_[i] << (i % 32 == 31 ? ",\n" : ",");
    out << "};\n\nconst uint32_t kPages[" << pages_.size() * kPage << "] = {\n";
    for (const auto& page : pages_) {
      for (size_t i = 0; i < kPage; ++i) out << page[i] << (i % 16 == 15 ? ",\n" : ",");
    }
    out << "};\n\nconst char kPool[] =\n";
    for (size_t i = 0; i < pool_.size(); i += 32) out << Literal(pool_.substr(i, 32)) << "\n";
    out << ";\n\n";
    for (const StageTable* stage : {&zero_width_, &width_, &accent_, &nocase_, &traditional_})
      WriteStage(out, *stage);
    out << "}  // namespace cluehound::rules::fold_table\n";
    out.close();
    return static_cast<bool>(out);
  }

 private:
  // 0: unchanged; else 1 | length << 1 | offset into the pool << 6.
  uint32_t Entry(char32_t c) {
    if (c >= 0xD800 && c <= 0xDFFF) return 0;
    const Chars self{c};
    const bool invisible = IsInvisible(c);
    if (invisible) zero_width_.changed[c] = "";
    Record(width_, self, stages_.Width(c));
    Record(accent_, self, stages_.Accent(c));
    Record(nocase_, self, stages_.Case(c));
    Record(traditional_, self, stages_.Traditional(c));
    Chars folded;
    if (!invisible) folded = self;
    Apply(folded, [&](char32_t x) { return stages_.Width(x); });
    Apply(folded, [&](char32_t x) { return stages_.Accent(x); });
    Apply(folded, [&](char32_t x) { return stages_.Case(x); });
    Apply(folded, [&](char32_t x) { return stages_.Traditional(x); });
    const std::string bytes = Utf8(folded);
    if (folded == self || bytes.size() > kMaxBytes) return 0;
    const auto [it, fresh] = pooled_.emplace(bytes, static_cast<uint32_t>(pool_.size()));
    if (fresh) pool_ += bytes;
    return 1u | static_cast<uint32_t>(bytes.size()) << 1 | it->second << 6;
  }

  static void Record(StageTable& stage, const Chars& self, const Chars& result) {
    const std::string bytes = Utf8(result);
    if (result != self && bytes.size() <= kMaxBytes) stage.changed[self[0]] = bytes;
  }

  static void Apply(Chars& chars, const std::function<Chars(char32_t)>& stage) {
    Chars out;
    for (const char32_t c : chars) out += stage(c);
    chars = std::move(out);
  }

  void EndPage() {
    const auto [it, fresh] = page_numbers_.emplace(page_, static_cast<uint16_t>(pages_.size()));
    if (fresh) pages_.push_back(page_);
    index_.push_back(it->second);
  }

  const Stages& stages_;
  StageTable zero_width_{"ZeroWidth", {}}, width_{"Width", {}}, accent_{"Accent", {}},
      nocase_{"Case", {}}, traditional_{"Traditional", {}};
  std::string pool_;                        // replacement bytes, shared
  std::map<std::string, uint32_t> pooled_;  // bytes -> offset
  std::array<uint32_t, kPage> page_{};
  std::map<std::array<uint32_t, kPage>, uint16_t> page_numbers_;
  std::vector<std::array<uint32_t, kPage>> pages_;
  std::vector<uint16_t> index_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: make_fold_table UNIHAN_VARIANTS.txt OUTPUT.cc\n";
    return 2;
  }
  const Stages stages(argv[1]);
  return Tables(stages).Write(argv[2]) ? 0 : 1;
}
