#include "extractors/html_document.h"

#include <chrono>
#include <thread>

#include "base/text_encoding.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::string Repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

std::unique_ptr<const HtmlDocument> Parse(std::string_view html) {
  HtmlDocument::Refusal refusal;
  auto document = HtmlDocument::Parse(html, {}, refusal);
  INFO(refusal.reason);
  REQUIRE(document != nullptr);
  return document;
}

Outcome OutcomeOf(std::string_view html, ParseLimits limits = {}) {
  HtmlDocument::Refusal refusal;
  return HtmlDocument::Parse(html, limits, refusal) == nullptr ? refusal.outcome : Outcome::kOk;
}

HtmlNode FirstOf(const HtmlDocument& document, std::string_view name) {
  for (uint32_t i = 0; i < document.size(); ++i) {
    if (document.node(i).name() == name) return document.node(i);
  }
  return {};
}

// "html(head body(p(#text)))"
std::string Shape(const HtmlNode& node) {
  std::string shape = node.is_text()      ? "#" + std::string(node.text())
                      : node.is_comment() ? "!"
                                          : std::string(node.name());
  std::string inner;
  for (HtmlNode child = node.first_child(); child; child = child.next_sibling()) {
    inner += (inner.empty() ? "" : " ") + Shape(child);
  }
  return inner.empty() ? shape : shape + "(" + inner + ")";
}

TEST_CASE("a document is the tree that browsers build") {
  REQUIRE(Shape(Parse("<p>a<p>b<!--c--><br>")->root()) == "(html(head body(p(#a) p(#b ! br))))");
  REQUIRE(Shape(Parse("<table><tr><td>x</table>")->root()) ==
          "(html(head body(table(tbody(tr(td(#x)))))))");
  REQUIRE(Shape(Parse("")->root()) == "(html(head body))");
  REQUIRE(Shape(Parse("<b>1<p>2</b>3")->root()) == "(html(head body(b(#1) p(b(#2) #3))))");
}

TEST_CASE("siblings and parents agree in both directions on every node") {
  const auto document =
      Parse("<div><p>a<b>c</b>d</p><ul><li>1<li>2<li>3</ul></div><!--x--><i></i>");
  for (uint32_t i = 1; i < document->size(); ++i) {
    const HtmlNode node = document->node(i);
    REQUIRE(node.parent().index() < i);
    REQUIRE(node.end() <= node.parent().end());
    if (const HtmlNode next = node.next_sibling()) {
      REQUIRE(next.previous_sibling() == node);
      REQUIRE(next.parent() == node.parent());
    }
    if (const HtmlNode child = node.first_child()) {
      REQUIRE(child.parent() == node);
      REQUIRE_FALSE(child.previous_sibling());
    }
  }
  REQUIRE_FALSE(document->root().parent());
  REQUIRE_FALSE(document->root().next_sibling());
}

TEST_CASE("attributes come decoded and lower case, unknown elements keep their name") {
  const auto document =
      Parse("<DIV ID=a Data-X='1 &amp; 2' class='x y'></DIV><my-Card>t</my-Card>");
  const HtmlNode div = FirstOf(*document, "div");
  REQUIRE(div.attribute("id") == "a");
  REQUIRE(div.attribute("data-x") == "1 & 2");
  REQUIRE(div.attribute("nope").empty());
  REQUIRE_FALSE(div.has_attribute("nope"));
  REQUIRE(div.HasClass("x"));
  REQUIRE(div.HasClass("y"));
  REQUIRE_FALSE(div.HasClass("x y"));
  REQUIRE_FALSE(div.HasClass("z"));
  REQUIRE(document->ElementById("a") == div);
  REQUIRE_FALSE(document->ElementById("b"));
  REQUIRE(FirstOf(*document, "my-Card").tag() == UnknownTag());
}

