// The first line as a selector, the rest as a page: searching, matching and compiling agree.

#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "extractors/field_rule.h"
#include "extractors/selector.h"

namespace {

using namespace cluehound;              // NOLINT: a program of its own
using namespace cluehound::extractors;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = ToValidUtf8(std::string_view(reinterpret_cast<const char*>(data), size));
  const size_t line = std::min(text.find('\n'), text.size());
  const std::string_view rule = std::string_view(text).substr(0, line);
  FieldSource::Error mistake;
  const auto source = FieldSource::Compile(rule, FieldSource::Form::kHtml, mistake);
  Require(source || (mistake.position <= rule.size() && !mistake.message.empty()));
  Selector::Error error;
  const auto selector = Selector::Compile(rule, error);
  if (!selector) {
    Require(error.position <= rule.size() && !error.message.empty());
    return 0;
  }
  HtmlDocument::Refusal refusal;
  ParseLimits limits;
  limits.max_memory = 16u << 20;
  const auto document = HtmlDocument::Parse(std::string_view(text).substr(line), limits, refusal);
  if (document == nullptr) return 0;
  const auto found = selector->All(document->root(), 1'000'000);
  if (document->exhausted()) return 0;
  size_t matches = 0;
  for (uint32_t i = 1; i < document->size(); ++i) matches += selector->Matches(document->node(i));
  Require(document->exhausted() || matches == found.size());
  const HtmlNode first = selector->First(document->root());
  Require(document->exhausted() || static_cast<bool>(first) == !found.empty());
  if (first && !found.empty()) Require(first == found.front());
  if (source) source->All(document->root(), 5);
  return 0;
}
