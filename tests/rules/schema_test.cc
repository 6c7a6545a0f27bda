// The JSON Schema that editors use says the same as the readers of rule files.

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "rules/catalog.h"
#include "tests/rules/rule_testing.h"

namespace cluehound::rules {
namespace {

using Json = nlohmann::json;

Json LoadSchema() {
  const auto text =
      ReadFile(testing::SourceDir().string() + "/rules/schema/rules.schema.json", 1 << 20);
  REQUIRE_OK(text);
  return Json::parse(*text);
}

// As the core schema of YAML 1.2 reads it, which is what editors do.
Json ToJson(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kSequence: {
      Json array = Json::array();
      for (const YamlNode& item : node.items) array.push_back(ToJson(item));
      return array;
    }
    case YamlNode::Kind::kMap: {
      Json object = Json::object();
      for (const auto& [key, value] : node.members) object[key.scalar] = ToJson(value);
      return object;
    }
    case YamlNode::Kind::kScalar:
      break;
  }
  const std::string& text = node.scalar;
  if (node.quoted) return text;
  if (text == "true" || text == "false") return text == "true";
  int64_t whole = 0;
  const char* end = text.data() + text.size();
  if (const auto r = std::from_chars(text.data(), end, whole);
      r.ec == std::errc() && r.ptr == end && !text.starts_with("00"))
    return whole;
  double number = 0;
  if (const auto r = std::from_chars(text.data(), end, number);
      r.ec == std::errc() && r.ptr == end && text.find_first_of("nN") == std::string::npos)
    return number;
  return text;
}

// The part of JSON Schema that ours uses; a keyword beyond it fails the test.
class Validator {
 public:
  explicit Validator(const Json& schema) : root_(schema) {}

  // Empty: valid. Else where and why not.
  std::string Check(const Json& value) const { return Check(root_, value, "$"); }

 private:
  static bool IsType(const Json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    FAIL("unknown type " << type);
    return false;
  }

  const Json& Resolve(const std::string& reference) const {
    const std::string prefix = "#/$defs/";
    REQUIRE(reference.starts_with(prefix));
    return root_.at("$defs").at(reference.substr(prefix.size()));
  }

  std::string Check(const Json& schema, const Json& value, const std::string& at) const {
    for (const auto& [keyword, wanted] : schema.items()) {
      if (std::string why = CheckKeyword(schema, keyword, wanted, value, at); !why.empty())
        return why;
    }
    return "";
  }

  std::string CheckKeyword(const Json& schema, const std::string& keyword, const Json& wanted,
                           const Json& value, const std::string& at) const {
    static const std::set<std::string> kSilent = {"$schema", "$defs", "title", "description",
                                                  "additionalProperties"};
    if (kSilent.count(keyword) > 0) return "";
    if (keyword == "$ref") return Check(Resolve(wanted.get<std::string>()), value, at);
    if (keyword == "type") {
      const Json types = wanted.is_array() ? wanted : Json::array({wanted});
      for (const Json& type : types) {
        if (IsType(value, type.get<std::string>())) return "";
      }
      return at + " is no " + wanted.dump() + ": " + value.dump();
    }
    if (keyword == "enum")
      return std::find(wanted.begin(), wanted.end(), value) != wanted.end()
                 ? ""
                 : at + " is none of " + wanted.dump() + ": " + value.dump();
    if (keyword == "anyOf") {
      std::string whys;
      for (const Json& branch : wanted) {
        const std::string why = Check(branch, value, at);
        if (why.empty()) return "";
        whys += why + "; ";
      }
      return whys;
    }
    if (keyword == "minimum")
      return !value.is_number() || value.get<double>() >= wanted.get<double>() ? ""
                                                                               : at + " is low";
    if (keyword == "maximum")
      return !value.is_number() || value.get<double>() <= wanted.get<double>() ? ""
                                                                               : at + " is high";
    if (keyword == "required") {
      for (const Json& key : wanted) {
        if (value.is_object() && !value.contains(key.get<std::string>()))
          return at + " lacks " + key.dump();
      }
      return "";
    }
    if (keyword == "items") {
      if (!value.is_array()) return "";
      for (size_t i = 0; i < value.size(); ++i) {
        if (std::string why = Check(wanted, value[i], at + "[" + std::to_string(i) + "]");
            !why.empty())
          return why;
      }
      return "";
    }
    if (keyword == "properties") return CheckProperties(schema, wanted, value, at);
    FAIL("the validator does not know " << keyword);
    return "";
  }

  std::string CheckProperties(const Json& schema, const Json& properties, const Json& value,
                              const std::string& at) const {
    if (!value.is_object()) return "";
    for (const auto& [key, part] : value.items()) {
      std::string why;
      if (properties.contains(key)) {
        if (!part.is_null()) why = Check(properties[key], part, at + "." + key);
      } else if (schema.value("additionalProperties", Json(true)) == Json(false)) {
        why = at + " has a key " + key;
      }
      if (!why.empty()) return why;
    }
    return "";
  }

