#include "rules/vocabulary.h"

#include <algorithm>

#include "base/text.h"
#include "rules/folding.h"

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
    known.written.emplace_back(text);
    return;
  }
  use.written.emplace_back(text);
  uses.push_back(std::move(use));
}

void Vocabulary::Builder::AddAtom(const std::string& literal, uint32_t index) {
  if (literal.empty()) return;
  Use use;
  use.meaning = Meaning::kAtom;
  use.target = index;
  UsesOf(literal).push_back(std::move(use));
}

Vocabulary Vocabulary::Builder::Build() {
  Vocabulary vocabulary;
  vocabulary.automaton_ = Automaton::Build(literals_);
  for (size_t i = 0; i < literals_.size(); ++i) {
    vocabulary.edges_.push_back(EdgesOf(literals_[i]));
    vocabulary.first_use_.push_back(static_cast<uint32_t>(vocabulary.uses_.size()));
    for (Use& use : uses_[i]) vocabulary.uses_.push_back(std::move(use));
  }
  vocabulary.first_use_.push_back(static_cast<uint32_t>(vocabulary.uses_.size()));
  vocabulary.uses_.shrink_to_fit();
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

void Vocabulary::Find(std::string_view folded, Field field, Found& found) const {
  found.matches.clear();
  automaton_.Find(folded, found.matches);
  for (const Automaton::Match& match : found.matches) {
    const bool at_edge = AtEdge(edges_[match.literal], folded, match.begin, match.end);
    for (uint32_t i = first_use_[match.literal]; i < first_use_[match.literal + 1]; ++i) {
      const Use& use = uses_[i];
      const Occurrence occurrence{use.target, field, match.begin, match.end, i};
      switch (use.meaning) {
        case Meaning::kMark:
          if (at_edge) found.marks.push_back(occurrence);
          break;
        case Meaning::kWord:
          if (at_edge) found.words.push_back(occurrence);
          break;
        case Meaning::kPlace:
          if (at_edge) found.places.push_back(occurrence);
          break;
        case Meaning::kExcept:
          found.excepts.push_back(occurrence);
          break;
        case Meaning::kAtom:
          found.atoms.push_back(static_cast<int>(use.target));
          break;
      }
    }
  }
}

size_t Vocabulary::MemoryBytes() const {
  size_t bytes = automaton_.MemoryBytes() + edges_.capacity() * sizeof(Edges) +
                 first_use_.capacity() * sizeof(uint32_t) + uses_.capacity() * sizeof(Use);
  for (const Use& use : uses_) {
    bytes += use.written.capacity() * sizeof(std::string);
    for (const std::string& text : use.written) bytes += text.capacity() > 15 ? text.capacity() : 0;
  }
  return bytes;
}

}  // namespace cluehound::rules
