#include "rules/variant.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/text.h"
#include "rules/variant_sign.h"
#include "rules/variant_table.h"

namespace cluehound::rules {
namespace {

constexpr int kMaxSkipped = 3;   // separators between two signs
constexpr int kMaxRepeated = 8;  // times that a sign is written again
// Enough for every reading that is not made to be slow.
constexpr int kMaxSteps = 500;
constexpr size_t kMaxPinyinTerms = 8;
constexpr size_t kShortLatin = 3;
constexpr size_t kFewLetters = 5;  // in which "C M5a" would be a name

size_t LastBefore(std::string_view text, size_t pos) {
  do {
    --pos;
  } while (pos > 0 && (static_cast<unsigned char>(text[pos]) & 0xC0) == 0x80);
  return pos;
}

// A common word of up to four characters begins before `at` and ends behind it.
bool WordAcross(std::string_view text, size_t at) {
  std::array<size_t, 4> before{}, after{};
  size_t left = 0, right = 0;
  for (size_t pos = at; pos > 0 && left < 3;) {
    pos = LastBefore(text, pos);
    size_t next = pos;
    if (!IsHan(DecodeUtf8(text, next))) break;
    before[left++] = pos;
  }
  for (size_t pos = at; pos < text.size() && right < 3;) {
    if (!IsHan(DecodeUtf8(text, pos))) break;
    after[right++] = pos;
  }
  for (size_t a = 0; a < left; ++a) {
    for (size_t b = 0; b < right && a + b + 2 <= 4; ++b) {
      if (variant_table::IsCommonWord(text.substr(before[a], after[b] - before[a]))) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<VariantTerm> MakeVariantTerm(std::string_view folded, FoldSet folds) {
  VariantTerm term;
  std::u32string between;
  term.latin = true;
  for (size_t pos = 0; pos < folded.size();) {
    const char32_t c = DecodeUtf8(folded, pos);
    if (IsSeparator(c)) {
      if (!term.signs.empty()) between += c;
      continue;
    }
    if (term.signs.size() >= VariantTerm::kMaxSigns) return std::nullopt;
    if (!between.empty()) {
      term.breaks |= uint64_t{1} << term.signs.size();
      term.gaps += between;
      term.gaps += U'\0';
      between.clear();
    }
    term.signs += c;
    if (!IsAlnumSign(c)) term.latin = false;
  }
  // A name in a script that Latin letters look like is left alone, and one of Chinese digits.
  const bool foreign =
      !term.latin && std::all_of(term.signs.begin(), term.signs.end(), [](char32_t c) {
        return LatinClass(c) != 0 || ChineseDigit(c) != 0;
      });
  if (term.signs.size() < 2 || foreign) return std::nullopt;
  term.folds = folds & ~kTableFolds;
  if (term.latin) {
    term.folds &= ~(kPinyin | kHomophone | kShape | kSplit);
    if (term.signs.size() <= kShortLatin) term.folds &= kDigits | kConfusable;
  }
  return term.folds == 0 ? std::nullopt : std::optional(std::move(term));
}

std::vector<VariantTerm> MakePinyinTerms(const VariantTerm& term) {
  std::vector<VariantTerm> terms;
  if ((term.folds & kPinyin) == 0) return terms;
  VariantTerm empty;
  empty.folds = kPinyin | kSkip;
  empty.latin = true;
  empty.pinyin = true;
  terms.push_back(empty);
  for (const char32_t c : term.signs) {
    std::vector<std::string> syllables;
    if (IsAlnumSign(c)) syllables.emplace_back(1, static_cast<char>(c));
    for (const uint16_t number : variant_table::Syllables(c)) {
      std::string name(variant_table::SyllableName(number));
      syllables.push_back(name);
      // lv is typed for lü, and lu printed.
      if (const size_t v = name.find('v'); v != std::string::npos) {
        name[v] = 'u';
        syllables.push_back(name);
      }
    }
    if (syllables.empty()) return {};
    std::vector<VariantTerm> longer;
    for (const std::string& syllable : syllables) {
      for (const VariantTerm& known : terms) {
        if (longer.size() >= kMaxPinyinTerms) break;
        if (known.signs.size() + syllable.size() > VariantTerm::kMaxSigns) return {};
        VariantTerm next = known;
        if (!next.signs.empty()) next.breaks |= uint64_t{1} << next.signs.size();
        next.signs.append(syllable.begin(), syllable.end());
        longer.push_back(std::move(next));
      }
    }
    terms = std::move(longer);
  }
  return terms;
}

bool Allows(const VariantTerm& term, VariantKind kind) {
  if (term.pinyin) return kind == VariantKind::kPinyin;
  switch (kind) {
    case VariantKind::kPlain:
      return (term.folds & (kDigits | kRepeat | kSkip | kConfusable | kLeet)) != 0;
    case VariantKind::kSound:
      return (term.folds & kHomophone) != 0;
    case VariantKind::kShape:
      return (term.folds & kShape) != 0;
    case VariantKind::kSplit:
      return (term.folds & kSplit) != 0;
    case VariantKind::kSwap:
      return (term.folds & kShuffle) != 0;
    case VariantKind::kPinyin:
      return false;
  }
  return false;
}

VariantReader::Sign VariantReader::SignAt(size_t pos) const {
  const auto lead = static_cast<unsigned char>(text_->folded[pos]);
  if (lead < 0x80) return {lead, static_cast<uint32_t>(pos + 1)};
  if (lead >= 0xE0 && lead < 0xF0) {
    const char* at = text_->folded.data() + pos;
    return {static_cast<char32_t>((lead & 0x0F) << 12 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F)),
            static_cast<uint32_t>(pos + 3)};
  }
  const char32_t c = DecodeUtf8(text_->folded, pos);
  return {c, static_cast<uint32_t>(pos)};
}

bool VariantReader::Push(VariantPiece::Role role, size_t sign, FoldSet folds, size_t begin,
                         size_t end) {
  pieces_.push_back({role, static_cast<uint8_t>(sign), folds, static_cast<uint32_t>(begin),
                     static_cast<uint32_t>(end)});
  return true;
}

// Folds of single signs by which the sign in the text is the wanted one. For a capital what it
// looked like before folding decides: Ν is an N, ν a v.
FoldSet VariantReader::SameSign(char32_t wanted, const Sign& at, size_t pos) const {
  if (wanted >= 0x80) {
    const char value = ChineseDigit(wanted);
    return value != 0 && value == DigitValue(at.c) ? FoldSet{kDigits} : 0;
  }
  const bool tiny = term_->latin && term_->signs.size() <= kShortLatin;  // IV is not LV
  if (IsDigitSign(wanted)) {
    if (ChineseDigit(at.c) == static_cast<char>(wanted)) return kDigits;
    return !tiny && AlikeInAscii(wanted, at.c) ? FoldSet{kConfusable} : 0;
  }
  if (at.c < 0x80) {
    // Between Chinese characters such signs are separators.
    if (tiny || (IsAmbiguous(at.c) && !term_->latin)) return 0;
    if (LeetLetters(at.c).find(static_cast<char>(wanted)) != std::string_view::npos)
      return at.c == '|' ? kConfusable : kLeet;
    return AlikeInAscii(wanted, at.c) ? FoldSet{kConfusable} : 0;
  }
  if (IsHan(at.c)) return 0;
  const Slice slice = text_->map->Original(pos, at.end);
  size_t begin = slice.begin;
  char letter = variant_table::LatinLookAlike(DecodeUtf8(text_->original, begin));
  if (letter == 0) letter = variant_table::LatinLookAlike(at.c);
  const auto sign = static_cast<char32_t>(letter);
  return letter != 0 && (sign == wanted || AlikeInAscii(sign, wanted)) ? FoldSet{kConfusable} : 0;
}

std::optional<VariantReading> VariantReader::Read(const VariantTerm& term, VariantKind kind,
                                                  const VariantText& text, size_t begin) {
  term_ = &term;
  text_ = &text;
  kind_ = kind;
  used_ = false;
  replaced_ = 0;
  steps_ = 0;
  pieces_.clear();
  const size_t n = term.signs.size();
  // Limits: of sounds a third must be kept, and at least one; all else happens once.
  limit_ = kind == VariantKind::kSound ? (n == 2 ? 1 : n - std::max<size_t>(1, (n + 2) / 3)) : 1;
  if (!Advance(0, begin, 0, 0)) return std::nullopt;
  return Finish(begin);
}

bool VariantReader::Advance(size_t sign, size_t pos, int skipped, int repeated) {
  if (sign == term_->signs.size()) return true;
  if (pos >= text_->folded.size() || ++steps_ > kMaxSteps) return false;
  const Sign at = SignAt(pos);
  // What is written as it should be is never anything else.
  if (at.c == term_->signs[sign]) return Take(at, sign, pos);
  const size_t depth = pieces_.size();
  if (kind_ != VariantKind::kPinyin) {
    const bool guess = kind_ == VariantKind::kSound || kind_ == VariantKind::kShape;
    const FoldSet same = SameSign(term_->signs[sign], at, pos) & term_->folds &
                         (guess ? ~FoldSet{kDigits} : ~FoldSet{0});
    if (same != 0) {
      Push(VariantPiece::Role::kReplaced, sign, same, pos, at.end);
      if (Advance(sign + 1, at.end, 0, 0)) return true;
      pieces_.resize(depth);
    }
  }
  if (sign > 0) {
    // The last sign that was not skipped, as it stands in the text.
    const auto last = std::find_if(pieces_.rbegin(), pieces_.rend(), [](const VariantPiece& piece) {
      return piece.role != VariantPiece::Role::kSkipped;
    });
    if ((term_->folds & kRepeat) != 0 && repeated < kMaxRepeated &&
        text_->folded.substr(last->begin, last->end - last->begin) ==
            text_->folded.substr(pos, at.end - pos)) {
      Push(VariantPiece::Role::kRepeated, sign - 1, kRepeat, pos, at.end);
      if (Advance(sign, at.end, skipped, repeated + 1)) return true;
      pieces_.resize(depth);
    }
  }
  if (Replace(at, sign, pos)) return true;
  pieces_.resize(depth);
  // A break of the name is there without any fold; Finish() sees whether it is as it should be.
  const bool own = ((term_->breaks >> sign) & 1) != 0;
  const bool may_skip = own || ((term_->folds & kSkip) != 0 && kind_ != VariantKind::kPinyin);
  if (sign > 0 && may_skip && skipped < kMaxSkipped && (IsSeparator(at.c))) {
    Push(VariantPiece::Role::kSkipped, sign - 1, kSkip, pos, at.end);
    if (Advance(sign, at.end, skipped + 1, repeated)) return true;
    pieces_.resize(depth);
  }
  return false;
}

bool VariantReader::Take(const Sign& at, size_t sign, size_t pos) {
  const size_t depth = pieces_.size();
  Push(VariantPiece::Role::kTaken, sign, 0, pos, at.end);
  if (Advance(sign + 1, at.end, 0, 0)) return true;
  pieces_.resize(depth);
  return false;
}

// By the fold of the kind that is read.
bool VariantReader::Replace(const Sign& at, size_t sign, size_t pos) {
  if (replaced_ >= limit_ || kind_ == VariantKind::kPlain || kind_ == VariantKind::kPinyin)
    return false;
  if (kind_ == VariantKind::kSplit || kind_ == VariantKind::kSwap) return ReplaceTwo(at, sign, pos);
  const char32_t wanted = term_->signs[sign];
  if (!IsHan(at.c) || !IsHan(wanted)) return false;
  FoldSet folds = 0;
  if (SoundsLike(wanted, at.c)) folds |= kHomophone;
  if (LooksLike(wanted, at.c)) folds |= kShape;
  folds &= term_->folds;
  if ((folds & (kind_ == VariantKind::kSound ? kHomophone : kShape)) == 0) return false;
  Push(VariantPiece::Role::kReplaced, sign, folds, pos, at.end);
  ++replaced_;
  if (Advance(sign + 1, at.end, 0, 0)) return true;
  --replaced_;
  return false;
}

// Two signs of the text for one of the name, or for two in the other order.
bool VariantReader::ReplaceTwo(const Sign& at, size_t sign, size_t pos) {
  if (at.end >= text_->folded.size()) return false;
  const Sign next = SignAt(at.end);
  size_t after = sign + 1;
  FoldSet fold = kSplit;
  if (kind_ == VariantKind::kSplit) {
    const auto all = variant_table::PartsOf(term_->signs[sign]);
    const bool parts = std::any_of(all.begin(), all.end(), [&](const variant_table::Parts& p) {
      return p.first == at.c && p.second == next.c;
    });
    if (!parts) return false;
  } else {
    if (sign + 1 >= term_->signs.size() || at.c != term_->signs[sign + 1] ||
        next.c != term_->signs[sign])
      return false;
    ++after;
    fold = kShuffle;
  }
  Push(VariantPiece::Role::kReplaced, sign, fold, pos, at.end);
  Push(VariantPiece::Role::kReplaced, after - 1, fold, at.end, next.end);
  ++replaced_;
  if (Advance(after, next.end, 0, 0)) return true;
  --replaced_;
  return false;
}

size_t VariantReader::CountReplaced(FoldSet folds) const {
  return static_cast<size_t>(std::count_if(pieces_.begin(), pieces_.end(), [&](const auto& piece) {
    return piece.role == VariantPiece::Role::kReplaced && (piece.folds & folds) != 0;
  }));
}

// A Latin edge of the reading is the edge of a word.
bool VariantReader::AtEdges(size_t begin, size_t end, bool cut) const {
  const auto kind = [](char32_t c) {
    if (IsLetterSign(c) || (c >= 0x80 && !IsHan(c) && variant_table::LatinLookAlike(c) != 0))
      return 1;
    return IsDigitSign(c) ? 2 : 0;
  };
  const auto bad = [&](char32_t outer, char32_t inner, const VariantPiece& piece) {
    const int out = kind(outer), in = kind(inner);
    if (out == 0 || (in == 0 && !IsAmbiguous(inner))) return false;
    return out == in || piece.role == VariantPiece::Role::kReplaced || cut ||
           (term_->latin && term_->signs.size() <= kShortLatin);
  };
  const std::string_view text = text_->folded;
  if (begin > 0 && bad(SignAt(LastBefore(text, begin)).c, SignAt(begin).c, pieces_.front()))
    return false;
  return end >= text.size() || !bad(SignAt(end).c, SignAt(LastBefore(text, end)).c, pieces_.back());
}

std::u32string VariantReader::GapBefore(size_t sign) const {
  if (term_->gaps.empty()) return U" ";
  size_t begin = 0;
  for (size_t i = 1; i < sign; ++i) {
    if ((term_->breaks >> i) & 1) begin = term_->gaps.find(U'\0', begin) + 1;
  }
  return term_->gaps.substr(begin, term_->gaps.find(U'\0', begin) - begin);
}

// Among the separators of a break of the name, as the name has them.
bool VariantReader::IsOwnGap(size_t i) const {
  const auto skipped = [&](size_t k) { return pieces_[k].role == VariantPiece::Role::kSkipped; };
  if (!skipped(i) || ((term_->breaks >> (pieces_[i].sign + 1)) & 1) == 0) return false;
  const size_t sign = pieces_[i].sign + size_t{1};
  while (skipped(i - 1)) --i;
  std::u32string found;
  for (; skipped(i); ++i) found += SignAt(pieces_[i].begin).c;
  return found == GapBefore(sign);
}

std::optional<VariantReading> VariantReader::Finish(size_t begin) {
  const std::string_view text = text_->folded;
  // The last sign may stand there several times.
  const VariantPiece last = pieces_.back();
  const std::string_view again = text.substr(last.begin, last.end - last.begin);
  uint32_t end = last.end;
  for (int i = 0; i < kMaxRepeated && (term_->folds & kRepeat) != 0; ++i) {
    if (text.substr(end, again.size()) != again) break;
    Push(VariantPiece::Role::kRepeated, last.sign, kRepeat, end, end + again.size());
    end += static_cast<uint32_t>(again.size());
  }
  // In 小米米家 the second one begins the next word.
  if (end != last.end && !term_->latin && end < text.size() && IsHan(SignAt(end).c)) {
    while (pieces_.back().begin >= last.end) pieces_.pop_back();
    end = last.end;
  }
  VariantReading reading;
  reading.begin = static_cast<uint32_t>(begin);
  reading.end = end;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    if (!IsOwnGap(i)) reading.folds |= pieces_[i].folds;
  }
  if (kind_ == VariantKind::kPinyin) reading.folds |= kPinyin;
  // "newbalance" for "new balance".
  for (size_t i = 1; i < pieces_.size(); ++i) {
    const bool joined = pieces_[i].sign != pieces_[i - 1].sign &&
                        pieces_[i - 1].role != VariantPiece::Role::kSkipped;
    if (joined && ((term_->breaks >> pieces_[i].sign) & 1) != 0 && kind_ != VariantKind::kPinyin)
      reading.folds |= kSkip;
  }
  if (reading.folds == 0 || (reading.folds & ~term_->folds) != 0) return std::nullopt;
  const bool special = kind_ != VariantKind::kPlain && kind_ != VariantKind::kPinyin;
  if (special && replaced_ == 0) return std::nullopt;
  // It begins with the first of several equal signs.
  const VariantPiece& front = pieces_.front();
  const size_t length = front.end - front.begin;
  if ((term_->folds & kRepeat) != 0 && begin >= length &&
      text.substr(begin - length, length) == text.substr(begin, length))
    return std::nullopt;
  // Skips where the name has no break of its own.
  const bool cut = std::any_of(pieces_.begin(), pieces_.end(), [&](const VariantPiece& piece) {
    return piece.role == VariantPiece::Role::kSkipped &&
           ((term_->breaks >> (piece.sign + 1)) & 1) == 0;
  });
  if (!AtEdges(begin, end, cut)) return std::nullopt;
  const size_t n = term_->signs.size();
  // Half of the letters must be letters.
  if (CountReplaced(kLeet) * 2 > n) return std::nullopt;
  if (term_->latin && n <= kFewLetters && (reading.folds & kLeet) != 0 && cut && !SpreadsOut())
    return std::nullopt;
  if (!term_->latin && n == 2 && cut && IsListed()) return std::nullopt;
  if (!term_->latin) {
    if (WordAcross(text, begin) || WordAcross(text, end)) return std::nullopt;
  }
  if (special && !term_->latin) {
    const bool word = variant_table::IsCommonWord(text.substr(begin, end - begin));
    if (word && n == 2) return std::nullopt;  // 便利 is no 伊利, whatever stands beside it
    reading.weak = word || n == 2 || InsideWord() || OnlyEverydaySigns();
  }
  if (kind_ == VariantKind::kPinyin) reading.weak = std::popcount(term_->breaks) < 2;
  reading.sure = !reading.weak && IsSure(reading.folds) &&
                 (!special || term_->latin || n > 3 || BesideWords(begin, end));
  for (const VariantPiece& piece : pieces_) {
    if ((piece.folds & (kHomophone | kShape | kSplit | kShuffle)) == 0) continue;
    if (reading.replaced_end == 0) reading.replaced_begin = piece.begin;
    reading.replaced_end = piece.end;
  }
  return reading;
}

// A separator between every two signs, or none that stands between words.
bool VariantReader::SpreadsOut() const {
  size_t gaps = 0;
  bool ordinary = false;
  for (size_t i = 1; i < pieces_.size(); ++i) {
    if (pieces_[i].role != VariantPiece::Role::kSkipped) continue;
    if (pieces_[i - 1].role != VariantPiece::Role::kSkipped) ++gaps;
    ordinary = ordinary || IsOrdinarySeparator(SignAt(pieces_[i].begin).c);
  }
  return !ordinary || gaps + 1 >= term_->signs.size();
}

// The end of one word and the beginning of the next, as in 水胶、白乳胶.
bool VariantReader::IsListed() const {
  static constexpr std::u32string_view kBetween = U" 、,，;；/:：。&";
  const std::string_view text = text_->folded;
  const size_t begin = pieces_.front().begin, end = pieces_.back().end;
  const bool inside = begin > 0 && IsHan(SignAt(LastBefore(text, begin)).c) && end < text.size() &&
                      IsHan(SignAt(end).c);
  return inside && std::any_of(pieces_.begin(), pieces_.end(), [&](const VariantPiece& piece) {
           return piece.role == VariantPiece::Role::kSkipped &&
                  kBetween.find(SignAt(piece.begin).c) != std::u32string_view::npos;
         });
}

// On both sides a word begins, or there is none: in 博格利诺 the name may be another, longer one.
bool VariantReader::BesideWords(size_t begin, size_t end) const {
  const std::string_view text = text_->folded;
  const auto free = [&](size_t edge, bool forward) {
    size_t pos = edge;
    for (int length = 1; length <= 4; ++length) {
      if (forward ? pos >= text.size() : pos == 0) return length == 1;
      const size_t from = forward ? pos : LastBefore(text, pos);
      const Sign sign = SignAt(from);
      if (!IsHan(sign.c)) return length == 1;
      pos = forward ? sign.end : from;
      if (length > 1 && variant_table::IsCommonWord(forward ? text.substr(edge, pos - edge)
                                                            : text.substr(pos, edge - pos)))
        return true;
    }
    return false;
  };
  return free(begin, false) && free(end, true);
}

// Two or more signs were put in, and every text has them: 多了是 is hardly 多乐士.
bool VariantReader::OnlyEverydaySigns() const {
  size_t put = 0;
  for (const VariantPiece& piece : pieces_) {
    if ((piece.folds & (kHomophone | kShape)) == 0) continue;
    if (variant_table::Frequency(SignAt(piece.begin).c) < variant_table::kEveryday) return false;
    ++put;
  }
  return put >= 2;
}

// A sign that was put in makes a common word with its neighbours in the reading.
bool VariantReader::InsideWord() const {
  const std::string_view text = text_->folded;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    if ((pieces_[i].folds & (kHomophone | kShape)) == 0) continue;
    for (size_t from = i >= 2 ? i - 2 : 0; from <= i; ++from) {
      for (size_t to = i; to < std::min(pieces_.size(), from + 3); ++to) {
        if (to > from && variant_table::IsCommonWord(text.substr(
                             pieces_[from].begin, pieces_[to].end - pieces_[from].begin)))
          return true;
      }
    }
  }
  return false;
}

bool VariantReader::IsSure(FoldSet folds) const {
  if ((folds & kDisguises & ~kSkip) != 0) return true;
  if ((folds & kSkip) == 0) return false;
  // Skipping hides a name when it cuts a word where no one would: not "new-balance", nor 潍县 萝卜.
  size_t gaps = 0, signs = 0;
  bool odd = false, single = false;
  for (size_t i = 0; i < pieces_.size(); ++i) {
    const VariantPiece& piece = pieces_[i];
    if (piece.role != VariantPiece::Role::kSkipped) {
      ++signs;
      continue;
    }
    if (((term_->breaks >> (piece.sign + 1)) & 1) != 0) continue;
    if (pieces_[i - 1].role != VariantPiece::Role::kSkipped) {
      ++gaps;
      if (signs == 1) single = true;
      signs = 0;
    }
    if (!IsOrdinarySeparator(SignAt(piece.begin).c)) odd = true;
  }
  if (gaps == 0) return false;
  if (signs == 1) single = true;
  if (odd) return true;
  if (term_->latin) return gaps >= 2 && single;
  return single && term_->signs.size() > 2;
}

}  // namespace cluehound::rules
