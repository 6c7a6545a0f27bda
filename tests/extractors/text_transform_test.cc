#include "extractors/text_transform.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::string Apply(std::string_view steps, std::string text) {
  TextTransform::Error error;
  const auto transform = TextTransform::Compile(steps, error);
  INFO(steps << ": " << error.message << " at " << error.position);
  REQUIRE(transform);
  return transform->Apply(std::move(text));
}

TEST_CASE("each step does one thing") {
  REQUIRE(Apply("", "x") == "x");
  REQUIRE(Apply("after /item/", "http://a/item/12.html") == "12.html");
  REQUIRE(Apply("after 产地：", "品牌：甲").empty());
  REQUIRE(Apply("after '：'", "产地：潍坊：寒亭") == "潍坊：寒亭");
  REQUIRE(Apply("before .html", "12.html") == "12");
  REQUIRE(Apply("before '&'", "12") == "12");
  REQUIRE(Apply("prefix https://a/ | suffix .html", "12") == "https://a/12.html");
  REQUIRE(Apply("query id", "//a/item.htm?x=1&id=5%20a#id=6") == "5 a");
  REQUIRE(Apply("query id", "//a/item.htm").empty());
  REQUIRE(Apply("without click", "http://click.a/").empty());
  REQUIRE(Apply("without click", "http://a/") == "http://a/");
  REQUIRE(Apply("decode", "%E8%96%8F") == "薏");
  REQUIRE(Apply("decode", "%FF") == "\xEF\xBF\xBD");
  REQUIRE(Apply("map 1=live 0=ended", "1") == "live");
  REQUIRE(Apply("map 1=live 0=ended", "2").empty());
}

TEST_CASE("steps follow each other, and nothing stays nothing") {
  REQUIRE(Apply("after 'id=' | before '&' | prefix 'n:'", "a?id=7&b") == "n:7");
  REQUIRE(Apply("after x | prefix n", "abc").empty());
  REQUIRE(Apply("after '|' | before ' '", "a|b c") == "b");
}

TEST_CASE("mistakes in steps are named with their place") {
  const auto mistake = [](std::string_view text) {
    TextTransform::Error error;
    REQUIRE_FALSE(TextTransform::Compile(text, error));
    return std::to_string(error.position) + ": " + error.message;
  };
  REQUIRE(mistake("aftr x") ==
          "0: expected after, before, prefix, suffix, query, without, decode or map");
  REQUIRE(mistake("after") == "5: \"after\" has the wrong number of words");
  REQUIRE(mistake("after a b") == "9: \"after\" has the wrong number of words");
  REQUIRE(mistake("after 'a") == "6: unterminated string");
  REQUIRE(mistake("map a") == "5: expected words of the form a=b");
  REQUIRE(mistake("after a |") == "9: expected a step behind \"|\"");
  REQUIRE(mistake("decode x").find("wrong number") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::extractors
