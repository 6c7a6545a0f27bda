#include "rules/automaton.h"

#include <random>
#include <set>
#include <tuple>

#include "tests/rules/random_text.h"
#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

Automaton Build(const std::vector<std::string>& texts) {
  std::vector<Automaton::Literal> literals;
  for (const std::string& text : texts) literals.push_back({text});
  return Automaton::Build(literals);
}

using Found = std::set<std::tuple<uint32_t, uint32_t, uint32_t>>;

std::vector<Automaton::Match> All(const Automaton& automaton, const std::string& text) {
  SignText signs;
  signs.Assign(text);
  std::vector<Automaton::Match> matches;
  automaton.FindFirst(signs, matches);
  automaton.FindRest(signs, matches);
  Automaton::Sort(matches);
  return matches;
}

Found FoundIn(const std::vector<Automaton::Match>& matches) {
  Found found;
  for (const Automaton::Match& m : matches) found.emplace(m.literal, m.begin, m.end);
  CHECK(found.size() == matches.size());
  return found;
}

Found Search(const Automaton& automaton, const std::string& text) {
  return FoundIn(All(automaton, text));
}

Found SearchNaively(const std::vector<std::string>& literals, const std::string& text) {
  Found found;
  for (uint32_t i = 0; i < literals.size(); ++i) {
    for (size_t at = text.find(literals[i]); at != std::string::npos;
         at = text.find(literals[i], at + 1))
      found.emplace(i, at, at + literals[i].size());
  }
  return found;
}

}  // namespace

TEST_CASE("automaton: overlapping and nested literals are all found") {
  const std::vector<std::string> literals = {"潍县", "潍县萝卜", "县萝", "萝卜", "卜"};
  CHECK(Search(Build(literals), "吃潍县萝卜吧") == SearchNaively(literals, "吃潍县萝卜吧"));
}

TEST_CASE("automaton: matches come in order of their ends, longest first") {
  const auto matches = All(Build({"c", "bc", "abc"}), "xabc");
  REQUIRE(matches.size() == 3);
  CHECK(matches[0].literal == 2);
  CHECK(matches[1].literal == 1);
  CHECK(matches[2].literal == 0);
}

TEST_CASE("automaton: no literals, no text, no characters in common") {
  CHECK(Search(Automaton(), "abc").empty());
  CHECK(Search(Build({}), "abc").empty());
  CHECK(Search(Build({"甲"}), "").empty());
  CHECK(Search(Build({"甲"}), "abc乙😀").empty());
}

TEST_CASE("automaton: literals of one, two, three and four byte characters") {
  const std::vector<std::string> literals = {"a", "é", "甲", "😀", "a甲", "😀é", "é😀é"};
  const std::string text = "aé甲😀a甲😀é😀éa";
  CHECK(Search(Build(literals), text) == SearchNaively(literals, text));
}

TEST_CASE("automaton: finds what a naive search finds, on random literals over few characters") {
  std::mt19937 random(7);
  const std::vector<std::string> alphabet = {"a", "b", "潍", "县", "é", "😀"};
  const auto word = [&](size_t least, size_t most) {
    std::string text;
    const size_t n = least + random() % (most - least + 1);
    for (size_t i = 0; i < n; ++i) text += alphabet[random() % alphabet.size()];
    return text;
  };
  for (int round = 0; round < 200; ++round) {
    std::set<std::string> unique;
    const size_t count = 1 + random() % 60;
    while (unique.size() < count) unique.insert(word(1, 5));
    const std::vector<std::string> literals(unique.begin(), unique.end());
    const Automaton automaton = Build(literals);
    for (int i = 0; i < 5; ++i) {
      const std::string text = word(0, 80);
      REQUIRE(Search(automaton, text) == SearchNaively(literals, text));
    }
  }
}

