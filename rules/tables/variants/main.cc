// Computes, when the project is built, what spellings are disguised with, and writes it as a .cc
// file that defines what rules/variant_data.h declares:
//
//   readings      Unihan: kMandarin, then kHanyuPinlu, kTGHZ2013, kXHC1983
//   look-alikes   the characters whose drawn forms overlap most (FreeType, Droid Sans Fallback),
//                 those with the same main part, Unihan's kSpoofingVariant, and look_alikes.txt
//   parts         decompositions.txt, parts.txt
//   Latin         ICU's confusables (UTS 39), and what the characters' names say
//   words         jieba's dictionary with its frequencies
//
// usage: make_variant_table UNIHAN_READINGS UNIHAN_VARIANTS JIEBA_DICT FONT LOOK_ALIKES
//                           DECOMPOSITIONS PARTS OUTPUT.cc
#include <ft2build.h>
#include FT_FREETYPE_H
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

constexpr char32_t kFirst = 0x4E00, kEnd = 0xA000;
constexpr double kCommonWord = 20;          // occurrences in jieba's count
constexpr size_t kCommonCharacters = 4500;  // those people type: what a character is replaced by
constexpr size_t kDrawnAlike = 36;          // look-alikes by their drawn form
constexpr size_t kAlikeByPart = 28;         // by a part they share
constexpr float kLeastAlike = 0.5f;         // below, drawn forms have nothing in common

[[noreturn]] void Fail(const std::string& what) {
  std::cerr << "make_variant_table: " << what << "\n";
  std::exit(1);
}

std::ifstream Open(const std::string& path) {
  std::ifstream file(path);
  if (!file) Fail("cannot read " + path);
  return file;
}

std::u32string Decode(const std::string& text) {
  std::u32string out;
  for (const char byte : text) {
    const auto b = static_cast<unsigned char>(byte);
    if (b < 0x80) {
      out += b;
    } else if (b >= 0xC0) {
      out += b >= 0xF0 ? b & 0x07u : b >= 0xE0 ? b & 0x0Fu : b & 0x1Fu;
    } else {
      out.back() = (out.back() << 6) | (b & 0x3Fu);
    }
  }
  return out;
}

bool IsHan(char32_t c) { return c >= kFirst && c < kEnd; }

// --- readings ---

// "zhòng" -> "zhong", "lǚ" -> "lv".
std::string Toneless(const std::string& pinyin) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* nfd = unorm2_getNFDInstance(&error);
  std::string out;
  for (const char32_t c : Decode(pinyin)) {
    UChar source[2], parts[8];
    int32_t n = 0;
    U16_APPEND_UNSAFE(source, n, static_cast<UChar32>(c));
    const int32_t length = unorm2_normalize(nfd, source, n, parts, 8, &error);
    if (U_FAILURE(error)) Fail("normalize");
    for (int32_t i = 0; i < length; ++i) {
      if (parts[i] == 0x308 && out.ends_with('u')) out.back() = 'v';
      if (parts[i] >= 'a' && parts[i] <= 'z') out += static_cast<char>(parts[i]);
    }
  }
  return out;
}

struct Readings {
  std::map<char32_t, std::vector<std::string>> syllables;  // the main one first
  std::set<char32_t> standard;  // Table of General Standard Chinese Characters
};

void Add(std::vector<std::string>& to, const std::string& pinyin) {
  const std::string syllable = Toneless(pinyin);
  const bool vowel = syllable.find_first_of("aeiouv") != std::string::npos;
  if (vowel && std::find(to.begin(), to.end(), syllable) == to.end()) to.push_back(syllable);
}

