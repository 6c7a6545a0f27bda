#include "extractors/field_rule.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

FieldSource Compiled(std::string_view text, FieldSource::Form form) {
  FieldSource::Error error;
  auto source = FieldSource::Compile(text, form, error);
  INFO(text << ": " << error.message << " at " << error.position);
  REQUIRE(source);
  return *source;
}

FieldRule Rule(const std::vector<std::vector<std::string>>& alternatives, FieldSource::Form form) {
  FieldRule rule;
  for (const auto& parts : alternatives) {
    auto& sources = rule.alternatives.emplace_back();
    for (const std::string& part : parts) sources.push_back(Compiled(part, form));
  }
  return rule;
}

constexpr auto kHtml = FieldSource::Form::kHtml;
constexpr auto kJson = FieldSource::Form::kJson;

TEST_CASE("fields of an item in HTML") {
  HtmlDocument::Refusal refusal;
  const auto document = HtmlDocument::Parse(
      "<li id=i data-sku=7><a href='/item/9.html' title='  全 称 '><em>名<b>称</b></em></a><div "
      "class=p><i>￥</i>550 "
      "<del>￥850</del></div><p>颜色：红</p><p>产地：潍坊</p><img src=''><img src=b.jpg><img "
      "src=c.jpg></li>",
      {}, refusal);
  const HtmlNode item = document->ElementById("i");
  const auto first = [&](const std::vector<std::vector<std::string>>& alternatives) {
    return Rule(alternatives, kHtml).First(item);
  };
  REQUIRE(first({{"@data-sku"}}) == "7");
  REQUIRE(first({{"a em"}}) == "名称");
  REQUIRE(first({{"a @title"}}) == "全 称");
  REQUIRE(first({{"a @href | after /item/ | before .html"}}) == "9");
  REQUIRE(first({{"div.p @own"}}) == "550");
  REQUIRE(first({{"p | after 产地："}}) == "潍坊");  // the first match that has it
  REQUIRE(first({{"img @src"}}) == "b.jpg");         // the first that is not empty
  REQUIRE(first({{"u"}, {"i.none"}, {"em"}}) == "名称");
  REQUIRE(first({{"em", "a @title"}}) == "名称 全 称");
  REQUIRE(first({{"u", "em"}}) == "名称");
  REQUIRE(first({{"u"}}).empty());
  REQUIRE(first({}).empty());
  REQUIRE(Rule({{"img @src"}, {"img @src"}}, kHtml).All(item, 10) ==
          std::vector<std::string>{"b.jpg", "c.jpg"});
  REQUIRE(Rule({{"img @src"}}, kHtml).All(item, 1).size() == 1);
}

TEST_CASE("fields of an item in JSON") {
  const auto document = JsonDocument::Parse(
      R"({"t":"<span class=H>回力</span>男鞋 &amp; 袜","u":"//a?x=1&amp;y=2","n":5,"tags":["a","b","a"],"p":"山东","c":"潍坊","ok":true,"raw":"a<b"})");
  NestedJson nested;
  const auto first = [&](const std::vector<std::vector<std::string>>& alternatives,
                         bool raw = false) {
    return Rule(alternatives, kJson).First(document->root(), raw, nested);
  };
  REQUIRE(first({{"t"}}) == "回力男鞋 & 袜");
  REQUIRE(first({{"u"}}, true) == "//a?x=1&y=2");
  REQUIRE(first({{"n | prefix no-"}}) == "no-5");
  REQUIRE(first({{"p", "c"}}) == "山东 潍坊");
  REQUIRE(first({{"ok | map true=live"}}) == "live");
  REQUIRE(first({{"none"}, {"c"}}) == "潍坊");
  REQUIRE(Rule({{"tags[*]"}}, kJson).All(document->root(), false, 10, nested) ==
          std::vector<std::string>{"a", "b"});
}

TEST_CASE("mistakes in fields are named with their place") {
  const auto mistake = [](std::string_view text, FieldSource::Form form) {
    FieldSource::Error error;
    REQUIRE_FALSE(FieldSource::Compile(text, form, error));
    return std::to_string(error.position) + ": " + error.message;
  };
  REQUIRE(mistake("  a:foo @x", kHtml) == "4: unknown pseudo-class \":foo\"");
  REQUIRE(mistake("a @", kHtml) == "2: expected the name of an attribute behind \"@\"");
  REQUIRE(mistake("a @x y", kHtml) == "2: expected the name of an attribute behind \"@\"");
  REQUIRE(mistake("a | aftr x", kHtml).substr(0, 3) == "4: ");
  REQUIRE(mistake("a |", kHtml) == "3: expected a step behind \"|\"");
  REQUIRE(mistake("x[y]", kJson) == "1: expected a number or \"*\"");
}

}  // namespace
}  // namespace cluehound::extractors
