#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cluehound::rules {

// Finds all occurrences, overlapping ones too, of many literals in one pass over a folded text
// (Aho and Corasick 1975; double array after Aoe 1989, over classes of characters, not bytes).
//
// Thread-safety: immutable once built. Cost: linear in the text and the number of matches.
// Memory: about 20 bytes for every character of the literals that is not in a shared prefix.
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
    uint32_t fail = 0;    // the longest proper suffix that is a state too
    uint32_t output = 0;  // this state, or the nearest suffix state, at which a literal ends; or 0
  };
  struct Output {
    uint32_t literal = 0;
    uint32_t next = 0;  // index into outputs_ of the next shorter literal that ends here; or 0
  };
  static constexpr uint32_t kFree = ~0u;

  uint32_t ClassOf(char32_t c) const;

  std::vector<uint16_t> class_index_;  // page of 128 characters -> offset into class_pages_ / 128
  std::vector<uint32_t> class_pages_;  // 0: in no literal
  // The root's own transitions, by class, with what most texts then ask of the state.
  struct First {
    uint32_t state = 0;
    uint32_t base = 0;
    uint32_t output = 0;
  };
  std::vector<First> root_;
  std::vector<State> states_;      // state 0 is the root
  std::vector<Output> outputs_;    // entry 0 is unused
  std::vector<uint32_t> lengths_;  // of the literals, in bytes
  size_t used_states_ = 0;
};

}  // namespace cluehound::rules
