#pragma once

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/text.h"
#include "rules/folding.h"
#include "rules/variant_table.h"

// Finds names the slow way: every name is read at every place of the text in every way that the
// folds define. Shares nothing with the engine but the tables.
namespace cluehound::rules::testing {

struct ReferenceHit {
  uint32_t mark = 0;
  uint32_t begin = 0, end = 0;  // bytes of the original
  FoldSet folds = 0;
  bool weak = false;

  friend auto operator<=>(const ReferenceHit&, const ReferenceHit&) = default;
};

class ReferenceMatcher {
 public:
  // Marks are numbered in this order.
  void Add(const std::string& name, FoldSet folds) {
    names_.push_back(MakeName(name, static_cast<uint32_t>(names_.size()), folds));
    const size_t own = names_.size() - 1;
    if ((names_[own].folds & kPinyin) == 0) return;
    for (Name& pinyin : Pinyin(names_[own])) pinyin_.push_back(std::move(pinyin));
  }

  std::vector<ReferenceHit> Find(const std::string& text) {
    original_ = text;
    Spell(text);
    std::vector<Place> exact, guessed;
    for (const Name& name : names_) {
      for (size_t at = 0; at < signs_.size(); ++at) {
        if (const size_t n = ExactAt(name, at)) exact.push_back(ExactPlace(name, at, at + n));
        for (const char kind : {'p', 'h', 's', 'x', 'w'}) TryAll(name, kind, at, guessed);
      }
    }
    for (const Name& name : pinyin_) {
      for (size_t at = 0; at < signs_.size(); ++at) TryAll(name, 'y', at, guessed);
    }
    return Choose(exact, guessed);
  }

 private:
  struct Sign {
    char32_t c, written;
    uint32_t ob, oe;  // bytes of the original
  };
  struct Name {
    uint32_t mark;
    std::string written, folded;
    std::u32string signs;
    std::vector<bool> break_before;
    std::vector<std::u32string> gap_before;
    FoldSet folds;
    bool latin;
  };
  enum Role { kTaken, kReplaced, kRepeated, kSkipped };
  struct Piece {
    Role role;
    size_t sign, at;
    FoldSet folds;
  };
  struct Place {
    uint32_t mark;
    size_t begin, end;  // signs of the text
    FoldSet variants, folds;
    bool weak, sure;
    size_t put_begin, put_end;
  };

  // --- definitions ---

  static bool Han(char32_t c) { return c >= 0x4E00 && c <= 0x9FFF; }
  static bool Letter(char32_t c) { return c < 0x80 && IsAsciiAlpha(static_cast<char>(c)); }
  static bool Digit(char32_t c) { return c < 0x80 && IsAsciiDigit(static_cast<char>(c)); }
  static bool Blank(char32_t c) {
    if (c < 0x80) return !Letter(c) && !Digit(c);
    if (c >= 0x2E80 && c < 0x2FE0) return false;  // parts of characters
    if (c >= 0x31C0 && c < 0x31F0) return false;  // and strokes
    return !variant_table::IsLetter(c) && variant_table::LatinLookAlike(c) == 0;
  }
  static int Value(char32_t c) {
    static const std::u32string kAll = U"0123456789〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖";
    const size_t at = kAll.find(c);
    return at == std::u32string::npos ? -1 : static_cast<int>(at % 10);
  }
  static bool Leet(char32_t letter, char32_t sign) {
    static const std::map<char32_t, std::u32string> kSigns = {
        {'o', U"0"},  {'i', U"1!"}, {'l', U"1"},  {'z', U"2"}, {'e', U"3"},
        {'a', U"4@"}, {'s', U"5$"}, {'b', U"68"}, {'t', U"7"}, {'g', U"9"}};
    const auto it = kSigns.find(letter);
    return it != kSigns.end() && it->second.find(sign) != std::u32string::npos;
  }
  static bool Alike(char32_t a, char32_t b) {
    const std::u32string one = U"il1", zero = U"o0";
    const auto both = [&](const std::u32string& group) {
      return group.find(a) != std::u32string::npos && group.find(b) != std::u32string::npos;
    };
    return a != b && (both(one) || both(zero));
  }
  static bool Homophone(char32_t wanted, char32_t c) {
    const auto mine = variant_table::Syllables(c);
    const auto own = variant_table::Syllables(wanted);
    for (size_t i = 0; i < std::min<size_t>(2, mine.size()); ++i) {
      if (std::count(own.begin(), own.end(), mine[i]) > 0) return true;
    }
    return false;
  }
  static bool LookAlike(char32_t wanted, char32_t c) {
    const auto all = variant_table::LookAlikes(wanted);
    return std::count(all.begin(), all.end(), c) > 0;
  }
  bool Tiny(const Name& name) const { return name.latin && name.signs.size() <= 3; }

