#include "rules/automaton.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "base/text.h"
#include "base/vectorised.h"

namespace cluehound::rules {
namespace {

constexpr uint32_t IsAscii(uint32_t a, uint32_t b) { return (a | b) < 0x80 ? ~0u : 0; }
constexpr uint32_t IsAlnum(uint32_t c) {
  return (c - '0' < 10 ? ~0u : 0) | (c - 'a' < 26 ? ~0u : 0);
}
// Of the first two characters, and of the third behind two ASCII ones, if that is a letter or digit.
constexpr uint32_t BeginHash(uint32_t a, uint32_t b, uint32_t c) {
  return MixSigns(a ^ (IsAscii(a, b) & IsAlnum(c) & c << 24), b);
}

// Literals are grouped by their first three characters, if those begin with two ASCII ones by four;
// shorter ones by the first two or the only one.
constexpr uint32_t PairHash(uint32_t a, uint32_t b) { return MixSigns(a, b); }
constexpr uint32_t LongHash(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return MixSigns(PairHash(a, b), c ^ (IsAscii(a, b) & d << 16));
}
constexpr uint32_t SingleHash(uint32_t a) { return MixSigns(a, ~0u); }

// A letter behind a letter, or a digit behind a digit.
constexpr bool GoesOn(uint32_t before, uint32_t c) {
  return (IsLetterSign(before) && IsLetterSign(c)) || (IsDigitSign(before) && IsDigitSign(c));
}

}  // namespace

Automaton Automaton::Build(const std::vector<Literal>& literals) {
  Automaton automaton;
  automaton.first_ = Part(literals, true);
  automaton.rest_ = Part(literals, false);
  return automaton;
}

Automaton::Part::Part(const std::vector<Literal>& literals, bool first) {
  const auto count = [&](bool inside_only) {
    return static_cast<size_t>(
        std::count_if(literals.begin(), literals.end(), [&](const Literal& literal) {
          return literal.first == first && !(inside_only && literal.at_word);
        }));
  };
  begins_ = Sieve(count(false));
  inside_ = Sieve(count(true));
  longer_ = Sieve(count(false));
  struct Hashed {
    uint32_t hash, literal;
  };
  std::vector<Hashed> hashed;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    if (literals[i].first == first) hashed.push_back({Add(literals[i]), i});
  }
  std::sort(hashed.begin(), hashed.end(), [&](const Hashed& a, const Hashed& b) {
    return std::tie(a.hash, literals[a.literal].text) < std::tie(b.hash, literals[b.literal].text);
  });
  std::vector<Group> groups;
  for (const Hashed& one : hashed) {
    const auto at = static_cast<uint32_t>(sorted_.size());
    if (groups.empty() || groups.back().hash != one.hash) groups.push_back({one.hash, at, at});
    const std::string& text = literals[one.literal].text;
    // The one before, or the nearest that it begins with, if this one begins with it.
    uint32_t prefix = groups.back().end > groups.back().begin ? at - 1 : kNone;
    while (prefix != kNone && !text.starts_with(TextOf(sorted_[prefix])))
      prefix = sorted_[prefix].prefix;
    sorted_.push_back({static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size()),
                       prefix, one.literal});
    bytes_ += text;
    groups.back().end = at + 1;
  }
  bytes_.shrink_to_fit();
  sorted_.shrink_to_fit();
  groups_ = HashTable<Group>(std::move(groups));
}

// The hash of its group.
uint32_t Automaton::Part::Add(const Literal& literal) {
  const std::string& text = literal.text;
  uint32_t signs[4] = {};
  size_t pos = 0, count = 0;
  while (count < 4 && pos < text.size()) signs[count++] = DecodeUtf8(text, pos);
  const auto [a, b, c, d] = signs;
  if (count == 1) {
    if (single_.empty()) single_.assign(kSingles / 32, 0);
    single_[a % kSingles / 32] |= 1u << a % 32;
    return SingleHash(a);
  }
  const bool ascii = IsAscii(a, b) != 0;
  const auto add = [&](uint32_t third) {
    begins_.Add(BeginHash(a, b, third));
    if (!literal.at_word) inside_.Add(BeginHash(a, b, third));
  };
  add(c);
  // Behind two alone anything may follow.
  for (uint32_t third = 1; ascii && count == 2 && third < 0x80; ++third) {
    if (IsAlnum(third) != 0) add(third);
  }
  const uint32_t hash = count > (ascii ? 3 : 2) ? LongHash(a, b, c, d) : PairHash(a, b);
  longer_.Add(hash);
  return hash;
}

