#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "extractors/html_document.h"

namespace cluehound::extractors {

struct OpenGraphProperty {
  std::string_view name;  // "og:title", "product:price:amount"
  std::string_view content;
};

// The Open Graph properties of a page (ogp.me: og, article, book, music, product, profile, video),
// in its order. The views live as long as the document.
std::vector<OpenGraphProperty> ReadOpenGraph(const HtmlDocument& document);

}  // namespace cluehound::extractors
