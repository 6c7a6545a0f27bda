#include "rules/pattern.h"

#include <algorithm>
#include <set>

#include "tests/testing/testing.h"

namespace cluehound::rules {
namespace {

std::string Refusal(std::string_view pattern) {
  PatternSet set;
  const auto added = set.Add(pattern);
  return added.ok() ? "" : added.status().message();
}

std::vector<std::string> FindAll(std::string_view pattern, std::string_view text) {
  PatternSet set;
  const auto added = set.Add(pattern);
  REQUIRE_OK(added);
  set.Prepare();
  std::vector<Slice> slices;
  set.Find(*added, text, slices);
  std::vector<std::string> found;
  for (const Slice slice : slices)
    found.emplace_back(text.substr(slice.begin, slice.end - slice.begin));
  return found;
}

}  // namespace

TEST_CASE("pattern: matches with their places") {
  CHECK(FindAll("zl[0-9]{4}", "zl2020, zl2021 zl20") ==
        std::vector<std::string>{"zl2020", "zl2021"});
  CHECK(FindAll("第[0-9一二三]+届", "第19届和第三届") ==
        std::vector<std::string>{"第19届", "第三届"});
}

TEST_CASE("pattern: at most so many matches, and no empty ones") {
  CHECK(FindAll("a", std::string(100, 'a')).size() == PatternSet::kMaxMatches);
  CHECK(FindAll("\\b", "ab cd").empty());
}

TEST_CASE("pattern: what is refused, and why") {
  CHECK_THAT(Refusal("a("), Catch::Contains("RE2"));
  CHECK_THAT(Refusal("(a)\\1"), Catch::Contains("RE2"));
  CHECK_THAT(Refusal("a*"), Catch::Contains("matches everything"));
  CHECK_THAT(Refusal(""), Catch::Contains("bytes"));
  CHECK_THAT(Refusal(std::string(2000, 'a')), Catch::Contains("bytes"));
  CHECK_THAT(Refusal("((a{100}){100}){5}b"), !Catch::Equals(""));
  CHECK(Refusal("\\S[^a-z]\\pL\\p{Han}\\Bx") == "");
}

TEST_CASE("pattern: a character that folding changes never stands in the text") {
  CHECK_THAT(Refusal("ZL[0-9]"), Catch::Contains("write \"z\""));
  CHECK_THAT(Refusal("專利"), Catch::Contains("write \"专\""));
  CHECK_THAT(Refusal("１"), Catch::Contains("write \"1\""));
}

TEST_CASE("pattern: only patterns whose literals stand in the text are possible") {
  PatternSet set;
  const auto patent = set.Add("专利号\\s*[0-9]+");
  const auto year = set.Add("[0-9]{4}年");
  const auto digits = set.Add("[0-9]{6}");
  REQUIRE_OK(patent);
  REQUIRE_OK(year);
  REQUIRE_OK(digits);
  const std::vector<std::string> literals = set.Prepare();
  CHECK_FALSE(set.unfiltered(*patent));
  CHECK(set.unfiltered(*digits));
  const auto possible = [&](const std::vector<int>& found) {
    const std::vector<uint32_t> all = set.Possible(found);
    return std::set<uint32_t>(all.begin(), all.end());
  };
  CHECK(possible({}).count(*patent) == 0);
  CHECK(possible({}).count(*digits) == 1);
  const auto at = std::find(literals.begin(), literals.end(), "专利号");
  REQUIRE(at != literals.end());
  const auto some = possible({static_cast<int>(at - literals.begin())});
  CHECK(some.count(*patent) == 1);
  CHECK(some.count(*year) == 0);
}

TEST_CASE("pattern: an empty set is no trouble") {
  PatternSet set;
  CHECK(set.Prepare().empty());
  CHECK(set.Possible({}).empty());
}

TEST_CASE("pattern: a text made to thrash costs no more than its length") {
  const std::string text(200000, 'a');
  CHECK(FindAll("(x+x+)+y|a{0,30}b", text).empty());
}

}  // namespace cluehound::rules