Readings ReadReadings(const std::string& path) {
  std::map<char32_t, std::map<std::string, std::string>> values;
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string code, property, value;
    if (line.empty() || line[0] == '#' || !(fields >> code >> property)) continue;
    std::getline(fields >> std::ws, value);
    const auto c = static_cast<char32_t>(std::stoul(code.substr(2), nullptr, 16));
    if (IsHan(c)) values[c][property] = value;
  }
  Readings readings;
  for (auto& [c, of] : values) {
    if (of.count("kTGHZ2013") > 0) readings.standard.insert(c);
    std::vector<std::string>& all = readings.syllables[c];
    std::string pinyin;
    // kMandarin: the customary reading in China first. kHanyuPinlu: kè(172), the most frequent
    // first.
    if (std::istringstream fields(of["kMandarin"]); fields >> pinyin) Add(all, pinyin);
    for (std::istringstream fields(of["kHanyuPinlu"]); fields >> pinyin;)
      Add(all, pinyin.substr(0, pinyin.find('(')));
    // 047.150:chóng 481.090:zhòng,tóng
    for (const char* property : {"kTGHZ2013", "kXHC1983"}) {
      for (std::istringstream fields(of[property]); fields >> pinyin;) {
        std::istringstream list(pinyin.substr(pinyin.find(':') + 1));
        for (std::string one; std::getline(list, one, ',');) Add(all, one);
      }
    }
    if (all.empty()) readings.syllables.erase(c);
  }
  return readings;
}

// --- look-alikes ---

using Pairs = std::map<char32_t, std::set<char32_t>>;

void Relate(Pairs& pairs, char32_t a, char32_t b) {
  if (a == b || !IsHan(a) || !IsHan(b)) return;
  pairs[a].insert(b);
  pairs[b].insert(a);
}

// The drawn form, blurred, as a vector of length 1 after its mean was taken away.
constexpr int kSide = 20;
using Drawing = std::array<float, kSide * kSide>;

class Pen {
 public:
  explicit Pen(const std::string& font) {
    if (FT_Init_FreeType(&library_) != 0 || FT_New_Face(library_, font.c_str(), 0, &face_) != 0 ||
        FT_Set_Pixel_Sizes(face_, 0, 40) != 0)
      Fail("cannot draw with " + font);
  }
  ~Pen() {
    FT_Done_Face(face_);
    FT_Done_FreeType(library_);
  }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  bool Draw(char32_t c, Drawing& drawing) const {
    if (FT_Get_Char_Index(face_, c) == 0 || FT_Load_Char(face_, c, FT_LOAD_RENDER) != 0)
      return false;
    drawing.fill(0);
    const FT_GlyphSlot glyph = face_->glyph;
    const int top = 36 - glyph->bitmap_top;
    for (unsigned row = 0; row < glyph->bitmap.rows; ++row) {
      for (unsigned column = 0; column < glyph->bitmap.width; ++column) {
        const float ink =
            glyph->bitmap.buffer[row * static_cast<unsigned>(glyph->bitmap.pitch) + column];
        Spread(drawing, static_cast<float>(static_cast<int>(column) + glyph->bitmap_left),
               static_cast<float>(static_cast<int>(row) + top), ink / 255);
      }
    }
    float mean = 0, length = 0;
    for (const float x : drawing) mean += x / static_cast<float>(drawing.size());
    for (float& x : drawing) x -= mean, length += x * x;
    for (float& x : drawing) x /= std::sqrt(length) + 1e-6f;
    return true;
  }

 private:
  // Two by two pixels into one, with half of it beside: a stroke a little aside is the same stroke.
  static void Spread(Drawing& drawing, float x, float y, float ink) {
    const int cx = static_cast<int>(x / 2), cy = static_cast<int>(y / 2);
    for (int dy = -1; dy <= 1; ++dy) {
      for (int dx = -1; dx <= 1; ++dx) {
        const int px = cx + dx, py = cy + dy;
        if (px < 0 || py < 0 || px >= kSide || py >= kSide) continue;
        const float weight = (dx == 0 ? 1.0f : 0.5f) * (dy == 0 ? 1.0f : 0.5f);
        drawing[static_cast<size_t>(py * kSide + px)] += ink * weight;
      }
    }
  }