  const Json& root_;
};

std::string Validate(const std::string& text, const Json& schema) {
  Diagnostics diagnostics;
  const auto root = ParseYaml(text, "f.yaml", diagnostics);
  REQUIRE(root);
  const Json value = ToJson(*root);
  // words: and conditions: hold names of people's own, which the keyword for them leaves open.
  for (const auto& [part, def] : {std::pair{"words", "word_list"}, {"conditions", "condition"}}) {
    if (!value.contains(part)) continue;
    for (const auto& [name, entry] : value[part].items()) {
      Json one = schema;
      one.erase("$ref");
      one["$ref"] = std::string("#/$defs/") + def;
      if (entry.is_string()) continue;
      if (std::string why = Validator(one).Check(entry); !why.empty()) return name + ": " + why;
    }
  }
  return Validator(schema).Check(value);
}

// Everything that the language has, so that every reader asks for its keys.
constexpr char kEverything[] = R"(pack: 全部
words:
  w: {label: 词, terms: [甲, {term: 乙, except: [乙醇]}], include: [], except: [甲板], classes: [25]}
places:
  - {name: 山东, aliases: [鲁], contains: [潍坊]}
conditions:
  c: {all: [{words: w, near: 3}, {any: [{regex: x}]}]}
marks:
  - id: m
    kind: gi
    name: 潍坊甲
    reference_price: [{price: 3, goods: [甲]}]
    authorised: [{seller: 店}]
    extensions: [{until: 2030-01-01}]
    origin: {area: [潍坊]}
rules:
  - id: r
    family: f
    title: 题
    category: gi
    marks: {kinds: [gi]}
    signs: [{name: s, label: 标, if: c}]
    when:
      at_least: 1
      of:
        - {none: [c]}
        - {unknown: c}
        - {terms: [丙]}
        - {mark: [title]}
        - {styled: w}
        - {disguised: true}
        - {price: {below: 3}}
        - {sold: {below: 3}}
        - {turnover: {below: 3}}
        - {credit_code: check_digit}
        - {seller: authorised}
        - {origin: outside}
        - {ships_from: outside}
        - {goods: own}
        - {patent_number: absent}
        - {validity: expired}
        - {present: seller}
        - {kind: goods}
    adjust: [{label: 调, points: 1, if: c}]
    notes: [{text: 注}]
    citations: [{law: 法}]
    samples: {hit: [{title: 甲, sold: 3}, 甲], miss: [乙, 丙]}
)";

// What the readers call a thing -> its definition in the schema.
std::string DefinitionOf(const std::string& what) {
  static const std::map<std::string, std::string> kNames = {
      {"rule file", "rule_file"},
      {"term", "term_with_exceptions"},
      {"reference price", "reference_price"},
      {"authorised seller", "authorised_seller"}};
  if (what.starts_with("word list")) return "word_list";
  const auto it = kNames.find(what);
  return it == kNames.end() ? what : it->second;
}

}  // namespace

TEST_CASE("schema: every key that the readers know, and no other") {
  std::map<std::string, std::set<std::string>> asked;
  YamlMap::Observe([&](const std::string& what, std::string_view key) {
    asked[DefinitionOf(what)].insert(std::string(key));
  });
  Diagnostics diagnostics;
  std::vector<RuleFile> files = BuiltInRuleFiles();
  files.push_back({"everything.yaml", kEverything});
  ReadCatalog(files, diagnostics);
  YamlMap::Observe(nullptr);
  const Json schema = LoadSchema();
  for (const auto& [definition, keys] : asked) {
    INFO("what the readers call " << definition);
    REQUIRE(schema["$defs"].contains(definition));
    std::set<std::string> known;
    for (const auto& [key, value] : schema["$defs"][definition]["properties"].items())
      known.insert(key);
    CHECK(known == keys);
  }
  for (const auto& [definition, body] : schema["$defs"].items()) {
    INFO("definition " << definition);
    if (body.contains("properties")) CHECK(asked.count(definition) == 1);
  }
}

TEST_CASE("schema: the shipped packs are valid") {
  const Json schema = LoadSchema();
  for (const RuleFile& file : BuiltInRuleFiles()) {
    INFO(file.name);
    CHECK(Validate(file.text, schema) == "");
  }
}

TEST_CASE("schema: an editor marks what the readers refuse") {
  const Json schema = LoadSchema();
  CHECK(Validate("marks: [{id: a, kind: trademark, name: 甲, alias: [x]}]", schema) != "");
  CHECK(Validate("marks: [{id: a, kind: brand, name: 甲}]", schema) != "");
  CHECK(Validate("rules: [{id: a, score: 101}]", schema) != "");
  CHECK(Validate("rules: [{id: a, when: {words: a, fields: [titel]}}]", schema) != "");
  CHECK(Validate("words: {a: {term: [甲]}}", schema) != "");
  CHECK(Validate("conditions: {a: {wrods: b}}", schema) != "");
  CHECK(Validate("marks: [{kind: gi, name: 甲}]", schema) != "");
}

}  // namespace cluehound::rules
