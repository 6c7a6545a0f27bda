#include "store/rocksdb/text_postings.h"

#include <random>

#include "tests/testing/testing.h"

namespace cluehound::store {
namespace {

std::vector<uint16_t> Decoded(std::string_view bytes) {
  const PlaceSet set = DecodePlaces(bytes).value();
  std::vector<uint16_t> places;
  for (uint32_t place = 0; place < kSegmentSize; ++place) {
    if ((set[place / 64] >> (place % 64) & 1) != 0) places.push_back(static_cast<uint16_t>(place));
  }
  return places;
}

TEST_CASE("postings: places come back as they went, few, many and all") {
  std::mt19937 random(3);
  for (const uint32_t share : {1u, 20u, 500u, 1000u}) {
    std::vector<uint16_t> places;
    for (uint32_t place = 0; place < kSegmentSize; ++place) {
      if (random() % 1000 < share) places.push_back(static_cast<uint16_t>(place));
    }
    const std::string bytes = EncodePlaces(places);
    CHECK(bytes.size() <= 1 + kSegmentSize / 8);
    CHECK(Decoded(bytes) == places);
  }
  CHECK(Decoded(EncodePlaces({0, 4095})) == std::vector<uint16_t>{0, 4095});
}

TEST_CASE("postings: damaged bytes are corruption") {
  for (const char* bytes : {"", "\x03", "\x01\xff", "\x01\xff\xff\xff\x01", "\x02short"})
    CHECK(DecodePlaces(bytes).status().code() == Code::kCorruption);
  CHECK(DecodePlaces(std::string("\x01\x90\x20", 3)).status().code() == Code::kCorruption);
}

TEST_CASE("postings: each gram with the places that hold it, once") {
  const auto postings = PostingsOf({{3, "高仿高仿", 80}, {9, "高仿\n仿高", 80}});
  REQUIRE(postings.size() == 3);
  for (const auto& [gram, places] : postings) CHECK(places == std::vector<uint16_t>{3, 9});
  CHECK(SegmentOf(4096) == 0);
  CHECK(SegmentOf(4097) == 1);
  CHECK(FirstText(1) == 4097);
  CHECK(PostingSegment(PostingKey(postings[0].first, 7)) == 7);
}

TEST_CASE("postings: scores stand behind all pairs, the highest first") {
  const auto postings = PostingsOf({{1, "\U0010FFFF\U0010FFFF", 7}, {2, "", 100}, {3, "", 0}});
  REQUIRE(postings.size() == 4);
  const int scores[] = {100, 7, 0};
  for (size_t i = 0; i < 3; ++i) {
    CHECK(postings[i + 1].first == AsGram(scores[i]));
    CHECK(PostingScore(PostingKey(postings[i + 1].first, 12)) == scores[i]);
  }
}

}  // namespace
}  // namespace cluehound::store
