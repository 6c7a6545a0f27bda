#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/sieve.h"
#include "rules/sign_text.h"

namespace cluehound::rules {

// Finds all occurrences, overlapping ones too, of many literals in one pass over a folded text: a
// sieve of the two characters with which literals begin (of the three, where they are ASCII), and
// behind it a trie (double array with tails after Aoe 1989, over classes of characters, not
// bytes): where one literal only is left, the rest of it is compared as it stands. Most places of a
// text end at the sieve, which stays in the nearest caches; following every character through an
// automaton's states costs three times as much.
//
// Thread-safety: immutable once built. Cost: linear in the text, times the length of a literal
// where a text repeats the beginning of one without end.
// Memory: the literals, and about 12 bytes for every character in which two of them differ.
class Automaton {
 public:
  struct Match {
    uint32_t literal;  // index into the vector that Build() got
    uint32_t begin;    // bytes
    uint32_t end;
  };

  // One text on its way from FindFirst() to FindRest(). Meant to be reused.
  struct Search {
    std::vector<Match> matches;
    std::vector<uint64_t> walked;  // places, a bit each, where literals were looked for
  };

  Automaton() = default;
  struct Literal {
    std::string text;
    bool first = true;     // FindFirst() looks for it
    bool at_word = false;  // not wanted inside a word: where it begins with an ASCII letter right
                           // behind one, nor with a digit behind one; may be found there, too
  };
  // REQUIRES: the literals are valid UTF-8, not empty, and no two are equal.
  static Automaton Build(const std::vector<Literal>& literals);

  // Finds the first literals, and perhaps others, in no order.
  void FindFirst(const SignText& text, Search& search) const;
  // Then all: in order of their ends; of those that end together, the longest first.
  void FindRest(const SignText& text, Search& search) const;

  size_t literals() const { return offsets_.empty() ? 0 : offsets_.size() - 1; }
  size_t states() const { return used_states_; }
  size_t MemoryBytes() const;

 private:
  class Builder;

  // A state's children lie at base + class, and only those that name it as their parent are its.
  struct State {
    uint32_t base = 0;  // kTail: only the rest of `literal` follows
    uint32_t parent = kFree;
    uint32_t literal = kNone;  // the one that ends here
  };
  static constexpr uint32_t kFree = ~0u;
  static constexpr uint32_t kNone = ~0u;
  static constexpr uint32_t kTail = ~0u;

  // Says where no literal can begin.
  class Filter {
   public:
    Filter() = default;
    // Of those that FindFirst() looks for, or of the others.
    Filter(const std::vector<Literal>& literals, bool first);
    // Bit k: a literal may begin at `begin` + k. Of 64 places.
    uint64_t MayBegin(const SignText& text, size_t begin) const;
    size_t MemoryBytes() const {
      return begins_.MemoryBytes() + inside_.MemoryBytes() + longer_.MemoryBytes() +
             single_.capacity() * sizeof(uint32_t);
    }

   private:
    void Add(const Literal& literal);
    uint64_t Begins(const SignText& text, size_t begin) const;
    uint64_t Singles(const SignText& text, size_t begin) const;
    bool MayGoOn(const uint32_t* signs) const;

    Sieve begins_;                  // the first two characters, of ASCII ones three
    Sieve inside_;                  // of those that are wanted inside words
    Sieve longer_;                  // one more, or that there is none
    std::vector<uint32_t> single_;  // literals of one character, modulo kSingles; empty: none
    static constexpr uint32_t kSingles = 4096;
  };

  uint32_t ClassOf(char32_t c) const;
  void WalkAll(const SignText& text, size_t block, uint64_t places,
               std::vector<Match>& matches) const;
  void Walk(const SignText& text, size_t begin, std::vector<Match>& matches) const;
  std::string_view TextOf(uint32_t i) const {
    return std::string_view(bytes_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }

  std::vector<uint16_t> class_index_;  // page of 128 characters -> offset into class_pages_ / 128
  std::vector<uint32_t> class_pages_;  // 0: in no literal
  std::vector<uint32_t> root_;         // class -> state; the root's own transitions
  std::vector<State> states_;          // state 0 is the root
  std::string bytes_;                  // the literals, one after the other
  std::vector<uint32_t> offsets_;      // of each in bytes_; one more at the end
  size_t used_states_ = 0;
  Filter first_, rest_;
};

}  // namespace cluehound::rules
