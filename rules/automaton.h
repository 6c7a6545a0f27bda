#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::rules {

// Finds all occurrences, overlapping ones too, of many literals in one pass over a folded text: a
// bitmap of the two characters with which literals begin (of the three bytes, where they are
// ASCII), and behind it a trie (double array after Aoe 1989, over classes of characters, not
// bytes). Most places of a text end at the bitmap, which stays in the nearest caches; following
// every character through an automaton's states costs three times as much.
//
// Thread-safety: immutable once built. Cost: linear in the text, times the length of a literal
// where a text repeats the beginning of one without end.
// Memory: about 12 bytes for every character of the literals that is not in a shared prefix.
class Automaton {
 public:
  struct Match {
    uint32_t literal;  // index into the vector that Build() got
    uint32_t begin;    // bytes
    uint32_t end;
  };

  Automaton() = default;
  // REQUIRES: the literals are valid UTF-8, not empty, and no two are equal.
  static Automaton Build(const std::vector<std::string>& literals);

  // Appends the matches in order of their ends; of those that end together, the longest first.
  // REQUIRES: `text` is valid UTF-8.
  void Find(std::string_view text, std::vector<Match>& matches) const;

  size_t literals() const { return lengths_.size(); }
  size_t states() const { return used_states_; }
  size_t MemoryBytes() const;

 private:
  class Builder;

  // A state's children lie at base + class, and only those that name it as their parent are its.
  struct State {
    uint32_t base = 0;
    uint32_t parent = kFree;
    uint32_t literal = kNone;  // the one that ends here
  };
  static constexpr uint32_t kFree = ~0u;
  static constexpr uint32_t kNone = ~0u;

  // Says where no literal can begin.
  class Filter {
   public:
    Filter() = default;
    explicit Filter(const std::vector<std::string>& literals);
    // `after` stands behind `c` at `next`, 0 at the end of the text.
    bool MayBegin(std::string_view text, char32_t c, size_t next, char32_t after) const {
      if ((alone_[(c >> 6) & 0x3FF] >> (c & 63)) & 1) return true;
      if ((c | after) >= 0x80) return HasBit(OfPair(c, after));
      return HasBit(OfThree(c, after, next + 1 < text.size() ? text[next + 1] : '\0'));
    }

    size_t MemoryBytes() const { return (bits_.capacity() + alone_.capacity()) * 8; }

   private:
    uint32_t OfPair(char32_t a, char32_t b) const {
      return static_cast<uint32_t>((a * 0x2C1B3C6Du ^ b) * 0x9E3779B1u) >> shift_;
    }
    uint32_t OfThree(char32_t a, char32_t b, char c) const {
      return static_cast<uint32_t>((a << 16 | b << 8 | static_cast<unsigned char>(c)) *
                                   0x9E3779B1u) >>
             shift_;
    }
    bool HasBit(uint32_t at) const { return (bits_[at >> 6] >> (at & 63)) & 1; }
    void SetBit(uint32_t at) { bits_[at >> 6] |= uint64_t{1} << (at & 63); }
    void Add(std::string_view literal);

    std::vector<uint64_t> bits_;
    std::vector<uint64_t> alone_;  // characters that are a literal, modulo 2^16
    int shift_ = 26;
  };

  uint32_t ClassOf(char32_t c) const;
  void Walk(std::string_view text, size_t begin, std::vector<Match>& matches) const;

  std::vector<uint16_t> class_index_;  // page of 128 characters -> offset into class_pages_ / 128
  std::vector<uint32_t> class_pages_;  // 0: in no literal
  std::vector<uint32_t> root_;         // class -> state; the root's own transitions
  std::vector<State> states_;          // state 0 is the root
  std::vector<uint32_t> lengths_;      // of the literals, in bytes
  size_t used_states_ = 0;
  Filter filter_;
};

}  // namespace cluehound::rules
