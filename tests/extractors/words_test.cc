#include "extractors/words.h"

#include "base/text.h"
#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

TEST_CASE("tidied words are collapsed words, whichever way they take") {
  const char* pieces[] = {"a",
                          " ",
                          "  ",
                          "新款",
                          "\n",
                          "\t",
                          "\xC2\xA0",
                          "\xE3\x80\x80",
                          "\xE3\x80\x81",
                          "\xE2\x80\x83",
                          "\xE2\x80\x9C",
                          "\xC2\xB7",
                          "\x7F",
                          "\x01",
                          "é",
                          "\xE1\x9A\x80",
                          "😀"};
  for (const char* first : pieces) {
    for (const char* second : pieces) {
      for (const char* third : pieces) {
        const std::string text = std::string(first) + second + third;
        CHECK(TidyWords(text) == CollapseSpace(text));
      }
    }
  }
  CHECK(TidyWords("").empty());
}

}  // namespace
}  // namespace cluehound::extractors
