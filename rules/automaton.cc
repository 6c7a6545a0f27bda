#include "rules/automaton.h"

#include <algorithm>
#include <numeric>
#include <tuple>

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
    a_.filter_ = Filter(literals_);
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

  // Breadth first: states near the root lie together.
  void Place() {
    a_.states_.resize(1);
    a_.states_[0].parent = 0;
    a_.root_.assign(classes_, {});
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
      a_.states_[node.state].literal = order_[i];
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
      if (node.depth == 0) a_.root_[classes[k]] = children[k].state;
      nodes_.push_back(children[k]);
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

  const std::vector<std::string>& literals_;
  Automaton a_;
  uint32_t classes_ = 1;
  std::vector<std::vector<uint32_t>> spelled_;
  std::vector<uint32_t> order_;
  std::vector<Node> nodes_;
  size_t first_free_ = 1;
};

Automaton Automaton::Build(const std::vector<std::string>& literals) {
  return Builder(literals).Build();
}

uint32_t Automaton::ClassOf(char32_t c) const {
  return class_pages_[size_t{class_index_[c / kPage]} * kPage + c % kPage];
}

Automaton::Filter::Filter(const std::vector<std::string>& literals) {
  const auto is_pair = [](const std::string& literal) {
    return literal.size() == 2 && static_cast<unsigned char>(literal[0]) < 0x80;
  };
  const auto pairs = static_cast<size_t>(std::count_if(literals.begin(), literals.end(), is_pair));
  const size_t entries = literals.size() + pairs * 256;
  int bits = 12;
  while (bits < 20 && (size_t{1} << bits) < entries * 16) ++bits;
  shift_ = 32 - bits;
  bits_.assign((size_t{1} << bits) / 64, 0);
  alone_.assign(0x400, 0);
  for (const std::string& literal : literals) Add(literal);
}

void Automaton::Filter::Add(std::string_view literal) {
  size_t pos = 0;
  const char32_t a = DecodeValid(literal.data(), pos);
  if (pos == literal.size()) {
    alone_[(a >> 6) & 0x3FF] |= uint64_t{1} << (a & 63);
    return;
  }
  const char32_t b = DecodeValid(literal.data(), pos);
  if ((a | b) >= 0x80) return SetBit(OfPair(a, b));
  if (pos < literal.size()) return SetBit(OfThree(a, b, literal[pos]));
  for (int c = 0; c < 256; ++c) SetBit(OfThree(a, b, static_cast<char>(c)));
}

void Automaton::Find(std::string_view text, std::vector<Match>& matches) const {
  if (lengths_.empty() || text.empty()) return;
  const size_t first = matches.size();
  size_t next = 0;
  char32_t c = DecodeValid(text.data(), next);
  for (size_t pos = 0; pos < text.size();) {
    size_t behind = next;
    const char32_t after = next < text.size() ? DecodeValid(text.data(), behind) : 0;
    if (filter_.MayBegin(text, c, next, after)) Walk(text, pos, matches);
    if (next == text.size()) break;
    pos = next;
    next = behind;
    c = after;
  }
  const auto order = [](const Match& m) { return std::make_tuple(m.end, m.begin); };
  std::sort(matches.begin() + static_cast<ptrdiff_t>(first), matches.end(),
            [&](const Match& a, const Match& b) { return order(a) < order(b); });
}

// Appends the literals that begin at `begin`.
void Automaton::Walk(std::string_view text, size_t begin, std::vector<Match>& matches) const {
  uint32_t s = 0;
  for (size_t pos = begin; pos < text.size();) {
    const uint32_t c = ClassOf(DecodeValid(text.data(), pos));
    if (c == 0) return;
    if (s == 0) {
      s = root_[c];
      if (s == 0) return;
    } else {
      const uint32_t child = states_[s].base + c;
      if (states_[child].parent != s) return;
      s = child;
    }
    if (states_[s].literal != kNone)
      matches.push_back(
          {states_[s].literal, static_cast<uint32_t>(begin), static_cast<uint32_t>(pos)});
  }
}

size_t Automaton::MemoryBytes() const {
  return class_index_.capacity() * sizeof(uint16_t) + class_pages_.capacity() * sizeof(uint32_t) +
         root_.capacity() * sizeof(uint32_t) + states_.capacity() * sizeof(State) +
         lengths_.capacity() * sizeof(uint32_t) + filter_.MemoryBytes();
}

}  // namespace cluehound::rules