TEST_CASE("text is what a reader sees") {
  const auto document = Parse(
      "<div>新款<font color=red>数据</font>线 &amp; 头<script>var a</script><style>b</style><!-- c "
      "-->"
      "<p>包邮</p>正品<br>现货\xC2\xA0\xE3\x80\x80 2&nbsp;件<noscript>d</noscript></div>");
  REQUIRE(FirstOf(*document, "div").Text() == "新款数据线 & 头 包邮 正品 现货 2 件");
  REQUIRE(FirstOf(*document, "div").OwnText() == "新款线 & 头 正品 现货 2 件");
  REQUIRE(FirstOf(*document, "script").RawContent() == "var a");
  REQUIRE(FirstOf(*document, "div").Text(7) == "新款");  // cut at a character
}

TEST_CASE("blocks part words, inline elements do not") {
  const auto document =
      Parse("<div><ul><li>a<li>b</ul><span>c</span><span>d</span><div>e</div>f</div>");
  REQUIRE(document->root().Text() == "a b cd e f");
}

TEST_CASE("long scripts and styles stand in the tree as they stand in the page") {
  const std::string program = "var a = \"</div>\" + '<p>';" + Repeat(" f(1 < 2 && 3 > 2);", 10);
  const std::string rules = Repeat(".a > .b { color: red }\n", 10);
  const auto with = [&](const std::string& content) {
    return "<head><style>" + rules + "</style><script id=a>" + content +
           "</script></head><div>x<script id=b>" + content +
           "</script><svg><script>y</script></svg>z</div><script>short</"
           "script><table><tr><td>1<script id=c>" +
           content + "</script></table>";
  };
  const auto document = Parse(with(program));
  REQUIRE(Shape(document->root()) ==
          "(html(head(style(#" + rules + ") script(#" + program + ")) body(div(#x script(#" +
              program + ") svg(script(#y)) #z) script(#short) table(tbody(tr(td(#1 script(#" +
              program + "))))))))");
  for (const char* id : {"a", "b", "c"}) REQUIRE(document->ElementById(id).RawContent() == program);
  REQUIRE(document->root().Text() == "xz 1");
}

TEST_CASE("scripts that hide markup from the eye end where browsers end them") {
  const std::string filler = Repeat("padding ", 20);
  for (const std::string& script :
       {"<script><!-- <scripts> " + filler + "</script>",
        "<script><!-- <script> " + filler + "</script> --></script>",
        "<script><!-- <script> --> " + filler + "</script>",
        "<script><!--> " + filler + "</script>", "<script>" + filler + "</scripts></script >",
        "<SCRIPT>" + filler + "</Script\n>", "<script/>" + filler + "</script>",
        "<style>" + filler + "<!-- </style>", "<title>" + filler + "<script></title>"}) {
    INFO(script);
    const auto document = Parse(script + "<div id=seen>x</div>");
    CHECK(document->ElementById("seen"));
  }
  // What browsers read as markup is markup.
  for (const std::string& page :
       {"<svg><style>" + filler + "<div id=seen>x</div></style></svg>",
        "<select><style>" + filler + "<input><div id=seen>x</div></style>",
        "<svg><script>" + filler + "<div id=seen>x</div></script></svg>"}) {
    INFO(page);
    CHECK(Parse(page)->ElementById("seen"));
  }
}

