#include "extractors/markup_text.h"

#include "base/text.h"
#include "extractors/html_document.h"
#include "extractors/words.h"

namespace cluehound::extractors {

std::string WordsOfMarkup(std::string_view text) {
  if (text.find_first_of("<&") == std::string_view::npos) return TidyWords(text);
  HtmlDocument::Refusal refusal;
  ParseLimits limits;
  limits.max_memory = 16u << 20;
  limits.max_depth = 32;  // highlights do not nest, and depth would make thousands of titles slow
  const auto document =
      HtmlDocument::Parse(TruncateUtf8(text, 2 * HtmlNode::kMaxText), limits, refusal);
  // Hostile nesting inside a title: the markup is then part of the wording.
  return document == nullptr ? TidyWords(text) : document->root().Text();
}

}  // namespace cluehound::extractors
