#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "extractors/html_document.h"
#include "extractors/json_path.h"
#include "extractors/json_value.h"

namespace cluehound::extractors {

// The state that a page carries in its scripts for its own program: `g_page_config = {...};`,
// `window.__INITIAL_STATE__ = {...}`, `x = JSON.parse("...")`, also encoded as an address,
// `(function(a){return {x:a}}("..."))`, <script id=... type=application/json>, and the rows that Next.js pushes as a stream. Each is looked for by name
// and parsed when first asked for.
//
// Thread-safety: none; it belongs to the reading of one page. Lifetime: the document must outlive
// it; the values die with it.
class StateJson {
 public:
  explicit StateJson(const HtmlDocument& document);

  // The value of a state, or empty:
  //   `name` or `object.name`   what a script assigns to it, with or without `var`, `window.` or
  //   `self.`
  //   `#id`                     the content of the script with this id
  //   `__next_f`                the rows of the Next.js stream that are arrays or objects, as one
  //   array
  JsonValue Find(std::string_view name);

  // The states that frameworks keep under names of their own (`__INITIAL_STATE__`, `__NEXT_DATA__`
  // ...), and the JSON scripts; for pages of sites that nobody described.
  std::vector<JsonValue> WellKnown();

  // Whatever else the scripts assign that is an object or array of some size, under any name; the
  // last resort, for it reads all of them.
  std::vector<JsonValue> Assigned();

  // The contents of all scripts of this type (lower case), in the order of the page.
  std::vector<std::string_view> ScriptsOfType(std::string_view type) const;

  NestedJson& nested() { return nested_; }

 private:
  struct Script {
    std::string_view id;
    std::string_view type;
    std::string_view content;
  };
  struct Known {
    std::string name;
    std::unique_ptr<const JsonDocument> document;  // null: looked for and not there
  };

  // JsonDocument::Parse(), and null once too much was read that did not end.
  std::unique_ptr<const JsonDocument> Parse(std::string_view text,
                                            const JsonDocument::Variables* variables = nullptr);
  std::unique_ptr<const JsonDocument> Read(std::string_view name);
  std::unique_ptr<const JsonDocument> ReadAssigned(std::string_view name);
  std::unique_ptr<const JsonDocument> ReadNextStream();
  std::unique_ptr<const JsonDocument> ParseAssigned(std::string_view behind_name);
  std::unique_ptr<const JsonDocument> ParseQuoted(std::string_view text);
  std::unique_ptr<const JsonDocument> ParseReturned(std::string_view text);

  std::vector<Script> scripts_;
  std::vector<Known> known_;
  std::deque<std::string> kept_;  // texts that documents point into
  std::vector<std::unique_ptr<const JsonDocument>> kept_documents_;  // and values
  NestedJson nested_;
  size_t in_vain_ = 0;  // bytes of texts that Parse() could not read
};

}  // namespace cluehound::extractors