  FT_Library library_ = nullptr;
  FT_Face face_ = nullptr;
};

class Drawings {
 public:
  Drawings(const std::string& font, const std::set<char32_t>& characters) {
    const Pen pen(font);
    Drawing drawing;
    for (const char32_t c : characters) {
      if (!pen.Draw(c, drawing)) continue;
      index_.emplace(c, characters_.size());
      characters_.push_back(c);
      drawings_.push_back(drawing);
    }
    if (characters_.size() < 6000) Fail("the font lacks most Chinese characters");
  }

  float Likeness(char32_t a, char32_t b) const {
    const auto x = index_.find(a), y = index_.find(b);
    return x == index_.end() || y == index_.end() ? 0 : Product(x->second, y->second);
  }

  // With those of `common` that are most alike.
  void RelateNearest(const std::set<char32_t>& common, Pairs& pairs) const {
    std::vector<std::pair<float, char32_t>> near;
    for (size_t i = 0; i < characters_.size(); ++i) {
      near.clear();
      for (size_t k = 0; k < characters_.size(); ++k) {
        if (k == i || common.count(characters_[k]) == 0) continue;
        const float likeness = Product(i, k);
        if (likeness >= kLeastAlike) near.push_back({-likeness, characters_[k]});
      }
      const size_t kept = std::min(near.size(), kDrawnAlike);
      std::partial_sort(near.begin(), near.begin() + static_cast<ptrdiff_t>(kept), near.end());
      for (size_t k = 0; k < kept; ++k) pairs[characters_[i]].insert(near[k].second);
    }
  }

 private:
  float Product(size_t i, size_t k) const {
    const float* a = drawings_[i].data();
    const float* b = drawings_[k].data();
    std::array<float, 8> sums{};
    for (size_t at = 0; at < drawings_[i].size(); at += 8) {
      for (size_t lane = 0; lane < 8; ++lane) sums[lane] += a[at + lane] * b[at + lane];
    }
    float sum = 0;
    for (const float part : sums) sum += part;
    return sum;
  }

  std::map<char32_t, size_t> index_;
  std::vector<char32_t> characters_;
  std::vector<Drawing> drawings_;
};

struct Decomposition {
  char32_t whole;
  char32_t structure;  // a, d or s
  char32_t first, second;
};

std::vector<Decomposition> ReadDecompositions(const std::string& path) {
  std::vector<Decomposition> all;
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    const std::u32string text = Decode(line);
    if (text.empty() || text[0] == '#') continue;
    std::u32string signs;
    for (const char32_t c : text) {
      if (c != ' ' && !(signs.size() >= 2 && c >= 'a' && c <= 'z')) signs += c;
    }
    if (signs.size() == 4) all.push_back({signs[0], signs[1], signs[2], signs[3]});
  }
  return all;
}

// Characters with the same part in the same place, the most alike ones; and a character and its
// second part (潍, 维).
void RelateByPart(const std::vector<Decomposition>& decompositions, const Drawings& drawings,
                  const std::set<char32_t>& common, Pairs& pairs) {
  using Place = std::array<char32_t, 3>;
  std::map<Place, std::vector<char32_t>> with;
  for (const Decomposition& d : decompositions) {
    with[{d.structure, 1, d.first}].push_back(d.whole);
    with[{d.structure, 2, d.second}].push_back(d.whole);
    for (const char32_t part : {d.first, d.second}) {
      if (common.count(part) > 0 && drawings.Likeness(part, d.whole) > 0.3f)
        pairs[d.whole].insert(part);
      if (common.count(d.whole) > 0 && drawings.Likeness(part, d.whole) > 0.3f)
        pairs[part].insert(d.whole);
    }
    // The main part, whatever it is joined with: 胎, 苔.
    with[{0, 0, d.second}].push_back(d.whole);
  }
  std::map<char32_t, std::map<char32_t, float>> near;
  for (const auto& [place, characters] : with) {
    for (const char32_t a : characters) {
      for (const char32_t b : characters) {
        if (a != b && common.count(b) > 0)
          near[a][b] = drawings.Likeness(a, b) + (place[1] == 2 ? 0.2f : 0.0f);
      }
    }
  }
  for (const auto& [a, others] : near) {
    std::vector<std::pair<float, char32_t>> sorted;
    for (const auto& [b, likeness] : others) sorted.push_back({-likeness, b});
    std::sort(sorted.begin(), sorted.end());
    for (size_t i = 0; i < std::min(sorted.size(), kAlikeByPart); ++i)
      pairs[a].insert(sorted[i].second);
  }
}

