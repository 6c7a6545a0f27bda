#include "store/rocksdb/text_postings.h"

#include <algorithm>

#include "store/order_key.h"

namespace cluehound::store {
namespace {

constexpr char kDifferences = 1;
constexpr char kBitmap = 2;
constexpr size_t kBitmapBytes = kSegmentSize / 8;
constexpr Gram kScores = Gram{0x110000} << 32;  // behind all pairs: no character is that large

void AppendVarint(std::string& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

Status Damaged() { return Status::Corruption("postings are damaged"); }

Result<PlaceSet> FromDifferences(std::string_view bytes) {
  PlaceSet places{};
  uint32_t next = 0;
  for (size_t i = 0; i < bytes.size();) {
    uint32_t value = 0;
    for (int shift = 0;; shift += 7) {
      if (i == bytes.size() || shift > 14) return Damaged();
      const auto byte = static_cast<uint8_t>(bytes[i++]);
      value |= static_cast<uint32_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    next += value;
    if (next >= kSegmentSize) return Damaged();
    places[next / 64] |= uint64_t{1} << (next % 64);
    ++next;
  }
  return places;
}

Result<PlaceSet> FromBitmap(std::string_view bytes) {
  if (bytes.size() != kBitmapBytes) return Damaged();
  PlaceSet places{};
  for (size_t i = 0; i < kBitmapBytes; ++i)
    places[i / 8] |= static_cast<uint64_t>(static_cast<uint8_t>(bytes[i])) << (i % 8 * 8);
  return places;
}

}  // namespace

std::string PostingPrefix(Gram gram) { return KeyWriter().Number(gram).Take(); }

std::string PostingKey(Gram gram, uint64_t segment) {
  return KeyWriter().Number(gram).Number(segment).Take();
}

uint64_t PostingSegment(std::string_view key) {
  KeyReader reader(key);
  reader.Number();
  return reader.Number();
}

Gram AsGram(int score) { return kScores + 255 - static_cast<Gram>(score); }

int PostingScore(std::string_view key) {
  return static_cast<int>(255 - (KeyReader(key).Number() - kScores));
}

std::string EncodePlaces(const std::vector<uint16_t>& places) {
  std::string bytes(1, kDifferences);
  uint32_t next = 0;
  for (const uint16_t place : places) {
    AppendVarint(bytes, place - next);
    next = place + 1u;
  }
  if (bytes.size() <= kBitmapBytes) return bytes;
  bytes.assign(1 + kBitmapBytes, '\0');
  bytes[0] = kBitmap;
  for (const uint16_t place : places)
    bytes[1 + place / 8u] = static_cast<char>(bytes[1 + place / 8u] | 1 << (place % 8));
  return bytes;
}

Result<PlaceSet> DecodePlaces(std::string_view bytes) {
  if (bytes.empty()) return Damaged();
  if (bytes[0] == kDifferences) return FromDifferences(bytes.substr(1));
  return bytes[0] == kBitmap ? FromBitmap(bytes.substr(1)) : Damaged();
}

std::vector<std::pair<Gram, std::vector<uint16_t>>> PostingsOf(
    const std::vector<PlacedText>& texts) {
  std::vector<std::pair<Gram, uint16_t>> found;
  for (const PlacedText& text : texts) {
    for (const Gram gram : GramsOf(text.text)) found.emplace_back(gram, text.place);
    found.emplace_back(AsGram(text.score), text.place);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::pair<Gram, std::vector<uint16_t>>> postings;
  for (const auto& [gram, place] : found) {
    if (postings.empty() || postings.back().first != gram) postings.push_back({gram, {}});
    postings.back().second.push_back(place);
  }
  return postings;
}

}  // namespace cluehound::store
