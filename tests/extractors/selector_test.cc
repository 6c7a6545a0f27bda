#include "extractors/selector.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::unique_ptr<const HtmlDocument> Parse(std::string_view html) {
  HtmlDocument::Refusal refusal;
  auto document = HtmlDocument::Parse(html, {}, refusal);
  REQUIRE(document != nullptr);
  return document;
}

Selector Compiled(std::string_view text) {
  Selector::Error error;
  auto selector = Selector::Compile(text, error);
  INFO(text << ": " << error.message << " at " << error.position);
  REQUIRE(selector);
  return *selector;
}

// The ids of the matches, in order.
std::string Ids(const HtmlDocument& document, std::string_view selector) {
  std::string ids;
  for (const HtmlNode& node : Compiled(selector).All(document.root(), 100)) {
    ids += (ids.empty() ? "" : " ") + std::string(node.attribute("id"));
  }
  return ids;
}

TEST_CASE("selectors level 3: simple selectors") {
  const auto document = Parse(
      "<div id=a class='item big'><p id=b>x</p><p id=c class=item title='hello world'></p></div>"
      "<my-card id=d lang=zh-CN></my-card><input id=e value=''>");
  REQUIRE(Ids(*document, "p") == "b c");
  REQUIRE(Ids(*document, "P") == "b c");
  REQUIRE(Ids(*document, "#c") == "c");
  REQUIRE(Ids(*document, ".item") == "a c");
  REQUIRE(Ids(*document, "div.item.big") == "a");
  REQUIRE(Ids(*document, "div.item.small").empty());
  REQUIRE(Ids(*document, "my-card") == "d");
  REQUIRE(Ids(*document, "my-cart").empty());
  REQUIRE(Ids(*document, "[title]") == "c");
  REQUIRE(Ids(*document, "[title='hello world']") == "c");
  REQUIRE(Ids(*document, "[title=\"hello\"]").empty());
  REQUIRE(Ids(*document, "[title^=hello]") == "c");
  REQUIRE(Ids(*document, "[title$=world]") == "c");
  REQUIRE(Ids(*document, "[title*='lo w']") == "c");
  REQUIRE(Ids(*document, "[title~=world]") == "c");
  REQUIRE(Ids(*document, "[title~=worl]").empty());
  REQUIRE(Ids(*document, "[value='']") == "e");
  REQUIRE(Ids(*document, "[value^='']").empty());
  REQUIRE(Ids(*document, "*[id]") == "a b c d e");
  REQUIRE(Ids(*document, "p, #a, my-card") == "a b c d");
}

TEST_CASE("selectors level 3: combinators") {
  const auto document = Parse(
      "<ul id=u><li id=l1><a id=a1></a><li id=l2 class=on><b><a id=a2></a></b><li id=l3><a "
      "id=a3></a></ul>"
      "<a id=a4></a>");
  REQUIRE(Ids(*document, "ul a") == "a1 a2 a3");
  REQUIRE(Ids(*document, "li > a") == "a1 a3");
  REQUIRE(Ids(*document, "li + li") == "l2 l3");
  REQUIRE(Ids(*document, "li.on + li a") == "a3");
  REQUIRE(Ids(*document, "li ~ li.on") == "l2");
  REQUIRE(Ids(*document, "#l1 ~ li > a") == "a3");
  REQUIRE(Ids(*document, "ul ~ a") == "a4");
  REQUIRE(Ids(*document, "body>ul>li>a") == "a1 a3");
  REQUIRE(Ids(*document, "ul > a").empty());
}

TEST_CASE("a descendant is found although the nearest ancestor does not fit") {
  // The nearest .b above #x has no .a as parent; the farther one has.
  const auto document = Parse("<i class=a><i class=b><i><i class=b><i id=x></i></i></i></i></i>");
  REQUIRE(Ids(*document, ".a > .b i#x") == "x");
  // The nearest .c has no .s before it; the farther one has.
  const auto siblings = Parse("<i class=s></i><i class=c><i class=c><i id=y></i></i></i>");
  REQUIRE(Ids(*siblings, ".s ~ .c #y") == "y");
  // The nearest .q before #z does not follow a .p directly; the farther one does.
  const auto row = Parse("<i class=p></i><i class=q></i><i></i><i class=q></i><i id=z></i>");
  REQUIRE(Ids(*row, ".p + .q ~ #z") == "z");
}

