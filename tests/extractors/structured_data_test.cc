// JSON-LD, microdata and Open Graph against the expected results of the saved samples.

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/text_encoding.h"
#include "extractors/json_ld.h"
#include "extractors/microdata.h"
#include "extractors/open_graph.h"
#include "extractors/state_json.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

using nlohmann::json;

std::unique_ptr<const HtmlDocument> ParseFile(const std::filesystem::path& path) {
  HtmlDocument::Refusal refusal;
  auto document = HtmlDocument::Parse(DecodeHtml(testing::Slurp(path), "").utf8, {}, refusal);
  REQUIRE(document != nullptr);
  return document;
}

std::unique_ptr<const HtmlDocument> ParseText(std::string_view html) {
  HtmlDocument::Refusal refusal;
  auto document = HtmlDocument::Parse(html, {}, refusal);
  REQUIRE(document != nullptr);
  return document;
}

// {"type": [...], "properties": {name: [values]}}, as the strict form of the samples; texts without
// line ends.
json Strict(const SchemaGraph& graph, uint32_t index) {
  const SchemaGraph::Thing& thing = graph.things[index];
  json properties = json::object();
  for (const auto& property : thing.properties) {
    properties[property.name].push_back(property.thing == SchemaGraph::kNone
                                            ? json(CollapseSpace(property.text))
                                            : Strict(graph, property.thing));
  }
  json result = {{"properties", properties}};
  if (!thing.types.empty()) result["type"] = thing.types;
  return result;
}

// The samples' loose form (single values instead of lists) made strict.
json Strict(const json& expected) {
  json result = {{"properties", json::object()}};
  if (expected.contains("type")) {
    result["type"] =
        expected["type"].is_array() ? expected["type"] : json::array({expected["type"]});
  }
  for (const auto& [name, value] : expected["properties"].items()) {
    for (const json& one : value.is_array() ? value : json::array({value})) {
      result["properties"][name].push_back(
          one.is_object() ? Strict(one) : json(CollapseSpace(one.get<std::string>())));
    }
  }
  return result;
}

void CheckMicrodata(const std::filesystem::path& page, const std::filesystem::path& expected_file,
                    const char* base = nullptr) {
  INFO(page);
  const auto document = ParseFile(page);
  AddressResolver addresses(base == nullptr ? std::nullopt : std::optional<Url>(*Url::Parse(base)),
                            "utf-8");
  const SchemaGraph graph = ReadMicrodata(*document, addresses);
  json got = json::array();
  for (const uint32_t top : graph.top) got.push_back(Strict(graph, top));
  json wanted = json::array();
  for (const json& item : json::parse(testing::Slurp(expected_file)))
    wanted.push_back(Strict(item));
  CHECK(got == wanted);
}

TEST_CASE("microdata of the samples has the expected items and properties") {
  const auto data = testing::SharedData("structured_data");
  if (!data) return;
  CheckMicrodata(*data / "schema.org/product.html", *data / "schema.org/product.json");
  CheckMicrodata(*data / "schema.org/product.html", *data / "schema.org/product_custom_url.json",
                 "http://some-example.com/");
  CheckMicrodata(*data / "schema.org/product-ref.html", *data / "schema.org/product-ref.json");
  CheckMicrodata(*data / "w3c/microdata.5.2.html", *data / "w3c/microdata.5.2.json");
  CheckMicrodata(*data / "w3c/microdata.5.5.html", *data / "w3c/microdata.5.5.json");
  CheckMicrodata(*data / "w3c/microdata.7.1.html", *data / "w3c/microdata.7.1.json",
                 "http://blog.example.com/progress-report");
  CheckMicrodata(*data / "websites/microdata-with-description.html",
                 *data / "websites/microdata-with-description.json");
}

TEST_CASE("whatwg microdata: the same properties however they are spread, and by itemref") {
  const auto data = testing::SharedData("structured_data");
  if (!data) return;
  const auto document = ParseFile(*data / "w3c/microdata.5.3.html");
  AddressResolver addresses(std::nullopt, "utf-8");
  const SchemaGraph graph = ReadMicrodata(*document, addresses);
  REQUIRE(graph.top.size() == 4);
  for (const uint32_t top : graph.top) {
    REQUIRE(Strict(graph, top)["properties"] == json::parse(R"({"a":["1","2"],"b":["test"]})"));
  }
}

TEST_CASE("microdata that refers in circles or to everything is read once") {
  AddressResolver addresses(std::nullopt, "utf-8");
  const auto circle = ParseText(
      "<div id=a itemscope itemref=b><i itemprop=x>1</i></div><div id=b itemscope itemprop=y "
      "itemref=a></div>");
  const SchemaGraph graph = ReadMicrodata(*circle, addresses);
  REQUIRE(graph.top.size() == 1);
  REQUIRE(graph.things[0].properties.size() == 2);

  std::string many = "<div id=all>";
  for (int i = 0; i < 3000; ++i) many += "<i itemprop=p>1</i>";
  many += "</div>";
  for (int i = 0; i < 3000; ++i) many += "<div itemscope itemref=all></div>";
  const auto document = ParseText(many);
  ReadMicrodata(*document,
                addresses);  // bounded by the things, the properties and the work on the document
  SUCCEED();
}

