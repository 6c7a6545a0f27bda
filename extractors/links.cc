#include "extractors/links.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "base/text.h"
#include "extractors/page_head.h"

namespace cluehound::extractors {
namespace {

// Of a link's own nodes, how many are looked at for its words: pagers are short.
constexpr uint32_t kMaxLinkNodes = 8;

// The first words inside a link, trimmed of blanks and arrows; empty when there are none.
std::string_view FirstWords(const HtmlNode& link) {
  const uint32_t end = std::min(link.end(), link.index() + 1 + kMaxLinkNodes);
  for (uint32_t i = link.index() + 1; i < end; ++i) {
    const HtmlNode node = link.document().node(i);
    if (!node.is_text()) continue;
    std::string_view words = TrimAscii(node.text());
    for (bool again = true; again;) {
      again = false;
      for (const std::string_view arrow : {">", "»", "›", "→", "\xC2\xA0"}) {
        if (!words.ends_with(arrow)) continue;
        words = TrimAscii(words.substr(0, words.size() - arrow.size()));
        again = true;
      }
    }
    if (!words.empty()) return words;
  }
  return {};
}

bool IsNextWord(std::string_view words) {
  if (words.empty() || words.size() > 20) return false;
  for (const std::string_view next :
       {"下一页", "下一頁", "下页", "下頁", "后一页", "后页", "次のページ"}) {
    if (words == next) return true;
  }
  return EqualsIgnoreAsciiCase(words, "next") || EqualsIgnoreAsciiCase(words, "next page");
}

bool LeadsToNextPage(const HtmlNode& link, std::string_view rel) {
  if (HasToken(rel, "next")) return true;
  const std::string_view words = FirstWords(link);
  if (!words.empty()) return IsNextWord(words);
  // A bare arrow or picture: its label or class must say it.
  return IsNextWord(TrimAscii(link.attribute("aria-label"))) ||
         IsNextWord(TrimAscii(link.attribute("title"))) || link.HasClass("next");
}

}  // namespace

std::vector<Link> ReadLinks(const HtmlDocument& document, AddressResolver& addresses,
                            const Selector* next_page, size_t limit) {
  static const TagId kA = TagFromName("a");
  static const TagId kArea = TagFromName("area");
  static const TagId kLink = TagFromName("link");
  std::vector<Link> links;
  std::unordered_map<std::string_view, size_t> places;
  document.AddWork(document.size() / 4);
  for (uint32_t i = 0; i < document.size(); ++i) {
    const HtmlNode node = document.node(i);
    if (!node.is_element()) continue;
    const TagId tag = node.tag();
    if (tag != kA && tag != kArea && tag != kLink) continue;
    const std::string_view rel = node.attribute("rel");
    if (tag == kLink && !HasToken(rel, "next")) continue;
    const std::string_view href = TrimAscii(node.attribute("href"));
    if (href.empty() || href.front() == '#') continue;
    const std::string_view address = addresses.Resolve(href);
    if (address.empty()) continue;
    const bool nofollow = HasToken(rel, "nofollow");
    const bool next =
        LeadsToNextPage(node, rel) || (next_page != nullptr && next_page->Matches(node));
    const auto [place, added] = places.try_emplace(address, links.size());
    if (added) {
      if (links.size() == limit) break;
      links.push_back({std::string(address), nofollow, next});
    } else {
      links[place->second].nofollow &= nofollow;
      links[place->second].next_page |= next;
    }
  }
  return links;
}

}  // namespace cluehound::extractors