void RelateSpoofing(const std::string& path, Pairs& pairs) {
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string code, property, target;
    if (line.empty() || line[0] == '#' || !(fields >> code >> property)) continue;
    if (property != "kSpoofingVariant") continue;
    while (fields >> target)
      Relate(pairs, static_cast<char32_t>(std::stoul(code.substr(2), nullptr, 16)),
             static_cast<char32_t>(std::stoul(target.substr(2), nullptr, 16)));
  }
}

void RelateGroups(const std::string& path, Pairs& pairs) {
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::u32string group;
    for (const char32_t c : Decode(line)) {
      if (IsHan(c)) group += c;
    }
    for (const char32_t a : group) {
      for (const char32_t b : group) Relate(pairs, a, b);
    }
  }
}

// --- parts ---

// How a part is typed that is no character by itself.
const std::map<char32_t, std::u32string> kTyped = {
    {U'亻', U"人"},   {U'氵', U"水"}, {U'扌', U"手"}, {U'讠', U"言"}, {U'钅', U"金"},
    {U'饣', U"食"},   {U'纟', U"丝"}, {U'犭', U"犬"}, {U'忄', U"心"}, {U'艹', U"草"},
    {U'刂', U"刀"},   {U'衤', U"衣"}, {U'礻', U"示"}, {U'⻊', U"足"}, {U'灬', U"火"},
    {U'辶', U"之走"}, {U'冫', U"冰"}, {U'攵', U"文"}, {U'牜', U"牛"}, {U'⺮', U"竹"},
    {U'罒', U"四"},   {U'疒', U"病"}, {U'宀', U"家"}, {U'阝', U"耳"}, {U'王', U"玉"},
    {U'月', U"肉"}};

using PartsSet = std::set<std::array<char32_t, 3>>;

PartsSet TakeApart(const std::vector<Decomposition>& decompositions) {
  PartsSet all;
  const auto forms = [](char32_t part) {
    std::u32string typed(1, part);
    if (const auto it = kTyped.find(part); it != kTyped.end()) typed += it->second;
    return typed;
  };
  for (const Decomposition& d : decompositions) {
    if (!IsHan(d.whole)) continue;
    for (const char32_t first : forms(d.first)) {
      for (const char32_t second : forms(d.second)) {
        if (first > 0xFFFF || second > 0xFFFF) continue;
        all.insert({d.whole, first, second});
        if (d.structure == 's') all.insert({d.whole, second, first});
      }
    }
  }
  return all;
}

void AddParts(const std::string& path, PartsSet& all) {
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    const std::u32string text = Decode(line);
    if (text.size() == 4 && text[1] == ' ' && IsHan(text[0]))
      all.insert({text[0], text[2], text[3]});
  }
}

// --- Latin look-alikes ---

class Spoof {
 public:
  Spoof() {
    UErrorCode error = U_ZERO_ERROR;
    checker_ = uspoof_open(&error);
    if (U_FAILURE(error)) Fail("confusables");
    for (char letter = 'a'; letter <= 'z'; ++letter) {
      for (const char form : {letter, static_cast<char>(letter - 'a' + 'A')})
        by_skeleton_.emplace(Skeleton(static_cast<char32_t>(form)), letter);
    }
    by_skeleton_[Skeleton('l')] = 'l';  // which is also that of I
  }
  ~Spoof() { uspoof_close(checker_); }
  Spoof(const Spoof&) = delete;
  Spoof& operator=(const Spoof&) = delete;