  FoldSet Same(const Name& name, char32_t wanted, const Sign& sign) const {
    if (Value(wanted) >= 0 && Value(wanted) == Value(sign.c)) return kDigits;
    if (wanted >= 0x80) return 0;
    if (sign.c < 0x80) {
      const bool ambiguous = std::u32string(U"@$!|").find(sign.c) != std::u32string::npos;
      if (Tiny(name) || (ambiguous && !name.latin)) return 0;
      if (Letter(wanted) && Leet(wanted, sign.c)) return kLeet;
      if (sign.c == '|' && (wanted == 'i' || wanted == 'l')) return kConfusable;
      return Alike(wanted, sign.c) ? FoldSet{kConfusable} : 0;
    }
    if (!Letter(wanted) || Han(sign.c)) return 0;
    char letter = variant_table::LatinLookAlike(sign.written);
    if (letter == 0) letter = variant_table::LatinLookAlike(sign.c);
    const auto c = static_cast<char32_t>(letter);
    return letter != 0 && (c == wanted || Alike(c, wanted)) ? FoldSet{kConfusable} : 0;
  }

  // --- the text and the names ---

  void Spell(const std::string& text) {
    signs_.clear();
    for (size_t pos = 0; pos < text.size();) {
      const auto begin = static_cast<uint32_t>(pos);
      const char32_t written = DecodeUtf8(text, pos);
      const std::string folded = FoldWith(kTableFolds, text.substr(begin, pos - begin));
      for (size_t i = 0; i < folded.size();)
        signs_.push_back({DecodeUtf8(folded, i), written, begin, static_cast<uint32_t>(pos)});
    }
  }

  static bool NoLatin(char32_t c) {
    return c >= 0x80 && variant_table::LatinLookAlike(c) == 0 && Value(c) < 0;
  }

  static Name MakeName(const std::string& written, uint32_t mark, FoldSet folds) {
    Name name{mark, written, std::string(TrimAscii(FoldWith(kTableFolds, written))), {}, {}, {},
              0,    true};
    std::u32string gap;
    for (size_t pos = 0; pos < name.folded.size();) {
      const char32_t c = DecodeUtf8(name.folded, pos);
      if (Blank(c)) {
        gap += c;
        continue;
      }
      name.break_before.push_back(!gap.empty() && !name.signs.empty());
      name.gap_before.push_back(gap);
      gap.clear();
      name.signs += c;
      if (!Letter(c) && !Digit(c)) name.latin = false;
    }
    const bool foreign = !name.latin && std::none_of(name.signs.begin(), name.signs.end(), NoLatin);
    if (name.signs.size() < 2 || name.signs.size() > 40 || foreign) return name;
    name.folds = folds & ~kTableFolds;
    if (name.latin) {
      name.folds &= kDigits | kRepeat | kSkip | kConfusable | kLeet | kShuffle;
      if (name.signs.size() <= 3) name.folds &= kDigits | kConfusable;
    }
    return name;
  }

  static std::vector<Name> Pinyin(const Name& name) {
    std::vector<Name> all = {{name.mark, name.written, "", {}, {}, {}, kPinyin | kSkip, true}};
    for (const char32_t c : name.signs) {
      std::vector<std::string> syllables;
      if (Letter(c) || Digit(c)) syllables.emplace_back(1, static_cast<char>(c));
      for (const uint16_t number : variant_table::Syllables(c)) {
        std::string syllable(variant_table::SyllableName(number));
        syllables.push_back(syllable);
        std::replace(syllable.begin(), syllable.end(), 'v', 'u');
        if (syllable != syllables.back()) syllables.push_back(syllable);
      }
      std::vector<Name> longer;
      for (const std::string& syllable : syllables) {
        for (Name next : all) {
          if (longer.size() == 8) break;
          for (size_t i = 0; i < syllable.size(); ++i) {
            next.break_before.push_back(i == 0 && !next.signs.empty());
            next.gap_before.push_back(U" ");
            next.signs += static_cast<char32_t>(syllable[i]);
          }
          if (next.signs.size() > 40) return {};
          longer.push_back(next);
        }
      }
      if (longer.empty()) return {};
      all = longer;
    }
    return all;
  }