TEST_CASE("selectors level 3: positions and negation") {
  const auto document = Parse(
      "<ol>text<li id=1>a<li id=2 class=x>b<li id=3>c<li id=4>d<li id=5>e</ol><p><b "
      "id=only>f</b></p>");
  REQUIRE(Ids(*document, "li:first-child") == "1");
  REQUIRE(Ids(*document, "li:last-child") == "5");
  REQUIRE(Ids(*document, "b:only-child") == "only");
  REQUIRE(Ids(*document, "li:only-child").empty());
  REQUIRE(Ids(*document, "li:nth-child(2)") == "2");
  REQUIRE(Ids(*document, "li:nth-child(odd)") == "1 3 5");
  REQUIRE(Ids(*document, "li:nth-child( 2n )") == "2 4");
  REQUIRE(Ids(*document, "li:nth-child(3n+1)") == "1 4");
  REQUIRE(Ids(*document, "li:nth-child(-n+2)") == "1 2");
  REQUIRE(Ids(*document, "li:not(.x)") == "1 3 4 5");
  REQUIRE(Ids(*document, "li:not(.x, :first-child, [id='5'])") == "3 4");
}

TEST_CASE("names beyond ASCII and escapes") {
  const auto document =
      Parse("<i id=1 class=价格></i><i id=2 class='a.b'></i><i id=3 data-x='a\"b'></i>");
  REQUIRE(Ids(*document, ".价格") == "1");
  REQUIRE(Ids(*document, ".a\\.b") == "2");
  REQUIRE(Ids(*document, "[data-x='a\"b']") == "3");
}

TEST_CASE("a search stays inside its scope, ancestors count beyond it") {
  const auto document =
      Parse("<div class=l><p id=p1><b id=b1></b></p><p id=p2><b id=b2></b></p></div>");
  const HtmlNode scope = document->ElementById("p2");
  REQUIRE(Compiled("b").First(scope).attribute("id") == "b2");
  REQUIRE(Compiled(".l b").First(scope).attribute("id") == "b2");
  REQUIRE_FALSE(Compiled("p").First(scope));
  REQUIRE(Compiled("b").All(document->root(), 1).size() == 1);
  REQUIRE(Compiled("b").All(document->root(), 0).empty());
}

TEST_CASE("mistakes are named with their place") {
  const auto mistake = [](std::string_view text) {
    Selector::Error error;
    REQUIRE_FALSE(Selector::Compile(text, error));
    return std::to_string(error.position) + ": " + error.message;
  };
  REQUIRE(mistake("") == "0: expected a tag name, \"*\", \"#\", \".\", \"[\" or \":\"");
  REQUIRE(mistake("div >") == "5: expected a tag name, \"*\", \"#\", \".\", \"[\" or \":\"");
  REQUIRE(mistake("a,,b") == "2: expected a tag name, \"*\", \"#\", \".\", \"[\" or \":\"");
  REQUIRE(mistake("div.") == "4: expected a class name");
  REQUIRE(mistake("a[href") == "6: expected \"=\", \"^=\", \"$=\", \"*=\", \"~=\" or \"]\"");
  REQUIRE(mistake("a[href='x]") == "7: unterminated string");
  REQUIRE(mistake("a:hover") == "2: unknown pseudo-class \":hover\"");
  REQUIRE(mistake("a:not(b c)") == "8: expected \")\": :not() takes no combinators");
  REQUIRE(mistake("a:nth-child(x)") == "12: expected a number, an+b, odd or even");
  REQUIRE(mistake("a{b}") == "1: unexpected \"{\"");
  REQUIRE(mistake(std::string(2000, 'a')).find("longer") != std::string::npos);
}

TEST_CASE("a page built against searching exhausts its budget and not our time") {
  std::string wide = "<div>";
  for (int i = 0; i < 60000; ++i) wide += "<i class=x></i>";
  const auto document = Parse(wide);
  REQUIRE(Compiled("i:nth-child(2n)").All(document->root(), 100000).size() < 30000);
  REQUIRE(document->exhausted());
  REQUIRE_FALSE(Compiled("i").First(document->root()));
}

TEST_CASE("siblings far away are given up, so that wide pages stay linear") {
  std::string wide = "<i class=s></i>";
  for (int i = 0; i < 1000; ++i) wide += "<b></b>";
  wide += "<u id=far></u>";
  const auto document = Parse(wide);
  REQUIRE(Ids(*document, ".s ~ u").empty());
}

}  // namespace
}  // namespace cluehound::extractors