  char Letter(char32_t c) const {
    const auto it = by_skeleton_.find(Skeleton(c));
    return it == by_skeleton_.end() ? '\0' : it->second;
  }

 private:
  std::u16string Skeleton(char32_t c) const {
    UErrorCode error = U_ZERO_ERROR;
    UChar source[2], out[64];
    int32_t n = 0;
    U16_APPEND_UNSAFE(source, n, static_cast<UChar32>(c));
    const int32_t length = uspoof_getSkeleton(checker_, 0, source, n, out, 64, &error);
    return U_FAILURE(error) ? std::u16string() : std::u16string(out, static_cast<size_t>(length));
  }

  USpoofChecker* checker_ = nullptr;
  std::map<std::u16string, char> by_skeleton_;
};

// "LATIN LETTER SMALL CAPITAL N", "LATIN SMALL LETTER O WITH STROKE", "REGIONAL INDICATOR SYMBOL
// LETTER N".
char LetterByName(char32_t c) {
  char buffer[128];
  UErrorCode error = U_ZERO_ERROR;
  u_charName(static_cast<UChar32>(c), U_UNICODE_CHAR_NAME, buffer, sizeof buffer, &error);
  if (U_FAILURE(error)) return '\0';
  const std::string name = buffer;
  for (const std::string& prefix :
       {std::string("LATIN LETTER SMALL CAPITAL "), std::string("LATIN SMALL LETTER "),
        std::string("LATIN CAPITAL LETTER "), std::string("REGIONAL INDICATOR SYMBOL LETTER ")}) {
    if (!name.starts_with(prefix) || name.size() <= prefix.size()) continue;
    const std::string rest = name.substr(prefix.size());
    if (rest[0] < 'A' || rest[0] > 'Z') continue;
    if (rest.size() == 1 || rest.compare(1, 6, " WITH ") == 0)
      return static_cast<char>(rest[0] - 'A' + 'a');
  }
  return '\0';
}

std::map<char32_t, char> FindLatin() {
  // Drawn alike, though no standard says so.
  std::map<char32_t, char> latin = {{U'Λ', 'a'}, {U'λ', 'a'}, {U'Σ', 'e'}, {U'И', 'n'}, {U'и', 'n'},
                                    {U'Я', 'r'}, {U'я', 'r'}, {U'ш', 'w'}, {U'п', 'n'}, {U'ь', 'b'},
                                    {U'ß', 'b'}, {U'Ш', 'w'}, {U'Ц', 'u'}, {U'з', 'e'}};
  const Spoof spoof;
  for (char32_t c = 0x80; c < 0x20000; ++c) {
    if (u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC) ||
        (c >= 0xAC00 && c < 0xE000))
      continue;
    const int8_t type = u_charType(static_cast<UChar32>(c));
    const bool regional = c >= 0x1F1E6 && c <= 0x1F1FF;
    if (!regional && !u_isalpha(static_cast<UChar32>(c)) && type != U_LETTER_NUMBER) continue;
    char letter = LetterByName(c);
    if (letter == '\0') letter = spoof.Letter(c);
    // Text is folded to lower case: a small letter then stands for the capital too.
    const auto upper = static_cast<char32_t>(u_toupper(static_cast<UChar32>(c)));
    if (letter == '\0' && upper != c) letter = spoof.Letter(upper);
    if (letter != '\0') latin.emplace(c, letter);
  }
  return latin;
}

// --- letters ---

using Ranges = std::vector<std::pair<char32_t, char32_t>>;  // end exclusive

