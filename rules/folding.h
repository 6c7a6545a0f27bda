#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Folding makes spellings comparable: two texts match when they fold to the same. Every character
// folds by itself, whatever stands around it, so that folding is one pass of table lookups.
//
//   zero_width   what a reader cannot see is dropped: default ignorables (UTS 39), controls
//   width        NFKC of the character: full width, circled, squared, compatibility ideographs
//   accent       combining marks are dropped: Hermès, N̶I̶K̶E̶
//   nocase       full case folding
//   traditional  traditional and variant characters to simplified ones (OpenCC, Unihan)
//
// The others compare a text with one name, and stand in rules/variant.h.
namespace cluehound::rules {

enum Fold : uint32_t {
  kNocase = 1u << 0,
  kWidth = 1u << 1,
  kTraditional = 1u << 2,
  kZeroWidth = 1u << 3,
  kAccent = 1u << 4,
  kDigits = 1u << 5,      // digits in another style: 三 for 3
  kRepeat = 1u << 6,      // NNIKE
  kSkip = 1u << 7,        // N.I.K.E
  kConfusable = 1u << 8,  // Latin, Greek and Cyrillic look-alikes
  kLeet = 1u << 9,        // N1KE
  kPinyin = 1u << 10,     // the whole name as words of pinyin
  kHomophone = 1u << 11,  // another character of the same syllable
  kShape = 1u << 12,      // a character that looks alike
  kSplit = 1u << 13,      // 弓长 for 张
  kShuffle = 1u << 14,    // two neighbours change places
};
using FoldSet = uint32_t;  // of Fold
// Those that FoldedText applies.
inline constexpr FoldSet kTableFolds = kNocase | kWidth | kTraditional | kZeroWidth | kAccent;
// The levels of `evasion`.
inline constexpr FoldSet kLowFolds = kTableFolds | kDigits;
inline constexpr FoldSet kMediumFolds = kLowFolds | kRepeat | kSkip | kConfusable | kLeet;
inline constexpr FoldSet kHighFolds =
    kMediumFolds | kPinyin | kHomophone | kShape | kSplit | kShuffle;
inline constexpr FoldSet kAllFolds = kHighFolds;
// Nobody writes so but to hide something; the others are ordinary writing.
inline constexpr FoldSet kDisguises =
    kZeroWidth | kSkip | kConfusable | kLeet | kHomophone | kShape | kSplit | kShuffle;

class SignText;

// A piece of a text, in bytes; `end` is exclusive.
struct Slice {
  uint32_t begin = 0;
  uint32_t end = 0;

  friend bool operator==(const Slice&, const Slice&) = default;
};

// A text after all folds, with the way back to the bytes it came from. Meant to be reused: Assign()
// keeps the buffers. Not thread-safe; holds no reference to the original.
class FoldedText {
 public:
  // Folds `original`, of which only the first kMaxBytes count, and takes the folded text apart if
  // `signs` are asked for. A malformed byte folds to U+FFFD. Linear.
  void Assign(std::string_view original, SignText* signs = nullptr);

  static constexpr size_t kMaxBytes = 1u << 28;

  // Valid UTF-8, until the next Assign().
  std::string_view text() const { return {buffer_.get(), size_}; }

  // Some character of the original left nothing.
  bool dropped() const { return dropped_; }

  // The bytes of the original that gave text()[begin, end): from the begin of the first character
  // to the end of the last one, with what was dropped between them. Logarithmic.
  // REQUIRES: begin < end <= text().size()
  Slice Original(size_t begin, size_t end) const;

 private:
  // From here on, folded bytes stand for original bytes one to one (`length` 0), or all of them up
  // to the next piece came from one character of `length` bytes.
  struct Piece {
    uint32_t folded;
    uint32_t original;
    uint32_t length;
  };

  void Reserve(size_t bytes);
  void BeginRun(size_t original);
  template <bool kSigns>
  void AssignAs(std::string_view original, SignText* signs);
  void AssignOther(std::string_view original, size_t& i, SignText* signs);
  const Piece& PieceOf(size_t folded) const;

  std::unique_ptr<char[]> buffer_;
  size_t capacity_ = 0;
  size_t size_ = 0;
  bool in_run_ = false;  // while assigning: the last piece goes on
  bool dropped_ = false;
  std::vector<Piece> pieces_;
};

// The same folding, for terms and single uses.
std::string FoldString(std::string_view text);

// Folds with some of kTableFolds only, straight from their definitions and slower.
// FoldWith(kTableFolds, text) == FoldString(text).
std::string FoldWith(FoldSet folds, std::string_view text);

// Those of kTableFolds without which `found`, a piece of a text, would not equal `written`.
// REQUIRES: FoldString(found) == FoldString(written)
FoldSet FoldsBetween(std::string_view found, std::string_view written);

// "nocase", "width" ... in the order of Fold.
std::vector<std::string> FoldNames(FoldSet folds);
// 0 for an unknown name.
FoldSet FoldFromName(std::string_view name);

// Names the tables' content: changes with the ICU, OpenCC and Unihan they were computed from.
const std::string& FoldRevision();

}  // namespace cluehound::rules