  // --- names as they should be ---

  // How many signs, or 0.
  size_t ExactAt(const Name& name, size_t at) const {
    size_t n = 0;
    for (size_t pos = 0; pos < name.folded.size(); ++n) {
      if (at + n >= signs_.size() || signs_[at + n].c != DecodeUtf8(name.folded, pos)) return 0;
    }
    const auto clash = [&](char32_t outer, char32_t inner) {
      const bool strict = name.folded.size() <= 3 &&
                          std::all_of(name.folded.begin(), name.folded.end(), IsAsciiAlnum);
      if (!Letter(outer) && !Digit(outer)) return false;
      return strict || (Letter(outer) ? Letter(inner) : Digit(inner));
    };
    if (at > 0 && clash(signs_[at - 1].c, signs_[at].c)) return 0;
    if (at + n < signs_.size() && clash(signs_[at + n].c, signs_[at + n - 1].c)) return 0;
    return n;
  }

  Place ExactPlace(const Name& name, size_t begin, size_t end) const {
    const FoldSet folds = FoldsBetween(Written(begin, end), name.written);
    return {name.mark, begin, end, 0, folds, false, false, 0, 0};
  }

  std::string Written(size_t begin, size_t end) const {
    return original_.substr(signs_[begin].ob, signs_[end - 1].oe - signs_[begin].ob);
  }

  // --- readings ---

  static FoldSet FoldsOf(char kind) {
    switch (kind) {
      case 'p':
        return kDigits | kRepeat | kSkip | kConfusable | kLeet;
      case 'h':
        return kHomophone;
      case 's':
        return kShape;
      case 'x':
        return kSplit;
      case 'w':
        return kShuffle;
      default:
        return kPinyin;
    }
  }

  void TryAll(const Name& name, char kind, size_t at, std::vector<Place>& places) {
    if ((name.folds & FoldsOf(kind)) == 0) return;
    name_ = &name;
    kind_ = kind;
    put_ = 0;
    pieces_.clear();
    failed_.clear();
    if (Read(0, at, 0, 0)) Finish(at, places);
  }

  size_t MostPut() const {
    const size_t n = name_->signs.size();
    if (kind_ == 'p' || kind_ == 'y') return 0;
    if (kind_ != 'h') return 1;
    return n == 2 ? 1 : n - std::max<size_t>(1, (n + 2) / 3);
  }

  bool Step(Role role, size_t sign, size_t at, FoldSet folds, size_t next, int skipped,
            int repeated) {
    const size_t depth = pieces_.size();
    pieces_.push_back({role, role == kTaken || role == kReplaced ? sign : sign - 1, at, folds});
    if (Read(next, at + 1, skipped, repeated)) return true;
    pieces_.resize(depth);
    return false;
  }

  // What failed once fails again; the beginning is tried but once.
  bool Read(size_t i, size_t at, int skipped, int repeated) {
    if (pieces_.empty()) return ReadOn(i, at, skipped, repeated);
    const auto state = std::make_tuple(i, at, skipped, repeated, LastSign(), put_);
    if (failed_.count(state) > 0) return false;
    if (ReadOn(i, at, skipped, repeated)) return true;
    failed_.insert(state);
    return false;
  }

  bool ReadOn(size_t i, size_t at, int skipped, int repeated) {
    const std::u32string& wanted = name_->signs;
    if (i == wanted.size()) return true;
    if (at == signs_.size()) return false;
    const char32_t c = signs_[at].c;
    if (c == wanted[i]) return Step(kTaken, i, at, 0, i + 1, 0, 0);
    if (kind_ != 'y') {
      FoldSet same = Same(*name_, wanted[i], signs_[at]) & name_->folds;
      if (kind_ == 'h' || kind_ == 's') same &= ~FoldSet{kDigits};
      if (same != 0 && Step(kReplaced, i, at, same, i + 1, 0, 0)) return true;
    }
    if (i > 0 && (name_->folds & kRepeat) && repeated < 8 && LastSign() == c &&
        Step(kRepeated, i, at, kRepeat, i, skipped, repeated + 1))
      return true;
    if (put_ < MostPut() && Put(i, at)) return true;
    const bool may_skip = name_->break_before[i] || ((name_->folds & kSkip) && kind_ != 'y');
    return i > 0 && may_skip && skipped < 3 && Blank(c) &&
           Step(kSkipped, i, at, kSkip, i, skipped + 1, repeated);
  }

