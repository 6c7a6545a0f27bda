#include "triage/category.h"

#include "base/file.h"
#include "tests/testing/testing.h"

namespace cluehound::triage {

TEST_CASE("ours: the page calls each category as files, letters and forms do") {
  const auto page = ReadFile(testing::SourceDir() / "triage/ui/src/i18n/zh.ts", 1u << 20);
  REQUIRE_OK(page);
  const size_t begin = page->find("\n  category: {");
  REQUIRE(begin != std::string::npos);
  const std::string names = page->substr(begin, page->find("\n  }", begin) - begin);
  REQUIRE(Categories().size() > 5);
  for (const auto& [code, chinese] : Categories()) {
    INFO(code);
    CHECK(names.find("\n    " + std::string(code) + ": \"" + std::string(chinese) + "\",") !=
          std::string::npos);
  }
}

}  // namespace cluehound::triage
