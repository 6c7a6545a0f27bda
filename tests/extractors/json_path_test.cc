#include "extractors/json_path.h"

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

constexpr std::string_view kShop = R"({
  "mods": {"list": {"items": [{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": []}, {"id": 3}]},
           "other": {"items": [{"id": 4}]}},
  "packed": "{\"ads\":[{\"id\":5},{\"id\":6}]}"})";

std::string Texts(std::string_view path, size_t limit = 100) {
  static const auto document = JsonDocument::Parse(kShop);
  JsonPath::Error error;
  const auto compiled = JsonPath::Compile(path, error);
  INFO(error.message);
  REQUIRE(compiled);
  NestedJson nested;
  std::string texts;
  for (const JsonValue& value : compiled->All(document->root(), limit, nested)) {
    texts += (texts.empty() ? "" : " ") + std::string(value.text());
  }
  const JsonValue first = compiled->First(document->root(), nested);
  REQUIRE(std::string(first ? first.text() : "") == texts.substr(0, texts.find(' ')));
  return texts;
}

TEST_CASE("paths lead along members and items") {
  REQUIRE(Texts("mods.list.items[1].id") == "2");
  REQUIRE(Texts("mods.list.items[*].id") == "1 2 3");
  REQUIRE(Texts("mods.list.items[*].tags[*]") == "a b");
  REQUIRE(Texts("mods.*.items[0].id") == "1 4");
  REQUIRE(Texts("**.items[*].id") == "1 2 3 4");
  REQUIRE(Texts("mods.**.id") == "1 2 3 4");
  REQUIRE(Texts("packed.json().ads[*].id") == "5 6");
  REQUIRE(Texts("mods.list.items[*].id", 2) == "1 2");
  REQUIRE(Texts("mods.nope.items[*].id").empty());
  REQUIRE(Texts("mods.list.items[9]").empty());
  REQUIRE(Texts("packed.json().ads.json()").empty());
}

TEST_CASE("an empty path is the value itself") {
  const auto document = JsonDocument::Parse("\"x\"");
  JsonPath::Error error;
  NestedJson nested;
  REQUIRE(JsonPath::Compile("", error)->First(document->root(), nested).text() == "x");
  REQUIRE_FALSE(JsonPath::Compile("a", error)->First(JsonValue(), nested));
  REQUIRE(JsonPath::Compile("[*]", error)->All(JsonValue(), 10, nested).empty());
}

TEST_CASE("mistakes in paths are named with their place") {
  const auto mistake = [](std::string_view text) {
    JsonPath::Error error;
    REQUIRE_FALSE(JsonPath::Compile(text, error));
    return std::to_string(error.position) + ": " + error.message;
  };
  REQUIRE(mistake("a..b") == "2: expected a name");
  REQUIRE(mistake("a.") == "2: expected a name");
  REQUIRE(mistake("a[x]") == "1: expected a number or \"*\"");
  REQUIRE(mistake("a[1") == "1: expected \"]\"");
  REQUIRE(mistake("a[1]b") == "4: expected \".\" or \"[\"");
  REQUIRE(mistake("a b") == "0: expected a name");
  REQUIRE(mistake("a.**").find("\"**\" cannot be the last step") != std::string::npos);
}

}  // namespace
}  // namespace cluehound::extractors
