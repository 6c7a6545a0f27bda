#include "rules/automaton.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

#include "base/text.h"
#include "base/vectorised.h"

namespace cluehound::rules {
namespace {

constexpr size_t kPage = 128;

}  // namespace

class Automaton::Builder {
 public:
  explicit Builder(const std::vector<std::string>& literals) : literals_(literals) {}

  Automaton Build(const std::vector<bool>& first) {
    AssignClasses();
    SpellLiterals();
    Place();
    a_.filter_ = Filter(literals_, first);
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
      a_.offsets_.push_back(static_cast<uint32_t>(a_.bytes_.size()));
      a_.bytes_ += literals_[i];
    }
    a_.offsets_.push_back(static_cast<uint32_t>(a_.bytes_.size()));
    a_.bytes_.shrink_to_fit();
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
    if (node.depth > 1 && i + 1 == node.end && spelled_[order_[i]].size() > node.depth) {
      a_.states_[node.state].literal = order_[i];
      a_.states_[node.state].base = kTail;
      return;
    }
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

Automaton Automaton::Build(const std::vector<std::string>& literals,
                           const std::vector<bool>& first) {
  return Builder(literals).Build(first);
}

uint32_t Automaton::ClassOf(char32_t c) const {
  return class_pages_[size_t{class_index_[c / kPage]} * kPage + c % kPage];
}

Automaton::Filter::Filter(const std::vector<std::string>& literals,
                          const std::vector<bool>& first) {
  int bits = 12;
  while (bits < 19 && (size_t{1} << bits) < literals.size() * 16) ++bits;
  shift_ = 32 - bits;
  bits_.assign((size_t{2} << bits) / 64, 0);
  thirds_.assign((size_t{1} << bits) / 64, 0);
  for (size_t i = 0; i < literals.size(); ++i) Add(literals[i], first.empty() || first[i]);
}

void Automaton::Filter::Add(std::string_view literal, bool first) {
  size_t pos = 0;
  const uint32_t a = DecodeUtf8(literal, pos);
  if (pos == literal.size()) {
    if (single_.empty()) single_.assign(0x20000 / 64, 0);
    has_first_single_ = has_first_single_ || first;
    return Set(single_, a & 0xFFFF, first);
  }
  const uint32_t b = DecodeUtf8(literal, pos);
  const bool more = pos < literal.size();
  const uint32_t c = more ? static_cast<uint32_t>(DecodeUtf8(literal, pos)) : kAnyThird;
  const uint32_t third = OfThird(a, b, c);
  thirds_[third >> 6] |= uint64_t{1} << (third & 63);
  if (more) return Set(bits_, Of(a, b, c), first);
  for (uint32_t next = 0; next <= kNotAscii; ++next) Set(bits_, Of(a, b, next), first);
}

CLUEHOUND_VECTORISED Automaton::Filter::Places Automaton::Filter::MayBegin(const SignText& text,
                                                                           size_t begin) const {
  const size_t count = std::min<size_t>(64, text.size() - begin);
  const uint32_t* signs = text.signs() + begin;
  Places places;
  for (size_t k = 0; k < count; ++k) {
    const uint64_t may = At(bits_, Of(signs[k], signs[k + 1], signs[k + 2]));
    places.first |= (may & 1) << k;
    places.rest |= (may >> 1 & 1) << k;
  }
  return places;
}

Automaton::Filter::Places Automaton::Filter::Singles(const SignText& text, size_t begin) const {
  const size_t count = std::min<size_t>(64, text.size() - begin);
  Places places;
  for (size_t k = 0; k < count; ++k) {
    const uint64_t may = At(single_, text.sign(begin + k) & 0xFFFF);
    places.first |= (may & 1) << k;
    places.rest |= (may >> 1 & 1) << k;
  }
  return places;
}

void Automaton::FindFirst(const SignText& text, Search& search) const {
  search.matches.clear();
  search.walked.clear();
  search.rest.clear();
  if (literals() == 0) return;
  for (size_t block = 0; block < text.size(); block += 64) {
    Filter::Places places = filter_.MayBegin(text, block);
    if (filter_.has_first_single()) places.first |= filter_.Singles(text, block).first;
    search.walked.push_back(places.first);
    search.rest.push_back(places.rest);
    WalkAll(text, block, places.first, search.matches);
  }
}

void Automaton::FindRest(const SignText& text, Search& search) const {
  for (size_t i = 0; i < search.rest.size(); ++i) {
    if (filter_.has_single()) search.rest[i] |= filter_.Singles(text, i * 64).rest;
    WalkAll(text, i * 64, search.rest[i] & ~search.walked[i], search.matches);
  }
  const auto order = [](const Match& m) { return std::make_tuple(m.end, m.begin); };
  std::sort(search.matches.begin(), search.matches.end(),
            [&](const Match& a, const Match& b) { return order(a) < order(b); });
}

void Automaton::WalkAll(const SignText& text, size_t block, uint64_t places,
                        std::vector<Match>& matches) const {
  for (; places != 0; places &= places - 1) {
    const size_t begin = block + static_cast<size_t>(std::countr_zero(places));
    if (filter_.MayGoOn(text, begin)) Walk(text, begin, matches);
  }
}

// Appends the literals that begin at the sign `begin`.
void Automaton::Walk(const SignText& text, size_t begin, std::vector<Match>& matches) const {
  uint32_t s = 0;
  for (size_t i = begin; i < text.size(); ++i) {
    const uint32_t c = ClassOf(text.sign(i));
    if (c == 0) return;
    if (s == 0) {
      s = root_[c];
      if (s == 0) return;
    } else {
      const uint32_t child = states_[s].base + c;
      if (states_[child].parent != s) return;
      s = child;
    }
    const State& state = states_[s];
    if (state.literal == kNone) continue;
    if (state.base == kTail) {
      const std::string_view literal = Literal(state.literal);
      const std::string_view here = text.text().substr(text.begin(begin), literal.size());
      if (here == literal)
        matches.push_back({state.literal, text.begin(begin),
                           static_cast<uint32_t>(text.begin(begin) + literal.size())});
      return;
    }
    matches.push_back({state.literal, text.begin(begin), text.begin(i + 1)});
  }
}

size_t Automaton::MemoryBytes() const {
  return class_index_.capacity() * sizeof(uint16_t) + class_pages_.capacity() * sizeof(uint32_t) +
         root_.capacity() * sizeof(uint32_t) + states_.capacity() * sizeof(State) +
         offsets_.capacity() * sizeof(uint32_t) + bytes_.capacity() + filter_.MemoryBytes();
}

}  // namespace cluehound::rules
