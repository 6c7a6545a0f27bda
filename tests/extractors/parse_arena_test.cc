#include "extractors/parse_arena.h"

#include <cstring>

#include "tests/testing/testing.h"

namespace cluehound::extractors {
namespace {

TEST_CASE("memory is aligned and does not overlap") {
  ParseArena arena;
  arena.Reset(16u << 20);
  std::vector<char*> blocks;
  for (size_t i = 1; i < 2000; ++i) {
    auto* block = static_cast<char*>(arena.Allocate(i));
    REQUIRE(reinterpret_cast<uintptr_t>(block) % alignof(std::max_align_t) == 0);
    std::memset(block, static_cast<int>(i % 251), i);
    blocks.push_back(block);
  }
  for (size_t i = 1; i < 2000; ++i) {
    const char wanted = static_cast<char>(i % 251);
    REQUIRE(blocks[i - 1][0] == wanted);
    REQUIRE(blocks[i - 1][i - 1] == wanted);
  }
}

TEST_CASE("a budget is never exceeded, and the next page starts afresh") {
  ParseArena arena;
  arena.Reset(3u << 20);
  size_t taken = 0;
  const auto take_all = [&] {
    while (true) {
      arena.Allocate(1000);
      taken += 1000;
    }
  };
  REQUIRE_THROWS_AS(take_all(), ParseArena::Spent);
  REQUIRE(taken <= 3u << 20);
  REQUIRE(taken > 2u << 20);  // at most a chunk's rest is lost
  REQUIRE(arena.used() <= 3u << 20);
  REQUIRE_THROWS_AS(arena.Allocate(8u << 20), ParseArena::Spent);

  arena.Reset(3u << 20);
  REQUIRE(arena.used() == 0);
  REQUIRE(arena.Allocate(1000) != nullptr);
}

TEST_CASE("one piece larger than every chunk fits if the budget allows it") {
  ParseArena arena;
  arena.Reset(64u << 20);
  auto* large = static_cast<char*>(arena.Allocate(30u << 20));
  large[0] = 1;
  large[(30u << 20) - 1] = 1;
  REQUIRE(arena.used() >= 30u << 20);
  REQUIRE_THROWS_AS(arena.Allocate(40u << 20), ParseArena::Spent);
}

TEST_CASE("memory of an ordinary page is used again") {
  ParseArena arena;
  arena.Reset(16u << 20);
  const void* first = arena.Allocate(64);
  for (int i = 0; i < 1000; ++i) arena.Allocate(1000);
  arena.Reset(16u << 20);
  REQUIRE(arena.Allocate(64) == first);
}

}  // namespace
}  // namespace cluehound::extractors