  char32_t LastSign() const {
    for (size_t k = pieces_.size(); k > 0; --k) {
      if (pieces_[k - 1].role != kSkipped) return signs_[pieces_[k - 1].at].c;
    }
    return 0;
  }

  bool Put(size_t i, size_t at) {
    const char32_t wanted = name_->signs[i], c = signs_[at].c;
    const size_t depth = pieces_.size();
    ++put_;
    bool done = false;
    if (kind_ == 'h' || kind_ == 's') {
      FoldSet folds = 0;
      if (Han(c) && Han(wanted)) {
        if (Homophone(wanted, c)) folds |= kHomophone;
        if (LookAlike(wanted, c)) folds |= kShape;
      }
      folds &= name_->folds;
      if (folds & (kind_ == 'h' ? kHomophone : kShape))
        done = Step(kReplaced, i, at, folds, i + 1, 0, 0);
    } else if (at + 1 < signs_.size()) {
      const char32_t next = signs_[at + 1].c;
      size_t last = i;
      bool fits = false;
      if (kind_ == 'x') {
        for (const auto& parts : variant_table::PartsOf(wanted))
          fits = fits || (parts.first == c && parts.second == next);
      } else if (i + 1 < name_->signs.size()) {
        last = i + 1;
        fits = c == name_->signs[i + 1] && next == wanted;
      }
      if (fits) {
        const FoldSet fold = kind_ == 'x' ? FoldSet{kSplit} : FoldSet{kShuffle};
        pieces_.push_back({kReplaced, i, at, fold});
        done = Step(kReplaced, last, at + 1, fold, last + 1, 0, 0);
      }
    }
    if (done) return true;
    pieces_.resize(depth);
    --put_;
    return false;
  }

  bool OwnGap(size_t k) const {
    if (pieces_[k].role != kSkipped || !name_->break_before[pieces_[k].sign + 1]) return false;
    size_t first = k;
    while (pieces_[first - 1].role == kSkipped) --first;
    std::u32string gap;
    for (size_t a = first; pieces_[a].role == kSkipped; ++a) gap += signs_[pieces_[a].at].c;
    return gap == name_->gap_before[pieces_[k].sign + 1];
  }
  bool Cut(const Piece& piece) const {
    return piece.role == kSkipped && !name_->break_before[piece.sign + 1];
  }

