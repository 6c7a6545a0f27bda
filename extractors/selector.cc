#include "extractors/selector.h"

#include <algorithm>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

constexpr size_t kMaxLength = 1000;
constexpr size_t kMaxCompounds = 12;
constexpr size_t kMaxAlternatives = 32;

bool IsNameChar(char c) { return IsAsciiAlnum(c) || c == '-' || c == '_' || (c & 0x80) != 0; }

HtmlNode PreviousElement(HtmlNode node) {
  do {
    node = node.previous_sibling();
  } while (node && !node.is_element());
  return node;
}

HtmlNode NextElement(HtmlNode node) {
  do {
    node = node.next_sibling();
  } while (node && !node.is_element());
  return node;
}

HtmlNode ParentElement(const HtmlNode& node) {
  const HtmlNode parent = node.parent();
  return parent && parent.is_element() ? parent : HtmlNode();
}

bool HasWord(std::string_view text, std::string_view word) {
  for (const std::string_view one : SplitAscii(text, " \t\n\r\f")) {
    if (one == word) return true;
  }
  return false;
}

}  // namespace

// Reads left to right; the first mistake ends it.
class Selector::Parser {
 public:
  Parser(std::string_view text, Error& error) : text_(text), error_(error) {}

  bool Run(std::vector<Complex>& alternatives) {
    if (text_.size() > kMaxLength)
      return Fail("selector longer than " + std::to_string(kMaxLength) + " bytes");
    do {
      if (alternatives.size() == kMaxAlternatives) return Fail("too many alternatives");
      if (!ReadComplex(alternatives.emplace_back())) return false;
    } while (Accept(','));
    return pos_ == text_.size() || Fail(std::string("unexpected \"") + text_[pos_] + "\"");
  }

 private:
  bool Fail(std::string message) {
    error_ = {pos_, std::move(message)};
    return false;
  }
  bool at_end() const { return pos_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[pos_]; }
  bool Accept(char c) {
    if (peek() != c || at_end()) return false;
    ++pos_;
    return true;
  }
  bool SkipSpace() {
    const size_t before = pos_;
    while (!at_end() && IsAsciiSpace(text_[pos_])) ++pos_;
    return pos_ != before;
  }

  bool ReadComplex(Complex& complex) {
    SkipSpace();
    while (true) {
      if (complex.compounds.size() == kMaxCompounds) return Fail("too many parts");
      if (!ReadCompound(complex.compounds.emplace_back(), true)) return false;
      const bool space = SkipSpace();
      if (at_end() || peek() == ',') return true;
      Combinator combinator = Combinator::kDescendant;
      if (Accept('>')) {
        combinator = Combinator::kChild;
      } else if (Accept('+')) {
        combinator = Combinator::kNext;
      } else if (Accept('~')) {
        combinator = Combinator::kSubsequent;
      } else if (!space) {
        return Fail(std::string("unexpected \"") + peek() + "\"");
      }
      complex.combinators.push_back(combinator);
      SkipSpace();
    }
  }

  bool ReadCompound(Compound& compound, bool not_allowed) {
    const size_t begin = pos_;
    if (Accept('*')) {
    } else if (IsNameChar(peek()) && !IsAsciiDigit(peek())) {
      std::string name;
      if (!ReadName(name, "a tag name")) return false;
      compound.any_tag = false;
      compound.tag_name = ToAsciiLower(name);
      compound.tag = TagFromName(compound.tag_name);
    }
    while (!at_end()) {
      if (Accept('#')) {
        if (!ReadName(compound.id.text, "an id")) return false;
        compound.id.hash = HashName(compound.id.text);
      } else if (Accept('.')) {
        Name& name = compound.classes.emplace_back();
        if (!ReadName(name.text, "a class name")) return false;
        name.hash = HashName(name.text);
        compound.class_bits |= NameBit(name.hash);
      } else if (Accept('[')) {
        if (!ReadAttribute(compound.attributes.emplace_back())) return false;
      } else if (Accept(':')) {
        if (!ReadPseudo(compound, not_allowed)) return false;
      } else {
        break;
      }
    }
    return pos_ > begin || Fail("expected a tag name, \"*\", \"#\", \".\", \"[\" or \":\"");
  }

