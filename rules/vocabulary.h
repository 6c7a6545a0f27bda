#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/automaton.h"
#include "rules/field.h"
#include "rules/variant_index.h"

namespace cluehound::rules {

// What a literal can mean. One literal may mean several things: a name of a mark, a term of lists,
// a place, a part of a pattern.
enum class Meaning : uint8_t { kMark, kWord, kPlace, kAtom, kExcept };

struct Use {
  Meaning meaning = Meaning::kWord;
  bool in_context = false;           // of a mark: the name counts only beside the mark's context
  bool styled = false;               // of a mark: the name was spelled with a style word inside
  bool cloak = false;                // of a mark: a spelling that only hides it
  bool wakes = false;                // a text with it is worth a look
  bool early = false;                // what it says is asked before a text is read whole
  uint32_t target = 0;               // mark, list, place, atom or except group
  uint32_t group = 0;                // except group that can cancel it; 0: none
  uint32_t own_group = 0;            // a second one
  FoldSet variants = 0;              // of a mark: the folds beside kTableFolds that are allowed
  std::vector<std::string> written;  // the spellings that the rule files give for it
};

// A literal found in a field of a listing, with one of its meanings.
struct Occurrence {
  uint32_t target = 0;
  Field field = Field::kTitle;
  uint32_t begin = 0;  // bytes of the folded field
  uint32_t end = 0;
  uint32_t use = 0;      // index for Vocabulary::use()
  FoldSet variants = 0;  // beside kTableFolds: what it took to read it as the mark's name
  bool weak = false;     // such a reading that counts only beside another sign
  bool sure = false;     // such a reading that can only be disguise
};

// Every literal of a rule set, in one automaton, and the disguised spellings of the marks' names.
// A disguised spelling that overlaps the name as it should be, or another that takes less, is not
// found; only 耐耐克 is, with its repetition. Nor is one of homophones, look-alikes, parts or changed
// places where another mark stands as it should, or a word or place holds what was put in.
//
// ASCII letters and digits at the edge of a name, term or place must also be the edge of a word in
// the text ("fila" is not in "filament", "1:1" not in "1:18"); those of three or fewer may not even
// touch a digit ("lv" is not in "lv2").
//
// Most texts hold nothing that any rule waits for. Skim() says so at a third of what Find() costs.
// Of the others most hold the name of a mark and nothing else that matters, and FindEarly() is
// enough to say so.
//
// Thread-safety: immutable once built.
class Vocabulary {
 public:
  class Builder {
   public:
    // A group of phrases that cancel what they overlap; 0 for none.
    uint32_t AddExceptGroup(const std::vector<std::string>& phrases);
    // `text` as written; folded here. What folds to nothing is left out.
    void Add(std::string_view text, Use use);
    // `literal` already folded.
    void AddAtom(const std::string& literal, uint32_t index, bool wakes, bool early);
    Vocabulary Build();

   private:
    std::vector<Use>& UsesOf(const std::string& literal);

    std::unordered_map<std::string, uint32_t> index_;
    std::vector<std::string> literals_;
    std::vector<std::vector<Use>> uses_;
    uint32_t groups_ = 0;
  };

  // One field on its way from Skim() to Find(). Meant to be reused.
  struct Skimmed {
    SignText signs;
    std::vector<VariantIndex::Found> variants;
    std::vector<Automaton::Match> matches;
  };
  // Whether a literal that wakes, or a disguised spelling, stands in `folded`.
  // REQUIRES: `skimmed.signs` are of `folded`
  bool Skim(const FoldedText& folded, std::string_view original, VariantReader& reader,
            Skimmed& skimmed) const;

  // Appends what stands in `folded`, with its meanings sorted apart, in order. Nothing is cancelled
  // yet.
  struct Found {
    std::vector<Occurrence> marks, words, places, excepts;
    std::vector<int> atoms;

    void Clear();
  };
  // REQUIRES: `skimmed` is what Skim() made of the same text
  void Find(const FoldedText& folded, Field field, Skimmed& skimmed, Found& found) const;
  // Of that: all marks as they should be written, words that wake or are `early`, atoms and excepts;
  // no places, and not all words. True: no disguised spelling is missing, because none is of a kind
  // that words and places have a say in.
  bool FindEarly(const FoldedText& folded, Field field, Skimmed& skimmed, Found& found) const;

  // The folds that an occurrence takes, for the spelling of the rule files that is closest to it.
  FoldSet FoldsOf(const FoldedText& folded, std::string_view original,
                  const Occurrence& occurrence) const;

  const Use& use(uint32_t index) const { return uses_[index]; }
  size_t MemoryBytes() const;

 private:
  struct Edges {
    bool letter_first = false, letter_last = false, digit_first = false, digit_last = false;
    bool strict = false;
    bool wakes = false;           // where it stands as it should,
    bool wakes_anywhere = false;  // or in any way
  };
  static Edges EdgesOf(std::string_view literal);
  void Append(std::string_view folded, Field field, const std::vector<Automaton::Match>& matches,
              Found& found) const;
  void TakeVariants(Field field, std::vector<VariantIndex::Found>& variants, size_t first_mark,
                    size_t first_word, size_t first_place, Found& found) const;
  static FoldSet FoldsOfPieces(const FoldedText& folded, std::string_view original,
                               const std::vector<VariantPiece>& pieces, const std::string& written);
  static bool AtEdge(const Edges& edges, std::string_view text, size_t begin, size_t end);

  Automaton automaton_;
  VariantIndex variants_;
  std::vector<Edges> edges_;         // of each literal
  std::vector<uint32_t> first_use_;  // of each literal; one more at the end
  std::vector<Use> uses_;
  // Of each use what every match asks for: uses are large, and lie apart.
  struct Brief {
    Meaning meaning;
    uint32_t target;
  };
  std::vector<Brief> briefs_;
};

}  // namespace cluehound::rules
