#include "base/join.h"

#include <map>
#include <set>
#include <vector>

#include "tests/testing/testing.h"

namespace cluehound {
namespace {

TEST_CASE("join: a separator between parts, none around them, and no gap for what is empty") {
  CHECK(Join(std::vector<std::string>{}, "、").empty());
  CHECK(Join(std::vector<std::string>{"甲"}, "、") == "甲");
  CHECK(Join(std::vector<std::string>{"甲", "", "乙", ""}, "、") == "甲、乙");
  CHECK(Join(std::set<std::string_view>{"b", "a"}, ", ") == "a, b");
  const std::map<std::string, int> numbers{{"one", 1}, {"two", 2}};
  CHECK(Join(numbers, " ", &std::pair<const std::string, int>::first) == "one two");
  CHECK(Join(numbers, "+", [](const auto& n) { return std::to_string(n.second); }) == "1+2");
}

}  // namespace
}  // namespace cluehound
