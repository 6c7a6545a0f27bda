#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "store/search_text.h"

// Which texts hold which grams (store/search_text.h). Texts are numbered from 1; kSegmentSize of
// them make a segment, and once the last of a segment is there its postings are written: for each
// gram a list of places. So a lead costs some bytes for each of its grams and no key of its own;
// the texts behind the last whole segment are looked through one by one.
//
// The places of a segment stand in the same table by the score of their leads too, highest score
// first, so that the strongest of many texts are found without a look at the others.
//
// A text that changed, or whose lead has another score, gets a new number, and what the old one left
// in the postings leads nowhere.
namespace cluehound::store {

inline constexpr uint32_t kSegmentSize = 4096;

inline uint64_t SegmentOf(uint64_t text) { return (text - 1) / kSegmentSize; }
inline uint64_t FirstText(uint64_t segment) { return segment * kSegmentSize + 1; }

// kPostings: gram, then segment.
std::string PostingPrefix(Gram gram);
std::string PostingKey(Gram gram, uint64_t segment);
uint64_t PostingSegment(std::string_view key);

// What stands for a score in the place of a gram, and is none: the highest score comes first.
// `score`: 0 to 255.
Gram AsGram(int score);
// Of a key with such a one.
int PostingScore(std::string_view key);

// Places in a segment, ascending, each once and below kSegmentSize: a byte 1 and the differences as
// varints, or a byte 2 and a bitmap when that is shorter.
std::string EncodePlaces(const std::vector<uint16_t>& places);
// The places as bits: place p is bit p % 64 of word p / 64.
using PlaceSet = std::array<uint64_t, kSegmentSize / 64>;
Result<PlaceSet> DecodePlaces(std::string_view bytes);

struct PlacedText {
  uint16_t place = 0;
  std::string text;  // folded
  int score = 0;
};
// The postings of a segment.
std::vector<std::pair<Gram, std::vector<uint16_t>>> PostingsOf(
    const std::vector<PlacedText>& texts);

}  // namespace cluehound::store
