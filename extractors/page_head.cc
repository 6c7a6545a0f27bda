#include "extractors/page_head.h"

#include "base/text.h"

namespace cluehound::extractors {
namespace {

void ReadMeta(const HtmlNode& meta, PageHead& head, std::string_view& og_url) {
  const std::string_view content = meta.attribute("content");
  const std::string_view name = meta.attribute("name");
  const std::string_view property = meta.attribute("property");
  if (EqualsIgnoreAsciiCase(name, "robots")) {
    const bool none = HasToken(content, "none");
    head.nofollow |= none || HasToken(content, "nofollow");
    head.noindex |= none || HasToken(content, "noindex");
  } else if (property == "og:url" && og_url.empty()) {
    og_url = content;
  } else if (property == "og:type" && head.og_type.empty()) {
    head.og_type = TrimAscii(content);
  }
}

}  // namespace

bool HasToken(std::string_view list, std::string_view token) {
  for (const std::string_view one : SplitAscii(list, " \t\r\n\f,")) {
    if (EqualsIgnoreAsciiCase(one, token)) return true;
  }
  return false;
}

PageHead ReadPageHead(const HtmlDocument& document) {
  static const TagId kTitle = TagFromName("title");
  static const TagId kBase = TagFromName("base");
  static const TagId kLink = TagFromName("link");
  static const TagId kMeta = TagFromName("meta");
  PageHead head;
  std::string_view og_url;
  document.AddWork(document.size() / 4);
  for (uint32_t i = 0; i < document.size(); ++i) {
    const HtmlNode node = document.node(i);
    if (!node.is_element()) continue;
    const TagId tag = node.tag();
    if (tag == kMeta) {
      ReadMeta(node, head, og_url);
    } else if (tag == kTitle) {
      if (head.title.empty()) head.title = node.Text(1000);
    } else if (tag == kBase) {
      if (head.base.empty()) head.base = TrimAscii(node.attribute("href"));
    } else if (tag == kLink && head.canonical.empty() &&
               HasToken(node.attribute("rel"), "canonical")) {
      head.canonical = TrimAscii(node.attribute("href"));
    }
  }
  if (head.canonical.empty()) head.canonical = TrimAscii(og_url);
  return head;
}

}  // namespace cluehound::extractors