// JSON-LD as plain JSON: what the samples expect.
json Plain(const SchemaGraph& graph, uint32_t index) {
  const SchemaGraph::Thing& thing = graph.things[index];
  json result = json::object();
  if (!thing.types.empty())
    result["@type"] = thing.types.size() == 1 ? json(thing.types[0]) : json(thing.types);
  for (const auto& property : thing.properties) {
    result[property.name] =
        property.thing == SchemaGraph::kNone ? json(property.text) : Plain(graph, property.thing);
  }
  return result;
}

// Numbers as text, no contexts and no empty texts: what a graph keeps.
json Kept(const json& expected) {
  json result = json::object();
  for (const auto& [name, value] : expected.items()) {
    if (name == "@context" || value == "") continue;
    result[name] = value.is_object() ? Kept(value) : value.is_number() ? json(value.dump()) : value;
  }
  return result;
}

void CheckJsonLd(const std::filesystem::path& page, const json& expected) {
  INFO(page);
  const auto document = ParseFile(page);
  const StateJson state(*document);
  const SchemaGraph graph = ReadJsonLd(state.ScriptsOfType("application/ld+json"));
  json got = json::array();
  for (const uint32_t top : graph.top) got.push_back(Plain(graph, top));
  json wanted = json::array();
  for (const json& item : expected) wanted.push_back(Kept(item));
  CHECK(got == wanted);
}

TEST_CASE("json-ld of the samples has the expected things, comments and nulls notwithstanding") {
  const auto data = testing::SharedData("structured_data");
  if (!data) return;
  for (const char* name : {"custom.invalid/JSONLD_with_JS_comment", "misc/null_ld_mock"}) {
    CheckJsonLd(*data / (std::string(name) + ".html"),
                json::parse(testing::Slurp(*data / (std::string(name) + ".jsonld"))));
  }
  CheckJsonLd(*data / "schema.org.invalid/AllocateAction.001.html",
              json::parse(R"([{"@type":"AllocateAction",
      "agent":{"@type":"Person","name":"John"},"object":{"@type":"Duration","name":"5 hours"},
      "purpose":{"@type":"ExercisePlan","name":"John's weight loss plan"}}])"));
  CheckJsonLd(*data / "schema.org.invalid/JoinAction.001.html",
              json::parse(R"([{"@type":"JoinAction",
      "agent":{"@type":"Person","name":"John"},"event":{"@type":"Festival","name":"Woodstock"}}])"));
}

TEST_CASE("json-ld graphs, lists and references by id") {
  const SchemaGraph graph = ReadJsonLd(
      {R"({"@graph":[{"@type":"Product","name":"a","offers":{"@id":"#o"}},
      {"@type":"Offer","@id":"#o","price":"5"}]})",
       R"([{"@type":["Product","Thing"],"name":"b"}] {"@type":"Offer"})", "not json", "[[["});
  REQUIRE(graph.top.size() ==
          5);  // the wrapper of the graph, its two things, and the two of the second script
  const auto& product = graph.things[graph.top[1]];
  REQUIRE(product.Text("name") == "a");
  REQUIRE(graph.things[product.Find("offers")->thing].Text("price") == "5");
  REQUIRE(graph.things[graph.top[3]].Is("Thing"));
  REQUIRE(graph.things[graph.top[4]].Is("Offer"));
}

TEST_CASE("json-ld of a hundred thousand things is cut off") {
  std::string many = "[";
  for (int i = 0; i < 100000; ++i) many += "{\"@type\":\"Product\",\"name\":\"x\"},";
  const SchemaGraph graph = ReadJsonLd({many + "]"});
  REQUIRE(graph.things.size() == SchemaGraph::kMaxThings);
}

TEST_CASE("open graph of the samples has the expected properties in their order") {
  const auto data = testing::SharedData("structured_data");
  if (!data) return;
  for (const char* name : {"misc/opengraph_test", "misc/opengraph_ns_product_test"}) {
    INFO(name);
    const auto document = ParseFile(*data / (std::string(name) + ".html"));
    json got = json::array();
    for (const auto& [property, content] : ReadOpenGraph(*document)) {
      got.push_back({std::string(property), std::string(content)});
    }
    CHECK(got ==
          json::parse(testing::Slurp(*data / (std::string(name) + ".json")))[0]["properties"]);
  }
}

}  // namespace
}  // namespace cluehound::extractors
