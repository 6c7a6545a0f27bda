#pragma once

#include <string>
#include <string_view>

#include "extractors/html_document.h"

namespace cluehound::extractors {

// What a page says about itself, as written there.
struct PageHead {
  std::string title;           // white space collapsed
  std::string_view base;       // base href
  std::string_view canonical;  // link rel=canonical, else og:url
  std::string_view og_type;
  bool nofollow = false;  // robots meta elements
  bool noindex = false;
};

// The views live as long as the document.
PageHead ReadPageHead(const HtmlDocument& document);

// Whether a list of words parted by blanks or commas (rel, robots) holds this one, in any case.
bool HasToken(std::string_view list, std::string_view token);

}  // namespace cluehound::extractors
