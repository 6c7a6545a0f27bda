#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/hash_table.h"
#include "rules/sieve.h"
#include "rules/sign_text.h"
#include "rules/variant.h"

namespace cluehound::rules {

// Finds the disguised spellings of many names in one pass over a text. Two neighbouring signs of
// each name, as rare ones as it has, are looked up by a hash (for letters: the first four of a
// word; for sounds: two syllables); where they stand the name is read (rules/variant.h).
//
// Thread-safety: immutable once built. Cost: linear in the text, some nanoseconds for a character
// that begins nothing.
// Memory: about 60 bytes for a name at medium; look-alikes and parts at high take some hundred more.
class VariantIndex {
 public:
  struct Found {
    uint32_t name;  // what Add() got
    VariantReading reading;
  };

  class Builder {
   public:
    // `folded`: the name, folded. `name` comes back with what is found of it.
    // REQUIRES: names never become less from call to call.
    void Add(std::string_view folded, FoldSet folds, uint32_t name);
    VariantIndex Build();

   private:
    struct Key {
      uint32_t hash = 0;
      uint32_t term = ~0u;  // none: no key
      VariantKind kind = VariantKind::kPlain;
      unsigned char at : 7 = 0;  // the sign of the name with which the two begin
      bool behind : 1 = false;
      char16_t beside = 0;  // the sign right behind the two, else before them, if it is a Han one

      bool used() const { return term != ~0u; }
    };
    friend class VariantIndex;
    Key MakeKey(uint32_t hash, uint32_t term, size_t at, VariantKind kind) const;
    void AddWords(uint32_t term, VariantKind kind);
    void AddPairs(uint32_t term);
    void AddPlain(uint32_t term);
    void AddSound(uint32_t term);
    void AddLoneSound(uint32_t term);
    void AddShape(uint32_t term);
    void AddSplit(uint32_t term);
    void AddSwap(uint32_t term);
    void AddDigits(char32_t a, char32_t b, uint32_t term, size_t at);
    void AddPair(char32_t a, char32_t b, uint32_t term, size_t at, VariantKind kind);

    std::vector<VariantTerm> terms_;
    std::vector<uint32_t> names_;
    std::vector<Key> words_, pairs_, sounds_;
    std::vector<uint64_t> two_letters_, sound_bits_;
    std::vector<uint32_t> three_letters_;  // hashes
  };

  // Appends what stands in the text, each reading once, in no order. `reader` is scratch.
  // REQUIRES: `signs` is of text.folded
  void Find(const VariantText& text, const SignText& signs, VariantReader& reader,
            std::vector<Found>& found) const;

  // The pieces of a reading of `name` that Find() found in the same text; the reader's until it
  // reads again.
  const std::vector<VariantPiece>& Reread(const VariantText& text, uint32_t name, uint32_t begin,
                                          uint32_t end, FoldSet folds, VariantReader& reader) const;

  bool empty() const { return terms_.empty(); }
  size_t MemoryBytes() const;

 private:
  using Key = Builder::Key;

  // Keys by hash, with a sieve before them that most texts do not get past.
  class KeyMap {
   public:
    void Build(std::vector<Key> keys);
    uint32_t MayHave(uint32_t hash) const { return sieve_.MayHave(hash); }
    // Bit k: MayHave() of the pair of signs k and k + 1, unless both are ASCII; for k < count <= 64.
    // Without a branch. REQUIRES: 65 signs can be read
    uint64_t MayHavePairs(const uint32_t* signs, size_t count) const;
    template <class F>
    void ForEach(uint32_t hash, const F& visit) const {
      keys_.ForEach(hash, visit);
    }
    bool empty() const { return keys_.empty(); }
    size_t MemoryBytes() const { return keys_.MemoryBytes() + sieve_.MemoryBytes(); }

   private:
    HashTable<Key> keys_;
    Sieve sieve_;
  };

  class Scan;

  std::vector<VariantTerm> terms_;
  std::vector<uint32_t> names_;  // of the terms
  KeyMap words_, pairs_, sounds_;
  std::vector<uint64_t> two_letters_;  // a bit for two that are all that is looked up of a word
  Sieve three_letters_;                // and three
  std::vector<uint64_t> sound_bits_;   // a bit for two syllables that are looked up
};

}  // namespace cluehound::rules