// What can stand in a word: letters, digits, and marks that belong to them.
Ranges FindLetters() {
  Ranges ranges;
  for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
    const auto category = static_cast<uint32_t>(U_GET_GC_MASK(static_cast<UChar32>(c)));
    if ((category & (U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK)) == 0) continue;
    if (ranges.empty() || ranges.back().second != c) ranges.push_back({c, c});
    ranges.back().second = c + 1;
  }
  return ranges;
}

// --- words ---

struct Words {
  std::set<std::string> common;
  std::map<char32_t, double> count;  // of characters
};

Words ReadWords(const std::string& path) {
  Words words;
  std::ifstream file = Open(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string word;
    double count = 0;
    if (!(fields >> word >> count)) continue;
    const std::u32string characters = Decode(word);
    for (const char32_t c : characters) words.count[c] += count;
    if (count >= kCommonWord && characters.size() >= 2 && characters.size() <= 4 &&
        std::all_of(characters.begin(), characters.end(), IsHan))
      words.common.insert(word);
  }
  if (words.common.size() < 10000) Fail("the dictionary is too small: " + path);
  return words;
}

std::set<char32_t> MostFrequent(const Words& words, const std::set<char32_t>& standard) {
  std::vector<std::pair<double, char32_t>> sorted;
  for (const auto& [c, count] : words.count) {
    if (standard.count(c) > 0) sorted.push_back({-count, c});
  }
  std::sort(sorted.begin(), sorted.end());
  if (sorted.size() > kCommonCharacters) sorted.resize(kCommonCharacters);
  std::set<char32_t> common;
  for (const auto& [count, c] : sorted) common.insert(c);
  return common;
}

// --- the output ---

template <class T>
void WriteArray(std::ostream& out, const std::string& declaration, const std::vector<T>& values) {
  out << "const " << declaration << "[] = {\n";
  for (size_t i = 0; i < values.size(); ++i) out << values[i] << (i % 32 == 31 ? ",\n" : ",");
  if (values.empty()) out << "0";
  out << "};\n";
}

std::string Literal(const std::string& bytes) {
  static const char* const kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char byte : bytes) {
    const auto b = static_cast<unsigned char>(byte);
    out += std::string("\\x") + kDigits[b >> 4] + kDigits[b & 15];
  }
  return out + "\"";
}

void WriteReadings(std::ostream& out, const Readings& readings) {
  std::map<std::string, uint32_t> numbers;
  for (const auto& [c, syllables] : readings.syllables) {
    for (const std::string& syllable : syllables) numbers.emplace(syllable, 0);
  }
  if (numbers.size() >= 512) Fail("too many syllables");
  uint32_t next = 0;
  out << "const char* const kSyllableNames[] = {\"\",\n";
  for (auto& [name, number] : numbers) {
    number = ++next;
    out << '"' << name << "\",";
  }
  out << "};\nconst size_t kSyllableCount = " << next + 1 << ";\n";
  std::vector<uint32_t> main, begin, all;
  for (char32_t c = kFirst; c < kEnd; ++c) {
    begin.push_back(static_cast<uint32_t>(all.size()));
    const auto it = readings.syllables.find(c);
    if (it == readings.syllables.end()) {
      main.push_back(0);
      continue;
    }
    const std::vector<std::string>& own = it->second;
    main.push_back(numbers[own[0]] | (own.size() > 1 ? numbers[own[1]] << 16 : 0));
    for (const std::string& syllable : it->second) all.push_back(numbers[syllable]);
  }
  begin.push_back(static_cast<uint32_t>(all.size()));
  WriteArray(out, "uint32_t kMainSyllables", main);
  WriteArray(out, "uint32_t kSyllablesBegin", begin);
  WriteArray(out, "uint16_t kSyllables", all);
}

