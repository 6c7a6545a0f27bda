#include "rules/folding.h"

#include <algorithm>
#include <cstring>

#include "base/digest.h"
#include "base/text.h"
#include "rules/fold_table.h"
#include "rules/sign_text.h"

namespace cluehound::rules {
namespace {

constexpr std::pair<Fold, std::string_view> kNames[] = {{kNocase, "nocase"},
                                                        {kWidth, "width"},
                                                        {kTraditional, "traditional"},
                                                        {kZeroWidth, "zero_width"},
                                                        {kAccent, "accent"},
                                                        {kDigits, "digits"},
                                                        {kRepeat, "repeat"},
                                                        {kSkip, "skip"},
                                                        {kConfusable, "confusable"},
                                                        {kLeet, "leet"},
                                                        {kPinyin, "pinyin"},
                                                        {kHomophone, "homophone"},
                                                        {kShape, "shape"},
                                                        {kSplit, "split"},
                                                        {kShuffle, "shuffle"}};

// Which characters below U+10000 fold to something else: 8 KiB, so that it stays in the first
// cache, where the table itself would not.
struct ChangedMap {
  ChangedMap() {
    for (char32_t c = 0; c < 0x10000; ++c) {
      if (fold_table::Entry(c) != 0) words[c >> 6] |= uint64_t{1} << (c & 63);
    }
  }
  bool operator[](uint32_t c) const { return (words[c >> 6] >> (c & 63)) & 1; }
  uint64_t words[1024] = {};
};

const ChangedMap& Changed() {
  static const ChangedMap map;
  return map;
}

size_t SequenceLength(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Eight bytes in lower case, if all of them are printable ASCII.
bool LowerEight(const char* in, char* out) {
  uint64_t x;
  std::memcpy(&x, in, 8);
  constexpr uint64_t kOnes = 0x0101010101010101;
  const uint64_t below_blank = (x - 0x20 * kOnes) & ~x;
  const uint64_t is_delete = ((x ^ 0x7F * kOnes) - kOnes) & ~(x ^ 0x7F * kOnes);
  if (((x | below_blank | is_delete) & 0x80 * kOnes) != 0) return false;
  const uint64_t from_a = x + (0x80 - 'A') * kOnes;
  const uint64_t after_z = x + (0x80 - 'Z' - 1) * kOnes;
  x |= ((from_a & ~after_z) & 0x80 * kOnes) >> 2;
  std::memcpy(out, &x, 8);
  return true;
}

}  // namespace

void FoldedText::Reserve(size_t bytes) {
  if (bytes <= capacity_) return;
  const size_t grown = std::max(bytes, capacity_ * 2);
  std::unique_ptr<char[]> bigger(new char[grown]);
  if (size_ > 0) std::memcpy(bigger.get(), buffer_.get(), size_);
  buffer_ = std::move(bigger);
  capacity_ = grown;
}

void FoldedText::Assign(std::string_view original, SignText* signs) {
  original = TruncateUtf8(original, kMaxBytes);
  size_ = 0;
  pieces_.clear();
  in_run_ = dropped_ = false;
  // Characters that keep their length never need more room than the original has left; only longer
  // replacements have to ask for more.
  Reserve(original.size() + 8);
  if (signs == nullptr) return AssignAs<false>(original, signs);
  signs->Begin();
  signs->Reserve(original.size() + 8);
  AssignAs<true>(original, signs);
  signs->End(text());
}

// The members are kept in registers between the characters that AssignOther() takes: bytes that
// are written could be any member, as far as a compiler knows. Characters come in runs, and each run
// has a loop of its own.
template <bool kSigns>
void FoldedText::AssignAs(std::string_view original, SignText* signs) {
  const ChangedMap& changed = Changed();
  const char* in = original.data();
  const size_t n = original.size();
  char* out = buffer_.get();
  size_t size = 0;
  bool in_run = false;
  SignText::Cursor at;
  if (kSigns) at = signs->cursor();
  for (size_t i = 0; i < n;) {
    // What a byte's place in the original is more than in the folded text, all through a run.
    const size_t ahead = i - size;
    const size_t begin = i;
    while (i < n) {
      const auto c = static_cast<unsigned char>(in[i]);
      if (c < 0x20 || c >= 0x7F) break;
      if (!kSigns && i + 8 <= n && LowerEight(in + i, out + (i - ahead))) {
        i += 8;
        continue;
      }
      const auto folded = static_cast<unsigned char>(AsciiLower(static_cast<char>(c)));
      out[i - ahead] = static_cast<char>(folded);
      if (kSigns) at.AddAscii(folded, static_cast<uint32_t>(i - ahead));
      ++i;
    }
    const size_t han = i;
    while (i + 3 <= n) {
      const auto lead = static_cast<unsigned char>(in[i]);
      const uint32_t second = static_cast<unsigned char>(in[i + 1]) ^ 0x80u;
      const uint32_t third = static_cast<unsigned char>(in[i + 2]) ^ 0x80u;
      const uint32_t c = (lead ^ 0xE0u) << 12 | second << 6 | third;
      if ((second | third) >= 0x40 || !IsHan(c) || changed[c]) break;
      std::memcpy(out + (i - ahead), in + i, 3);
      if (kSigns) at.AddHan(c, static_cast<uint32_t>(i - ahead));
      i += 3;
    }
    if (kSigns && i > han) at.EndHan();
    if (i > begin) {
      if (!in_run) {
        pieces_.push_back({static_cast<uint32_t>(size), static_cast<uint32_t>(begin), 0});
        in_run = true;
      }
      size += i - begin;
      continue;
    }
    if (kSigns) signs->SetCursor(at);
    size_ = size;
    in_run_ = in_run;
    AssignOther(original, i, signs);
    if (kSigns) at = signs->cursor();
    out = buffer_.get();
    size = size_;
    in_run = in_run_;
  }
  size_ = size;
  if (kSigns) signs->SetCursor(at);
}

void FoldedText::BeginRun(size_t original) {
  pieces_.push_back({static_cast<uint32_t>(size_), static_cast<uint32_t>(original), 0});
  in_run_ = true;
}

// Folds the character at `i`, whatever it is, and moves `i` behind it.
void FoldedText::AssignOther(std::string_view original, size_t& i, SignText* signs) {
  const size_t begin = i;
  const char32_t c = DecodeUtf8(original, i);
  const size_t length = i - begin;
  std::string_view replacement = original.substr(begin, length);
  if (const uint32_t entry = fold_table::Entry(c)) {
    replacement = fold_table::Replacement(entry);
  } else if (c == kReplacementChar) {
    replacement = "\xEF\xBF\xBD";
  }
  if (replacement.empty()) {
    dropped_ = true;
    in_run_ = false;
    return;
  }
  // Bytes stand for bytes only if one character became one of the same length: … becomes three dots
  // of one byte each.
  if (replacement.size() == length && SequenceLength(replacement[0]) == length) {
    if (!in_run_) BeginRun(begin);
  } else {
    pieces_.push_back({static_cast<uint32_t>(size_), static_cast<uint32_t>(begin),
                       static_cast<uint32_t>(length)});
    in_run_ = false;
    Reserve(size_ + replacement.size() + (original.size() - i) + 8);
  }
  if (signs != nullptr) {
    signs->Reserve(replacement.size() + (original.size() - i) + 8);
    signs->AddAll(replacement, size_);
  }
  std::memcpy(buffer_.get() + size_, replacement.data(), replacement.size());
  size_ += replacement.size();
}

const FoldedText::Piece& FoldedText::PieceOf(size_t folded) const {
  const auto after =
      std::upper_bound(pieces_.begin(), pieces_.end(), folded,
                       [](size_t at, const Piece& piece) { return at < piece.folded; });
  return *std::prev(after);
}

Slice FoldedText::Original(size_t begin, size_t end) const {
  const Piece& first = PieceOf(begin);
  const Piece& last = PieceOf(end - 1);
  Slice slice;
  slice.begin = first.original;
  if (first.length == 0) slice.begin += static_cast<uint32_t>(begin - first.folded);
  slice.end = last.original;
  slice.end += last.length == 0 ? static_cast<uint32_t>(end - last.folded) : last.length;
  return slice;
}

std::string FoldString(std::string_view text) {
  FoldedText folded;
  folded.Assign(text);
  return std::string(folded.text());
}

namespace {

// What the stage makes of `c`, or null when it leaves it alone.
const char* Find(std::span<const fold_table::StageEntry> stage, char32_t c) {
  const auto it = std::lower_bound(
      stage.begin(), stage.end(), c,
      [](const fold_table::StageEntry& entry, char32_t at) { return entry.character < at; });
  return it != stage.end() && it->character == c ? it->folded : nullptr;
}

std::string ApplyStage(std::span<const fold_table::StageEntry> stage, std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const char32_t c = DecodeUtf8(text, i);
    if (const char* folded = Find(stage, c)) {
      out += folded;
    } else {
      AppendUtf8(out, c);
    }
  }
  return out;
}

}  // namespace

std::string FoldWith(FoldSet folds, std::string_view text) {
  std::string out(text);
  if (folds & kZeroWidth) out = ApplyStage(fold_table::kZeroWidthStage, out);
  if (folds & kWidth) out = ApplyStage(fold_table::kWidthStage, out);
  if (folds & kAccent) out = ApplyStage(fold_table::kAccentStage, out);
  if (folds & kNocase) out = ApplyStage(fold_table::kCaseStage, out);
  if (folds & kTraditional) out = ApplyStage(fold_table::kTraditionalStage, out);
  return out;
}

FoldSet FoldsBetween(std::string_view found, std::string_view written) {
  if (found == written) return 0;
  if (EqualsIgnoreAsciiCase(found, written)) return kNocase;
  FoldSet needed = 0;
  for (const auto& [fold, name] : kNames) {
    if ((fold & kTableFolds) == 0) break;
    const FoldSet others = kTableFolds & ~fold;
    if (FoldWith(others, found) != FoldWith(others, written)) needed |= fold;
  }
  if (needed != 0) return needed;
  // Two folds can each do it alone: the Kelvin sign is a K by width and by case.
  for (const auto& [fold, name] : kNames) {
    if ((fold & kTableFolds) != 0 && FoldWith(fold, found) == FoldWith(fold, written)) return fold;
  }
  return kWidth;
}

std::vector<std::string> FoldNames(FoldSet folds) {
  std::vector<std::string> names;
  for (const auto& [fold, name] : kNames) {
    if (folds & fold) names.emplace_back(name);
  }
  return names;
}

FoldSet FoldFromName(std::string_view wanted) {
  for (const auto& [fold, name] : kNames) {
    if (name == wanted) return fold;
  }
  return 0;
}

const std::string& FoldRevision() {
  static const std::string revision = [] {
    std::string all;
    for (char32_t c = 0; c <= 0x10FFFF; ++c) {
      if (const uint32_t entry = fold_table::Entry(c)) {
        AppendUtf8(all, c >= 0xD800 && c <= 0xDFFF ? kReplacementChar : c);
        all += fold_table::Replacement(entry);
        all += '\0';
      }
    }
    return Hex(Sha256(all)).substr(0, 16);
  }();
  return revision;
}

}  // namespace cluehound::rules
