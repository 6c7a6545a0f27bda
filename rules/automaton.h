#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/sign_text.h"

namespace cluehound::rules {

// Finds all occurrences, overlapping ones too, of many literals in one pass over a folded text: a
// bitmap of the two characters with which literals begin (of the three, where they are ASCII), and
// behind it a trie (double array with tails after Aoe 1989, over classes of characters, not
// bytes): where one literal only is left, the rest of it is compared as it stands. Most places of a
// text end at the bitmap, which stays in the nearest caches; following every character through an
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
    std::vector<uint64_t> rest;    // and where others may begin
  };

  Automaton() = default;
  // `first`: for each literal whether FindFirst() looks for it; empty: for all.
  // REQUIRES: the literals are valid UTF-8, not empty, and no two are equal.
  static Automaton Build(const std::vector<std::string>& literals,
                         const std::vector<bool>& first = {});

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
    Filter(const std::vector<std::string>& literals, const std::vector<bool>& first);
    // Bit k: a literal may begin at `begin` + k. Of 64 places, without a branch.
    struct Places {
      uint64_t first = 0, rest = 0;
    };
    Places MayBegin(const SignText& text, size_t begin) const;
    // The literals of one character, which MayBegin() leaves out.
    Places Singles(const SignText& text, size_t begin) const;
    bool has_first_single() const { return has_first_single_; }
    bool has_single() const { return !single_.empty(); }
    // And whether one may go on at the third character: most are no name, but begin like one.
    bool MayGoOn(const SignText& text, size_t begin) const {
      const uint32_t a = text.sign(begin), b = text.sign(begin + 1), c = text.sign(begin + 2);
      const bool single = !single_.empty() && (At(single_, a & 0xFFFF) & 3) != 0;
      return (a | b) < 0x80 || single || HasThird(a, b, c) || HasThird(a, b, kAnyThird);
    }
    size_t MemoryBytes() const {
      return (bits_.capacity() + single_.capacity() + thirds_.capacity()) * 8;
    }

   private:
    // Of two characters, and behind two ASCII ones of the third, if that is one too.
    uint32_t Of(uint32_t a, uint32_t b, uint32_t c) const {
      const uint32_t third = (a | b) < 0x80 ? std::min(c, kNotAscii) + 1 : 0;
      return ((a * 0x2C1B3C6Du ^ b) * 0x9E3779B1u + third * 0x85EBCA77u) >> shift_;
    }
    static constexpr uint32_t kNotAscii = 0x80;
    // Two bits: for the first literals, for the others.
    static uint64_t At(const std::vector<uint64_t>& bits, uint32_t at) {
      return bits[at >> 5] >> (at << 1 & 63);
    }
    static void Set(std::vector<uint64_t>& bits, uint32_t at, bool first) {
      bits[at >> 5] |= uint64_t{first ? 1u : 2u} << (at << 1 & 63);
    }
    static constexpr uint32_t kAnyThird = ~0u;
    uint32_t OfThird(uint32_t a, uint32_t b, uint32_t c) const {
      return ((a * 0x2C1B3C6Du ^ b) * 0x9E3779B1u ^ c * 0x85EBCA77u) * 0x9E3779B1u >> shift_;
    }
    bool HasThird(uint32_t a, uint32_t b, uint32_t c) const {
      const uint32_t at = OfThird(a, b, c);
      return thirds_[at >> 6] >> (at & 63) & 1;
    }
    void Add(std::string_view literal, bool first);

    std::vector<uint64_t> bits_;
    std::vector<uint64_t> thirds_;  // three characters, or two and any third
    std::vector<uint64_t> single_;  // literals of one character, modulo 2^16; empty: none
    bool has_first_single_ = false;
    int shift_ = 26;
  };

  uint32_t ClassOf(char32_t c) const;
  void WalkAll(const SignText& text, size_t block, uint64_t places,
               std::vector<Match>& matches) const;
  void Walk(const SignText& text, size_t begin, std::vector<Match>& matches) const;
  std::string_view Literal(uint32_t i) const {
    return std::string_view(bytes_).substr(offsets_[i], offsets_[i + 1] - offsets_[i]);
  }

  std::vector<uint16_t> class_index_;  // page of 128 characters -> offset into class_pages_ / 128
  std::vector<uint32_t> class_pages_;  // 0: in no literal
  std::vector<uint32_t> root_;         // class -> state; the root's own transitions
  std::vector<State> states_;          // state 0 is the root
  std::string bytes_;                  // the literals, one after the other
  std::vector<uint32_t> offsets_;      // of each in bytes_; one more at the end
  size_t used_states_ = 0;
  Filter filter_;
};

}  // namespace cluehound::rules
