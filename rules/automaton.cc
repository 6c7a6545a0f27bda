#include "rules/automaton.h"

#include <numeric>

#include "base/text.h"

namespace cluehound::rules {
namespace {

constexpr size_t kPage = 128;

// The character at `pos` of valid UTF-8.
inline char32_t DecodeValid(const char* text, size_t& pos) {
  const auto at = [&](size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[pos + i]));
  };
  const char32_t lead = at(0);
  if (lead < 0x80) {
    pos += 1;
    return lead;
  }
  if (lead < 0xE0) {
    const char32_t c = (lead & 0x1F) << 6 | (at(1) & 0x3F);
    pos += 2;
    return c;
  }
  if (lead < 0xF0) {
    const char32_t c = (lead & 0x0F) << 12 | (at(1) & 0x3F) << 6 | (at(2) & 0x3F);
    pos += 3;
    return c;
  }
  const char32_t c =
      (lead & 0x07) << 18 | (at(1) & 0x3F) << 12 | (at(2) & 0x3F) << 6 | (at(3) & 0x3F);
  pos += 4;
  return c;
}

}  // namespace

class Automaton::Builder {
 public:
  explicit Builder(const std::vector<std::string>& literals) : literals_(literals) {}

  Automaton Build() {
    AssignClasses();
    SpellLiterals();
    Place();
    Link();
    return std::move(a_);
  }

 private:
  // A state of the trie while it is being built: the literals [begin, end) in sorted order share
  // its first `depth` characters.
  struct Node {
    uint32_t state;
    uint32_t begin;
    uint32_t end;
    uint32_t depth;
  };

  // Frequent characters get small classes, which packs the double array better.
  void AssignClasses() {
    std::vector<uint32_t> count(0x110000);
    for (const std::string& literal : literals_) {
      for (size_t pos = 0; pos < literal.size();) ++count[DecodeUtf8(literal, pos)];
    }
    std::vector<char32_t> used;
    for (char32_t c = 0; c < count.size(); ++c) {
      if (count[c] > 0) used.push_back(c);
    }
    std::stable_sort(used.begin(), used.end(),
                     [&](char32_t a, char32_t b) { return count[a] > count[b]; });
    a_.class_index_.assign(0x110000 / kPage, 0);
    a_.class_pages_.assign(kPage, 0);  // page 0: nothing
    uint32_t next = 1;
    for (const char32_t c : used) {
      uint16_t& page = a_.class_index_[c / kPage];
      if (page == 0) {
        page = static_cast<uint16_t>(a_.class_pages_.size() / kPage);
        a_.class_pages_.resize(a_.class_pages_.size() + kPage, 0);
      }
      a_.class_pages_[page * kPage + c % kPage] = next++;
    }
    classes_ = next;
  }

