#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/html_document.h"

namespace cluehound::extractors {

// A CSS selector, compiled once. Understood are: type, *, #id, .class, [a], [a=v] and ^= *= $= ~=,
// the combinators descendant, ">", "+" and "~", :first-child, :last-child, :only-child,
// :nth-child(an+b | odd | even), :not(compound,
// ...), and lists with ",". Names of classes and values of attributes are compared exactly; escapes
// are "\" and the character itself.
//
// Thread-safety: const methods may be called from any thread. Cost: linear in the nodes looked at,
// in practice; every step is charged to the document, and an exhausted document
// (HtmlDocument::exhausted) matches nothing more.
class Selector {
 public:
  struct Error {
    size_t position = 0;  // in bytes
    std::string message;
  };
  static std::optional<Selector> Compile(std::string_view text, Error& error);

  // Whether the selector describes this element; ancestors count up to the root, whatever the scope
  // of a search.
  bool Matches(const HtmlNode& element) const;

  // The first descendant of `scope` that matches, or an empty node.
  HtmlNode First(const HtmlNode& scope) const;
  // At most `limit` of them, in the order of the document.
  std::vector<HtmlNode> All(const HtmlNode& scope, size_t limit) const;

  // Previous siblings that "~" looks at; keeps searches linear on pages with very many siblings.
  static constexpr int kSiblingReach = 256;

 private:
  enum class Combinator : uint8_t { kDescendant, kChild, kNext, kSubsequent };
  enum class Operator : uint8_t { kExists, kEquals, kPrefix, kSuffix, kContains, kWord };
  struct Name {
    std::string text;
    uint64_t hash = 0;
  };
  struct AttributeTest {
    std::string name;
    Operator op = Operator::kExists;
    std::string value;
  };
  // position = a * n + b, counted from 1 among the elements of a parent, from its end if
  // `from_end`.
  struct Nth {
    int a = 0;
    int b = 1;
    bool from_end = false;
  };
  struct Compound {
    bool any_tag = true;
    TagId tag = 0;
    std::string tag_name;  // for tags that HTML does not know
    Name id;
    std::vector<Name> classes;
    uint64_t class_bits = 0;
    std::vector<AttributeTest> attributes;
    std::vector<Nth> positions;
    std::vector<Compound> excluded;  // of :not(); these have none themselves
  };
  struct Complex {
    std::vector<Compound> compounds;      // as written, left to right
    std::vector<Combinator> combinators;  // [i] stands between compounds i and i + 1
  };
  class Parser;

  static bool MatchesCompound(const Compound& compound, const HtmlNode& element);
  static bool MatchesAttribute(const AttributeTest& test, const HtmlNode& element);
  static bool MatchesPosition(const Nth& nth, const HtmlNode& element);
  static bool MatchesComplex(const Complex& complex, const HtmlNode& element);
  static bool MatchesRun(const Complex& complex, HtmlNode& element, size_t& compound);
  static bool MatchesGroup(const Complex& complex, HtmlNode& element, size_t& compound);
  static bool MayOccur(const Complex& complex, const HtmlDocument& document);
  template <class Each>
  void Search(const HtmlNode& scope, const Each& each) const;

  std::vector<Complex> alternatives_;
};

}  // namespace cluehound::extractors