TEST_CASE("hostile nesting is refused with its outcome, quickly") {
  std::string formatting = "<p>";
  for (int i = 0; i < 400; ++i) formatting += "<b i=" + std::to_string(i) + ">";
  struct Case {
    const char* name;
    std::string html;
    Outcome outcome;
  };
  const Case cases[] = {
      {"80 kB of div", Repeat("<div>", 16000), Outcome::kTooDeep},
      {"240 kB of tables", Repeat("<table><tr><td>", 16000), Outcome::kTooDeep},
      {"formatting that comes back", formatting + Repeat("<p>x", 10000), Outcome::kTooCostly},
      {"depth that tags alone do not show", Repeat("<div><table><tr><td></div>", 16000),
       Outcome::kTooDeep},
      {"depth inside svg style", "<svg><style>" + Repeat("<g>", 16000), Outcome::kTooDeep},
      {"depth inside select style", "<select><style><input>" + Repeat("<div>", 16000),
       Outcome::kTooDeep},
      {"misnested links", Repeat("<a><b></a>", 16000), Outcome::kTooDeep},
      {"8 MB of paragraphs", Repeat("<p>", 2'600'000), Outcome::kTooCostly},
      {"an attribute of 5 MB", "<div a=\"" + std::string(5u << 20, 'x') + "\">", Outcome::kOk},
      {"100,000 classes", "<div class=\"" + Repeat("c1 c2 ", 50000) + "\">", Outcome::kOk},
      {"an unterminated comment", "<!--" + Repeat("<div>", 100000), Outcome::kOk},
      {"an unterminated script", "<script>" + Repeat("<div>", 100000), Outcome::kOk},
      {"ampersands", Repeat("&amp", 500000), Outcome::kOk},
      {"null characters", std::string(500000, '\0'), Outcome::kOk},
      {"reported assertion 1", "<b><nobr><r><d><r><ol></b><nobr>", Outcome::kOk},
      {"reported assertion 2", "<d0tx0i0t><option></d0tX0i0t>", Outcome::kOk},
  };
  for (const Case& one : cases) {
    INFO(one.name);
    const auto start = std::chrono::steady_clock::now();
    CHECK(OutcomeOf(one.html) == one.outcome);
    // Generous: sanitizers and a busy machine; without the limits these take from seconds to
    // minutes.
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
  }
}

TEST_CASE("the memory of a parse is limited as asked") {
  ParseLimits limits;
  limits.max_memory = 2u << 20;
  REQUIRE(OutcomeOf(Repeat("<i>x</i>", 50), limits) == Outcome::kOk);
  REQUIRE(OutcomeOf(Repeat("<i>x</i>", 20000), limits) == Outcome::kTooCostly);
}

TEST_CASE("a thread that was refused parses the next page") {
  REQUIRE(OutcomeOf(Repeat("<a><b></a>", 16000)) == Outcome::kTooDeep);
  REQUIRE(Parse("<p>x")->root().Text() == "x");
}

TEST_CASE("documents of one thread live side by side and die in any order") {
  auto first = Parse("<p>first");
  auto second = Parse("<p>second");
  auto third = Parse("<p>third");
  auto fourth = Parse("<p>fourth");
  REQUIRE(first->root().Text() == "first");
  first.reset();
  auto fifth = Parse("<p>fifth");
  REQUIRE(second->root().Text() == "second");
  third.reset();
  REQUIRE(fourth->root().Text() == "fourth");
  second.reset();
  REQUIRE(fifth->root().Text() == "fifth");
}

TEST_CASE("threads parse without knowing of each other") {
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < results.size(); ++t) {
    threads.emplace_back([&results, t] {
      for (int i = 0; i < 50; ++i) {
        HtmlDocument::Refusal refusal;
        const auto document = HtmlDocument::Parse("<p>" + std::to_string(t), {}, refusal);
        results[t] = document->root().Text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t t = 0; t < results.size(); ++t) REQUIRE(results[t] == std::to_string(t));
}

TEST_CASE("every saved page parses, and its flat tree is consistent") {
  const auto data = testing::SharedData("");
  if (!data) return;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*data)) {
    if (entry.path().extension() != ".html" && entry.path().extension() != ".htm") continue;
    INFO(entry.path());
    const auto document = Parse(DecodeHtml(testing::Slurp(entry.path()), "").utf8);
    bool consistent = true;
    for (uint32_t i = 1; i < document->size(); ++i) {
      const HtmlNode node = document->node(i);
      consistent &=
          node.parent().index() < i && node.end() <= node.parent().end() && node.end() > i;
      const HtmlNode previous = node.previous_sibling();
      consistent &= previous ? previous.end() == i : node.parent().index() + 1 == i;
    }
    CHECK(consistent);
  }
}

}  // namespace
}  // namespace cluehound::extractors