  bool ReadName(std::string& name, const char* what) {
    while (!at_end()) {
      if (peek() == '\\' && pos_ + 1 < text_.size()) {
        ++pos_;
      } else if (!IsNameChar(peek())) {
        break;
      }
      name += text_[pos_++];
    }
    return !name.empty() || Fail(std::string("expected ") + what);
  }

  bool ReadAttribute(AttributeTest& test) {
    SkipSpace();
    if (!ReadName(test.name, "an attribute name")) return false;
    test.name = ToAsciiLower(test.name);
    SkipSpace();
    if (Accept(']')) return true;
    switch (peek()) {
      case '^':
        test.op = Operator::kPrefix;
        break;
      case '$':
        test.op = Operator::kSuffix;
        break;
      case '*':
        test.op = Operator::kContains;
        break;
      case '~':
        test.op = Operator::kWord;
        break;
      default:
        test.op = Operator::kEquals;
        break;
    }
    if (test.op != Operator::kEquals) ++pos_;
    if (!Accept('=')) return Fail("expected \"=\", \"^=\", \"$=\", \"*=\", \"~=\" or \"]\"");
    SkipSpace();
    if (peek() == '"' || peek() == '\'') {
      if (!ReadString(test.value)) return false;
    } else if (!ReadName(test.value, "a value")) {
      return false;
    }
    SkipSpace();
    return Accept(']') || Fail("expected \"]\"");
  }

  bool ReadString(std::string& value) {
    const size_t begin = pos_;
    const char quote = text_[pos_++];
    while (!at_end() && peek() != quote) {
      if (peek() == '\\' && pos_ + 1 < text_.size()) ++pos_;
      value += text_[pos_++];
    }
    if (Accept(quote)) return true;
    pos_ = begin;
    return Fail("unterminated string");
  }

  bool ReadPseudo(Compound& compound, bool not_allowed) {
    const size_t begin = pos_;
    std::string name;
    if (!ReadName(name, "a pseudo-class")) return false;
    if (name == "first-child" || name == "last-child" || name == "only-child") {
      if (name != "last-child") compound.positions.push_back({0, 1, false});
      if (name != "first-child") compound.positions.push_back({0, 1, true});
      return true;
    }
    if (name == "nth-child") {
      return (Accept('(') || Fail("expected \"(\"")) && ReadNth(compound.positions.emplace_back());
    }
    if (name == "not" && not_allowed) {
      if (!Accept('(')) return Fail("expected \"(\"");
      do {
        SkipSpace();
        if (!ReadCompound(compound.excluded.emplace_back(), false)) return false;
        SkipSpace();
      } while (Accept(','));
      return Accept(')') || Fail("expected \")\": :not() takes no combinators");
    }
    pos_ = begin;
    return Fail("unknown pseudo-class \":" + name + "\"");
  }

  bool ReadNth(Nth& nth) {
    const size_t end = text_.find(')', pos_);
    if (end == std::string_view::npos) return Fail("expected \")\"");
    std::string formula;
    for (const char c : text_.substr(pos_, end - pos_)) {
      if (!IsAsciiSpace(c)) formula += AsciiLower(c);
    }
    if (formula == "odd") formula = "2n+1";
    if (formula == "even") formula = "2n";
    const size_t n = formula.find('n');
    std::string step = n == std::string::npos ? "0" : formula.substr(0, n);
    std::string offset = n == std::string::npos ? formula : formula.substr(n + 1);
    if (step.empty() || step == "+") step = "1";
    if (step == "-") step = "-1";
    if (offset.empty()) offset = "0";
    if (offset[0] == '+') offset.erase(0, 1);
    const auto a = ParseInt(step);
    const auto b = ParseInt(offset);
    if (!a || !b || std::abs(*a) > 10000 || std::abs(*b) > 10000)
      return Fail("expected a number, an+b, odd or even");
    nth.a = static_cast<int>(*a);
    nth.b = static_cast<int>(*b);
    pos_ = end + 1;
    return true;
  }

