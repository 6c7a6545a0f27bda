#include "extractors/microdata.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace cluehound::extractors {
namespace {

class Reader {
 public:
  Reader(const HtmlDocument& document, AddressResolver& addresses)
      : document_(document), addresses_(addresses) {}

  SchemaGraph Run() {
    FindItems();
    for (const auto& [node, thing] : items_) {
      if (properties_ >= SchemaGraph::kMaxProperties) break;
      Fill(document_.node(node), thing);
    }
    return std::move(graph_);
  }

 private:
  void FindItems() {
    document_.AddWork(document_.size() / 2);
    for (uint32_t i = 0; i < document_.size(); ++i) {
      const HtmlNode node = document_.node(i);
      if (!node.is_element() || node.attributes().empty() || !node.has_attribute("itemscope"))
        continue;
      if (graph_.things.size() == SchemaGraph::kMaxThings) return;
      const auto thing = static_cast<uint32_t>(graph_.things.size());
      SchemaGraph::Thing& item = graph_.things.emplace_back();
      for (const std::string_view type : SplitAscii(node.attribute("itemtype"), " \t\r\n\f")) {
        item.types.emplace_back(type);
      }
      item.id = node.attribute("itemid");
      if (!node.has_attribute("itemprop")) graph_.top.push_back(thing);
      items_.emplace_back(i, thing);
      thing_of_[i] = thing;
    }
  }

  void Fill(const HtmlNode& item, uint32_t thing) {
    std::vector<uint32_t> properties;
    Collect(item, properties);
    for (const std::string_view id : SplitAscii(item.attribute("itemref"), " \t\r\n\f")) {
      if (document_.exhausted()) return;
      const HtmlNode referred = document_.ElementById(id);
      if (!referred || referred == item) continue;
      const bool property = referred.has_attribute("itemprop");
      if (property) properties.push_back(referred.index());
      if (!property || !referred.has_attribute("itemscope")) Collect(referred, properties);
    }
    std::sort(properties.begin(), properties.end());
    properties.erase(std::unique(properties.begin(), properties.end()), properties.end());
    for (const uint32_t node : properties) AddProperty(document_.node(node), graph_.things[thing]);
  }

  // The descendants with itemprop, without those inside inner items.
  void Collect(const HtmlNode& scope, std::vector<uint32_t>& properties) {
    document_.AddWork(4 * (scope.end() - scope.index()));
    uint32_t i = scope.index() + 1;
    while (i < scope.end() && !document_.exhausted()) {
      const HtmlNode node = document_.node(i);
      const bool element = node.is_element() && !node.attributes().empty();
      if (element && node.has_attribute("itemprop")) properties.push_back(i);
      i = element && node.has_attribute("itemscope") ? node.end() : i + 1;
    }
  }

  void AddProperty(const HtmlNode& node, SchemaGraph::Thing& thing) {
    SchemaGraph::Property property;
    if (const auto inner = thing_of_.find(node.index()); inner != thing_of_.end()) {
      property.thing = inner->second;
    } else {
      property.text = ValueOf(node);
    }
    for (const std::string_view name : SplitAscii(node.attribute("itemprop"), " \t\r\n\f")) {
      if (properties_++ >= SchemaGraph::kMaxProperties) return;
      property.name = name;
      thing.properties.push_back(property);
    }
  }

  std::string ValueOf(const HtmlNode& node) {
    if (const std::string_view* content = node.FindAttribute("content"))
      return CollapseSpace(*content);
    static const TagId kTime = TagFromName("time");
    static const std::pair<TagId, std::string_view> kAddresses[] = {
        {TagFromName("audio"), "src"},  {TagFromName("embed"), "src"},
        {TagFromName("iframe"), "src"}, {TagFromName("img"), "src"},
        {TagFromName("source"), "src"}, {TagFromName("track"), "src"},
        {TagFromName("video"), "src"},  {TagFromName("a"), "href"},
        {TagFromName("area"), "href"},  {TagFromName("link"), "href"},
        {TagFromName("object"), "data"}};
    for (const auto& [tag, name] : kAddresses) {
      if (!node.Is(tag)) continue;
      const std::string_view address = TrimAscii(node.attribute(name));
      // A page address with its fragment is what microdata links mean; listings drop it later.
      const std::string_view absolute = addresses_.Resolve(address);
      if (absolute.empty()) return std::string(address);
      const size_t hash = address.find('#');
      return std::string(absolute) +
             (hash == std::string_view::npos ? "" : std::string(address.substr(hash)));
    }
    if (node.Is(kTime) && node.has_attribute("datetime"))
      return CollapseSpace(node.attribute("datetime"));
    static const TagId kData = TagFromName("data");
    static const TagId kMeter = TagFromName("meter");
    if (node.Is(kData) || node.Is(kMeter)) return CollapseSpace(node.attribute("value"));
    return node.Text();
  }

  const HtmlDocument& document_;
  AddressResolver& addresses_;
  SchemaGraph graph_;
  std::vector<std::pair<uint32_t, uint32_t>> items_;  // node, thing
  std::unordered_map<uint32_t, uint32_t> thing_of_;
  size_t properties_ = 0;
};

}  // namespace

SchemaGraph ReadMicrodata(const HtmlDocument& document, AddressResolver& addresses) {
  return Reader(document, addresses).Run();
}

}  // namespace cluehound::extractors
