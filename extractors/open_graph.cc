#include "extractors/open_graph.h"

#include "base/text.h"

namespace cluehound::extractors {

std::vector<OpenGraphProperty> ReadOpenGraph(const HtmlDocument& document) {
  static const TagId kMeta = TagFromName("meta");
  static constexpr size_t kMaxProperties = 500;
  std::vector<OpenGraphProperty> properties;
  document.AddWork(document.size() / 4);
  for (uint32_t i = 0; i < document.size() && properties.size() < kMaxProperties; ++i) {
    const HtmlNode meta = document.node(i);
    if (!meta.Is(kMeta)) continue;
    // RDFa wants "property"; "name" is a frequent slip that every reader of Open Graph forgives.
    std::string_view name = TrimAscii(meta.attribute("property"));
    if (name.empty()) name = TrimAscii(meta.attribute("name"));
    for (const std::string_view prefix :
         {"og:", "article:", "book:", "music:", "product:", "profile:", "video:"}) {
      if (name.starts_with(prefix))
        properties.push_back({name, TrimAscii(meta.attribute("content"))});
    }
  }
  return properties;
}

}  // namespace cluehound::extractors