  const std::string_view text_;
  Error& error_;
  size_t pos_ = 0;
};

std::optional<Selector> Selector::Compile(std::string_view text, Error& error) {
  Selector selector;
  if (!Parser(text, error).Run(selector.alternatives_)) return std::nullopt;
  return selector;
}

bool Selector::MatchesAttribute(const AttributeTest& test, const HtmlNode& element) {
  const std::string_view* found = element.FindAttribute(test.name);
  if (found == nullptr) return false;
  if (test.op == Operator::kExists) return true;
  const std::string_view value = *found;
  const std::string_view wanted = test.value;
  if (test.op == Operator::kEquals) return value == wanted;
  if (wanted.empty()) return false;
  element.document().AddWork(value.size() / 32);
  switch (test.op) {
    case Operator::kPrefix:
      return value.starts_with(wanted);
    case Operator::kSuffix:
      return value.ends_with(wanted);
    case Operator::kContains:
      return value.find(wanted) != std::string_view::npos;
    default:
      return HasWord(value.substr(0, HtmlNode::kMaxClassBytes), wanted);
  }
}

bool Selector::MatchesPosition(const Nth& nth, const HtmlNode& element) {
  int position = 1;
  // Only "an+b" needs the whole count; a fixed place is decided after b + 1 steps.
  const int enough = nth.a == 0 ? nth.b + 1 : INT32_MAX;
  for (HtmlNode sibling = element; position < enough; ++position) {
    sibling = nth.from_end ? NextElement(sibling) : PreviousElement(sibling);
    if (!sibling) break;
  }
  element.document().AddWork(static_cast<uint64_t>(position));
  if (nth.a == 0) return position == nth.b;
  return (position - nth.b) % nth.a == 0 && (position - nth.b) / nth.a >= 0;
}

bool Selector::MatchesCompound(const Compound& compound, const HtmlNode& element) {
  if (!element.is_element()) return false;
  if (!compound.any_tag) {
    if (element.tag() != compound.tag) return false;
    if (compound.tag == UnknownTag() && !EqualsIgnoreAsciiCase(element.name(), compound.tag_name))
      return false;
  }
  if ((element.class_bits() & compound.class_bits) != compound.class_bits) return false;
  if (!compound.id.text.empty() &&
      (!element.has_id() || element.attribute("id") != compound.id.text))
    return false;
  for (const Name& name : compound.classes) {
    if (!element.HasClass(name.text, name.hash)) return false;
  }
  for (const AttributeTest& test : compound.attributes) {
    if (!MatchesAttribute(test, element)) return false;
  }
  for (const Nth& nth : compound.positions) {
    if (!MatchesPosition(nth, element)) return false;
  }
  for (const Compound& excluded : compound.excluded) {
    if (MatchesCompound(excluded, element)) return false;
  }
  return true;
}

// Compounds joined by ">" and "+" are matched in one go: each step leads to exactly one element. On
// success `element` and `compound` are those of the leftmost one.
bool Selector::MatchesRun(const Complex& complex, HtmlNode& element, size_t& compound) {
  HtmlNode at = element;
  size_t i = compound;
  while (true) {
    if (!MatchesCompound(complex.compounds[i], at)) return false;
    if (i == 0 || complex.combinators[i - 1] == Combinator::kDescendant ||
        complex.combinators[i - 1] == Combinator::kSubsequent) {
      element = at;
      compound = i;
      return true;
    }
    at.document().AddWork(1);
    at = complex.combinators[i - 1] == Combinator::kChild ? ParentElement(at) : PreviousElement(at);
    if (!at) return false;
    --i;
  }
}

