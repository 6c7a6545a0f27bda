#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.h"

namespace cluehound::extractors {

struct GateLimits {
  size_t max_bytes = 8u << 20;
  int max_depth = 512;  // open elements, as browsers stop
};

// The content of a script or style element, as places in the text.
struct RawText {
  size_t begin = 0;
  size_t end = 0;
};

// What a look at the bare tags says about parsing a page.
struct GateVerdict {
  Outcome outcome = Outcome::kOk;  // kOk, kBodyTooLarge, kTooDeep, kTooCostly
  std::string reason;              // for people, when the outcome is not kOk
  int depth = 0;                   // deepest nesting seen
  uint64_t work = 0;               // estimated steps of the parser
  // Long contents of scripts and styles that a parser need not see: leaving them out changes
  // nothing but their text. Where the standard reads such content as markup (inside svg, math and
  // select), it is not listed. In order.
  std::vector<RawText> raw_texts;
};

// Refuses, before any parse, pages whose nesting or attributes make an HTML parser slow: its cost
// grows with the sum over all tags of the depth they stand at, and with the square of the
// attributes of one tag.
//
// One linear pass. Knows void elements, comments, raw text (script, style, textarea ...), quoted
// attributes and the end tags that authors may leave out, and is lenient where it is unsure: a page
// that browsers show is let through, and what slips through against its meaning is stopped during
// the parse (html_document.cc). Thread-safe.
GateVerdict JudgeHtml(std::string_view html, const GateLimits& limits);

}  // namespace cluehound::extractors