TEST_CASE("automaton: the first literals are found in the first step, all after the second") {
  std::mt19937 random(8);
  const std::vector<std::string> alphabet = {"a", "b", "潍", "县", "é", "😀"};
  const auto word = [&](size_t most) {
    std::string text;
    for (size_t i = 1 + random() % most; i > 0; --i) text += alphabet[random() % alphabet.size()];
    return text;
  };
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> unique;
    while (unique.size() < 30) unique.insert(word(5));
    const std::vector<std::string> literals(unique.begin(), unique.end());
    std::vector<Automaton::Literal> wanted;
    for (const std::string& literal : literals) wanted.push_back({literal, random() % 3 == 0});
    const std::string text = word(100);
    SignText signs;
    signs.Assign(text);
    std::vector<Automaton::Match> matches;
    const Automaton automaton = Automaton::Build(wanted);
    automaton.FindFirst(signs, matches);
    const Found early = FoundIn(matches), naive = SearchNaively(literals, text);
    for (const auto& match : naive) {
      if (wanted[std::get<0>(match)].first) REQUIRE(early.count(match) == 1);
    }
    automaton.FindRest(signs, matches);
    REQUIRE(FoundIn(matches) == naive);
  }
}

TEST_CASE("automaton: what is not wanted inside a word is found wherever no word goes on") {
  std::mt19937 random(9);
  const std::vector<std::string> alphabet = {"a", "b", "1", "2", " ", "县"};
  const auto word = [&](size_t most) {
    std::string text;
    for (size_t i = 1 + random() % most; i > 0; --i) text += alphabet[random() % alphabet.size()];
    return text;
  };
  const auto goes_on = [](const std::string& text, size_t at) {
    return at > 0 && ((IsAsciiAlpha(text[at - 1]) && IsAsciiAlpha(text[at])) ||
                      (IsAsciiDigit(text[at - 1]) && IsAsciiDigit(text[at])));
  };
  size_t spared = 0;
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> unique;
    while (unique.size() < 20) unique.insert(word(5));
    const std::vector<std::string> literals(unique.begin(), unique.end());
    std::vector<Automaton::Literal> wanted;
    for (const std::string& literal : literals)
      wanted.push_back({literal, random() % 2 == 0, random() % 2 == 0});
    const std::string text = word(100);
    const Found found = Search(Automaton::Build(wanted), text);
    for (const auto& match : SearchNaively(literals, text)) {
      const auto [literal, begin, end] = match;
      const bool may_miss = wanted[literal].at_word && goes_on(text, begin);
      if (!may_miss) REQUIRE(found.count(match) == 1);
      spared += may_miss && found.count(match) == 0;
    }
  }
  CHECK(spared > 0);
}

TEST_CASE("automaton: finds what a naive search finds, on random characters of all planes") {
  RandomText random(11);
  for (int round = 0; round < 50; ++round) {
    const std::string text = random.Make(400, false);
    std::set<std::string> unique;
    for (int i = 0; i < 40; ++i) {
      std::string literal = random.Make(1 + random.Below(3), false);
      unique.insert(literal);
    }
    // Pieces of the text itself, so that something is there to be found.
    for (size_t at = 0; at + 12 < text.size(); at += 97) {
      size_t begin = at, end;
      while ((static_cast<unsigned char>(text[begin]) & 0xC0) == 0x80) ++begin;
      end = begin + 6;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
      unique.insert(text.substr(begin, end - begin));
    }
    unique.erase("");
    const std::vector<std::string> literals(unique.begin(), unique.end());
    REQUIRE(Search(Build(literals), text) == SearchNaively(literals, text));
  }
}

TEST_CASE("automaton: thirty thousand literals are small and are found") {
  std::mt19937 random(3);
  std::set<std::string> unique;
  while (unique.size() < 30000) {
    std::string literal;
    const size_t n = 2 + random() % 5;
    for (size_t i = 0; i < n; ++i)
      AppendUtf8(literal, static_cast<char32_t>(0x4E00 + random() % 3000));
    unique.insert(literal);
  }
  const std::vector<std::string> literals(unique.begin(), unique.end());
  const Automaton automaton = Build(literals);
  CHECK(automaton.literals() == 30000);
  CHECK(automaton.MemoryBytes() < (16u << 20));
  size_t missed = 0;
  for (uint32_t i = 0; i < literals.size(); i += 7) {
    const auto matches = All(automaton, "的" + literals[i] + "的");
    missed += std::none_of(matches.begin(), matches.end(),
                           [&](const Automaton::Match& m) { return m.literal == i; });
  }
  CHECK(missed == 0);
}

}  // namespace cluehound::rules
