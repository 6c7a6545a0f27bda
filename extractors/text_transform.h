#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cluehound::extractors {

// What is done to a text on its way from a page to a field, compiled once from words such as
//   after "/item/" | before ".html"
// Each step gets the result of the one before; an empty result stays empty.
//   after "x"      what follows the first x; empty when there is none
//   before "x"     what precedes the first x; everything when there is none
//   prefix "x", suffix "x"
//   query NAME     the value of this name in the query of an address
//   without "x"    empty when x occurs
//   decode         percent-decoded
//   map a=b c=d    b for a, d for c, empty for everything else
// Thread-safety: const methods may be called from any thread.
class TextTransform {
 public:
  struct Error {
    size_t position = 0;  // in bytes
    std::string message;
  };
  // An empty text is no steps.
  static std::optional<TextTransform> Compile(std::string_view text, Error& error);

  bool empty() const { return steps_.empty(); }
  std::string Apply(std::string text) const;

 private:
  enum class Kind { kAfter, kBefore, kPrefix, kSuffix, kQuery, kWithout, kDecode, kMap };
  struct Step {
    Kind kind = Kind::kDecode;
    std::vector<std::string> words;
  };

  static std::string ApplyStep(const Step& step, std::string text);

  std::vector<Step> steps_;
};

}  // namespace cluehound::extractors
