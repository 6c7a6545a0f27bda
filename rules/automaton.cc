#include "rules/automaton.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>

#include "base/text.h"
#include "base/vectorised.h"
#include "rules/sieve.h"

namespace cluehound::rules {
namespace {

constexpr size_t kPage = 128;

}  // namespace

class Automaton::Builder {
 public:
  explicit Builder(const std::vector<Literal>& literals) : literals_(literals) {}

  Automaton Build() {
    AssignClasses();
    SpellLiterals();
    Place();
    a_.first_ = Filter(literals_, true);
    a_.rest_ = Filter(literals_, false);
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
    for (const Literal& literal : literals_) {
      for (size_t pos = 0; pos < literal.text.size();) ++count[DecodeUtf8(literal.text, pos)];
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
      const std::string& text = literals_[i].text;
      for (size_t pos = 0; pos < text.size();)
        spelled_[i].push_back(a_.ClassOf(DecodeUtf8(text, pos)));
      a_.offsets_.push_back(static_cast<uint32_t>(a_.bytes_.size()));
      a_.bytes_ += text;
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

  const std::vector<Literal>& literals_;
  Automaton a_;
  uint32_t classes_ = 1;
  std::vector<std::vector<uint32_t>> spelled_;
  std::vector<uint32_t> order_;
  std::vector<Node> nodes_;
  size_t first_free_ = 1;
};

Automaton Automaton::Build(const std::vector<Literal>& literals) {
  return Builder(literals).Build();
}

uint32_t Automaton::ClassOf(char32_t c) const {
  return class_pages_[size_t{class_index_[c / kPage]} * kPage + c % kPage];
}

namespace {

constexpr uint32_t IsAscii(uint32_t a, uint32_t b) { return (a | b) < 0x80 ? ~0u : 0; }
constexpr uint32_t IsAlnum(uint32_t c) {
  return (c - '0' < 10 ? ~0u : 0) | (c - 'a' < 26 ? ~0u : 0);
}
// Of the first two characters, and of the third behind two ASCII ones, if that is a letter or digit.
constexpr uint32_t BeginHash(uint32_t a, uint32_t b, uint32_t c) {
  return MixSigns(a ^ (IsAscii(a, b) & IsAlnum(c) & c << 24), b);
}
// Of the first three, of ASCII ones four; `more` = false: of any.
constexpr uint32_t LongerHash(uint32_t a, uint32_t b, uint32_t c, uint32_t d, bool more) {
  const uint32_t pair = MixSigns(a, b);
  return !more ? pair : MixSigns(pair, c ^ (IsAscii(a, b) & d << 16));
}
// A letter behind a letter, or a digit behind a digit.
constexpr bool GoesOn(uint32_t before, uint32_t c) {
  return (IsLetterSign(before) && IsLetterSign(c)) || (IsDigitSign(before) && IsDigitSign(c));
}

}  // namespace

Automaton::Filter::Filter(const std::vector<Literal>& literals, bool first) {
  const auto count = [&](bool inside_only) {
    return static_cast<size_t>(
        std::count_if(literals.begin(), literals.end(), [&](const Literal& literal) {
          return literal.first == first && !(inside_only && literal.at_word);
        }));
  };
  begins_ = Sieve(count(false));
  inside_ = Sieve(count(true));
  longer_ = Sieve(count(false));
  for (const Literal& literal : literals) {
    if (literal.first == first) Add(literal);
  }
}

void Automaton::Filter::Add(const Literal& literal) {
  const std::string& text = literal.text;
  uint32_t signs[4] = {};
  size_t pos = 0, count = 0;
  while (count < 4 && pos < text.size()) signs[count++] = DecodeUtf8(text, pos);
  const auto [a, b, c, d] = signs;
  if (count == 1) {
    if (single_.empty()) single_.assign(kSingles / 32, 0);
    single_[a % kSingles / 32] |= 1u << a % 32;
    return;
  }
  const bool ascii = IsAscii(a, b) != 0;
  longer_.Add(LongerHash(a, b, c, d, count > (ascii ? 3 : 2)));
  const auto add = [&](uint32_t third) {
    begins_.Add(BeginHash(a, b, third));
    if (!literal.at_word) inside_.Add(BeginHash(a, b, third));
  };
  add(c);
  // Behind two alone anything may follow.
  for (uint32_t third = 1; ascii && count == 2 && third < 0x80; ++third) {
    if (IsAlnum(third) != 0) add(third);
  }
}

CLUEHOUND_VECTORISED uint64_t Automaton::Filter::Begins(const SignText& text, size_t begin) const {
  const uint32_t* words = begins_.words();
  const int shift = begins_.shift();
  uint64_t places = 0;
  for (size_t half = 0; half < 64 && begin + half < text.size(); half += 32) {
    const uint32_t* signs = text.signs() + begin + half;
    uint32_t may = 0;
    for (uint32_t k = 0; k < 32; ++k)
      may |= Sieve::MayHave(words, shift, BeginHash(signs[k], signs[k + 1], signs[k + 2])) << k;
    places |= uint64_t{may} << half;
  }
  return places;
}

CLUEHOUND_VECTORISED uint64_t Automaton::Filter::Singles(const SignText& text, size_t begin) const {
  const uint32_t* single = single_.data();
  uint64_t places = 0;
  for (size_t half = 0; half < 64 && begin + half < text.size(); half += 32) {
    const uint32_t* signs = text.signs() + begin + half;
    uint32_t may = 0;
    for (uint32_t k = 0; k < 32; ++k)
      may |= (single[signs[k] % kSingles / 32] >> signs[k] % 32 & 1) << k;
    places |= uint64_t{may} << half;
  }
  return places;
}

// Most places that begin like a literal do not go on like one.
bool Automaton::Filter::MayGoOn(const uint32_t* signs) const {
  const uint32_t a = signs[0], b = signs[1], c = signs[2], d = signs[3];
  if (GoesOn(*(signs - 1), a) && inside_.MayHave(BeginHash(a, b, c)) == 0) return false;
  return (longer_.MayHave(LongerHash(a, b, c, d, true)) |
          longer_.MayHave(LongerHash(a, b, c, d, false))) != 0;
}

uint64_t Automaton::Filter::MayBegin(const SignText& text, size_t begin) const {
  uint64_t places = 0;
  for (uint64_t left = Begins(text, begin); left != 0; left &= left - 1) {
    const int k = std::countr_zero(left);
    places |= uint64_t{MayGoOn(text.signs() + begin + k)} << k;
  }
  if (!single_.empty()) places |= Singles(text, begin);
  const size_t count = std::min<size_t>(64, text.size() - begin);
  return places & ~uint64_t{0} >> (64 - count);
}

void Automaton::FindFirst(const SignText& text, Search& search) const {
  search.matches.clear();
  search.walked.clear();
  if (literals() == 0) return;
  for (size_t block = 0; block < text.size(); block += 64) {
    const uint64_t places = first_.MayBegin(text, block);
    search.walked.push_back(places);
    WalkAll(text, block, places, search.matches);
  }
}

void Automaton::FindRest(const SignText& text, Search& search) const {
  for (size_t i = 0; i < search.walked.size(); ++i)
    WalkAll(text, i * 64, rest_.MayBegin(text, i * 64) & ~search.walked[i], search.matches);
  const auto order = [](const Match& m) { return std::make_tuple(m.end, m.begin); };
  std::sort(search.matches.begin(), search.matches.end(),
            [&](const Match& a, const Match& b) { return order(a) < order(b); });
}

void Automaton::WalkAll(const SignText& text, size_t block, uint64_t places,
                        std::vector<Match>& matches) const {
  for (; places != 0; places &= places - 1)
    Walk(text, block + static_cast<size_t>(std::countr_zero(places)), matches);
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
      const std::string_view literal = TextOf(state.literal);
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
         offsets_.capacity() * sizeof(uint32_t) + bytes_.capacity() + first_.MemoryBytes() +
         rest_.MemoryBytes();
}

}  // namespace cluehound::rules