  void Finish(size_t begin, std::vector<Place>& places) {
    const size_t n = name_->signs.size();
    size_t end = pieces_.back().at + 1;
    const Piece last = pieces_.back();
    const size_t plain_end = end, plain_pieces = pieces_.size();
    while ((name_->folds & kRepeat) && end < signs_.size() && end - plain_end < 8 &&
           signs_[end].c == signs_[last.at].c) {
      pieces_.push_back({kRepeated, last.sign, end, kRepeat});
      ++end;
    }
    if (end > plain_end && !name_->latin && end < signs_.size() && Han(signs_[end].c)) {
      end = plain_end;
      pieces_.resize(plain_pieces);
    }
    FoldSet folds = kind_ == 'y' ? FoldSet{kPinyin} : 0;
    for (size_t k = 0; k < pieces_.size(); ++k) {
      if (!OwnGap(k)) folds |= pieces_[k].folds;
      if (k > 0 && kind_ != 'y' && pieces_[k].sign != pieces_[k - 1].sign &&
          pieces_[k - 1].role != kSkipped && name_->break_before[pieces_[k].sign])
        folds |= kSkip;
    }
    if (folds == 0 || (folds & ~name_->folds) != 0) return;
    const bool guess = kind_ != 'p' && kind_ != 'y';
    if (guess && put_ == 0) return;
    if ((name_->folds & kRepeat) && begin > 0 && signs_[begin - 1].c == signs_[begin].c) return;
    const bool cut =
        std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& p) { return Cut(p); });
    if (!Edges(begin, end, cut)) return;
    const auto leet = std::count_if(pieces_.begin(), pieces_.end(), [](const Piece& p) {
      return p.role == kReplaced && (p.folds & kLeet);
    });
    if (static_cast<size_t>(leet) * 2 > n) return;
    if (name_->latin && n <= 5 && (folds & kLeet) && cut && !SpreadsOut()) return;
    if (!name_->latin && n == 2 && cut && Listed(begin, end)) return;
    if (!name_->latin && (Across(begin) || Across(end))) return;
    Place place{name_->mark, begin, end, folds, 0, false, false, 0, 0};
    if (guess && !name_->latin && n == 2 && Common(begin, end)) return;
    if (guess && !name_->latin)
      place.weak = n == 2 || PutMakesWord() || Common(begin, end) || PutEveryday();
    if (kind_ == 'y')
      place.weak = std::count(name_->break_before.begin(), name_->break_before.end(), true) < 2;
    place.sure = !place.weak && Sure(folds) &&
                 (!guess || name_->latin || n > 3 || (Free(begin, -1) && Free(end, 1)));
    for (const Piece& p : pieces_) {
      if (!(p.folds & (kHomophone | kShape | kSplit | kShuffle))) continue;
      if (place.put_end == 0) place.put_begin = p.at;
      place.put_end = p.at + 1;
    }
    place.folds = folds | TableFolds(begin, end);
    places.push_back(place);
  }

  bool Edges(size_t begin, size_t end, bool cut) const {
    const auto kind = [](char32_t c) {
      if (Letter(c) || (c >= 0x80 && !Han(c) && variant_table::LatinLookAlike(c) != 0)) return 1;
      return Digit(c) ? 2 : 0;
    };
    const auto clash = [&](char32_t outer, char32_t inner, Role role) {
      const bool ambiguous = inner == '@' || inner == '$' || inner == '!' || inner == '|';
      if (kind(outer) == 0 || (kind(inner) == 0 && !ambiguous)) return false;
      return kind(outer) == kind(inner) || role == kReplaced || cut || Tiny(*name_);
    };
    if (begin > 0 && clash(signs_[begin - 1].c, signs_[begin].c, pieces_.front().role))
      return false;
    return end == signs_.size() || !clash(signs_[end].c, signs_[end - 1].c, pieces_.back().role);
  }

  static bool Ordinary(char32_t c) {
    return std::u32string(U" -/·.,，、。:：;；()（）[]【】&+'’\"“”").find(c) !=
           std::u32string::npos;
  }

  bool SpreadsOut() const {
    std::set<size_t> gaps;
    bool ordinary = false;
    for (const Piece& p : pieces_) {
      if (p.role != kSkipped) continue;
      gaps.insert(p.sign);
      ordinary = ordinary || Ordinary(signs_[p.at].c);
    }
    return !ordinary || gaps.size() + 1 >= name_->signs.size();
  }

  bool Listed(size_t begin, size_t end) const {
    if (begin == 0 || end == signs_.size() || !Han(signs_[begin - 1].c) || !Han(signs_[end].c))
      return false;
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& p) {
      return p.role == kSkipped &&
             std::u32string(U" 、,，;；/:：。&").find(signs_[p.at].c) != std::u32string::npos;
    });
  }

  bool Common(size_t begin, size_t end) const {
    std::string word;
    for (size_t i = begin; i < end; ++i) AppendUtf8(word, signs_[i].c);
    return variant_table::IsCommonWord(word);
  }

  bool Across(size_t edge) const {
    for (size_t begin = edge - std::min<size_t>(edge, 3); begin < edge; ++begin) {
      for (size_t end = edge + 1; end <= std::min(signs_.size(), begin + 4); ++end) {
        if (Common(begin, end)) return true;
      }
    }
    return false;
  }

  bool PutEveryday() const {
    size_t put = 0, everyday = 0;
    for (const Piece& p : pieces_) {
      if (!(p.folds & (kHomophone | kShape))) continue;
      ++put;
      everyday += variant_table::Frequency(signs_[p.at].c) >= variant_table::kEveryday;
    }
    return put >= 2 && put == everyday;
  }

  bool PutMakesWord() const {
    for (const Piece& p : pieces_) {
      if (!(p.folds & (kHomophone | kShape))) continue;
      const size_t low = pieces_.front().at, high = pieces_.back().at;
      for (size_t from = std::max(low + 2, p.at) - 2; from <= p.at; ++from) {
        for (size_t to = p.at; to <= std::min(high, from + 2); ++to) {
          if (to > from && Common(from, to + 1)) return true;
        }
      }
    }
    return false;
  }

  bool Free(size_t edge, int direction) const {
    for (size_t length = 1; length <= 4; ++length) {
      const bool none = direction > 0 ? edge + length > signs_.size() : length > edge;
      const size_t at = direction > 0 ? edge + length - 1 : edge - length;
      if (none || !Han(signs_[at].c)) return length == 1;
      if (length > 1 && (direction > 0 ? Common(edge, edge + length) : Common(edge - length, edge)))
        return true;
    }
    return false;
  }

  bool Sure(FoldSet folds) const {
    if (folds & (kConfusable | kLeet | kHomophone | kShape | kSplit | kShuffle)) return true;
    size_t gaps = 0, run = 0;
    bool odd = false, single = false, open = false;
    for (const Piece& p : pieces_) {
      if (p.role != kSkipped) {
        ++run;
        open = false;
        continue;
      }
      if (!Cut(p)) {
        open = true;
        continue;
      }
      if (!open) {
        ++gaps;
        single = single || run == 1;
        run = 0;
      }
      open = true;
      odd = odd || !Ordinary(signs_[p.at].c);
    }
    if (gaps == 0) return false;
    single = single || run == 1;
    return odd || (name_->latin ? gaps >= 2 && single : single && name_->signs.size() > 2);
  }

  // Of what is written as it should be.
  FoldSet TableFolds(size_t begin, size_t end) const {
    if (kind_ == 'y') {
      const std::string found = Written(begin, end);
      return FoldsBetween(found, FoldWith(kTableFolds, found));
    }
    std::vector<std::string> own;  // what is written for each sign of the name
    for (size_t pos = 0; pos < name_->written.size();) {
      const size_t from = pos;
      DecodeUtf8(name_->written, pos);
      const std::string character = name_->written.substr(from, pos - from);
      const std::string folded = FoldWith(kTableFolds, character);
      for (size_t i = 0; i < folded.size();) {
        if (!Blank(DecodeUtf8(folded, i))) own.push_back(character);
      }
    }
    std::string found, wanted;
    for (size_t k = 0; k < pieces_.size(); ++k) {
      const Piece& p = pieces_[k];
      const Sign& sign = signs_[p.at];
      const bool same = k > 0 && signs_[pieces_[k - 1].at].ob == sign.ob;
      if (k > 0 && !found.empty() && !same) {
        const uint32_t hidden = signs_[pieces_[k - 1].at].oe;
        found += original_.substr(hidden, sign.ob - hidden);
      }
      if (same) continue;
      const std::string mine = p.sign < own.size() ? own[p.sign] : "";
      if (p.role == kTaken) found += original_.substr(sign.ob, sign.oe - sign.ob);
      if (p.role == kReplaced) found += mine;
      if (p.role == kTaken || p.role == kReplaced) wanted += mine;
    }
    return FoldsBetween(found, wanted);
  }

  // --- which of them count ---

  static bool Overlap(const Place& a, const Place& b) { return a.begin < b.end && b.begin < a.end; }

  static bool Hides(const Place& name, const Place& guess) {
    if (!Overlap(name, guess)) return false;
    const bool inside = guess.begin <= name.begin && name.end <= guess.end;
    if (name.mark != guess.mark)
      return guess.put_end != 0 &&
             (!inside || (name.begin < guess.put_end && guess.put_begin < name.end));
    return guess.variants != kRepeat;
  }

  std::vector<ReferenceHit> Choose(const std::vector<Place>& exact, std::vector<Place> guessed) {
    const auto order = [](const Place& p) {
      return std::make_tuple(p.mark, p.weak, std::popcount(p.variants), p.begin, ~p.end,
                             p.variants);
    };
    std::stable_sort(guessed.begin(), guessed.end(),
                     [&](const Place& a, const Place& b) { return order(a) < order(b); });
    std::vector<Place> kept;
    for (const Place& place : guessed) {
      const bool hidden = std::any_of(exact.begin(), exact.end(),
                                      [&](const Place& e) { return Hides(e, place); }) ||
                          std::any_of(kept.begin(), kept.end(), [&](const Place& k) {
                            return k.mark == place.mark && Overlap(k, place);
                          });
      if (!hidden) kept.push_back(place);
    }
    kept.insert(kept.end(), exact.begin(), exact.end());
    std::vector<ReferenceHit> hits;
    for (const Place& p : kept)
      hits.push_back({p.mark, signs_[p.begin].ob, signs_[p.end - 1].oe, p.folds, p.weak});
    std::sort(hits.begin(), hits.end());
    return hits;
  }

  std::vector<Name> names_, pinyin_;
  std::string original_;
  std::vector<Sign> signs_;
  const Name* name_ = nullptr;
  char kind_ = 'p';
  size_t put_ = 0;
  std::vector<Piece> pieces_;
  std::set<std::tuple<size_t, size_t, int, int, char32_t, size_t>> failed_;
};

}  // namespace cluehound::rules::testing
