#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/listing.h"
#include "rules/folding.h"
#include "rules/vocabulary.h"

namespace cluehound::rules {

// A listing as the rules see it: its fields folded, and every literal found in them. Meant to be
// reused: Read() keeps the buffers. Not thread-safe. Holds views of the listing.
class Reading {
 public:
  // `bare`: the listing is a text of which nothing else is known (`match`). Its wording may then
  // stand in `text` alone, and is read as a title is.
  // REQUIRES: `vocabulary` and `listing` outlive what is asked of the reading.
  void Read(const Vocabulary& vocabulary, const extractors::Listing& listing, bool bare) {
    Skim(vocabulary, listing, bare);
    Read();
  }
  // The same in steps, each of which may say that the next one can be spared. False: nothing that any
  // rule waits for stands in the listing.
  bool Skim(const Vocabulary& vocabulary, const extractors::Listing& listing, bool bare);
  // Only what says which rules are worth a look: found(), Lists() and MayBeDisguised(), Marks() after
  // Sort(). True: that is all there is of marks, and of the words that tell which of them count.
  bool ReadEarly();
  void Read();

  // Drops the occurrences that an except phrase overlaps, and sorts the rest for the queries below.
  // Separate, because most listings hold nothing that any rule waits for.
  void Sort();

  // Before Sort(): in order of fields, nothing cancelled.
  const Vocabulary::Found& found() const { return found_; }

  // False when no mark stands there in a spelling that only hides it. Constant time.
  bool MayBeDisguised() const { return may_be_disguised_; }
  // False when no word of the list stands in any field. Constant time.
  bool MayHave(uint32_t list) const { return list < seen_.size() && seen_[list] == round_; }

  // Those of which one does.
  const std::vector<uint32_t>& Lists() const { return lists_; }
  // After Sort(): of the list, by field and place.
  std::span<const Occurrence> Words(uint32_t list) const {
    return MayHave(list) ? FindWords(list) : std::span<const Occurrence>();
  }
  // One of them does, in one of the fields.
  bool HasWord(uint32_t list, FieldSet fields) const;
  // By mark, field and place; of several that begin together the longest first.
  std::span<const Occurrence> Marks() const { return found_.marks; }
  // By field and place.
  std::span<const Occurrence> Places() const { return found_.places; }

  bool Has(Field field) const { return !originals_[Index(field)].empty(); }
  std::string_view Folded(Field field) const {
    return Has(field) ? folded_[Index(field)].text() : std::string_view();
  }
  const FoldedText& Text(Field field) const { return folded_[Index(field)]; }
  std::string_view Written(Field field) const { return originals_[Index(field)]; }
  // The bytes of the listing's own field behind a piece of the folded one.
  Slice Original(Field field, Slice folded) const {
    return folded_[Index(field)].Original(folded.begin, folded.end);
  }
  std::string_view OriginalText(Field field, Slice original) const {
    return originals_[Index(field)].substr(original.begin, original.end - original.begin);
  }
  // The listing's name for the field: a bare text's title is its "text".
  std::string_view FieldName(Field field) const {
    return bare_ && field == Field::kTitle ? Name(Field::kText) : Name(field);
  }

 private:
  static size_t Index(Field field) { return static_cast<size_t>(field); }
  bool SkimField(Field field, std::string_view text);
  void Note();
  std::span<const Occurrence> FindWords(uint32_t list) const;
  void CancelWords() const;
  bool IsCancelled(const Occurrence& occurrence, uint32_t group) const;
  void Cancel(std::vector<Occurrence>& occurrences) const;

  const Vocabulary* vocabulary_ = nullptr;
  bool bare_ = false;
  std::array<std::string_view, kFieldCount> originals_;
  std::array<FoldedText, kFieldCount> folded_;
  std::array<Vocabulary::Skimmed, kFieldCount> skimmed_;
  VariantReader variants_;
  std::string merchants_;  // joined
  mutable Vocabulary::Found
      found_;  // its words are cancelled and sorted when that is first asked for
  mutable bool words_cancelled_ = false, words_sorted_ = false;
  bool may_be_disguised_ = false;
  // By list: the round in which one of its words was last found. Saves a search for the many lists
  // of which nothing stands in a listing.
  std::vector<uint32_t> seen_;
  std::vector<uint32_t> lists_;
  uint32_t round_ = 0;
};

// Those of `sorted` (of one mark, list or all places, by field and place) that begin in
// [begin, end) of the field. What asks about neighbours asks it of a window, so that a text full of
// them costs no more than its length.
std::span<const Occurrence> Window(std::span<const Occurrence> sorted, Field field, size_t begin,
                                   size_t end);

// A bound on the bytes of a literal, to begin a window before what it may reach into.
inline constexpr size_t kMaxLiteralBytes = 400;
// `bytes` before `place`, or the beginning.
inline size_t Before(size_t place, size_t bytes) { return place > bytes ? place - bytes : 0; }

// Characters of a valid UTF-8 text.
int CountCharacters(std::string_view text);

}  // namespace cluehound::rules