  void SpellLiterals() {
    spelled_.resize(literals_.size());
    for (size_t i = 0; i < literals_.size(); ++i) {
      for (size_t pos = 0; pos < literals_[i].size();)
        spelled_[i].push_back(a_.ClassOf(DecodeUtf8(literals_[i], pos)));
      a_.lengths_.push_back(static_cast<uint32_t>(literals_[i].size()));
    }
    order_.resize(literals_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::sort(order_.begin(), order_.end(),
              [&](uint32_t x, uint32_t y) { return spelled_[x] < spelled_[y]; });
  }

  // Breadth first, so that a state's suffixes are placed before it.
  void Place() {
    a_.states_.resize(1);
    a_.states_[0].parent = 0;
    a_.root_.assign(classes_, {});
    a_.outputs_.resize(1);
    nodes_.push_back({0, 0, static_cast<uint32_t>(order_.size()), 0});
    for (size_t i = 0; i < nodes_.size(); ++i) PlaceChildren(nodes_[i]);
    // Reading base + class must stay inside the array for every state and class.
    a_.states_.resize(a_.states_.size() + classes_);
    a_.used_states_ = nodes_.size();
  }

  void PlaceChildren(Node node) {
    uint32_t i = node.begin;
    // A literal that ends here sorts first.
    if (node.depth > 0 && spelled_[order_[i]].size() == node.depth) {
      a_.states_[node.state].output = static_cast<uint32_t>(a_.outputs_.size());
      a_.outputs_.push_back({order_[i], 0});
      ++i;
    }
    std::vector<Node> children;
    std::vector<uint32_t> classes;
    while (i < node.end) {
      const uint32_t c = spelled_[order_[i]][node.depth];
      const uint32_t begin = i;
      while (i < node.end && spelled_[order_[i]][node.depth] == c) ++i;
      children.push_back({0, begin, i, node.depth + 1});
      classes.push_back(c);
    }
    if (children.empty()) return;
    const uint32_t base = FindBase(classes);
    a_.states_[node.state].base = base;
    for (size_t k = 0; k < children.size(); ++k) {
      children[k].state = base + classes[k];
      a_.states_[children[k].state].parent = node.state;
      if (node.depth == 0) a_.root_[classes[k]].state = children[k].state;
      nodes_.push_back(children[k]);
      reached_by_.push_back(classes[k]);
    }
  }

  // The first base at which all places are free. `first_free_` moves on where the array is dense,
  // so that the search stays short.
  uint32_t FindBase(const std::vector<uint32_t>& classes) {
    while (first_free_ < a_.states_.size() && a_.states_[first_free_].parent != kFree)
      ++first_free_;
    size_t tried = 0;
    for (size_t place = std::max<size_t>(first_free_, classes[0] + size_t{1});; ++place) {
      Grow(place + classes_ + 1);
      if (a_.states_[place].parent != kFree) continue;
      const size_t base = place - classes[0];
      const bool fits = std::all_of(classes.begin(), classes.end(), [&](uint32_t c) {
        return a_.states_[base + c].parent == kFree;
      });
      if (fits) return static_cast<uint32_t>(base);
      // Give up the gaps behind us once they have proved too small many times.
      if (++tried > kPatience) first_free_ = std::max(first_free_, place - kPatience / 2);
    }
  }
  static constexpr size_t kPatience = 2000;

  void Grow(size_t size) {
    if (size > a_.states_.size()) a_.states_.resize(std::max(size, a_.states_.size() * 3 / 2));
  }

  void Link() {
    for (size_t i = 1; i < nodes_.size(); ++i) {
      State& state = a_.states_[nodes_[i].state];
      const uint32_t c = reached_by_[i - 1];
      if (nodes_[i].depth > 1) state.fail = Suffix(state.parent, c);
      const uint32_t shorter = a_.states_[state.fail].output;
      if (state.output == 0) {
        state.output = shorter;
      } else {
        a_.outputs_[state.output].next = shorter;
      }
    }
    for (First& first : a_.root_) {
      if (first.state == 0) continue;
      first.base = a_.states_[first.state].base;
      first.output = a_.states_[first.state].output;
    }
  }

  uint32_t Suffix(uint32_t parent, uint32_t c) const {
    uint32_t s = parent;
    while (s != 0) {
      s = a_.states_[s].fail;
      if (s == 0) break;
      const uint32_t child = a_.states_[s].base + c;
      if (a_.states_[child].parent == s) return child;
    }
    return a_.root_[c].state;
  }

  const std::vector<std::string>& literals_;
  Automaton a_;
  uint32_t classes_ = 1;
  std::vector<std::vector<uint32_t>> spelled_;
  std::vector<uint32_t> order_;
  std::vector<Node> nodes_;
  std::vector<uint32_t> reached_by_;  // class that leads to nodes_[i + 1]
  size_t first_free_ = 1;
};

Automaton Automaton::Build(const std::vector<std::string>& literals) {
  return Builder(literals).Build();
}

uint32_t Automaton::ClassOf(char32_t c) const {
  return class_pages_[size_t{class_index_[c / kPage]} * kPage + c % kPage];
}

void Automaton::Find(std::string_view text, std::vector<Match>& matches) const {
  if (lengths_.empty()) return;
  const State* states = states_.data();
  // Most characters lead to a state of depth one or none, which the root's table describes: only
  // deeper ones are read from the array.
  uint32_t s = 0, base = 0, output = 0;
  bool shallow = true;
  for (size_t pos = 0; pos < text.size();) {
    const uint32_t c = ClassOf(DecodeValid(text.data(), pos));
    if (c == 0) {
      s = 0;
      continue;
    }
    while (true) {
      if (s != 0) {
        const uint32_t child = base + c;
        if (states[child].parent == s) {
          s = child;
          base = states[s].base;
          output = states[s].output;
          shallow = false;
          break;
        }
        if (!shallow) {
          s = states[s].fail;
          base = states[s].base;
          continue;
        }
      }
      s = root_[c].state;
      base = root_[c].base;
      output = root_[c].output;
      shallow = true;
      break;
    }
    for (uint32_t o = output; o != 0; o = outputs_[o].next) {
      const uint32_t literal = outputs_[o].literal;
      const auto end = static_cast<uint32_t>(pos);
      matches.push_back({literal, end - lengths_[literal], end});
    }
  }
}

size_t Automaton::MemoryBytes() const {
  return class_index_.capacity() * sizeof(uint16_t) + class_pages_.capacity() * sizeof(uint32_t) +
         root_.capacity() * sizeof(First) + states_.capacity() * sizeof(State) +
         outputs_.capacity() * sizeof(Output) + lengths_.capacity() * sizeof(uint32_t);
}

}  // namespace cluehound::rules
