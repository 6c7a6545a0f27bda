#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/hash_table.h"
#include "rules/sieve.h"
#include "rules/sign_text.h"

namespace cluehound::rules {

// Finds all occurrences, overlapping ones too, of many literals in one pass over a folded text. What
// an automaton does state by state is done here by looking at where literals begin: a sieve of the
// first two characters (three, where they are ASCII) and a second one of one character more, which
// most places of a text do not get past; then the literals that begin so, by hash. Following every
// character through an automaton's states costs three times as much: each is a miss in the caches.
//
// Thread-safety: immutable once built. Cost: linear in the text, times the length of a literal
// where a text repeats the beginning of one without end.
// Memory: the literals, and about 50 bytes for each.
class Automaton {
 public:
  struct Match {
    uint32_t literal;  // index into the vector that Build() got
    uint32_t begin;    // bytes
    uint32_t end;
  };

  struct Literal {
    std::string text;
    bool first = true;     // FindFirst() looks for it
    bool at_word = false;  // not wanted inside a word: where it begins with an ASCII letter right
                           // behind one, nor with a digit behind one
  };
  // REQUIRES: the literals are valid UTF-8, not empty, and no two are equal.
  static Automaton Build(const std::vector<Literal>& literals);

  // Appends where the first literals stand, in no order.
  void FindFirst(const SignText& text, std::vector<Match>& matches) const {
    first_.Find(text, matches);
  }
  // Appends where the others stand, in no order.
  void FindRest(const SignText& text, std::vector<Match>& matches) const {
    rest_.Find(text, matches);
  }
  // By their ends; of those that end together, the longest comes first.
  static void Sort(std::vector<Match>& matches);

  size_t literals() const { return first_.size() + rest_.size(); }
  size_t MemoryBytes() const { return first_.MemoryBytes() + rest_.MemoryBytes(); }

 private:
  // The first literals, or the others.
  class Part {
   public:
    Part() = default;
    Part(const std::vector<Literal>& literals, bool first);
    void Find(const SignText& text, std::vector<Match>& matches) const;
    size_t size() const { return sorted_.size(); }
    size_t MemoryBytes() const;

   private:
    // The literals of one hash: [begin, end) of sorted_.
    struct Group {
      uint32_t hash = 0;
      uint32_t begin = 0, end = 0;
      bool used() const { return end != 0; }
    };
    struct Sorted {
      uint32_t offset;  // into bytes_
      uint32_t length;
      uint32_t prefix;   // the longest other one of the group that this one begins with
      uint32_t literal;  // as Build() got it
    };
    uint32_t Add(const Literal& literal);
    uint64_t Begins(const SignText& text, size_t begin) const;
    uint64_t Singles(const SignText& text, size_t begin) const;
    // The literals of one hash may stand at the sign `begin`.
    struct Place {
      uint32_t hash, begin;
    };
    size_t Longer(const SignText& text, size_t block, uint64_t begins, Place* places) const;
    void FindGroup(Place place, const SignText& text, std::vector<Match>& matches) const;
    std::string_view TextOf(const Sorted& sorted) const {
      return std::string_view(bytes_).substr(sorted.offset, sorted.length);
    }

    Sieve begins_;                  // the first two characters, of ASCII ones three
    Sieve inside_;                  // of those that are wanted inside words
    Sieve longer_;                  // the hashes of the groups
    std::vector<uint32_t> single_;  // bits of literals of one character, modulo; empty: none
    HashTable<Group> groups_;
    std::vector<Sorted> sorted_;  // by group, and there by text
    std::string bytes_;
    static constexpr uint32_t kNone = ~0u;
    static constexpr uint32_t kSingles = 4096;
  };

  Part first_, rest_;
};

}  // namespace cluehound::rules
