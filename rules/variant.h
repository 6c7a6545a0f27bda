#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/folding.h"

// Disguised spellings of a name. A text is read from a place on, sign by sign, as one of them:
//
//   digits      a digit in another style: 3, 三, 叁
//   repeat      a sign of the name written several times: NNIKE, 耐耐克
//   skip        one to three separators between two signs: N I K E, 亚*运*会
//   confusable  a letter that looks like the Latin one (UTS 39), l for i
//   leet        0 for o, 1 for i and l, 3 e, 4 a, 5 s, 7 t, 8 b, 2 z, 6 b, 9 g, @ a, $ s, ! i, | i l
//   homophone   another character of which one of the two main syllables is one of the character's
//   shape       a look-alike instead of one character
//   split       its two parts instead of one character
//   shuffle     two neighbours in each other's place
//   pinyin      the whole name in syllables, joined or not
//
// All but the last can be combined with the first five, though homophone and shape not with digits;
// homophone, shape, split and shuffle never with each other. How much may be replaced, and what counts for less, is at Limits and Finish in
// variant.cc. Names of one character have no variants; names of three ASCII letters or fewer only
// those of single signs (digits, confusable).
namespace cluehound::rules {

// What a reading may do beside the first five folds.
enum class VariantKind : uint8_t { kPlain, kSound, kShape, kSplit, kSwap, kPinyin };
inline constexpr VariantKind kVariantKinds[] = {VariantKind::kPlain, VariantKind::kSound,
                                                VariantKind::kShape, VariantKind::kSplit,
                                                VariantKind::kSwap,  VariantKind::kPinyin};

// A name as variants are read against it.
struct VariantTerm {
  std::u32string signs;  // folded, without separators
  uint64_t breaks = 0;   // bit i: separators, or the end of a syllable, before signs[i]
  std::u32string gaps;   // the separators of each break in order, each ended by 0; empty: blanks
  FoldSet folds = 0;     // those allowed
  bool latin = false;    // ASCII letters and digits only
  bool pinyin = false;   // the syllables of another name

  static constexpr size_t kMaxSigns = 40;
};

// `folded` without separators; nothing when the name can have no variants. `folds` is cut to what
// is safe for a name so short.
std::optional<VariantTerm> MakeVariantTerm(std::string_view folded, FoldSet folds);
// The pinyin of a name of Han characters, in every combination of their readings up to a bound.
std::vector<VariantTerm> MakePinyinTerms(const VariantTerm& term);

// One sign of the text, and what it stands for.
struct VariantPiece {
  enum class Role : uint8_t { kTaken, kReplaced, kRepeated, kSkipped };
  Role role;
  uint8_t sign;  // index into the name's signs (of the one before, if repeated or skipped)
  FoldSet folds;
  uint32_t begin, end;  // bytes of the folded text
};

struct VariantReading {
  uint32_t begin = 0, end = 0;  // bytes of the folded text
  FoldSet folds = 0;            // beside kTableFolds
  bool weak = false;            // counts only beside another sign: it may well be an ordinary word
  bool sure = false;            // nobody writes so but to hide the name
  // What was put in by homophone, shape, split or shuffle; empty when nothing was.
  uint32_t replaced_begin = 0, replaced_end = 0;
};

// A text to read in, with the way back to what was written.
struct VariantText {
  std::string_view folded;
  const FoldedText* map;
  std::string_view original;
};

// Reads variants. Meant to be reused; not thread-safe.
class VariantReader {
 public:
  // The reading of the kind that begins at `begin`, the start of a character; nothing when there is
  // none, or when it is the name itself. Bounded by the length of the name.
  std::optional<VariantReading> Read(const VariantTerm& term, VariantKind kind,
                                     const VariantText& text, size_t begin);
  // Of the last reading, in order.
  const std::vector<VariantPiece>& pieces() const { return pieces_; }

 private:
  struct Sign {
    char32_t c;
    uint32_t end;
  };
  Sign SignAt(size_t pos) const;
  bool Advance(size_t sign, size_t pos, int skipped, int repeated);
  bool Take(const Sign& at, size_t sign, size_t pos);
  bool Replace(const Sign& at, size_t sign, size_t pos);
  bool ReplaceTwo(const Sign& at, size_t sign, size_t pos);
  bool Push(VariantPiece::Role role, size_t sign, FoldSet folds, size_t begin, size_t end);
  FoldSet SameSign(char32_t wanted, const Sign& at, size_t pos) const;
  bool IsOwnGap(size_t piece) const;
  std::u32string GapBefore(size_t sign) const;
  size_t CountReplaced(FoldSet folds) const;
  bool AtEdges(size_t begin, size_t end, bool cut) const;
  bool SpreadsOut() const;
  std::optional<VariantReading> Finish(size_t begin);
  bool IsListed() const;
  bool InsideWord() const;
  bool OnlyEverydaySigns() const;
  bool BesideWords(size_t begin, size_t end) const;
  bool IsSure(FoldSet folds) const;

  const VariantTerm* term_ = nullptr;
  const VariantText* text_ = nullptr;
  VariantKind kind_ = VariantKind::kPlain;
  bool used_ = false;  // the kind's own fold, where it can be used once
  size_t replaced_ = 0, limit_ = 0;
  int steps_ = 0;
  std::vector<VariantPiece> pieces_;
};

// The kinds of readings that a name of these folds can have.
bool Allows(const VariantTerm& term, VariantKind kind);

}  // namespace cluehound::rules
