#include "extractors/json_ld.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>

#include "extractors/json_value.h"

namespace cluehound::extractors {
namespace {

class Reader {
 public:
  void Read(const JsonValue& root) {
    struct Open {
      JsonValue value;
      uint32_t owner;    // the thing that it is a property of, or kNone
      std::string name;  // of the property
    };
    // An explicit stack; children are pushed in reverse so that they come out in order.
    std::vector<Open> open;
    open.push_back({root, SchemaGraph::kNone, ""});
    while (!open.empty()) {
      const Open at = std::move(open.back());
      open.pop_back();
      std::vector<Open> inner;
      if (at.value.is_array()) {
        for (JsonValue item = at.value.first_child(); item; item = item.next(at.value)) {
          inner.push_back({item, at.owner, at.name});
        }
      } else if (at.value.is_object()) {
        const uint32_t thing = AddThing(at.value, at.owner, at.name);
        if (thing == SchemaGraph::kNone) return;
        for (JsonValue member = at.value.first_child(); member; member = member.next(at.value)) {
          const std::string_view name = member.key();
          if (name == "@graph") {
            inner.push_back({member, SchemaGraph::kNone, ""});
          } else if (!name.starts_with('@')) {
            inner.push_back({member, thing, std::string(name)});
          }
        }
      } else if (at.owner != SchemaGraph::kNone && !AddText(at.owner, at.name, at.value.text())) {
        return;
      }
      open.insert(open.end(), std::make_move_iterator(inner.rbegin()),
                  std::make_move_iterator(inner.rend()));
    }
  }

  SchemaGraph Finish() {
    // {"@id": "..."} stands for the thing that has this id.
    std::unordered_map<std::string_view, uint32_t> by_id;
    for (uint32_t i = 0; i < graph_.things.size(); ++i) {
      const SchemaGraph::Thing& thing = graph_.things[i];
      if (!thing.id.empty() && !thing.properties.empty()) by_id.try_emplace(thing.id, i);
    }
    for (SchemaGraph::Thing& thing : graph_.things) {
      for (SchemaGraph::Property& property : thing.properties) {
        if (property.thing == SchemaGraph::kNone) continue;
        const SchemaGraph::Thing& value = graph_.things[property.thing];
        if (value.id.empty() || !value.properties.empty()) continue;
        if (const auto found = by_id.find(value.id); found != by_id.end())
          property.thing = found->second;
      }
    }
    return std::move(graph_);
  }

 private:
  uint32_t AddThing(const JsonValue& value, uint32_t owner, const std::string& name) {
    if (graph_.things.size() == SchemaGraph::kMaxThings) return SchemaGraph::kNone;
    const auto index = static_cast<uint32_t>(graph_.things.size());
    SchemaGraph::Thing& thing = graph_.things.emplace_back();
    thing.id = value.Find("@id").text();
    const JsonValue type = value.Find("@type");
    if (type.is_string()) thing.types.emplace_back(type.text());
    if (type.is_array()) {
      for (JsonValue one = type.first_child(); one; one = one.next(type))
        thing.types.emplace_back(one.text());
    }
    if (owner == SchemaGraph::kNone) {
      graph_.top.push_back(index);
    } else if (properties_++ < SchemaGraph::kMaxProperties) {
      graph_.things[owner].properties.push_back({name, "", index});
    }
    return index;
  }

  bool AddText(uint32_t owner, const std::string& name, std::string_view text) {
    if (text.empty()) return true;
    if (properties_++ >= SchemaGraph::kMaxProperties) return false;
    graph_.things[owner].properties.push_back({name, std::string(text), SchemaGraph::kNone});
    return true;
  }

  SchemaGraph graph_;
  size_t properties_ = 0;
};

std::string WithoutEntities(std::string_view script) {
  static constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&quot;", '"'}, {"&#34;", '"'}, {"&#39;", '\''},
      {"&lt;", '<'},   {"&gt;", '>'},  {"&amp;", '&'}};
  std::string plain;
  for (size_t pos = 0; pos < script.size();) {
    const auto* const entity =
        std::find_if(std::begin(kEntities), std::end(kEntities),
                     [&](const auto& e) { return script.substr(pos).starts_with(e.first); });
    const bool known = entity != std::end(kEntities);
    plain += known ? entity->second : script[pos];
    pos += known ? entity->first.size() : 1;
  }
  return plain;
}

}  // namespace

SchemaGraph ReadJsonLd(const std::vector<std::string_view>& scripts) {
  Reader reader;
  std::deque<std::string> decoded;
  for (std::string_view script : scripts) {
    // Written for XML, where a script's entities count.
    if (script.find('"') == std::string_view::npos &&
        script.find("&quot;") != std::string_view::npos) {
      script = decoded.emplace_back(WithoutEntities(script));
    }
    // Some sites pile several objects into one script.
    for (int i = 0; i < 50; ++i) {
      size_t begin = script.find_first_of("{[");
      constexpr std::string_view kCdata = "[CDATA[";
      if (begin != std::string_view::npos && script.substr(begin).starts_with(kCdata))
        begin = script.find_first_of("{[", begin + kCdata.size());
      if (begin == std::string_view::npos) break;
      const auto document = JsonDocument::Parse(script.substr(begin));
      if (document == nullptr) break;
      reader.Read(document->root());
      script.remove_prefix(begin + document->consumed());
    }
  }
  return reader.Finish();
}

}  // namespace cluehound::extractors