void WriteLookAlikes(std::ostream& out, const Pairs& pairs) {
  std::vector<uint32_t> begin, all;
  for (char32_t c = kFirst; c < kEnd; ++c) {
    begin.push_back(static_cast<uint32_t>(all.size()));
    if (const auto it = pairs.find(c); it != pairs.end())
      all.insert(all.end(), it->second.begin(), it->second.end());
  }
  begin.push_back(static_cast<uint32_t>(all.size()));
  WriteArray(out, "uint32_t kLookAlikesBegin", begin);
  WriteArray(out, "char16_t kLookAlikes", all);
}

void WriteWords(std::ostream& out, const Words& words) {
  std::vector<uint32_t> frequency, begin;
  for (char32_t c = kFirst; c < kEnd; ++c) {
    const auto it = words.count.find(c);
    const double bits = it == words.count.end() ? 0 : std::log2(1 + it->second) * 10;
    frequency.push_back(static_cast<uint32_t>(std::min(255.0, bits)));
  }
  WriteArray(out, "uint8_t kFrequency", frequency);
  uint32_t offset = 0;
  for (const std::string& word : words.common) {
    begin.push_back(offset);
    offset += static_cast<uint32_t>(word.size());
  }
  begin.push_back(offset);
  out << "const size_t kWordCount = " << words.common.size() << ";\n";
  WriteArray(out, "uint32_t kWordsBegin", begin);
  out << "const char kWords[] =\n";
  size_t column = 0;
  for (const std::string& word : words.common)
    out << Literal(word) << (++column % 16 == 0 ? "\n" : "");
  out << ";\n";
}

bool Write(const char* path, const Readings& readings, const Pairs& look_alikes,
           const PartsSet& parts, const std::map<char32_t, char>& latin, const Ranges& letters,
           const Words& words) {
  std::ofstream out(path);
  out << "#include \"rules/variant_data.h\"\n\nnamespace cluehound::rules::variant_table::data "
         "{\n\n";
  WriteReadings(out, readings);
  WriteLookAlikes(out, look_alikes);
  out << "const Parts kParts[] = {\n";
  for (const auto& [whole, first, second] : parts)
    out << '{' << uint32_t{whole} << ',' << uint32_t{first} << ',' << uint32_t{second} << "},\n";
  out << "};\nconst size_t kPartsCount = " << parts.size() << ";\nconst Latin kLatin[] = {\n";
  for (const auto& [c, letter] : latin) out << '{' << uint32_t{c} << ",'" << letter << "'},\n";
  out << "};\nconst size_t kLatinCount = " << latin.size() << ";\n";
  out << "const Range kLetters[] = {\n";
  for (const auto& [begin, end] : letters)
    out << '{' << uint32_t{begin} << ',' << uint32_t{end} << "},\n";
  out << "};\nconst size_t kLettersCount = " << letters.size() << ";\n";
  WriteWords(out, words);
  out << "\n}  // namespace cluehound::rules::variant_table::data\n";
  out.close();
  return static_cast<bool>(out);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 9) {
    std::cerr << "usage: make_variant_table UNIHAN_READINGS UNIHAN_VARIANTS JIEBA_DICT FONT "
                 "LOOK_ALIKES DECOMPOSITIONS PARTS OUTPUT.cc\n";
    return 2;
  }
  const Readings readings = ReadReadings(argv[1]);
  const Words words = ReadWords(argv[3]);
  const std::vector<Decomposition> decompositions = ReadDecompositions(argv[6]);
  Pairs look_alikes;
  const Drawings drawings(argv[4], readings.standard);
  const std::set<char32_t> common = MostFrequent(words, readings.standard);
  drawings.RelateNearest(common, look_alikes);
  RelateByPart(decompositions, drawings, common, look_alikes);
  RelateSpoofing(argv[2], look_alikes);
  RelateGroups(argv[5], look_alikes);
  PartsSet parts = TakeApart(decompositions);
  AddParts(argv[7], parts);
  return Write(argv[8], readings, look_alikes, parts, FindLatin(), FindLetters(), words) ? 0 : 1;
}