// Bit k: the two characters at `begin` + k, or three, begin a literal. Of 64 places, without a branch.
CLUEHOUND_VECTORISED uint64_t Automaton::Part::Begins(const SignText& text, size_t begin) const {
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

// The same of literals of one character.
CLUEHOUND_VECTORISED uint64_t Automaton::Part::Singles(const SignText& text, size_t begin) const {
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

// What begins like a literal in a block of 64 places is asked for together, and without a branch: one
// miss in the caches then does not wait for another.
void Automaton::Part::Find(const SignText& text, std::vector<Match>& matches) const {
  if (sorted_.empty()) return;
  Place places[3 * 64 + 1];
  for (size_t block = 0; block < text.size(); block += 64) {
    const size_t in_block = std::min<size_t>(64, text.size() - block);
    const uint64_t all = ~uint64_t{0} >> (64 - in_block);
    size_t count = Longer(text, block, Begins(text, block) & all, places);
    if (!single_.empty()) {
      for (uint64_t left = Singles(text, block) & all; left != 0; left &= left - 1) {
        const size_t begin = block + static_cast<size_t>(std::countr_zero(left));
        places[count++] = {SingleHash(text.sign(begin)), static_cast<uint32_t>(begin)};
      }
    }
    for (size_t i = 0; i < count; ++i) groups_.Prefetch(places[i].hash);
    for (size_t i = 0; i < count; ++i) FindGroup(places[i], text, matches);
  }
}

// Literals of two characters and more. Most places that begin like one do not go on like one.
// The number of `places`, of which one more may be written.
size_t Automaton::Part::Longer(const SignText& text, size_t block, uint64_t begins,
                               Place* places) const {
  size_t count = 0;
  for (; begins != 0; begins &= begins - 1) {
    const size_t begin = block + static_cast<size_t>(std::countr_zero(begins));
    const uint32_t* signs = text.signs() + begin;
    const uint32_t a = signs[0], b = signs[1], c = signs[2], d = signs[3];
    const uint32_t pair = PairHash(a, b), more = LongHash(a, b, c, d);
    const uint32_t wanted = (GoesOn(*(signs - 1), a) ? 0 : 1) | inside_.MayHave(BeginHash(a, b, c));
    places[count] = {more, static_cast<uint32_t>(begin)};
    count += longer_.MayHave(more) & wanted;
    places[count] = {pair, static_cast<uint32_t>(begin)};
    count += longer_.MayHave(pair) & wanted & (pair != more ? 1 : 0);
  }
  return count;
}

// Those of the group that begin at the sign `begin`: all of them are prefixes of the last one that
// does not come behind the text, so far as that one agrees with the text.
void Automaton::Part::FindGroup(Place place, const SignText& text,
                                std::vector<Match>& matches) const {
  const uint32_t at = text.begin(place.begin);
  const std::string_view here = text.text().substr(at);
  groups_.ForEach(place.hash, [&](const Group& group) {
    uint32_t i = group.begin;
    if (group.end - group.begin > 1) {
      const auto first = sorted_.begin() + group.begin, end = sorted_.begin() + group.end;
      const auto after = std::upper_bound(
          first, end, here,
          [&](std::string_view t, const Sorted& sorted) { return t < TextOf(sorted); });
      if (after == first) return;
      i = static_cast<uint32_t>(after - sorted_.begin()) - 1;
    }
    const std::string_view last = TextOf(sorted_[i]);
    const size_t agree = static_cast<size_t>(
        std::mismatch(last.begin(), last.end(), here.begin(), here.end()).first - last.begin());
    for (; i != kNone; i = sorted_[i].prefix) {
      const Sorted& sorted = sorted_[i];
      if (sorted.length > agree) continue;
      matches.push_back({sorted.literal, at, at + sorted.length});
    }
  });
}

void Automaton::Sort(std::vector<Match>& matches) {
  const auto order = [](const Match& m) { return std::make_tuple(m.end, m.begin); };
  std::sort(matches.begin(), matches.end(),
            [&](const Match& a, const Match& b) { return order(a) < order(b); });
}

size_t Automaton::Part::MemoryBytes() const {
  return begins_.MemoryBytes() + inside_.MemoryBytes() + longer_.MemoryBytes() +
         single_.capacity() * sizeof(uint32_t) + groups_.MemoryBytes() +
         sorted_.capacity() * sizeof(Sorted) + bytes_.capacity();
}

}  // namespace cluehound::rules
