#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/html_document.h"
#include "extractors/json_path.h"
#include "extractors/json_value.h"
#include "extractors/selector.h"
#include "extractors/text_transform.h"

namespace cluehound::extractors {

// Where a text stands inside an item of a page, and what is done to it:
//   in HTML:  `SELECTOR`, `SELECTOR @attribute`, `SELECTOR @own` (only the text directly in the
//   element), and without a
//             selector the item itself; then ` | ` and the steps of TextTransform
//   in JSON:  a JsonPath; then likewise
// Thread-safety: const methods may be called from any thread.
class FieldSource {
 public:
  enum class Form { kHtml, kJson };
  struct Error {
    size_t position = 0;  // in bytes
    std::string message;
  };
  static std::optional<FieldSource> Compile(std::string_view text, Form form, Error& error);

  // The first value that is not empty, or an empty text. Markup inside JSON texts is taken off,
  // unless the source is `raw` (an address).
  std::string First(const HtmlNode& item) const;
  std::string First(const JsonValue& item, bool raw, NestedJson& nested) const;
  // The values that are not empty, in the order of the page, at most `limit`.
  std::vector<std::string> All(const HtmlNode& item, size_t limit) const;
  std::vector<std::string> All(const JsonValue& item, bool raw, size_t limit,
                               NestedJson& nested) const;

 private:
  std::string ValueOf(const HtmlNode& node) const;
  std::string ValueOf(const JsonValue& found, bool raw) const;

  std::optional<Selector> selector_;
  std::string attribute_;  // empty: the text
  bool own_text_ = false;
  JsonPath path_;
  TextTransform transform_;
};

// How one field of a listing is filled. Alternatives are tried in turn; the parts of one are joined
// with a blank.
struct FieldRule {
  std::vector<std::vector<FieldSource>> alternatives;

  // The first alternative's first value that is not empty.
  std::string First(const HtmlNode& item) const;
  std::string First(const JsonValue& item, bool raw, NestedJson& nested) const;
  // All values of all alternatives, each once.
  std::vector<std::string> All(const HtmlNode& item, size_t limit) const;
  std::vector<std::string> All(const JsonValue& item, bool raw, size_t limit,
                               NestedJson& nested) const;
};

}  // namespace cluehound::extractors