// Runs joined by "~". The nearest sibling is enough: those before it are before any farther one's
// choice, too.
bool Selector::MatchesGroup(const Complex& complex, HtmlNode& element, size_t& compound) {
  if (!MatchesRun(complex, element, compound)) return false;
  while (compound > 0 && complex.combinators[compound - 1] == Combinator::kSubsequent) {
    HtmlNode sibling = element;
    bool found = false;
    for (int i = 0; i < kSiblingReach && !found; ++i) {
      sibling = PreviousElement(sibling);
      if (!sibling) return false;
      element.document().AddWork(1);
      HtmlNode at = sibling;
      size_t left = compound - 1;
      found = MatchesRun(complex, at, left);
      if (found) {
        element = at;
        compound = left;
      }
    }
    if (!found) return false;
  }
  return true;
}

// Groups joined by blanks. The nearest ancestor is enough: the ancestors of any farther one are
// among its own.
bool Selector::MatchesComplex(const Complex& complex, const HtmlNode& element) {
  HtmlNode at = element;
  size_t compound = complex.compounds.size() - 1;
  if (!MatchesGroup(complex, at, compound)) return false;
  while (compound > 0) {
    HtmlNode ancestor = at;
    bool found = false;
    while (!found) {
      ancestor = ParentElement(ancestor);
      if (!ancestor) return false;
      at.document().AddWork(1);
      HtmlNode match = ancestor;
      size_t left = compound - 1;
      found = MatchesGroup(complex, match, left);
      if (found) {
        at = match;
        compound = left;
      }
    }
  }
  return true;
}

bool Selector::Matches(const HtmlNode& element) const {
  if (!element.is_element() || element.document().exhausted()) return false;
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Complex& complex) { return MatchesComplex(complex, element); });
}

bool Selector::MayOccur(const Complex& complex, const HtmlDocument& document) {
  for (const Compound& compound : complex.compounds) {
    if (!compound.any_tag && !document.HasTag(compound.tag)) return false;
    if (!compound.id.text.empty() && !document.MayHaveId(compound.id.hash)) return false;
    for (const Name& name : compound.classes) {
      if (!document.MayHaveClass(name.hash)) return false;
    }
  }
  return true;
}

// Calls `each` for the matching descendants until it says false.
template <class Each>
void Selector::Search(const HtmlNode& scope, const Each& each) const {
  const HtmlDocument& document = scope.document();
  const Complex* possible[kMaxAlternatives];
  size_t count = 0;
  for (const Complex& complex : alternatives_) {
    if (MayOccur(complex, document)) possible[count++] = &complex;
  }
  if (count == 0) return;
  const uint32_t end = scope.end();
  document.AddWork((end - scope.index()) / 4 * count);
  for (uint32_t i = scope.index() + 1; i < end && !document.exhausted(); ++i) {
    const HtmlNode element = document.node(i);
    if (!element.is_element()) continue;
    for (size_t k = 0; k < count; ++k) {
      const Compound& last = possible[k]->compounds.back();
      if (!last.any_tag && element.tag() != last.tag) continue;
      if ((element.class_bits() & last.class_bits) != last.class_bits) continue;
      if (!MatchesComplex(*possible[k], element)) continue;
      if (!each(element)) return;
      break;
    }
  }
}

HtmlNode Selector::First(const HtmlNode& scope) const {
  HtmlNode first;
  Search(scope, [&](const HtmlNode& element) {
    first = element;
    return false;
  });
  return first;
}

std::vector<HtmlNode> Selector::All(const HtmlNode& scope, size_t limit) const {
  std::vector<HtmlNode> found;
  if (limit == 0) return found;
  Search(scope, [&](const HtmlNode& element) {
    found.push_back(element);
    return found.size() < limit;
  });
  return found;
}

}  // namespace cluehound::extractors
