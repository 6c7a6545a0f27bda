#include "rules/vocabulary.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/text.h"
#include "rules/folding.h"
#include "rules/variant_sign.h"

namespace cluehound::rules {

std::vector<Use>& Vocabulary::Builder::UsesOf(const std::string& literal) {
  const auto [it, fresh] = index_.emplace(literal, static_cast<uint32_t>(literals_.size()));
  if (fresh) {
    literals_.push_back(literal);
    uses_.emplace_back();
  }
  return uses_[it->second];
}

uint32_t Vocabulary::Builder::AddExceptGroup(const std::vector<std::string>& phrases) {
  if (phrases.empty()) return 0;
  ++groups_;
  for (const std::string& phrase : phrases) {
    Use use;
    use.meaning = Meaning::kExcept;
    use.early = true;
    use.target = groups_;
    Add(phrase, std::move(use));
  }
  return groups_;
}

void Vocabulary::Builder::Add(std::string_view text, Use use) {
  const std::string literal(TrimAscii(FoldString(text)));
  if (literal.empty()) return;
  std::vector<Use>& uses = UsesOf(literal);
  for (Use& known : uses) {
    if (known.meaning != use.meaning || known.target != use.target ||
        known.own_group != use.own_group || known.styled != use.styled)
      continue;
    known.in_context = known.in_context && use.in_context;
    known.cloak = known.cloak && use.cloak;
    known.wakes = known.wakes || use.wakes;
    known.early = known.early || use.early;
    known.variants |= use.variants;
    known.written.emplace_back(text);
    return;
  }
  use.written.emplace_back(text);
  uses.push_back(std::move(use));
}

void Vocabulary::Builder::AddAtom(const std::string& literal, uint32_t index, bool wakes,
                                  bool early) {
  if (literal.empty()) return;
  Use use;
  use.wakes = wakes;
  use.early = early;
  use.meaning = Meaning::kAtom;
  use.target = index;
  UsesOf(literal).push_back(std::move(use));
}

Vocabulary Vocabulary::Builder::Build() {
  Vocabulary vocabulary;
  VariantIndex::Builder variants;
  std::vector<Automaton::Literal> literals;
  for (size_t i = 0; i < literals_.size(); ++i) {
    Edges edges = EdgesOf(literals_[i]);
    bool first = false;
    for (const Use& use : uses_[i]) {
      first = first || use.wakes || use.early;
      edges.wakes = edges.wakes || use.wakes;
      edges.wakes_anywhere = edges.wakes_anywhere || (use.wakes && use.meaning == Meaning::kAtom);
    }
    vocabulary.edges_.push_back(edges);
    // Only what AtEdge() is asked of.
    const bool at_word = std::none_of(uses_[i].begin(), uses_[i].end(), [](const Use& use) {
      return use.meaning == Meaning::kAtom || use.meaning == Meaning::kExcept;
    });
    literals.push_back({literals_[i], first, at_word});
    vocabulary.first_use_.push_back(static_cast<uint32_t>(vocabulary.uses_.size()));
    for (Use& use : uses_[i]) {
      if (use.variants != 0)
        variants.Add(literals_[i], use.variants, static_cast<uint32_t>(vocabulary.uses_.size()));
      vocabulary.briefs_.push_back({use.meaning, use.target});
      vocabulary.uses_.push_back(std::move(use));
    }
  }
  vocabulary.first_use_.push_back(static_cast<uint32_t>(vocabulary.uses_.size()));
  vocabulary.uses_.shrink_to_fit();
  vocabulary.automaton_ = Automaton::Build(literals);
  vocabulary.variants_ = variants.Build();
  return vocabulary;
}

Vocabulary::Edges Vocabulary::EdgesOf(std::string_view literal) {
  Edges edges;
  edges.letter_first = IsAsciiAlpha(literal.front());
  edges.letter_last = IsAsciiAlpha(literal.back());
  edges.digit_first = IsAsciiDigit(literal.front());
  edges.digit_last = IsAsciiDigit(literal.back());
  edges.strict = literal.size() <= 3 && std::all_of(literal.begin(), literal.end(), IsAsciiAlnum);
  return edges;
}

bool Vocabulary::AtEdge(const Edges& edges, std::string_view text, size_t begin, size_t end) {
  if (begin > 0 && IsAsciiAlnum(text[begin - 1])) {
    const bool letter = IsAsciiAlpha(text[begin - 1]);
    if (edges.strict || (letter ? edges.letter_first : edges.digit_first)) return false;
  }
  if (end < text.size() && IsAsciiAlnum(text[end])) {
    const bool letter = IsAsciiAlpha(text[end]);
    if (edges.strict || (letter ? edges.letter_last : edges.digit_last)) return false;
  }
  return true;
}

void Vocabulary::Found::Clear() {
  marks.clear();
  words.clear();
  places.clear();
  excepts.clear();
  atoms.clear();
}

bool Vocabulary::Skim(const FoldedText& text, std::string_view original, VariantReader& reader,
                      Skimmed& skimmed) const {
  const std::string_view folded = text.text();
  skimmed.variants.clear();
  variants_.Find({folded, &text, original}, skimmed.signs, reader, skimmed.variants);
  skimmed.matches.clear();
  automaton_.FindFirst(skimmed.signs, skimmed.matches);
  return !skimmed.variants.empty() ||
         std::any_of(skimmed.matches.begin(), skimmed.matches.end(),
                     [&](const Automaton::Match& match) {
                       const Edges& edges = edges_[match.literal];
                       return edges.wakes_anywhere ||
                              (edges.wakes && AtEdge(edges, folded, match.begin, match.end));
                     });
}

void Vocabulary::Find(const FoldedText& text, Field field, Skimmed& skimmed, Found& found) const {
  const size_t first_mark = found.marks.size(), first_word = found.words.size(),
               first_place = found.places.size();
  automaton_.FindRest(skimmed.signs, skimmed.matches);
  Automaton::Sort(skimmed.matches);
  Append(text.text(), field, skimmed.matches, found);
  if (!skimmed.variants.empty())
    TakeVariants(field, skimmed.variants, first_mark, first_word, first_place, found);
}

bool Vocabulary::FindEarly(const FoldedText& text, Field field, Skimmed& skimmed,
                           Found& found) const {
  const size_t first_mark = found.marks.size();
  const bool known = std::all_of(
      skimmed.variants.begin(), skimmed.variants.end(),
      [](const VariantIndex::Found& variant) { return variant.reading.replaced_end == 0; });
  if (known && !skimmed.variants.empty()) Automaton::Sort(skimmed.matches);
  Append(text.text(), field, skimmed.matches, found);
  if (known && !skimmed.variants.empty())
    TakeVariants(field, skimmed.variants, first_mark, found.words.size(), found.places.size(),
                 found);
  return known;
}

void Vocabulary::Append(std::string_view folded, Field field,
                        const std::vector<Automaton::Match>& matches, Found& found) const {
  for (const Automaton::Match& match : matches) {
    const bool at_edge = AtEdge(edges_[match.literal], folded, match.begin, match.end);
    for (uint32_t i = first_use_[match.literal]; i < first_use_[match.literal + 1]; ++i) {
      const Brief use = briefs_[i];
      if (use.meaning == Meaning::kAtom) {
        found.atoms.push_back(static_cast<int>(use.target));
        continue;
      }
      if (!at_edge && use.meaning != Meaning::kExcept) continue;
      std::vector<Occurrence>& kind = use.meaning == Meaning::kMark    ? found.marks
                                      : use.meaning == Meaning::kWord  ? found.words
                                      : use.meaning == Meaning::kPlace ? found.places
                                                                       : found.excepts;
      // Written where it stays: a copy would wait for what has just been stored.
      Occurrence& occurrence = kind.emplace_back();
      occurrence.target = use.target;
      occurrence.field = field;
      occurrence.begin = match.begin;
      occurrence.end = match.end;
      occurrence.use = i;
    }
  }
}

namespace {

// Of one mark in one field; more say no more.
constexpr size_t kMaxVariants = 50;
constexpr uint32_t kLongestName = 400;  // bytes, folded

bool Overlap(const Occurrence& a, const Occurrence& b) {
  return a.begin < b.end && b.begin < a.end;
}

// Calls `visit` for the occurrences in [first, end) that overlap [begin, end) of the text, until it
// returns true. They are in order of their ends.
template <class F>
bool AnyOverlapping(const std::vector<Occurrence>& all, size_t first, size_t last, uint32_t begin,
                    uint32_t end, const F& visit) {
  const auto stop = all.begin() + static_cast<ptrdiff_t>(last);
  auto it = std::lower_bound(all.begin() + static_cast<ptrdiff_t>(first), stop, begin + 1,
                             [](const Occurrence& o, uint32_t at) { return o.end < at; });
  for (; it != stop && it->end < end + kLongestName; ++it) {
    if (it->begin < end && visit(*it)) return true;
  }
  return false;
}

// `name` stands as it should, and overlaps the variant. It is what is meant, unless the variant is
// that of a longer name around it that someone hides, or `name` is a plain word. Of another mark's
// name, as much as one sign that was put in is enough.
bool IsName(const Occurrence& variant, const VariantReading& reading, const Occurrence& name,
            bool plain_word) {
  const bool inside = variant.begin <= name.begin && name.end <= variant.end;
  if (name.target != variant.target)
    return reading.replaced_end != 0 &&
           (!inside || (name.begin < reading.replaced_end && reading.replaced_begin < name.end));
  if (variant.variants == kRepeat) return false;
  return !inside || name.use == variant.use || (!variant.sure && !plain_word);
}

}  // namespace

void Vocabulary::TakeVariants(Field field, std::vector<VariantIndex::Found>& variants,
                              size_t first_mark, size_t first_word, size_t first_place,
                              Found& found) const {
  // What takes least comes first, and what overlaps it is dropped.
  const auto order = [&](const VariantIndex::Found& f) {
    return std::make_tuple(uses_[f.name].target, f.reading.weak, std::popcount(f.reading.folds),
                           f.reading.begin, ~f.reading.end, f.reading.folds, f.name);
  };
  std::sort(variants.begin(), variants.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  const size_t exact_end = found.marks.size();
  size_t first_of_mark = exact_end;
  for (const VariantIndex::Found& variant : variants) {
    if (found.marks.size() > first_of_mark &&
        found.marks.back().target != uses_[variant.name].target)
      first_of_mark = found.marks.size();
    if (found.marks.size() - first_of_mark >= kMaxVariants) continue;
    const VariantReading& reading = variant.reading;
    Occurrence occurrence;
    occurrence.target = uses_[variant.name].target;
    occurrence.field = field;
    occurrence.begin = reading.begin;
    occurrence.end = reading.end;
    occurrence.use = variant.name;
    occurrence.variants = reading.folds;
    occurrence.weak = reading.weak;
    occurrence.sure = reading.sure;
    const auto holds = [&](const Occurrence& word) {
      return word.begin <= reading.replaced_begin && reading.replaced_end <= word.end &&
             word.end - word.begin > reading.replaced_end - reading.replaced_begin;
    };
    const auto is_word = [&](const std::vector<Occurrence>& words, size_t first) {
      return reading.replaced_end != 0 &&
             AnyOverlapping(words, first, words.size(), reading.begin, reading.end, holds);
    };
    const bool taken =
        AnyOverlapping(found.marks, first_mark, exact_end, occurrence.begin, occurrence.end,
                       [&](const Occurrence& name) {
                         return IsName(occurrence, reading, name, uses_[name.use].in_context);
                       }) ||
        is_word(found.words, first_word) || is_word(found.places, first_place) ||
        std::any_of(found.marks.begin() + static_cast<ptrdiff_t>(first_of_mark), found.marks.end(),
                    [&](const Occurrence& other) { return Overlap(other, occurrence); });
    if (!taken) found.marks.push_back(occurrence);
  }
}

// The table folds of a variant: of its signs that are written as they should be.
FoldSet Vocabulary::FoldsOfPieces(const FoldedText& text, std::string_view original,
                                  const std::vector<VariantPiece>& pieces,
                                  const std::string& written) {
  FoldedText name;
  name.Assign(written);
  std::vector<Slice> signs;
  for (size_t pos = 0; pos < name.text().size();) {
    const size_t begin = pos;
    if (!IsSeparator(DecodeUtf8(name.text(), pos))) signs.push_back(name.Original(begin, pos));
  }
  const auto sign_of = [&](const VariantPiece& piece) {
    const Slice slice = piece.sign < signs.size() ? signs[piece.sign] : Slice{};
    return std::string_view(written).substr(slice.begin, slice.end - slice.begin);
  };
  std::string found, wanted;
  Slice last;
  for (const VariantPiece& piece : pieces) {
    const Slice slice = text.Original(piece.begin, piece.end);
    if (!found.empty() && last.end < slice.begin)  // what folds to nothing
      found += original.substr(last.end, slice.begin - last.end);
    const bool same = slice == last;  // ㎏ is two signs
    last = slice;
    if (same) continue;
    if (piece.role == VariantPiece::Role::kTaken) {
      found += original.substr(slice.begin, slice.end - slice.begin);
      wanted += sign_of(piece);
    } else if (piece.role == VariantPiece::Role::kReplaced) {
      found += sign_of(piece);
      wanted += sign_of(piece);
    }
  }
  return FoldsBetween(found, wanted);
}

FoldSet Vocabulary::FoldsOf(const FoldedText& text, std::string_view original,
                            const Occurrence& occurrence) const {
  const Slice whole = text.Original(occurrence.begin, occurrence.end);
  const std::string_view found = original.substr(whole.begin, whole.end - whole.begin);
  FoldSet best = kAllFolds;
  VariantReader reader;
  std::vector<VariantPiece> pieces;
  if (occurrence.variants != 0)
    pieces = variants_.Reread({text.text(), &text, original}, occurrence.use, occurrence.begin,
                              occurrence.end, occurrence.variants, reader);
  for (const std::string& written : uses_[occurrence.use].written) {
    // Pinyin is nothing of what is written.
    const FoldSet folds =
        (occurrence.variants & kPinyin) != 0 ? FoldsBetween(found, FoldString(found))
        : occurrence.variants == 0           ? FoldsBetween(found, written)
                                             : FoldsOfPieces(text, original, pieces, written);
    if (std::popcount(folds) < std::popcount(best)) best = folds;
    if (best == 0) break;
  }
  return best | occurrence.variants;
}

size_t Vocabulary::MemoryBytes() const {
  size_t bytes = automaton_.MemoryBytes() + edges_.capacity() * sizeof(Edges) +
                 briefs_.capacity() * sizeof(Brief) + first_use_.capacity() * sizeof(uint32_t) +
                 uses_.capacity() * sizeof(Use) + variants_.MemoryBytes();
  for (const Use& use : uses_) {
    bytes += use.written.capacity() * sizeof(std::string);
    for (const std::string& text : use.written) bytes += text.capacity() > 15 ? text.capacity() : 0;
  }
  return bytes;
}

}  // namespace cluehound::rules
