#include "rules/rule_format.h"

#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

std::string Formatted(const std::string& text) {
  const auto formatted = FormatRuleFile(text, "f.yaml");
  REQUIRE_OK(formatted);
  CHECK(FormatRuleFile(*formatted, "f.yaml").value() == *formatted);
  return *formatted;
}

}  // namespace

TEST_CASE("format: depth, lists under their key, comments with what they precede") {
  CHECK(Formatted("# top\nwords:\n    a:\n       terms:\n       - 甲  # one\n       # on 乙\n"
                  "       - 乙\nmarks:\n- id: x\n  name: 甲\n- id: y\n") ==
        "# top\nwords:\n  a:\n    terms:\n      - 甲  # one\n      # on 乙\n      - 乙\n"
        "marks:\n  - id: x\n    name: 甲\n  - id: y\n");
}

TEST_CASE("format: blanks inside a line, never inside a text") {
  CHECK(Formatted("a:   {b: [ 甲 ,乙,\"丙 ,  丁\" ],c:   'it''s,  x' }\n") ==
        "a: {b: [甲, 乙, \"丙 ,  丁\"], c: 'it''s,  x'}\n");
  CHECK(Formatted("a:  x  y#not  # yes\nb: c#d\n") == "a: x  y#not  # yes\nb: c#d\n");
  CHECK(Formatted("a: [] # c\nb: [ # c\n  1]\n") == "a: [] # c\nb: [ # c\n    1]\n");
}

TEST_CASE("format: line ends, empty lines, the byte order mark") {
  CHECK(Formatted("\xEF\xBB\xBF\n\na: 1 \r\n\r\n\r\n\r\nb: 2\r\n\r\n") == "a: 1\n\nb: 2\n");
  CHECK(Formatted("") == "");
  CHECK(Formatted("a: 1") == "a: 1\n");
}

TEST_CASE(
    "format: what goes on over lines moves with its beginning, block texts keep their shape") {
  CHECK(Formatted("a:\n- {b: 1,\n c: 2}\n- d\n") == "a:\n  - {b: 1,\n      c: 2}\n  - d\n");
  CHECK(Formatted("a:\n    b: |\n       one\n         two\n\n       end\n    c: 3\n") ==
        "a:\n  b: |\n     one\n       two\n\n     end\n  c: 3\n");
}

TEST_CASE("format: what would change its meaning is left alone, as is what does not parse") {
  CHECK(FormatRuleFile("a: [1\n", "f.yaml").status().code() == Code::kInvalidArgument);
  // Blanks at the end of a line count inside a block text.
  CHECK(FormatRuleFile("a: |\n  one  \n  two\n", "f.yaml").status().code() ==
        Code::kInvalidArgument);
}

TEST_CASE("format: the shipped packs are laid out so") {
  for (const RuleFile& file : BuiltInRuleFiles()) {
    INFO(file.name);
    CHECK(FormatRuleFile(file.text, file.name).value() == file.text);
  }
}

TEST_CASE("format: nothing that it takes says anything else afterwards") {
  // Pieces that YAML joins in many ways; what cannot be laid out safely must be refused.
  const std::vector<std::string> pieces = {
      "a: 1\n",   "  - b: 2\n", "- c\n", "    d: [e,\n",    "  f]\n",  "# g\n",
      "\n",       "  h: \"i\n", "j\"\n", "k: |\n",          "   l\n",  "{m: n}\n",
      "o: - p\n", "  q\n",      "r:\n",  "s: {t: [u,v]}\n", "'w': x\n"};
  uint32_t seed = 1;
  size_t taken = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int n = 0; n < 6; ++n) {
      seed = seed * 1664525 + 1013904223;
      text += pieces[(seed >> 16) % pieces.size()];
    }
    const auto formatted = FormatRuleFile(text, "f.yaml");
    if (!formatted.ok()) continue;
    ++taken;
    CHECK(FormatRuleFile(*formatted, "f.yaml").value() == *formatted);
  }
  CHECK(taken > 500);
}

}  // namespace cluehound::rules
