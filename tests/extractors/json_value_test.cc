#include "extractors/json_value.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

std::string Repeat(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

// The value as strict JSON; numbers as written.
std::string Dump(const JsonValue& value) {
  if (value.is_null()) return "null";
  if (value.is_number() || value.is_bool()) return std::string(value.text());
  if (value.is_string()) return nlohmann::json(std::string(value.text())).dump();
  std::string inner;
  for (JsonValue child = value.first_child(); child; child = child.next(value)) {
    if (!inner.empty()) inner += ",";
    if (value.is_object()) inner += nlohmann::json(std::string(child.key())).dump() + ":";
    inner += Dump(child);
  }
  return value.is_object() ? "{" + inner + "}" : "[" + inner + "]";
}

std::string Read(std::string_view text) {
  const auto document = JsonDocument::Parse(text);
  return document == nullptr ? "nothing" : Dump(document->root());
}

TEST_CASE("rfc8259: JSON is read as it stands") {
  REQUIRE(Read(R"({"a":[1,-2.50,1e3,true,false,null,"x"],"b":{}})") ==
          R"({"a":[1,-2.50,1e3,true,false,null,"x"],"b":{}})");
  REQUIRE(Read(" [ ] ") == "[]");
  REQUIRE(Read("\"\\u4e2d\\ud83d\\ude00\\n\\t\\/\\\\\\\"\"") == Read("\"中😀\\n\\t/\\\\\\\"\""));
  REQUIRE(Read("12") == "12");
}

TEST_CASE("numbers keep their digits, so that prices are exact") {
  const auto document = JsonDocument::Parse(R"({"price":50800.0,"id":10022764591035001234567})");
  REQUIRE(document->root().Find("price").text() == "50800.0");
  REQUIRE(document->root().Find("id").text() == "10022764591035001234567");
}

TEST_CASE("ours: what JavaScript allows and pages contain") {
  REQUIRE(Read("{a:1,'b':2,$c_d:3,\"e\":4}") == R"({"a":1,"b":2,"$c_d":3,"e":4})");
  REQUIRE(Read("[1,2,]") == "[1,2]");
  REQUIRE(Read("{a:1,}") == R"({"a":1})");
  REQUIRE(Read("{a:undefined,b:NaN,c:!0,d:!1,e:void 0}") ==
          R"({"a":null,"b":null,"c":true,"d":false,"e":null})");
  REQUIRE(Read("{// one\n a:1, /* two */ b:2, <!-- three --> c:3}") == R"({"a":1,"b":2,"c":3})");
  REQUIRE(Read("'it\\'s'") == "\"it's\"");
  REQUIRE(Read("`a\nb`") == "\"a\\nb\"");
  REQUIRE(Read("\"a\nb\"") == "\"a\\nb\"");
  REQUIRE(Read("'\\x41\\x'") == "\"A?\"");
  REQUIRE(Read("'a\\\nb'") == "\"ab\"");
  REQUIRE(Read("{'http://a':'//b'}") == R"({"http://a":"//b"})");
}

TEST_CASE("ours: what is no literal is null, and the rest is read") {
  REQUIRE(Read("{a:f(1,{b:2}),c:3}") == R"({"a":null,"c":3})");
  REQUIRE(Read("{a:x?'y,z':[1],b:2}") == R"({"a":null,"b":2})");
  REQUIRE(Read("{a:'x'+y,b:2}") == R"({"a":null,"b":2})");
  REQUIRE(Read("{a:function(){return '}'},b:2}") == R"({"a":null,"b":2})");
  REQUIRE(Read("{a:new Date(1,2),b:[window.c,3]}") == R"({"a":null,"b":[null,3]})");
}

TEST_CASE("the end of the literal is found, whatever follows") {
  const auto document = JsonDocument::Parse("{\"a\":\"}\"};var b={};");
  REQUIRE(document->consumed() == 9);
  REQUIRE(Dump(document->root()) == "{\"a\":\"}\"}");
}

TEST_CASE("what does not end is nothing") {
  for (const std::string_view text : {"", " ", "{", "[1,2", "{\"a\"", "{\"a\":", "\"abc", "\"abc\\",
                                      "{a:'b", "[1,f(", "/*", "\"\\u", "[\"\\u12"}) {
    INFO(text);
    REQUIRE(Read(text) == "nothing");
  }
}

TEST_CASE("broken escapes and lone surrogates give valid text") {
  for (const std::string_view text :
       {R"("\ud800")", R"("\udc00x")", R"("\ud800\ud800")", R"("\uZZZZ")", R"("\u12")"}) {
    INFO(text);
    const auto document = JsonDocument::Parse(text);
    REQUIRE(document != nullptr);
    REQUIRE(nlohmann::json::accept(Dump(document->root())));
  }
}

TEST_CASE("nesting and size are limited, nesting costs no stack") {
  REQUIRE(Read(Repeat("[", 128) + Repeat("]", 128)) != "nothing");
  REQUIRE(Read(Repeat("[", 129) + Repeat("]", 129)) == "nothing");
  REQUIRE(Read(Repeat("[", 1'000'000)) == "nothing");
  REQUIRE(Read(Repeat("{a:", 1'000'000)) == "nothing");
  REQUIRE(Read("[" + Repeat("1,", 600'000) + "]") == "nothing");
}

TEST_CASE("hostile texts cost linear time") {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string_view part :
       {"{a:(", "/*", "//", "f(", "\"\\", "'", "[[]", "a:", "{", ",", "\\u", "(", "<!--"}) {
    const std::string text = "[" + Repeat(part, 500'000);
    JsonDocument::Parse(text);
  }
  REQUIRE(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("members and items are found by name and place") {
  const auto document = JsonDocument::Parse(R"({"a":{"b":[10,{"c":1},30]},"a":2})");
  const JsonValue root = document->root();
  REQUIRE(root.Find("a").Find("b").At(1).Find("c").text() == "1");
  REQUIRE(root.Find("a").Find("b").At(2).text() == "30");
  REQUIRE_FALSE(root.Find("a").Find("b").At(3));
  REQUIRE_FALSE(root.Find("x").Find("y").At(0));
  REQUIRE_FALSE(root.At(0));
  REQUIRE(JsonValue().text().empty());
  REQUIRE(JsonValue().is_null());
}

TEST_CASE("saved JSON means the same to an independent parser") {
  const auto data = testing::SharedData("");
  if (!data) return;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*data)) {
    const auto ending = entry.path().extension();
    if (ending != ".json" && ending != ".jsonld" && ending != ".test") continue;
    const std::string text = testing::Slurp(entry.path());
    const auto theirs = nlohmann::json::parse(text, nullptr, false);
    // Strings with lone surrogates are no JSON to them; ours replaces them.
    if (theirs.is_discarded()) continue;
    INFO(entry.path());
    const auto ours = JsonDocument::Parse(text);
    REQUIRE(ours != nullptr);
    const bool same = nlohmann::json::parse(Dump(ours->root())) == theirs;  // too long to print
    CHECK(same);
    ++files;
  }
  REQUIRE(files > 30);
}

}  // namespace
}  // namespace cluehound::extractors
